// Objects of the program: a type and a place. Reading comes later, for most of a structure nobody asks to see.

import { bigEndian, integer, type Location, partOf, partOfBits, readLocation } from '../symbols/location.ts'
import { addressIn, type ComplexType, type CType, type Member, sizeOf, strip } from '../symbols/types.ts'
import type { Context } from './context.ts'
import { decimalBytes, decimalFrom, toDecimal } from './decimalFloat.ts'
import { exactOf, halves, type Numeric, type Rational, sum, toDoubleDouble } from './exact.ts'

/** Where an object is. Beside what DWARF can say: in a register that only its name leads to, e.g. DBSR. */
export type Place = Location | { readonly kind: 'named'; readonly name: string }

export interface Bits {
  /** Counted from the most significant bit of the place's first byte. */
  readonly offset: number
  readonly size: number
}

export interface Value {
  readonly type: CType
  readonly place: Place
  /** Of a bit-field, or of a field of a register. */
  readonly bits?: Bits
  /** Of what a reference was followed to: the reference's type, as it is declared. */
  readonly declared?: CType
}

/** A number and its type: what arithmetic works on. Integers and addresses are bigint, floating-point numbers number or more. */
export interface Scalar {
  readonly type: CType
  readonly value: Numeric
}

/** A value that lies nowhere: the result of a computation. */
export const temporary = (type: CType, bytes: Uint8Array): Value => ({ type, place: { kind: 'value', bytes } })

/** What is read or written at once: damaged debug information may claim any size, and programs have large arrays. */
export const mostBytes = 1 << 20

/** The bytes of an object, or why there are none. */
export function read(value: Value, context: Context): Uint8Array | string {
  const { place, bits } = value
  if (place.kind === 'named') {
    const word = context.readRegister(place.name)
    return word === undefined ? `${place.name} cannot be read` : bigEndian(BigInt(word >>> 0), 4)
  }
  const size = bits === undefined ? sizeOf(value.type) : (bits.offset + bits.size + 7) >> 3
  if (size === undefined) return 'its type is incomplete'
  if (size > mostBytes) return `it is too large to be read at once, with ${size} bytes`
  return readLocation(place, size, {
    ...context.frame,
    register: number => context.frame?.register(number),
    memory: (address, length) => context.readMemory(address, length),
    cfa: () => context.frame?.cfa(),
    frameBase: () => undefined,
  })
}

/** The number an object holds, or why it holds none. Arrays and functions are their addresses, as in C. */
export function load(value: Value, context: Context): Scalar | string {
  const type = strip(value.type)
  switch (type.kind) {
    case 'array':
    case 'function':
      if (value.place.kind !== 'memory') return 'it does not lie in memory'
      return {
        type: { kind: 'pointer', symbol: '*', target: type.kind === 'array' ? type.element : type },
        value: BigInt(value.place.address),
      }
    case 'struct':
      return `it is a ${type.keyword}, not a number`
    case 'void':
      return 'it is void'
    case 'complex':
      return 'it is a complex number'
    case 'memberPointer':
      return 'it points to a member, not to an object'
    default: {
      const bytes = read(value, context)
      if (typeof bytes === 'string') return bytes
      return { type: value.type, value: fromBytes(bytes, type, value.bits) }
    }
  }
}

type ScalarType = Extract<ReturnType<typeof strip>, { kind: 'base' | 'enum' | 'pointer' }>

/** The number in these bytes. */
export function fromBytes(bytes: Uint8Array, type: ScalarType, bits?: Bits): Numeric {
  const isLittle = isLittleEndian(type)
  const ordered = isLittle ? reversed(bytes) : bytes
  if (type.kind === 'base' && type.encoding === 'float') return toFloat(ordered)
  if (type.kind === 'base' && type.encoding === 'decimal') return decimalFrom(ordered)
  const size = bits?.size ?? 8 * bytes.length
  const shift = bits === undefined ? 0 : isLittle ? bits.offset : 8 * bytes.length - bits.offset - bits.size
  const value = integer(ordered) >> BigInt(shift)
  return isSigned(type) ? BigInt.asIntN(size, value) : BigInt.asUintN(size, value)
}

/** 16 bytes are two doubles whose sum is the number (the ABI's "IBM long double"). */
function toFloat(bytes: Uint8Array): number | Rational {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length === 4) return view.getFloat32(0)
  if (bytes.length === 8) return view.getFloat64(0)
  return bytes.length === 16 ? sum(view.getFloat64(0), view.getFloat64(8)) : Number.NaN
}

