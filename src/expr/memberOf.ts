// What a pointer to a member leads to in an object (C++17, §8.5), by the layout of the Itanium C++ ABI (§2.3).

import { partOf } from '../symbols/location.ts'
import { sizeOf, strip } from '../symbols/types.ts'
import { relation } from './cast.ts'
import type { Context } from './context.ts'
import { memberOf, read, type Value } from './value.ts'

/** No member begins there: what a null pointer holds. */
const NOWHERE = -1

/** The member, or why there is none. */
export function memberMeant(object: Value, pointer: Value, context: Context): Value | string {
  const type = strip(pointer.type)
  if (type.kind !== 'memberPointer') return 'what stands behind it is no pointer to a member'
  if (strip(type.target).kind === 'function') return 'it leads to a function, and functions cannot be called from here'
  if (strip(object.type).kind !== 'struct') return 'what stands before it is no object'
  const bytes = read(pointer, context)
  if (typeof bytes === 'string') return bytes
  const offset = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(0)
  if (offset === NOWHERE) return 'it is a null pointer'
  const way = relation(object.type, type.of)
  if (way?.down !== undefined) return 'the object is of a base class of the one that has that member'
  const whole = (way?.up ?? []).reduce((part, base) => memberOf(part, base, context), object)
  if (whole.place.kind === 'named') return 'it does not lie in memory'
  const [size, own] = [sizeOf(whole.type) ?? 0, sizeOf(type.target) ?? 0]
  if (offset < 0 || offset + own > size) return `there is no member at offset ${offset}`
  return { type: type.target, place: partOf(whole.place, size, offset, own) }
}
