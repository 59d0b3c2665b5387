// Sections of code that take turns at the same addresses: overlays (GNU ld, "Overlay Description"). Debug information has
// addresses alone; whose they are now, memory says.

import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import type { Range } from '../dwarf/ranges.ts'
import type { Unit } from '../dwarf/unit.ts'
import { type ElfFile, type ElfSymbol, type Section, SHF, SHT, STB, STT } from '../elf/types.ts'
import { fileName } from '../util/fileName.ts'

/** Looks at memory: bytes of a running program, fewer or none where there is no memory. */
export type MemoryReader = (address: number, length: number) => Uint8Array | undefined

/** A function of a unit in one of those sections. */
interface OverlayPiece extends Range {
  /** By its number in the section header table. */
  readonly section: number
  /** Where it is declared. */
  readonly line: number | undefined
}

/** So much around an address is compared first, and if that is the same in several, so much at most. */
const FIRST_WINDOW = 64
const LAST_WINDOW = 1 << 14

export class Overlays {
  /** Of the program as it runs; without it, of two sections the first counts. */
  memory: MemoryReader | undefined
  readonly #elf: ElfFile
  readonly #sections: readonly Section[]
  /** Of functions in these sections, by name and address. */
  readonly #functions = new Map<string, { readonly section: number; readonly file: string | undefined }[]>()
  readonly #pieces = new Map<Unit, readonly OverlayPiece[]>()
  #assumed: number | undefined

