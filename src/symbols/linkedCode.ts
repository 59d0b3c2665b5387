// Which code of a unit the program has. What the linker threw away keeps its debug information, moved to where no section
// is, or to address 0 (GNU ld). Where the program has code at 0, as vectors and ROMs do, names tell the two apart. What was
// linked at 0 is where the program has been moved by so much.

import { DW_AT, DW_TAG } from '../dwarf/constants.ts'
import { disjoint, type Range, rangesOf } from '../dwarf/ranges.ts'
import type { Unit } from '../dwarf/unit.ts'
import { type ElfFile, SHF, SHN_ABS, SHN_UNDEF, STT } from '../elf/types.ts'
import { lastAtOrBefore } from './lineTable.ts'

/** The functions of a unit that say they begin at 0. */
interface AtZero {
  /** Where those end that the symbol table has there. */
  readonly ends: readonly number[]
  readonly hasDiscarded: boolean
}

export class LinkedCode {
  readonly #loaded: readonly Range[]
  /** Names of symbols at 0; undefined where the program is stripped of its symbols. */
  readonly #names: ReadonlySet<string> | undefined
  /** Where functions end that begin at 0; undefined likewise. */
  readonly #endsAtZero: ReadonlySet<number> | undefined
  readonly #atZero = new Map<Unit, AtZero>()
  /** Where what was linked at 0 lies. */
  readonly #zero: number

  constructor({ sections, symbols, movedBy = 0 }: ElfFile) {
    this.#zero = movedBy
    const loaded = sections.filter(section => section.flags & SHF.ALLOC && section.size > 0)
    this.#loaded = disjoint(loaded.map(({ addr, size }) => ({ low: addr, high: addr + size })))
    const defined = symbols.filter(({ shndx }) => shndx !== SHN_UNDEF && shndx !== SHN_ABS)
    if (!defined.some(({ type }) => type === STT.FUNC)) return
    const atZero = defined.filter(({ value }) => value === this.#zero)
    this.#names = new Set(atZero.map(({ name }) => name))
    this.#endsAtZero = new Set(atZero.filter(({ type }) => type === STT.FUNC).map(({ value, size }) => value + size))
  }

  /** Whether the program has this code, of which the unit's debug information speaks. */
  has(unit: Unit, { low, high }: Range): boolean {
    if (!this.#isLoaded(low)) return false
    if (low !== this.#zero || this.#names === undefined) return true
    const { ends, hasDiscarded } = this.#functionsAtZero(unit, this.#names)
    return !hasDiscarded || ends.includes(high)
  }

  /** Whether a frame description is of code that the program has. Those of discarded functions are at 0, which has one at most. */
  hasFrame({ low, high }: Range): boolean {
    if (low !== this.#zero) return true
    return this.#isLoaded(low) && (this.#endsAtZero?.has(high) ?? true)
  }

  #isLoaded(address: number): boolean {
    return address < (this.#loaded[lastAtOrBefore(this.#loaded, address)]?.high ?? 0)
  }

  #functionsAtZero(unit: Unit, names: ReadonlySet<string>): AtZero {
    let found = this.#atZero.get(unit)
    if (found === undefined) {
      const functions = [...unit.entries(({ tag }) => tag === DW_TAG.subprogram)].filter(
        die => die.address(DW_AT.low_pc) === this.#zero,
      )
      const linked = functions.filter(die => names.has(die.linkageName ?? die.name ?? ''))
      const ends = linked.flatMap(die => rangesOf(die).map(range => range.high))
      this.#atZero.set(unit, (found = { ends, hasDiscarded: linked.length < functions.length }))
    }
    return found
  }
}
