// Which unit has the code at an address.

import { DW_AT } from '../dwarf/constants.ts'
import type { Die } from '../dwarf/die.ts'
import type { Dwarf } from '../dwarf/dwarf.ts'
import { DwarfError, tolerate } from '../dwarf/error.ts'
import type { LineSequence } from '../dwarf/line.ts'
import { type LineHeader, readLineHeader } from '../dwarf/lineHeader.ts'
import { inRange, type Range, rangesOf } from '../dwarf/ranges.ts'
import type { DwarfSections } from '../dwarf/sections.ts'
import type { Unit } from '../dwarf/unit.ts'
import { note } from '../elf/problems.ts'
import { LeastRecentlyUsed } from './leastRecentlyUsed.ts'
import { LineTable, lastAtOrBefore } from './lineTable.ts'
import type { LinkedCode } from './linkedCode.ts'
import type { Overlays } from './overlays.ts'

/** A kernel's units have a hundred thousand. */
const mostRanges = 1_000_000

/** Which unit has the code at an address, and each unit's line table. */
export class UnitIndex {
  readonly dwarf: Dwarf
  readonly overlays: Overlays
  readonly #code: LinkedCode
  /** A kernel's have two million rows; a person is in a few files at a time. */
  readonly #inUse = new LeastRecentlyUsed(16)
  /** By the file and the offset in it. */
  readonly #lineTables = new Map<DwarfSections, Map<number, LineTable | undefined>>()
  #allLineTables: readonly LineTable[] | undefined
  #ranges: readonly UnitRange[] | undefined

  constructor(dwarf: Dwarf, code: LinkedCode, overlays: Overlays) {
    this.dwarf = dwarf
    this.#code = code
    this.overlays = overlays
  }

  /** Of what a unit says is its code, what the program has. */
  linked<R extends Range>(unit: Unit, ranges: readonly R[]): R[] {
    return ranges.filter(range => this.tolerate(true, () => this.#code.has(unit, range)))
  }

  /** Whether the program has the code of a frame description. */
  hasFrame(range: Range): boolean {
    return this.#code.hasFrame(range)
  }

  at(pc: number): Unit | undefined {
    this.#ranges ??= this.#readRanges()
    if (this.overlays.isShared(pc)) return this.#sharing(pc, this.#ranges)
    const found = this.#ranges[lastAtOrBefore(this.#ranges, pc)]
    return found !== undefined && pc < found.high ? found.unit : undefined
  }

  /** Of the units with code at an address, the one whose section is in memory; or the only one of which that is not known. */
  #sharing(pc: number, ranges: readonly UnitRange[]): Unit | undefined {
    const mapped = this.overlays.mapped(pc)
    const here = ranges.filter(range => inRange(range, pc))
    const sections = here.map(({ unit, low, high }) =>
      this.tolerate([], () => this.overlays.sectionsOf(unit, { low, high })),
    )
    if (mapped === undefined) return undefined
    const own = here.find((_, i) => sections[i].includes(mapped))
    const unknown = here.filter((_, i) => sections[i].length === 0)
    return (own ?? (unknown.length === 1 ? unknown[0] : undefined))?.unit
  }

  #readRanges(): readonly UnitRange[] {
    const ranges: UnitRange[] = []
    for (const unit of this.dwarf.units) {
      for (const { low, high } of this.linked(unit, this.#rangesOf(unit))) ranges.push({ low, high, unit })
      if (ranges.length <= mostRanges) continue
      note(
        this.dwarf.problems,
        `Units have more than ${mostRanges} ranges of code; those from ${unit} on were left out.`,
      )
      break
    }
    return ranges.sort((a, b) => a.low - b.low)
  }

  #rangesOf(unit: Unit): readonly { low: number; high: number }[] {
    return this.tolerate([], () => {
      const [listed] = [DW_AT.ranges, DW_AT.low_pc].map(attribute => unit.about(attribute)).filter(hasRanges)
      const ranges = listed === undefined ? [] : rangesOf(listed)
      // Some producers leave the ranges of a unit to its line table.
      return ranges.length > 0 || !unit.about(DW_AT.stmt_list).has(DW_AT.stmt_list)
        ? ranges
        : (this.lineTable(unit)?.sequences ?? [])
    })
  }

  lineTable(unit: Unit): LineTable | undefined {
    return this.tolerate(undefined, () => {
      const about = unit.about(DW_AT.stmt_list)
      const offset = about.number(DW_AT.stmt_list)
      if (offset === undefined) return undefined
      const { sections } = about.unit
      let tables = this.#lineTables.get(sections)
      if (tables === undefined) this.#lineTables.set(sections, (tables = new Map()))
      if (!tables.has(offset)) {
        tables.set(offset, undefined)
        const header = readLineHeader(sections, offset)
        checkOverlap(header, tables)
        const code = {
          linked: (sequences: readonly LineSequence[]) => this.linked(unit, sequences),
          overlays: this.overlays,
        }
        tables.set(offset, new LineTable(unit, header, code, this.#inUse))
      }
      return tables.get(offset)
    })
  }

  lineTables(): readonly LineTable[] {
    if (this.#allLineTables === undefined) {
      const tables = new Set<LineTable>()
      for (const unit of this.dwarf.units) {
        const table = this.lineTable(unit)
        if (table !== undefined) tables.add(table)
      }
      this.#allLineTables = [...tables]
    }
    return this.#allLineTables
  }

  /** Damage costs what is asked for here, and is noted. */
  tolerate<T>(otherwise: T, read: () => T): T {
    return tolerate(this.dwarf.problems, otherwise, read)
  }
}

interface UnitRange extends Range {
  readonly unit: Unit
}

const hasRanges = (die: Die): boolean => die.has(DW_AT.ranges) || die.has(DW_AT.low_pc)

/** A table within another has been read with that, and may be one of many. */
function checkOverlap({ offset, end }: LineHeader, tables: ReadonlyMap<number, LineTable | undefined>): void {
  for (const table of tables.values()) {
    if (table !== undefined && offset < table.header.end && table.header.offset < end)
      throw new DwarfError('.debug_line', offset, 'line tables lie within each other')
  }
}
