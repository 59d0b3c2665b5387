// Ranges of addresses, and those an entry covers (DWARF 5, §2.17).

import { DW_AT, DW_FORM, DW_RLE } from './constants.ts'
import type { Die, DieUnit } from './die.ts'
import type { AttributeValue } from './form.ts'

/** Addresses `low` up to but not including `high`. */
export interface Range {
  readonly low: number
  readonly high: number
}

export const inRange = (range: Range, address: number): boolean => address >= range.low && address < range.high

/** The same addresses in ascending ranges, of which no two overlap or touch. */
export function disjoint(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const range of [...ranges].sort((a, b) => a.low - b.low)) {
    const last = result.at(-1)
    if (last === undefined || range.low > last.high) result.push(range)
    else if (range.high > last.high) result[result.length - 1] = { low: last.low, high: range.high }
  }
  return result
}

/** The addresses an entry covers (DWARF 5, §2.17): DW_AT_ranges, or DW_AT_low_pc with DW_AT_high_pc. */
export function rangesOf(die: Die): Range[] {
  const list = die.attribute(DW_AT.ranges)
  if (list !== undefined) return rangeList(die.unit, list)
  const low = die.address(DW_AT.low_pc)
  const highAttribute = die.attribute(DW_AT.high_pc)
  if (low === undefined || highAttribute === undefined) return []
  // As an address it is the end, as a constant the length.
  const high = die.address(DW_AT.high_pc) ?? low + (die.number(DW_AT.high_pc) ?? 0)
  return high > low ? [{ low, high }] : []
}

/** The base address of a unit's ranges and location lists (§3.1.1, DW_AT_low_pc). */
export const baseAddress = (unit: DieUnit): number =>
  unit.about(DW_AT.low_pc).address(DW_AT.low_pc) ?? unit.sections.movedBy

/** What a list has as a base and two offsets. Where these are addresses the base is how far the program was moved, modulo 2^32. */
export function fromBase(base: number, begin: number, end: number): Range {
  const low = (base + begin) >>> 0
  return { low, high: low + end - begin }
}

/** The length of the header of a contribution to `.debug_rnglists` or `.debug_loclists` (§7.28, §7.29), where split units' lists begin. */
export const listsHeader = ({ offsetSize }: DieUnit): number => (offsetSize === 8 ? 20 : 12)

function rangeList(unit: DieUnit, { form, value }: AttributeValue): Range[] {
  if (typeof value !== 'number') return []
  if (unit.version < 5) return debugRanges(unit, value + rangesBase(unit))
  if (form !== DW_FORM.rnglistx) return debugRnglists(unit, value)
  // An index into the offsets after the unit's list header; they are relative to that place (§7.28).
  const base = unit.root.number(DW_AT.rnglists_base) ?? (unit.isSplit ? listsHeader(unit) : 0)
  const offset = unit.sections.reader('.debug_rnglists', base + value * unit.offsetSize).unsigned(unit.offsetSize)
  return debugRnglists(unit, base + offset)
}

/** GNU's before DWARF 5: where the ranges of a unit that is split off begin in the program's. The skeleton's own do not count from there. */
const rangesBase = (unit: DieUnit): number =>
  unit.isSplit ? (unit.about(DW_AT.GNU_ranges_base).number(DW_AT.GNU_ranges_base) ?? 0) : 0

/** `.debug_ranges` (DWARF 4, §2.17.3): pairs relative to a base; -1 as the first selects another base. */
function debugRanges(unit: DieUnit, offset: number): Range[] {
  const reader = unit.sections.reader('.debug_ranges', offset)
  const ranges: Range[] = []
  let base = baseAddress(unit)
  for (;;) {
    const begin = reader.u32()
    const end = reader.u32()
    unit.sections.spend('.debug_ranges', 8)
    if (begin === 0xffffffff) base = reader.moved(end)
    else if (begin === 0 && end === 0) return ranges
    else if (end > begin) ranges.push(fromBase(base, begin, end))
  }
}

/** `.debug_rnglists` (§7.25). */
function debugRnglists(unit: DieUnit, offset: number): Range[] {
  const reader = unit.sections.reader('.debug_rnglists', offset)
  const ranges: Range[] = []
  const add = ({ low, high }: Range) => {
    if (high > low) ranges.push({ low, high })
  }
  let base = baseAddress(unit)
  for (;;) {
    const kind = reader.u8()
    unit.sections.spend('.debug_rnglists', 2)
    switch (kind) {
      case DW_RLE.end_of_list:
        return ranges
      case DW_RLE.base_addressx:
        base = unit.indexedAddress(reader.count())
        break
      case DW_RLE.startx_endx:
        add({ low: unit.indexedAddress(reader.count()), high: unit.indexedAddress(reader.count()) })
        break
      case DW_RLE.startx_length: {
        const low = unit.indexedAddress(reader.count())
        add({ low, high: low + reader.count() })
        break
      }
      case DW_RLE.offset_pair:
        add(fromBase(base, reader.count(), reader.count()))
        break
      case DW_RLE.base_address:
        base = reader.address(unit.addressSize)
        break
      case DW_RLE.start_end:
        add({ low: reader.address(unit.addressSize), high: reader.address(unit.addressSize) })
        break
      case DW_RLE.start_length: {
        const low = reader.address(unit.addressSize)
        add({ low, high: low + reader.count() })
        break
      }
      default:
        throw reader.error(`the range list entry ${kind} is not known`)
    }
  }
}
