// What a cast makes of a value (C17, §6.5.4; C++17, §8.4): between a class and its base classes another part of the object.

import { basePath, joined } from '../symbols/memberPath.ts'
import { type CType, type Member, pointerTo, type StructType, strip } from '../symbols/types.ts'
import { convert } from './arithmetic.ts'
import type { Context } from './context.ts'
import { dereference } from './names.ts'
import { load, memberOf, type Scalar, temporary, toBytes, toInteger, type Value } from './value.ts'

/** What a user reads where there is no such cast: what is wrong, and what to do. */
export interface CastRefusal {
  readonly what: string
  readonly advice: string
}

const outsideMemory = (what: string): CastRefusal => ({
  what: `what does not lie in memory cannot be ${what}`,
  advice: 'Cast to the type itself, or a pointer.',
})

/** `isReinterpreted`: the same bits seen as something else, as `reinterpret_cast` has it. */
export function cast(
  value: Value,
  type: CType,
  isReinterpreted: boolean,
  context: Context,
): Value | CastRefusal | string {
  const target = strip(type)
  switch (target.kind) {
    case 'void':
      return { type, place: { kind: 'value', bytes: new Uint8Array() } }
    case 'struct':
    case 'array':
      return seenAs(value, type, isReinterpreted, context)
    case 'function':
      return { what: 'nothing can be cast to a function', advice: 'Cast to a pointer to it.' }
    case 'pointer': {
      if (target.symbol !== '*') return referred(value, target.target, isReinterpreted, context)
      const pointer = load(value, context)
      if (typeof pointer === 'string') return pointer
      const moved = isReinterpreted ? undefined : adjusted(pointer, target.target, context)
      return typeof moved === 'string' ? moved : number(convert(moved ?? pointer, type))
    }
    default: {
      const scalar = load(value, context)
      return typeof scalar === 'string' ? scalar : number(convert(scalar, type))
    }
  }
}

const number = ({ type, value }: Scalar): Value => temporary(type, toBytes(value, type))

function seenAs(value: Value, type: CType, isReinterpreted: boolean, context: Context): Value | CastRefusal {
  const related = isReinterpreted ? undefined : relation(value.type, type)
  if (related?.up) return { ...related.up.reduce((object, base) => memberOf(object, base, context), value), type }
  if (value.place.kind !== 'memory') return outsideMemory('seen as a structure')
  const { address } = value.place
  // gdb's reading where the types have nothing to do with each other: the same bytes, seen as something else.
  return { type, place: { kind: 'memory', address: (address - (related?.down ?? 0)) >>> 0 } }
}

/** `(T &)object`: the object itself, as another type. */
function referred(value: Value, type: CType, isReinterpreted: boolean, context: Context): Value | CastRefusal {
  if (strip(type).kind === 'struct') return seenAs(value, type, isReinterpreted, context)
  if (value.place.kind !== 'memory') return outsideMemory('referred to')
  const pointer = pointerTo(value.type)
  return dereference(number({ type: pointer, value: BigInt(value.place.address) }), type, context)
}

/** A pointer to an object as one to its part that is a base class, or to the object whose part it is; a null pointer stays. */
function adjusted({ type, value }: Scalar, target: CType, context: Context): Scalar | string | undefined {
  const pointer = strip(type)
  const related = pointer.kind === 'pointer' ? relation(pointer.target, target) : undefined
  if (related === undefined || Number(value) === 0) return undefined
  if (related.down !== undefined) return { type, value: toInteger(value) - BigInt(related.down) }
  const from = pointer.kind === 'pointer' ? pointer.target : target
  const object: Value = { type: from, place: { kind: 'memory', address: Number(value) } }
  const { place } = related.up.reduce((part, base) => memberOf(part, base, context), object)
  if (place.kind === 'memory') return { type, value: BigInt(place.address) }
  return place.kind === 'unavailable' ? place.reason : 'it is not known where that base class is'
}

/** How two classes belong together: the way up to a base class, or what to take off to get down from one. */
export type Relation =
  | { readonly up: readonly Member[]; readonly down?: undefined }
  | { readonly up?: undefined; readonly down: number }

/** Undefined where neither is a base class of the other, or the way down leads through a virtual one. */
export function relation(from: CType, to: CType): Relation | undefined {
  const [source, target] = [strip(from), strip(to)]
  if (!isClass(source) || !isClass(target)) return undefined
  const up = basePath(source, target)
  if (up !== undefined) return up.length === 0 ? undefined : { up }
  const path = basePath(target, source)
  if (path === undefined) return undefined
  const { offset, locate } = joined(path)
  return locate === undefined ? { down: offset } : undefined
}

const isClass = (type: CType): type is StructType => type.kind === 'struct' && type.isCxx
