// Debug information that the compiler left out of the program (`-gsplit-dwarf`): a file for each unit (`.dwo`), or a
// package of all of them (`.dwp`).

import { Budget } from '../elf/budget.ts'
import type { ObjectFile } from '../elf/types.ts'
import { DW_SECT, DW_SECT_V2 } from './constants.ts'
import { DwarfError } from './error.ts'
import { signatureText } from './form.ts'
import { Reader } from './reader.ts'
import { type DwarfSections, sectionsOf } from './sections.ts'

/** Where units were split off to: a file of its own, or what a package has of one. */
export interface SplitPart {
  /** The sections as the units in it name them: `.debug_info` for `.debug_info.dwo`. */
  readonly sections: DwarfSections
  /** The one that has the units, and how many bytes. */
  readonly section: UnitSection
  readonly size: number
}

type UnitSection = '.debug_info' | '.debug_types'

const CU_INDEX = '.debug_cu_index'
const TU_INDEX = '.debug_tu_index'

/** What the program keeps for split units: addresses are the linker's. */
const inProgram: ReadonlySet<string> = new Set(['.debug_addr', '.debug_ranges'])

/** The parts of a file. @throws DwarfError where the index of a package is damaged. */
export function* splitParts(file: ObjectFile, program: DwarfSections): Generator<SplitPart> {
  const isPackage = [CU_INDEX, TU_INDEX].some(index => file.allContents(index).length > 0)
  yield* isPackage ? packagedParts(file, program) : objectParts(file, program)
}

/** Each type unit of a `.dwo` may have a section of its own, and each header's macros; what else it has, they share. */
function* objectParts(file: ObjectFile, program: DwarfSections): Generator<SplitPart> {
  for (const section of ['.debug_info', '.debug_types'] as const) {
    const all = file.allContents(`${section}.dwo`)
    const budget = new Budget(all.reduce((most, { length }) => Math.max(most, length), 0))
    for (const units of all) {
      spend(budget, units.length, `${file.name} ${section}.dwo`)
      const contents = (name: string): Uint8Array | undefined => {
        if (name === section) return units
        const [first, ...more] = file.allContents(`${name}.dwo`)
        return first === undefined || more.length === 0 || name !== '.debug_macro' ? first : joined([first, ...more])
      }
      yield { sections: partSections(file, program, contents), section, size: units.length }
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function* packagedParts(file: ObjectFile, program: DwarfSections): Generator<SplitPart> {
  const sizeOf = (section: UnitSection) => file.allContents(`${section}.dwo`)[0]?.length ?? 0
  const budget = new Budget(sizeOf('.debug_info') + sizeOf('.debug_types'))
  for (const index of [CU_INDEX, TU_INDEX]) {
    for (const { parts } of readIndex(file, index)) {
      const contents = (name: string) => slice(file, name, parts)
      const section = parts.has('.debug_types') ? '.debug_types' : '.debug_info'
      const size = parts.get(section)?.size ?? 0
      spend(budget, size, `${file.name} ${index}`)
      yield { sections: partSections(file, program, contents), section, size }
    }
  }
}

/** Parts that lie over each other would have all of it read for each of them. */
function spend(budget: Budget, size: number, name: string): void {
  if (!budget.spend(size)) throw new DwarfError(name, 0, 'its units lie over each other again and again')
}

function partSections(
  file: ObjectFile,
  program: DwarfSections,
  contents: (name: string) => Uint8Array | undefined,
): DwarfSections {
  const own = sectionsOf(contents, program, name => `${file.name} ${name}.dwo`)
  const holder = (name: string) => (inProgram.has(name) ? program : own)
  return {
    reader: (name, offset) => holder(name).reader(name, offset),
    string: (name, offset) => holder(name).string(name, offset),
    has: name => holder(name).has(name),
    spend: (name, bytes) => holder(name).spend(name, bytes),
    address: program.address,
    movedBy: program.movedBy,
  }
}

/** What a unit has of a package's sections, by the name of each. */
type Contributions = ReadonlyMap<string, { readonly offset: number; readonly size: number }>

interface IndexRow {
  /** The id of a compilation unit, the signature of a type unit. */
  readonly id: string
  readonly parts: Contributions
}

/** The ids of the compilation units in a package, without reading these; undefined of what is none. */
export function packagedIds(file: ObjectFile): string[] | undefined {
  return file.allContents(CU_INDEX).length === 0 ? undefined : [...readIndex(file, CU_INDEX)].map(({ id }) => id)
}

/**
 * `.debug_cu_index` or `.debug_tu_index` (DWARF 5, §7.3.5.3): a hash table of ids and of the rows they are in, then for
 * each row where its part of every section begins, then how long it is. Version 2 is GNU's, before DWARF 5.
 */
function* readIndex(file: ObjectFile, name: string): Generator<IndexRow> {
  const [bytes] = file.allContents(name)
  if (bytes === undefined) return
  const reader = new Reader(`${file.name} ${name}`, bytes, 0)
  // Version 5 has 16 bits, and 16 that say nothing; of version 2 the upper 16 bits are 0.
  const [first, second] = [reader.u16(), reader.u16()]
  const version = first === 0 ? second : first
  if (version !== 2 && version !== 5) throw reader.error(`an index of version ${version} is not known; 2 and 5 are`, 0)
  const [columns, rows, slots] = [reader.u32(), reader.u32(), reader.u32()]
  const ids = reader.at(reader.offset)
  const numbers = reader.at(ids.offset + 8 * slots)
  const names = reader.at(numbers.offset + 4 * slots)
  const offsets = reader.at(names.offset + 4 * columns)
  const sizes = reader.at(offsets.offset + 4 * columns * rows)
  // All of it is there before anything is made of it.
  reader.at(sizes.offset + 4 * columns * rows)
  const sections = Array.from({ length: columns }, () => columnNames(version).get(names.u32()))
  for (let slot = 0; slot < slots; slot++) {
    const id = signatureText(ids.block(8))
    const row = numbers.u32()
    if (row === 0) continue
    if (row > rows) throw numbers.error(`the index has ${rows} rows, and there is no row ${row}`, numbers.offset - 4)
    const at = 4 * columns * (row - 1)
    const [starts, lengths] = [offsets.at(offsets.offset + at), sizes.at(sizes.offset + at)]
    const parts = new Map<string, { offset: number; size: number }>()
    for (const section of sections) {
      const part = { offset: starts.u32(), size: lengths.u32() }
      if (section !== undefined) parts.set(section, part)
    }
    yield { id, parts }
  }
}

function columnNames(version: 2 | 5): ReadonlyMap<number, string> {
  const table = version === 2 ? DW_SECT_V2 : DW_SECT
  return new Map(Object.entries(table).map(([name, number]) => [number, `.debug_${name.toLowerCase()}`]))
}

/** What a unit has of a section. Strings are for all. */
function slice(file: ObjectFile, name: string, parts: Contributions): Uint8Array | undefined {
  const [bytes] = file.allContents(`${name}.dwo`)
  if (bytes === undefined || name === '.debug_str' || name === '.debug_line_str') return bytes
  const part = parts.get(name)
  if (part === undefined) return undefined
  const { offset, size } = part
  if (offset + size > bytes.length)
    throw new DwarfError(`${file.name} ${name}.dwo`, offset, `a unit's ${size} bytes of it lie behind its end`)
  return bytes.subarray(offset, offset + size)
}
