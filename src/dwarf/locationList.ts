// Location lists: which expression holds at an address (DWARF 5, §2.6.2).

import { DW_AT, DW_FORM, DW_LLE } from './constants.ts'
import { type DieUnit, isExpression, isSectionOffset } from './die.ts'
import type { AttributeValue } from './form.ts'
import { baseAddress, fromBase, inRange, listsHeader } from './ranges.ts'
import type { Reader } from './reader.ts'

/**
 * The location expression in force at `pc`: the attribute itself, or an entry of the list it names (DWARF 5, §2.6.2).
 * Undefined where the list has none for this pc.
 */
export function expressionAt(unit: DieUnit, attribute: AttributeValue, pc: number): Uint8Array | undefined {
  const { form, value } = attribute
  if (isExpression(attribute) && value instanceof Uint8Array) return value
  if (typeof value !== 'number') return undefined
  if (form === DW_FORM.loclistx) {
    const base = unit.root.number(DW_AT.loclists_base) ?? (unit.isSplit ? listsHeader(unit) : 0)
    const offset = unit.sections.reader('.debug_loclists', base + value * unit.offsetSize).unsigned(unit.offsetSize)
    return debugLoclists(unit, base + offset, pc)
  }
  if (!isSectionOffset(attribute, unit.version)) return undefined
  if (unit.version >= 5) return debugLoclists(unit, value, pc)
  return unit.isSplit ? debugLocSplit(unit, value, pc) : debugLoc(unit, value, pc)
}

/** A variable of a large function has some hundred places, of the largest ones thousands. */
const mostEntries = 10_000

const endless = (reader: Reader) => reader.error(`a location list has more than ${mostEntries} entries`)

/** Whether the attribute, which may be a constant, names a list instead. */
export const isLocationList = ({ form }: AttributeValue): boolean =>
  form === DW_FORM.sec_offset || form === DW_FORM.loclistx

/** `.debug_loc` (DWARF 4, §2.6.2). */
function debugLoc(unit: DieUnit, offset: number, pc: number): Uint8Array | undefined {
  const reader = unit.sections.reader('.debug_loc', offset)
  let base = baseAddress(unit)
  for (let count = 0; ; count++) {
    if (count > mostEntries) throw endless(reader)
    const begin = reader.u32()
    const end = reader.u32()
    if (begin === 0 && end === 0) return undefined
    if (begin === 0xffffffff) {
      base = reader.moved(end)
      continue
    }
    const expression = reader.block(reader.u16())
    if (inRange(fromBase(base, begin, end), pc)) return expression
  }
}

/** `.debug_loc.dwo` of GNU's before DWARF 5: kinds as later in `.debug_loclists`, with lengths of fixed size. */
function debugLocSplit(unit: DieUnit, offset: number, pc: number): Uint8Array | undefined {
  const reader = unit.sections.reader('.debug_loc', offset)
  let base = baseAddress(unit)
  for (let count = 0; ; count++) {
    if (count > mostEntries) throw endless(reader)
    const kind = reader.u8()
    let low = 0
    let high = 0
    switch (kind) {
      case DW_LLE.end_of_list:
        return undefined
      case DW_LLE.base_addressx:
        base = unit.indexedAddress(reader.count())
        continue
      case DW_LLE.startx_endx:
        low = unit.indexedAddress(reader.count())
        high = unit.indexedAddress(reader.count())
        break
      case DW_LLE.startx_length:
        low = unit.indexedAddress(reader.count())
        high = low + reader.u32()
        break
      case DW_LLE.offset_pair:
        ;({ low, high } = fromBase(base, reader.u32(), reader.u32()))
        break
      default:
        throw reader.error(`the location list entry ${kind} is not known`)
    }
    const expression = reader.block(reader.u16())
    if (pc >= low && pc < high) return expression
  }
}

/** `.debug_loclists` (§7.7.3). */
function debugLoclists(unit: DieUnit, offset: number, pc: number): Uint8Array | undefined {
  const reader = unit.sections.reader('.debug_loclists', offset)
  let base = baseAddress(unit)
  let otherwise: Uint8Array | undefined
  for (let count = 0; ; count++) {
    if (count > mostEntries) throw endless(reader)
    const kind = reader.u8()
    let low = 0
    let high = 0
    switch (kind) {
      case DW_LLE.end_of_list:
        return otherwise
      case DW_LLE.base_addressx:
        base = unit.indexedAddress(reader.count())
        continue
      case DW_LLE.base_address:
        base = reader.address()
        continue
      case DW_LLE.GNU_view_pair:
        reader.uleb()
        reader.uleb()
        continue
      case DW_LLE.default_location:
        otherwise = reader.block(reader.count())
        continue
      case DW_LLE.startx_endx:
        low = unit.indexedAddress(reader.count())
        high = unit.indexedAddress(reader.count())
        break
      case DW_LLE.startx_length:
        low = unit.indexedAddress(reader.count())
        high = low + reader.count()
        break
      case DW_LLE.offset_pair:
        ;({ low, high } = fromBase(base, reader.count(), reader.count()))
        break
      case DW_LLE.start_end:
        low = reader.address()
        high = reader.address()
        break
      case DW_LLE.start_length:
        low = reader.address()
        high = low + reader.count()
        break
      default:
        throw reader.error(`the location list entry ${kind} is not known`)
    }
    const expression = reader.block(reader.count())
    if (pc >= low && pc < high) return expression
  }
}
