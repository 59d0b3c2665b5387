// Where an object is, or what it is (DWARF 5, §2.6).

import { assertNever } from '../util/assertNever.ts'
import type { StackEntry } from './stack.ts'

/** Where an object is, or what it is (DWARF 5, §2.6). */
export type Location =
  | { readonly kind: 'memory'; readonly address: number }
  /** In a register, by its DWARF number. */
  | { readonly kind: 'register'; readonly register: number }
  /** It has a value and no place: DW_OP_stack_value, DW_OP_implicit_value, DW_AT_const_value. Target byte order. */
  | { readonly kind: 'value'; readonly bytes: Uint8Array }
  /** Parts in different places, first part first. */
  | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] }
  /** Some bytes of an object that lies in no memory: a member of a structure in registers, mostly. */
  | { readonly kind: 'part'; readonly of: Location; readonly ofSize: number; readonly offset: number }
  /** A pointer that was optimized away to an object that has a value: the place of the entry it would point to. */
  | { readonly kind: 'implicitPointer'; readonly die: number; readonly offset: number }
  /** The compiler kept it nowhere at this pc. */
  | { readonly kind: 'optimizedOut' }
  /** It is somewhere, but something needed to get there is not known in this frame. */
  | { readonly kind: 'unavailable'; readonly reason: string }

export interface Piece {
  readonly location: Location
  readonly bitSize: number
  /** Into memory from the first byte's most significant bit; elsewhere from the least significant bit (§2.6.1.2). */
  readonly bitOffset: number
}

/** A location when a function was entered, by its expression; or a parameter, even one optimized out, by its entry's offset. */
export type EntryItem = Uint8Array | { readonly parameter: number }

/** As text: the same for the same. */
export const entryKey = (what: EntryItem): string =>
  what instanceof Uint8Array ? what.join() : `parameter ${what.parameter}`

/** What evaluating a location may ask of the frame. The evaluator itself touches neither registers nor memory. */
export interface LocationContext {
  /** A 32-bit register as this frame has it, by DWARF number; undefined where it could not be recovered. */
  register(number: number): number | undefined
  /** The bytes of a register that has more than 32 bits: 8 for a floating-point register. */
  wideRegister?(number: number): Uint8Array | undefined
  memory(address: number, length: number): Uint8Array | undefined
  /** The canonical frame address (§6.4). */
  cfa(): number | undefined
  /** The value of the function's DW_AT_frame_base. */
  frameBase(): number | undefined
  /** What something was worth when the function was entered, where the call site recorded it. */
  entryValue?(what: EntryItem): StackEntry | undefined
}

/** The bytes at a location, or why they cannot be had. */
export function readLocation(location: Location, size: number, context: LocationContext): Uint8Array | string {
  switch (location.kind) {
    case 'memory':
      return context.memory(location.address, size) ?? 'the memory cannot be read'
    case 'register':
      return readRegister(location.register, size, context)
    case 'value':
      return leastSignificant(location.bytes, size)
    case 'pieces':
      return readPieces(location.pieces, size, context)
    case 'part': {
      const whole = readLocation(location.of, location.ofSize, context)
      return typeof whole === 'string' ? whole : whole.subarray(location.offset, location.offset + size)
    }
    case 'implicitPointer':
      return 'the pointer was optimized out'
    case 'optimizedOut':
      return 'optimized out'
    case 'unavailable':
      return location.reason
    default:
      return assertNever(location)
  }
}

/** Floating-point registers hold doubles (user's manual, §3.2): what has four bytes in one is a float, converted. */
export const FLOAT_BYTES = 4

/** A double as the float that it came from. */
function singleOf(double: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FLOAT_BYTES)
  new DataView(bytes.buffer).setFloat32(0, new DataView(double.buffer, double.byteOffset).getFloat64(0))
  return bytes
}

/** A float as a floating-point register has it. */
export function doubleOf(single: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, new DataView(single.buffer, single.byteOffset).getFloat32(0))
  return bytes
}

/**
 * A value of `size` bytes in a register, and from there on in the next ones: r3 and r4 hold a `long long`, f1 and f2 a
 * `long double`. What is smaller than the register is in its least significant bytes.
 */
function readRegister(register: number, size: number, context: LocationContext): Uint8Array | string {
  const wide = context.wideRegister?.(register)
  if (wide !== undefined) return size > 8 ? readWideRegisters(register, size, context) : fromDouble(wide, size)
  const bytes = new Uint8Array(Math.max(4, (size + 3) & ~3))
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < bytes.length; i += 4) {
    const word = context.register(register + i / 4)
    if (word === undefined) return 'the register was not saved'
    view.setUint32(i, word)
  }
  return size < 4 ? bytes.subarray(4 - size) : bytes.subarray(0, size)
}

const fromDouble = (double: Uint8Array, size: number): Uint8Array =>
  size === FLOAT_BYTES ? singleOf(double) : leastSignificant(double, size)

