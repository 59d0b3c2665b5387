// Which instructions the loop that interprets has a form of: read off their meanings.

import type { Variant } from '../isa/decode.ts'
import type { FunctionName, PlaceName } from '../isa/rtl/language.ts'
import { parseVariant } from '../isa/rtl/parse.ts'
import type { RtlExpression, Statement } from '../isa/rtl/tree.ts'
import { flattened } from '../isa/rtl/walk.ts'
import { BY_SOFT_TLB } from './softTlb.ts'

/** Functions that it has a form of. */
const KNOWN: ReadonlySet<FunctionName> = new Set<FunctionName>([
  ...(['ltu', 'rotl', 'clz', 'low', 'high', 'lowU', 'highU', 'swap16', 'swap32', 'unsigned'] as const),
  ...(['mulhs', 'mulhu', 'divs', 'divu', 'carries', 'shiftedOut', 'trapHolds'] as const),
  ...(['compare', 'compareUnsigned', 'CRBIT', 'setCrBit', 'packCr', 'unpackCr'] as const),
  ...(['read8', 'read16', 'read32', 'write8', 'write16', 'write32', 'mfspr', 'mtspr', 'trap'] as const),
  ...(['loadMultiple', 'storeMultiple', ...BY_SOFT_TLB, 'dcbz', 'wrtee'] as const),
])
const PLACES: ReadonlySet<PlaceName> = new Set<PlaceName>(['LR', 'CTR', 'MSR', 'CA', 'OV', 'SO', 'CIA'])

/** The meaning of what it has a form of. Floating point is left to others, and so is what no compiler makes. */
export function formOf(variant: Variant): readonly Statement[] | undefined {
  if (variant.oe || variant.insn.unit !== undefined) return undefined
  const meaning = parseVariant(variant)
  return meaning.every(isKnown) ? meaning : undefined
}

/** Whether it has a form of all that a statement consists of. */
function isKnown(statement: Statement): boolean {
  return flattened([statement]).every(each => {
    if (each.kind === 'call') return isKnownValue(each.call)
    if (each.kind === 'assign' && each.target.op === 'place' && !PLACES.has(each.target.name)) return false
    return isKnownValue(each.value)
  })
}

function isKnownValue(value: RtlExpression): boolean {
  switch (value.op) {
    case 'place':
      return PLACES.has(value.name)
    case 'conditionField':
      return isKnownValue(value.number)
    case 'unary':
    case 'extend':
    case 'cut':
      return isKnownValue(value.value)
    case 'binary':
      return isKnownValue(value.left) && isKnownValue(value.right)
    case 'choose':
      return [value.condition, value.then, value.otherwise].every(isKnownValue)
    case 'call':
      return KNOWN.has(value.name) && value.args.every(isKnownValue)
    default:
      return true
  }
}
