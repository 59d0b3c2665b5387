// `dynamic_cast` (C++17, §8.2.7): what an object really is, its virtual table says (Itanium C++ ABI, §2.5.2), whose symbol
// names the class. Without run-time type information that symbol is there as well.

import { type CType, type Member, pointerTo, type StructType, strip } from '../symbols/types.ts'
import { type CastRefusal, cast, relation } from './cast.ts'
import type { Context } from './context.ts'
import { load, memberOf, temporary, toBytes, type Value } from './value.ts'

const refusal = (what: string, advice: string): CastRefusal => ({ what, advice })

/** What it gives; a pointer to what the object is not is null, as in the program. */
export function dynamicCast(value: Value, type: CType, context: Context): Value | CastRefusal | string {
  const target = strip(type)
  const source = strip(value.type)
  if (target.kind !== 'pointer')
    return refusal('dynamic_cast gives a pointer or a reference', 'Write * or & behind the type.')
  const isReference = target.symbol !== '*'
  if (!isReference && source.kind !== 'pointer')
    return refusal('only a pointer can be cast to a pointer', 'Take its address with &, or cast to a reference.')
  const address = source.kind === 'pointer' ? addressIn(value, context) : placeOf(value)
  if (typeof address === 'string') return address
  const from = strip(source.kind === 'pointer' ? source.target : value.type)
  const to = strip(target.target)
  const pointer = (at: number): Value =>
    temporary(pointerTo(target.target), toBytes(BigInt(at), pointerTo(target.target)))
  if (address === 0) return pointer(0)
  if (from.kind !== 'struct') return refusal('what is cast is no object of a class', 'Use static_cast.')
  // Up, it is what any cast is.
  if (relation(from, to)?.up !== undefined || from === to) return cast(value, type, false, context)
  const whole = wholeObject(from, address, context)
  if ('what' in whole) return whole
  if (to.kind === 'void') return pointer(whole.address)
  const up = whole.type === to || sameName(whole.type, to) ? [] : relation(whole.type, to)?.up
  if (up === undefined) {
    if (!isReference) return pointer(0)
    return refusal(`the object is a ${whole.type.name}, which is no ${nameOf(to)}`, 'Cast to one of its base classes.')
  }
  const object: Value = { type: whole.type, place: { kind: 'memory', address: whole.address } }
  const part = up.reduce((inner: Value, base: Member) => memberOf(inner, base, context), object)
  if (part.place.kind !== 'memory') return 'it is not known where that base class is'
  return isReference ? { type: target.target, place: part.place } : pointer(part.place.address)
}

const nameOf = (type: CType): string => (type.kind === 'struct' ? (type.name ?? '?') : '?')
const sameName = (a: StructType, b: CType): boolean => b.kind === 'struct' && a.name !== undefined && a.name === b.name

function addressIn(value: Value, context: Context): number | string {
  const pointer = load(value, context)
  return typeof pointer === 'string' ? pointer : Number(BigInt.asUintN(32, BigInt(Number(pointer.value))))
}

const placeOf = ({ place }: Value): number | string =>
  place.kind === 'memory' ? place.address : 'it does not lie in memory'

/** The object that one of a class with virtual functions is part of. */
function wholeObject(
  type: StructType,
  address: number,
  context: Context,
): { readonly type: StructType; readonly address: number } | CastRefusal {
  const offset = tablePointer(type)
  if (offset === undefined)
    return refusal(`${type.name} has no virtual functions: nothing says what it is`, 'Use static_cast.')
  const table = word(address + offset, context)
  const name = table === undefined ? undefined : context.symbols.symbolAt(table)?.name
  const className = /^(?:vtable for|construction vtable for .*-in-) ?(.*)$/.exec(name ?? '')?.[1]
  // Before its address point a table has the way to the whole object, then the type's information.
  const top = table === undefined ? undefined : word(table - 8, context)
  if (className === undefined || top === undefined)
    return refusal(
      'its virtual table is none of the program: the object is damaged, or not made yet',
      'Use static_cast.',
    )
  const found = context.symbols.typeNamed(className, 'class', context.pc)
  const whole = found && strip(found)
  if (whole?.kind !== 'struct' || whole.size === undefined)
    return refusal(`it is a ${className}, of which there is no debug information`, 'Use static_cast.')
  return { type: whole, address: (address + top) >>> 0 }
}

/** Where in an object the pointer to its table is: in the class, or in the first base class that has one. */
function tablePointer({ members }: StructType, depth = 0): number | undefined {
  for (const { name, isBase, offset, locate, type } of members) {
    if (name?.startsWith('_vptr')) return offset
    const inner = strip(type)
    if (!isBase || locate !== undefined || inner.kind !== 'struct' || depth > 20) continue
    const found = tablePointer(inner, depth + 1)
    if (found !== undefined) return offset + found
  }
  return undefined
}

function word(address: number, context: Context): number | undefined {
  const bytes = context.readMemory(address >>> 0, 4)
  return bytes && new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0)
}
