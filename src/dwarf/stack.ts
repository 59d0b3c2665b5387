// Entries of the stack that DWARF expressions work on, and the operations on them (DWARF 5, §2.5.1).

import { DW_ATE, DW_OP } from './constants.ts'

/** The type of a stack entry (DWARF 5, §2.5.1): a base type, or the generic one, an address-sized integer of no sign. */
export interface StackType {
  readonly size: number
  readonly encoding: number | 'generic'
}

export const generic: StackType = { size: 4, encoding: 'generic' }

/** Integers are bigint, floating-point values number. */
export interface StackEntry {
  readonly type: StackType
  readonly value: bigint | number
}

const isFloat = ({ encoding }: StackType) => encoding === DW_ATE.float
const isSigned = ({ encoding }: StackType) => encoding === DW_ATE.signed || encoding === DW_ATE.signed_char

/** An entry with its value wrapped to its type. */
export function entry(value: bigint | number, type: StackType = generic): StackEntry {
  if (isFloat(type)) return { type, value: type.size === 4 ? Math.fround(Number(value)) : Number(value) }
  const integer = typeof value === 'bigint' ? value : BigInt(Number.isFinite(value) ? Math.trunc(value) : 0)
  const bits = 8 * Math.min(type.size, 16)
  return { type, value: isSigned(type) ? BigInt.asIntN(bits, integer) : BigInt.asUintN(bits, integer) }
}

/** An entry as a 32-bit address or word. */
export const word = ({ value }: StackEntry): number =>
  typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : Math.trunc(value) >>> 0

/** The integer as remainders and counts of shifts take it. */
const unsigned = ({ type, value }: StackEntry): bigint =>
  typeof value !== 'bigint' ? 0n : type.encoding === 'generic' ? BigInt.asUintN(32, value) : value

/** The integer with the sign that comparisons, division and arithmetic shifts give the generic type. */
const signed = ({ type, value }: StackEntry): bigint =>
  typeof value !== 'bigint' ? 0n : type.encoding === 'generic' ? BigInt.asIntN(32, value) : value

/** The bytes of an entry in target order. A generic one may stand for a constant of 8 bytes. */
export function bytesOf({ type, value }: StackEntry): Uint8Array {
  const size = type.encoding === 'generic' ? 8 : type.size
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  if (typeof value === 'number') {
    if (type.size === 4) view.setFloat32(0, value)
    else if (type.size === 8) view.setFloat64(0, value)
    return bytes
  }
  for (let i = 0; i < size; i++) bytes[size - 1 - i] = Number((value >> BigInt(8 * i)) & 0xffn)
  return bytes
}

/** An entry of `type` from its bytes, most significant first. */
export function fromBytes(bytes: Uint8Array, type: StackType): StackEntry {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isFloat(type) && bytes.length === 4) return entry(view.getFloat32(0), type)
  if (isFloat(type) && bytes.length === 8) return entry(view.getFloat64(0), type)
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return entry(value, type)
}

/** The arithmetic and comparisons of §2.5.1.4 and §2.5.1.5 on the two topmost entries. Undefined for a division by 0. */
export function binary(operation: number, a: StackEntry, b: StackEntry): StackEntry | undefined {
  if (typeof a.value === 'number' || typeof b.value === 'number') return float(operation, a, b)
  // Two types do not mix by the standard; clang means that of the typed one.
  const type = a.type.encoding === 'generic' ? b.type : a.type
  const [x, y] = [a.value, b.value]
  switch (operation) {
    case DW_OP.plus:
      return entry(x + y, type)
    case DW_OP.minus:
      return entry(x - y, type)
    case DW_OP.mul:
      return entry(x * y, type)
    case DW_OP.div:
      return signed(b) === 0n ? undefined : entry(signed(a) / signed(b), type)
    case DW_OP.mod:
      return unsigned(b) === 0n ? undefined : entry(unsigned(a) % unsigned(b), type)
    case DW_OP.and:
      return entry(x & y, type)
    case DW_OP.or:
      return entry(x | y, type)
    case DW_OP.xor:
      return entry(x ^ y, type)
    // A shift by a nonsensical amount shifts everything out, and is not worth gigabytes of bigint.
    case DW_OP.shl:
      return entry(x << shiftCount(b), a.type)
    case DW_OP.shr:
      return entry(BigInt.asUintN(8 * a.type.size, x) >> shiftCount(b), a.type)
    case DW_OP.shra:
      return entry(signed(a) >> shiftCount(b), a.type)
    default:
      return entry(compare(operation, signed(a), signed(b)) ? 1n : 0n)
  }
}

const shiftCount = (count: StackEntry): bigint => (unsigned(count) > 128n ? 128n : unsigned(count))

function float(operation: number, a: StackEntry, b: StackEntry): StackEntry {
  const [x, y] = [Number(a.value), Number(b.value)]
  switch (operation) {
    case DW_OP.plus:
      return entry(x + y, a.type)
    case DW_OP.minus:
      return entry(x - y, a.type)
    case DW_OP.mul:
      return entry(x * y, a.type)
    case DW_OP.div:
      return entry(x / y, a.type)
    default:
      return entry(compare(operation, x, y) ? 1n : 0n)
  }
}

function compare<T extends bigint | number>(operation: number, x: T, y: T): boolean {
  switch (operation) {
    case DW_OP.eq:
      return x === y
    case DW_OP.ne:
      return x !== y
    case DW_OP.lt:
      return x < y
    case DW_OP.le:
      return x <= y
    case DW_OP.gt:
      return x > y
    default:
      return x >= y
  }
}

export function unary(operation: number, a: StackEntry): StackEntry {
  const value = typeof a.value === 'bigint' ? signed(a) : a.value
  if (operation === DW_OP.abs) return entry(value < 0 ? -value : value, a.type)
  if (operation === DW_OP.neg) return entry(-value, a.type)
  return entry(typeof value === 'bigint' ? ~value : value, a.type)
}
