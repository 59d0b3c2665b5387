// The units of one file, found when it is opened.

import { type Abbreviation, readAbbreviations } from './abbrev.ts'
import { DW_UT } from './constants.ts'
import { tolerate } from './error.ts'
import type { DwarfSections } from './sections.ts'
import { Unit, type Units } from './unit.ts'

/** What the files of a program have in common. */
export interface SharedUnits {
  readonly problems: string[]
  /** Type units by their signature; of several the first. */
  readonly types: Map<string, Unit>
}

/** The units of one file; or of a part of a package, which stands for one. */
export class FileUnits implements Units {
  readonly base: number
  readonly isSplit: boolean
  readonly problems: string[]
  /** Those of `.debug_info`, in order. */
  readonly all: Unit[] = []
  readonly #sections: DwarfSections
  readonly #types: Map<string, Unit>
  readonly #tables = new Map<number, Map<number, Abbreviation>>()

  constructor(sections: DwarfSections, shared: SharedUnits, split?: { readonly base: number }) {
    this.#sections = sections
    this.problems = shared.problems
    this.#types = shared.types
    this.base = split?.base ?? 0
    this.isSplit = split !== undefined
  }

  /** Reads the headers of a section's units. Damage costs the units from there on. */
  read(section: '.debug_info' | '.debug_types'): void {
    const reader = tolerate(this.problems, undefined, () =>
      this.#sections.has(section) ? this.#sections.reader(section) : undefined,
    )
    while (reader !== undefined && !reader.atEnd) {
      const start = reader.offset
      const unit = tolerate(this.problems, undefined, () => new Unit(this.#sections, section, reader, this))
      if (unit !== undefined) {
        const { signature } = unit
        if (signature !== undefined && !this.#types.has(signature)) this.#types.set(signature, unit)
        if (section === '.debug_info') this.all.push(unit)
      }
      // Where not even the length could be read there is no way to the next unit.
      if (reader.offset <= start + 4) break
    }
  }

  get compiled(): Unit[] {
    return this.all.filter(({ unitType }) => unitType !== DW_UT.type && unitType !== DW_UT.split_type)
  }

  abbreviations(offset: number): Map<number, Abbreviation> {
    let table = this.#tables.get(offset)
    if (table === undefined) {
      // Before anything is read it may be too much already.
      this.#sections.spend('.debug_abbrev', 0)
      const reader = this.#sections.reader('.debug_abbrev', offset)
      table = readAbbreviations(reader)
      this.#sections.spend('.debug_abbrev', reader.offset - offset)
      this.#tables.set(offset, table)
    }
    return table
  }

  containing(offset: number): Unit | undefined {
    const unit = this.all[lastAtOrBefore(this.all, each => each.offset, offset)]
    return unit !== undefined && offset < unit.end ? unit : undefined
  }

  ofSignature(signature: string): Unit | undefined {
    return this.#types.get(signature)
  }
}

/** The index of the last that starts at or before `place`, or -1. */
export function lastAtOrBefore<T>(sorted: readonly T[], startOf: (item: T) => number, place: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startOf(sorted[middle]) <= place) low = middle + 1
    else high = middle
  }
  return low - 1
}
