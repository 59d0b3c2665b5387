// The macros of a unit (DWARF 5, §6.3).

import { DW_AT, DW_FORM, DW_MACINFO_vendor_ext, DW_MACRO } from './constants.ts'
import type { DieUnit } from './die.ts'
import { DwarfError } from './error.ts'
import type { Reader } from './reader.ts'

/** A `#define` or an `#undef`, in the order the preprocessor met them. */
export interface MacroEntry {
  readonly isDefinition: boolean
  /** As in the source, behind `#define `: `LIMIT 10`, `MAX(a,b) ((a) > (b) ? (a) : (b))`; an `#undef` has the name alone. */
  readonly text: string
}

/** Imports nested deeper, and more of them in one unit, are no compiler's: of damage they could go on for ever. */
const DEEPEST_IMPORT = 16
const MOST_IMPORTS = 10_000
/** A unit of the kernel has 30,000. */
const MOST_ENTRIES = 1_000_000
/** Of their texts: that unit has one million. */
const MOST_CHARACTERS = 1 << 26

/** The macros of a unit: `.debug_macro` of DWARF 5 and of GNU before (§6.3), or `.debug_macinfo` (DWARF 4, §6.3). */
export function* macrosOf(unit: DieUnit): Generator<MacroEntry> {
  let characters = 0
  for (const entry of allMacros(unit)) {
    characters += entry.text.length
    if (characters > MOST_CHARACTERS) throw new DwarfError('.debug_macro', 0, 'the texts of macros overlap too often')
    yield entry
  }
}

function* allMacros(unit: DieUnit): Generator<MacroEntry> {
  const { root } = unit
  const offset = root.number(DW_AT.macros) ?? root.number(DW_AT.GNU_macros)
  const older = root.number(DW_AT.macro_info)
  if (offset !== undefined) yield* debugMacro(unit, offset, { imports: 0, entries: 0 }, 0)
  else if (older !== undefined) yield* debugMacinfo(unit, older)
}

const OFFSET_SIZE_FLAG = 1
const DEBUG_LINE_OFFSET_FLAG = 2
const OPCODE_OPERANDS_FLAG = 4

interface Seen {
  imports: number
  entries: number
  /** Where the macros that a unit imports begin behind it, in a file that does not say. */
  behind?: number
}

/** One after the other: imports lead to others. */
function* debugMacro(unit: DieUnit, offset: number, seen: Seen, depth: number): Generator<MacroEntry> {
  const { entries, end, damage } = listAt(unit, offset, seen, depth)
  seen.behind = Math.max(seen.behind ?? 0, end)
  for (const entry of entries) {
    if (!('imported' in entry)) {
      yield entry
      continue
    }
    // In a split file GCC leaves the offset to a relocation that nobody does: it leads back here. What is imported is
    // behind, a list for each import, in their order.
    const other = entry.imported === offset ? seen.behind : entry.imported
    const isThere = entry.imported !== offset || !unit.sections.reader('.debug_macro', other).atEnd
    if (isThere) yield* debugMacro(unit, other, seen, depth + 1)
  }
  if (damage !== undefined) throw damage
}

interface Import {
  readonly imported: number
}

/** What one list holds, up to its end or to where it is damaged. */
interface List {
  readonly entries: (MacroEntry | Import)[]
  end: number
  damage?: DwarfError
}

function listAt(unit: DieUnit, offset: number, seen: Seen, depth: number): List {
  const list: List = { entries: [], end: offset }
  const reader = unit.sections.reader('.debug_macro', offset)
  if (depth > DEEPEST_IMPORT || seen.imports++ > MOST_IMPORTS) throw reader.error('imports of macros have no end')
  try {
    read(unit, reader, list, seen)
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error
    list.damage = error
  }
  list.end = reader.offset
  return list
}

function read(unit: DieUnit, reader: Reader, { entries }: List, seen: Seen): void {
  const version = reader.u16()
  if (version !== 4 && version !== 5) throw reader.error(`macro information of version ${version} is not known`)
  const flags = reader.u8()
  const offsetSize = (flags & OFFSET_SIZE_FLAG) !== 0 ? 8 : 4
  if ((flags & DEBUG_LINE_OFFSET_FLAG) !== 0) reader.skip(offsetSize)
  if ((flags & OPCODE_OPERANDS_FLAG) !== 0) throw reader.error('macro information with opcodes of its own is not known')
  for (;;) {
    if (seen.entries++ > MOST_ENTRIES) throw reader.error('entries of macros have no end')
    const kind = reader.u8()
    switch (kind) {
      case 0:
        return
      case DW_MACRO.define_strp:
      case DW_MACRO.undef_strp:
        reader.uleb()
        entries.push({
          isDefinition: kind === DW_MACRO.define_strp,
          text: indirectText(unit, reader, version, offsetSize),
        })
        break
      case DW_MACRO.define_strx:
      case DW_MACRO.undef_strx:
        reader.uleb()
        entries.push({ isDefinition: kind === DW_MACRO.define_strx, text: indexedText(unit, reader) })
        break
      case DW_MACRO.import:
        entries.push({ imported: reader.unsigned(offsetSize) })
        break
      default: {
        const entry = simpleEntry(reader, kind)
        if (entry !== undefined) entries.push(entry)
      }
    }
  }
}

/** In a split file before DWARF 5 GCC writes an index where an offset belongs. */
function indirectText(unit: DieUnit, reader: Reader, version: number, offsetSize: number): string {
  if (unit.isSplit && version === 4) return indexedText(unit, reader)
  // Not by the cache of names: a unit has thousands, each asked for once.
  return unit.sections.reader('.debug_str', reader.unsigned(offsetSize)).string()
}

const indexedText = (unit: DieUnit, reader: Reader): string =>
  unit.string({ form: DW_FORM.strx, value: reader.count() }) ?? ''

function* debugMacinfo(unit: DieUnit, offset: number): Generator<MacroEntry> {
  const reader = unit.sections.reader('.debug_macinfo', offset)
  for (let kind = reader.u8(); kind !== 0; kind = reader.u8()) {
    if (kind === DW_MACINFO_vendor_ext) {
      reader.uleb()
      reader.string()
      continue
    }
    const entry = simpleEntry(reader, kind)
    if (entry !== undefined) yield entry
  }
}

/** Entries that both forms have; where a file begins or ends there is none. */
function simpleEntry(reader: Reader, kind: number): MacroEntry | undefined {
  switch (kind) {
    case DW_MACRO.define:
    case DW_MACRO.undef:
      reader.uleb()
      return { isDefinition: kind === DW_MACRO.define, text: reader.string() }
    case DW_MACRO.start_file:
      reader.uleb()
      reader.uleb()
      return undefined
    case DW_MACRO.end_file:
      return undefined
    default:
      throw reader.error(`the macro entry ${kind} is not known`)
  }
}