/** GNU C's `scalar_storage_order("little-endian")`. */
export function isLittleEndian(type: CType): boolean {
  const stripped = strip(type)
  return stripped.kind === 'base' && (stripped.isLittleEndian ?? false)
}

export const reversed = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes).reverse()

/** A number as the bytes of an object of this type, cut to its size as C's conversions do. */
export function toBytes(value: Numeric, type: CType): Uint8Array {
  const bytes = toBigEndian(value, type)
  return isLittleEndian(type) ? reversed(bytes) : bytes
}

function toBigEndian(value: Numeric, type: CType): Uint8Array {
  const stripped = strip(type)
  const size = sizeOf(type) ?? 4
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  if (stripped.kind === 'base' && stripped.encoding === 'float') {
    if (size === 4) view.setFloat32(0, Number(value))
    else if (size >= 8) {
      const [high, low] = halves(
        typeof value === 'number' ? value : size === 16 ? toDoubleDouble(exactOf(value)!) : Number(value),
      )
      view.setFloat64(0, high)
      if (size === 16) view.setFloat64(8, low)
    }
    return bytes
  }
  if (stripped.kind === 'base' && stripped.encoding === 'decimal') return decimalBytes(toDecimal(value, size), size)
  const isBool = stripped.kind === 'base' && stripped.encoding === 'boolean'
  return bigEndian(isBool ? BigInt(!isZero(value)) : toInteger(value), size)
}

/** Towards zero, as C converts. */
export function toInteger(value: Numeric): bigint {
  if (typeof value === 'object') return value.numerator / value.denominator
  return typeof value === 'bigint' ? value : BigInt(Number.isFinite(value) ? Math.trunc(value) : 0)
}

/** A decimal number may be nearer to zero than any double. */
export const isZero = (value: Numeric): boolean =>
  typeof value === 'object' ? value.numerator === 0n : Number(value) === 0

export const isSigned = (type: ScalarType): boolean => type.kind !== 'pointer' && type.isSigned

/** A member of a structure, wherever the structure is. */
export function memberOf(object: Value, member: Member, context: Context): Value {
  const ofSize = sizeOf(object.type) ?? 0
  const { bits, type } = member
  const inner = bits && { offset: bits.offset & 7, size: bits.size }
  if (member.locate !== undefined)
    return { type, place: virtualPlace(object, member, context), ...(inner && { bits: inner }) }
  if (bits !== undefined && object.place.kind === 'pieces') {
    const place = partOfBits(object.place.pieces, bits.offset, bits.size)
    return { type, place, bits: { offset: 0, size: bits.size } }
  }
  const offset = bits === undefined ? member.offset : bits.offset >> 3
  const size = bits === undefined ? (sizeOf(type) ?? 0) : ((bits.offset + bits.size + 7) >> 3) - offset
  const place = object.place.kind === 'named' ? object.place : partOf(object.place, ofSize, offset, size)
  return { type, place, ...(inner && { bits: inner }) }
}

/** Which virtual table says where it is, the object says: it must lie in memory. */
function virtualPlace({ place }: Value, member: Member, context: Context): Location {
  if (place.kind === 'optimizedOut' || place.kind === 'unavailable') return place
  if (place.kind !== 'memory') return { kind: 'unavailable', reason: 'the object does not lie in memory' }
  const address = addressIn(place.address, member, (at, length) => context.readMemory(at, length))
  return address === undefined
    ? { kind: 'unavailable', reason: 'the memory of its virtual table cannot be read' }
    : { kind: 'memory', address }
}

/** The real part of a complex number, or the imaginary one. */
export function complexPart(value: Value, { part, size }: ComplexType, which: 'real' | 'imaginary'): Value {
  const { place } = value
  const offset = which === 'real' ? 0 : part.size
  return { type: part, place: place.kind === 'named' ? place : partOf(place, size, offset, part.size) }
}

/** An element of an array, wherever the array is. */
export function elementOf(array: Value, element: CType, index: number): Value {
  const size = sizeOf(element) ?? 1
  const { place } = array
  return {
    type: element,
    place: place.kind === 'named' ? place : partOf(place, sizeOf(array.type) ?? 0, index * size, size),
  }
}