function readWideRegisters(first: number, size: number, context: LocationContext): Uint8Array | string {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i += 8) {
    const wide = context.wideRegister?.(first + i / 8)
    if (wide === undefined) return 'the register was not saved'
    bytes.set(wide.subarray(0, size - i), i)
  }
  return bytes
}

/** The least significant bytes; zeros before them where there are too few. */
function leastSignificant(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length >= size) return bytes.subarray(bytes.length - size)
  const fitted = new Uint8Array(size)
  fitted.set(bytes, size - bytes.length)
  return fitted
}

/** Compilers split structures of some registers; each piece shifts what is before it. */
const mostInPieces = 1 << 16

function readPieces(pieces: readonly Piece[], size: number, context: LocationContext): Uint8Array | string {
  if (size > mostInPieces) return `it is too large to be read in pieces, with ${size} bytes`
  const total = 8 * size
  let bits = 0n
  let at = 0
  for (const piece of pieces) {
    if (at >= total) break
    // One that goes on behind the object gives its beginning.
    const bitSize = Math.min(piece.bitSize, total - at)
    const beyond = piece.location.kind === 'memory' ? 0 : piece.bitSize - bitSize
    const part = readPiece({ ...piece, bitSize, bitOffset: piece.bitOffset + beyond }, context)
    if (typeof part === 'string') return part
    bits = (bits << BigInt(bitSize)) | part
    at += bitSize
  }
  if (at < total) return 'a part of it was optimized out'
  return bigEndian(bits, size)
}

/** The bits of one piece, as a number. */
function readPiece({ location, bitSize, bitOffset }: Piece, context: LocationContext): bigint | string {
  const length = Math.floor((bitOffset + bitSize + 7) / 8)
  if (length > mostInPieces) return `a part of it is too large to be read, with ${length} bytes`
  const bytes = readLocation(location, length, context)
  if (typeof bytes === 'string') return bytes
  const shift = location.kind === 'memory' ? 8 * length - bitOffset - bitSize : bitOffset
  return BigInt.asUintN(bitSize, integer(bytes) >> BigInt(shift))
}

/** The number that bytes are, most significant first. */
export const integer = (bytes: Uint8Array): bigint =>
  bytes.length <= 6
    ? BigInt(bytes.reduce((sum, byte) => sum * 256 + byte, 0))
    : BigInt(`0x${Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')}`)

/** A number as so many bytes, most significant first. */
export function bigEndian(value: bigint, size: number): Uint8Array {
  const digits = BigInt.asUintN(8 * size, value)
    .toString(16)
    .padStart(2 * size, '0')
  return Uint8Array.from({ length: size }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}

/** Where `size` bytes from `offset` on of an object of `ofSize` bytes are. */
export function partOf(location: Location, ofSize: number, offset: number, size: number): Location {
  if (location.kind === 'memory') return { kind: 'memory', address: (location.address + offset) >>> 0 }
  if (location.kind === 'optimizedOut' || location.kind === 'unavailable') return location
  if (offset === 0 && size === ofSize) return location
  if (location.kind !== 'pieces') return { kind: 'part', of: location, ofSize, offset }
  return joined(slice(location.pieces, offset * 8, size * 8))
}

/** Where some bits of an object in pieces are: in the most significant bits of whole bytes. */
export function partOfBits(pieces: readonly Piece[], offset: number, size: number): Location {
  const filler: Piece = { location: { kind: 'value', bytes: new Uint8Array(1) }, bitSize: -size & 7, bitOffset: 0 }
  return joined([...slice(pieces, offset, size), ...(filler.bitSize > 0 ? [filler] : [])])
}

/** One piece that has an address is simply there; one that was optimized out, nowhere. */
function joined(pieces: readonly Piece[]): Location {
  const [{ location, bitOffset }] = pieces
  if (pieces.length === 1 && location.kind === 'memory' && bitOffset % 8 === 0)
    return { kind: 'memory', address: (location.address + bitOffset / 8) >>> 0 }
  return pieces.length === 1 && location.kind === 'optimizedOut' ? location : { kind: 'pieces', pieces }
}

/** The pieces, or parts of them, that make up these bits. What lies beyond them was optimized out. */
function slice(pieces: readonly Piece[], from: number, size: number): Piece[] {
  const parts: Piece[] = []
  let at = 0
  for (const { location, bitSize, bitOffset } of pieces) {
    const low = Math.max(at, from)
    const high = Math.min(at + bitSize, from + size)
    if (low < high) {
      const inside = location.kind === 'memory' ? low - at : at + bitSize - high
      parts.push({ location, bitSize: high - low, bitOffset: bitOffset + inside })
    }
    at += bitSize
  }
  if (at < from + size || parts.length === 0)
    parts.push({
      location: { kind: 'optimizedOut' },
      bitSize: Math.max(from + size - Math.max(at, from), 0),
      bitOffset: 0,
    })
  return parts
}
