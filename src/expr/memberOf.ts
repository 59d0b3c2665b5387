// Pointers to members: what `&Class::member` holds (C++17, §8.3.1), and what such a pointer leads to in an object (§8.5),
// by the layout of the Itanium C++ ABI (§2.3).

import { components } from '../symbols/functionSpec.ts'
import { bigEndian, partOf } from '../symbols/location.ts'
import { joined, memberPath } from '../symbols/memberPath.ts'
import { type CType, type MemberFunction, type StructType, sizeOf, strip } from '../symbols/types.ts'
import { relation } from './cast.ts'
import type { Context } from './context.ts'
import { load, memberOf, read, temporary, type Value } from './value.ts'

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

/** `&Class::member`; why there is no such pointer; undefined where the name is none of a member, or of a static one. */
export function memberPointer(name: string, context: Context): Value | string | undefined {
  const parts = components(name)
  const [scope, last] = [parts.slice(0, -1).join('::'), parts.at(-1)!]
  const type = scope === '' ? undefined : context.symbols.typeNamed(scope, undefined, context.pc)
  const structure = type && strip(type)
  if (structure?.kind !== 'struct' || !structure.isCxx) return undefined
  const found = memberPath(structure, last)
  if (found === undefined) return functionPointer(structure, last, context)
  if ('variable' in found) return undefined
  if ('ambiguous' in found) return 'several base classes have it'
  // The pointer belongs to the class that declares the member.
  const from = found.path.map(({ isBase }) => isBase === true).lastIndexOf(true)
  const { type: target, offset, bits } = joined(found.path.slice(from + 1))
  if (bits !== undefined) return 'it is a bit-field, to which nothing points'
  return pointing(target, from < 0 ? structure : found.path[from]!.type, [offset])
}

const pointing = (target: CType, of: CType, words: readonly number[]): Value =>
  temporary(
    { kind: 'memberPointer', target, of },
    Uint8Array.from(words.flatMap(word => [...bigEndian(BigInt(word), 4)])),
  )

/** Of a virtual function the place in the virtual table, in bytes and one more, of others the address. */
function functionPointer(structure: StructType, name: string, context: Context): Value | string | undefined {
  const declared = declaring(structure, name)
  if (declared === undefined) return undefined
  const { of, functions } = declared
  const [first, second] = functions
  if (first === undefined || second !== undefined) return 'there are several functions of that name'
  const { type, virtualIndex } = first
  if (virtualIndex !== undefined) return pointing(type, of, [4 * virtualIndex + 1, 0])
  const info = context.symbols.functionNamed(`${of.name}::${name}`)
  return info === undefined ? 'no code was generated for it' : pointing(type, of, [info.low, 0])
}

/** No hierarchy is deeper. */
const DEEPEST = 20

/** The functions of a name in a class, or in the first of its base classes that declares one. */
function declaring(
  of: StructType,
  name: string,
  depth = 0,
): { of: StructType; functions: readonly MemberFunction[] } | undefined {
  const functions = of.memberFunctions.filter(each => each.name === name)
  if (functions.length > 0) return { of, functions }
  for (const { isBase, type } of of.members) {
    const base = strip(type)
    const found = isBase && base.kind === 'struct' && depth < DEEPEST && declaring(base, name, depth + 1)
    if (found) return found
  }
  return undefined
}

/** Whether two pointers lead to one member, or one of them, `nullptr`, is compared with a null pointer; or why that is not known. */
export function isSameMember(a: Value, b: Value, context: Context): boolean | string {
  const [left, right] = [a, b].map(({ type }) => strip(type)) as [CType, CType]
  if (left.kind !== 'memberPointer') return isSameMember(b, a, context)
  const bytes = read(a, context)
  if (typeof bytes === 'string') return bytes
  const isFunction = strip(left.target).kind === 'function'
  const words = (of: Uint8Array): number[] => [0, 4].flatMap(at => (at < of.length ? [wordAt(of, at)] : []))
  if (right.kind !== 'memberPointer') {
    const number = load(b, context)
    if (typeof number === 'string') return number
    if (Number(number.value) !== 0) return 'a pointer to a member is compared with a number'
    return words(bytes)[0] === (isFunction ? 0 : NOWHERE)
  }
  const others = read(b, context)
  if (typeof others === 'string') return others
  if (bytes.length !== others.length) return 'one points to a function and the other does not'
  // Of a base class what is declared there lies further on in what is derived from it.
  const way = relation(left.of, right.of) ?? { down: 0 }
  const moved = way.up === undefined ? -way.down : joined(way.up).offset
  const [own, other] = [words(bytes), words(others)]
  const isNull = other[0] === (isFunction ? 0 : NOWHERE)
  const at = isFunction ? 1 : 0
  return own.every((word, i) => word === other[i]! + (i === at && !isNull ? moved : 0))
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(at)
