// Storing into objects of the program, wherever they are.

import { bigEndian, doubleOf, FLOAT_BYTES, integer, type Location, type Piece } from '../symbols/location.ts'
import { type CType, sizeOf, strip } from '../symbols/types.ts'
import { convert } from './arithmetic.ts'
import { type Context, describeRegister } from './context.ts'
import { type Bits, isLittleEndian, read, reversed, type Scalar, toBytes, type Value } from './value.ts'

/** Why something cannot be stored. */
type NotStorable = string

/** Whether assignment copies its bytes, rather than convert a number. */
export const isWhole = ({ kind }: CType): boolean => kind === 'struct' || kind === 'complex' || kind === 'memberPointer'

/** Store a number, converted as C's assignment does, or a whole structure of the same type. Undefined when done. */
export function assign(
  target: Value,
  right: Value,
  number: Scalar | undefined,
  context: Context,
): NotStorable | undefined {
  const type = strip(target.type)
  switch (type.kind) {
    case 'struct':
    case 'complex':
    case 'memberPointer': {
      const bytes = read(right, context)
      if (typeof bytes === 'string') return bytes
      return sizeOf(right.type) === sizeOf(type) ? store(target, bytes, context) : 'the types differ'
    }
    case 'array':
      return 'an array can only be set element by element'
    case 'function':
    case 'void':
      return 'it is not a variable'
    default:
      if (number === undefined) return 'what is assigned is not a number'
      return store(target, assigned(target, convert(number, type)), context)
  }
}

/** In a register a small integer has the whole word, extended by its sign (PowerPC ABI, §3.2.3). */
function assigned({ type, place, bits }: Value, { value }: Scalar): Uint8Array {
  const isSmall = place.kind === 'register' && bits === undefined && (sizeOf(type) ?? 4) < 4
  return isSmall && typeof value === 'bigint' ? bigEndian(value, 4) : toBytes(value, type)
}

/** Put these bytes, as many as the object has, where the object is. */
export function store(target: Value, bytes: Uint8Array, context: Context): NotStorable | undefined {
  const { place, bits } = target
  if (bits !== undefined) {
    const whole = besideField(target, context)
    if (typeof whole === 'string') return whole
    const { offset, size } = bits
    const mirrored = { offset: 8 * whole.length - offset - size, size }
    const changed = isLittleEndian(target.type)
      ? reversed(insert(reversed(whole), mirrored, reversed(bytes)))
      : insert(whole, bits, bytes)
    return store({ type: bytesType(whole.length), place }, changed, context)
  }
  if (place.kind === 'named') {
    const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    return context.writeRegister(place.name, word) ? undefined : `${place.name} cannot be written`
  }
  return storeAt(place, bytes, context)
}

/** What a field is put into. Where bits written as 1 are cleared or set, those of the other fields are written as 0. */
function besideField(target: Value, context: Context): Uint8Array | string {
  const { place } = target
  const register = place.kind === 'named' ? describeRegister(place.name, context) : undefined
  return register === undefined || register.write === 'plain' ? read(target, context) : new Uint8Array(4)
}

function storeAt(location: Location, bytes: Uint8Array, context: Context): NotStorable | undefined {
  switch (location.kind) {
    case 'memory':
      return context.writeMemory(location.address, bytes) ? undefined : 'the memory cannot be written'
    case 'register':
      return storeRegister(location.register, bytes, context)
    case 'pieces':
      return storePieces(location.pieces, bytes, context)
    case 'part': {
      const { of, ofSize, offset } = location
      const whole = read({ type: bytesType(ofSize), place: of }, context)
      if (typeof whole === 'string') return whole
      const changed = Uint8Array.from(whole)
      changed.set(bytes, offset)
      return storeAt(of, changed, context)
    }
    case 'value':
      return 'the compiler keeps only its value, in no place that could be written'
    case 'implicitPointer':
    case 'optimizedOut':
      return 'it was optimized out'
    case 'unavailable':
      return location.reason
  }
}

const isFloatingPoint = (register: number, context: Context): boolean =>
  context.frame?.wideRegister?.(register) !== undefined

/** What is smaller than a register is in its least significant bytes, what is larger goes on in the next one. */
function storeRegister(first: number, bytes: Uint8Array, context: Context): NotStorable | undefined {
  const isWide = isFloatingPoint(first, context)
  const size = isWide ? 8 : 4
  const length = Math.ceil(bytes.length / size) * size
  const padded = new Uint8Array(length)
  if (isWide && bytes.length === FLOAT_BYTES) padded.set(doubleOf(bytes))
  else padded.set(bytes, length - bytes.length)
  for (let i = 0; i < length; i += size) {
    if (!context.writeFrameRegister(first + i / size, padded.subarray(i, i + size)))
      return 'the register it is in was not saved'
  }
  return undefined
}

function storePieces(pieces: readonly Piece[], bytes: Uint8Array, context: Context): NotStorable | undefined {
  let at = 0
  for (const { location, bitSize, bitOffset } of pieces) {
    // Filler behind a bit-field, and what was optimized out of a structure.
    if (location.kind === 'value' || at >= 8 * bytes.length) break
    const least = (bitOffset + bitSize + 7) >> 3
    const isWord = location.kind === 'register' && !isFloatingPoint(location.register, context)
    const length = isWord ? 4 : least
    const offset = location.kind === 'memory' ? bitOffset : 8 * length - bitOffset - bitSize
    const value = bigEndian(integer(bytes) >> BigInt(8 * bytes.length - at - bitSize), (bitSize + 7) >> 3)
    const refusal = store({ type: bytesType(length), place: location, bits: { offset, size: bitSize } }, value, context)
    if (refusal !== undefined) return refusal
    at += bitSize
  }
  return undefined
}

/** `bytes` with a bit-field replaced by the least significant bits of `value`. */
function insert(bytes: Uint8Array, { offset, size }: Bits, value: Uint8Array): Uint8Array {
  const shift = BigInt(8 * bytes.length - offset - size)
  const mask = ((1n << BigInt(size)) - 1n) << shift
  return bigEndian((integer(bytes) & ~mask) | ((integer(value) << shift) & mask), bytes.length)
}

/** So many bytes, of no type in particular. */
const bytesType = (count: number): CType => ({
  kind: 'base',
  name: 'bytes',
  size: count,
  encoding: 'unsigned',
  isSigned: false,
})