  constructor(elf: ElfFile) {
    this.#elf = elf
    this.#sections = overlapping(elf.sections)
    if (this.#sections.length === 0) return
    const numbers = new Set(this.#sections.map(({ index }) => index))
    let file: string | undefined
    for (const { type, name, value, shndx, bind } of elf.symbols) {
      // The local symbols of a file come behind its name (gABI, "Symbol Table").
      if (type === STT.FILE) file = name
      if (type !== STT.FUNC || !numbers.has(shndx)) continue
      const found = { section: shndx, file: bind === STB.LOCAL ? file : undefined }
      const others = this.#functions.get(keyOf(name, value))
      if (others === undefined) this.#functions.set(keyOf(name, value), [found])
      else others.push(found)
    }
  }

  /** Whether sections take turns at this address. */
  isShared(address: number): boolean {
    return this.#sections.some(section => holds(section, address))
  }

  /** Whether this is the number of such a section. */
  has(section: number): boolean {
    return this.#sections.some(({ index }) => index === section)
  }

  /** The number of the section whose code is at an address now; undefined where it is none of them. */
  mapped(address: number): number | undefined {
    const candidates = this.#sections.filter(section => holds(section, address))
    const assumed = candidates.find(({ index }) => index === this.#assumed)
    if (assumed !== undefined || this.memory === undefined) return (assumed ?? candidates[0])?.index
    let best: { readonly index: number; readonly matching: number } | undefined
    for (let window = FIRST_WINDOW; window <= LAST_WINDOW; window *= 4) {
      const ranked = candidates
        .map(section => ({ index: section.index, matching: this.#matching(section, address, window) }))
        .sort((a, b) => b.matching - a.matching)
      best = ranked[0]
      if (ranked.length < 2 || ranked[1].matching < ranked[0].matching) break
    }
    // Code that has a few words patched is that code still.
    return best !== undefined && best.matching > 0.5 ? best.index : undefined
  }

  /** The part of a section's bytes around an address that are in memory. */
  #matching(section: Section, address: number, window: number): number {
    const low = Math.max(section.addr, address - window)
    const high = Math.min(section.addr + section.size, address + window)
    const there = this.memory?.(low, high - low)
    if (there === undefined) return 0
    const offset = section.offset + low - section.addr
    const own = this.#elf.bytes.subarray(offset, offset + (high - low))
    let equal = 0
    for (let i = 0; i < own.length; i++) if (own[i] === there[i]) equal++
    return own.length === 0 ? 0 : equal / own.length
  }

  /** What `read` finds if this section is the one in memory. */
  assuming<T>(section: number | undefined, read: () => T): T {
    if (section === undefined || !this.has(section)) return read()
    const before = this.#assumed
    this.#assumed = section
    try {
      return read()
    } finally {
      this.#assumed = before
    }
  }

  /** The section of a function that a unit describes, if it is one of these. Static ones may have one name in several. */
  sectionOf(die: Die, address: number): number | undefined {
    if (this.#sections.length === 0) return undefined
    const found = this.#functions.get(keyOf(die.linkageName ?? die.name ?? '', address)) ?? []
    const file = fileName(die.unit.root.string(DW_AT.name) ?? '')
    return (found.find(each => each.file === file) ?? found[0])?.section
  }

  /** The function in a section that begins at an address. */
  functionAt(address: number, section: number | undefined): ElfSymbol | undefined {
    return this.#elf.symbols.find(
      ({ type, value, shndx }) => type === STT.FUNC && value === address && shndx === section,
    )
  }

  /** The sections of a unit's functions that have just this range, in the order in which the unit has them. */
  sectionsOfFunctions(unit: Unit, { low, high }: Range): number[] {
    return this.#piecesOf(unit).flatMap(piece => (piece.low === low && piece.high === high ? piece.section : []))
  }

  /** The sections that code of a unit in this range may be in; none where the range is shared by no sections. */
  sectionsOf(unit: Unit, range: Range): number[] {
    if (!this.#sections.some(({ addr, size }) => addr < range.high && range.low < addr + size)) return []
    const pieces = this.#piecesOf(unit).filter(({ low, high }) => low >= range.low && high <= range.high)
    return [...new Set(pieces.map(({ section }) => section))]
  }

  /** The section of a part of a unit's line table: the one that the unit has functions in from its beginning to its end. */
  sectionOfSequence(unit: Unit, { low, high }: Range, firstLine: number | undefined): number | undefined {
    const sections = this.sectionsOf(unit, { low, high })
    if (sections.length < 2) return sections[0]
    const pieces = this.#piecesOf(unit)
    const fitting = sections.filter(section => {
      const own = pieces.filter(piece => piece.section === section)
      return Math.min(...own.map(piece => piece.low)) === low && Math.max(...own.map(piece => piece.high)) === high
    })
    const isFirst = (section: number) =>
      pieces.some(piece => piece.section === section && piece.low === low && piece.line === firstLine)
    return fitting.length < 2 ? fitting[0] : (fitting.find(isFirst) ?? fitting[0])
  }

  #piecesOf(unit: Unit): readonly OverlayPiece[] {
    let pieces = this.#pieces.get(unit)
    if (pieces === undefined) this.#pieces.set(unit, (pieces = [...this.#readPieces(unit)]))
    return pieces
  }

  *#readPieces(unit: Unit): Generator<OverlayPiece> {
    for (const die of unit.entries(({ tag }) => tag === DW_TAG.subprogram)) {
      const low = die.address(DW_AT.low_pc)
      if (low === undefined || !this.isShared(low)) continue
      const section = this.sectionOf(die, low)
      const high = die.address(DW_AT.high_pc) ?? low + (die.number(DW_AT.high_pc) ?? 0)
      if (section !== undefined) yield { low, high, section, line: die.owner(DW_AT.decl_line)?.number(DW_AT.decl_line) }
    }
  }
}

const keyOf = (name: string, address: number): string => `${address} ${name}`

const holds = ({ addr, size }: Section, address: number): boolean => address >= addr && address < addr + size

/** The sections of code that lie over another one. */
function overlapping(sections: readonly Section[]): Section[] {
  const code = sections
    .filter(({ flags, type, size }) => flags & SHF.ALLOC && flags & SHF.EXECINSTR && type !== SHT.NOBITS && size > 0)
    .sort((a, b) => a.addr - b.addr)
  const found = new Set<Section>()
  let furthest: Section | undefined
  for (const section of code) {
    if (furthest !== undefined && section.addr < furthest.addr + furthest.size) found.add(furthest).add(section)
    if (furthest === undefined || section.addr + section.size > furthest.addr + furthest.size) furthest = section
  }
  return [...found]
}
