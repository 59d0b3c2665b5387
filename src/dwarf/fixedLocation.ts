// Location descriptions of one operation, which most variables have: a register, or so many bytes from one. They are
// understood once, and hold for every frame that stands at the same instruction.

import { DW_OP } from './constants.ts'
import type { DieUnit } from './die.ts'
import { Reader } from './reader.ts'

/** The contents of a register, by its DWARF number, or what the frame knows. */
type Base = number | 'cfa' | 'frameBase'

export type FixedLocation<B = Base> =
  | { readonly kind: 'register'; readonly register: number }
  /** At this address, or this number and nowhere: the base, if there is one, and so much. */
  | { readonly kind: 'memory' | 'value'; readonly base: B | undefined; readonly offset: number }

/** Undefined for an expression of several operations, or of one that computes. */
export function fixedLocation(expression: Uint8Array, unit: DieUnit): FixedLocation | undefined {
  if (expression.length === 0) return undefined
  const reader = new Reader('location expression', expression, unit.sections.movedBy)
  const location = operation(reader.u8(), reader, unit)
  if (reader.atEnd) return location
  const isValue = reader.u8() === DW_OP.stack_value && reader.atEnd
  return isValue && location?.kind === 'memory' ? { ...location, kind: 'value' } : undefined
}

function operation(code: number, reader: Reader, unit: DieUnit): FixedLocation | undefined {
  const op = DW_OP
  if (code >= op.reg0 && code <= op.reg31) return { kind: 'register', register: code - op.reg0 }
  if (code >= op.breg0 && code <= op.breg31) return from(code - op.breg0, reader.delta())
  if (code >= op.lit0 && code <= op.lit31) return from(undefined, code - op.lit0)
  switch (code) {
    case op.regx:
      return { kind: 'register', register: reader.count() }
    case op.bregx:
      return from(reader.count(), reader.delta())
    case op.fbreg:
      return from('frameBase', reader.delta())
    case op.call_frame_cfa:
      return from('cfa', 0)
    case op.addr:
      return from(undefined, reader.address())
    case op.addrx:
    case op.GNU_addr_index:
      return from(undefined, unit.indexedAddress(reader.count()))
    case op.const1u:
    case op.const2u:
    case op.const4u:
      return from(undefined, reader.unsigned(1 << ((code - op.const1u) >> 1)))
    case op.const1s:
    case op.const2s:
    case op.const4s:
      return from(undefined, reader.signed(1 << ((code - op.const1s) >> 1)))
    default:
      return undefined
  }
}

const from = (base: Base | undefined, offset: number): FixedLocation => ({ kind: 'memory', base, offset })
