import { assertNever } from '../util/assertNever.ts'

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
  /** A pointer that was optimized away to an object that has a value: the entry it would point to. */
  | { readonly kind: 'implicitPointer'; readonly die: number; readonly offset: number }
  /** The compiler kept it nowhere at this pc. */
  | { readonly kind: 'optimizedOut' }
  /** It is somewhere, but something needed to get there is not known in this frame. */
  | { readonly kind: 'unavailable'; readonly reason: string }

export interface Piece {
  readonly location: Location
  readonly bitSize: number
  /** Into the location, for DW_OP_bit_piece. */
  readonly bitOffset: number
}

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
  /** What an expression was worth when the function was entered, where the call site recorded it. */
  entryValue?(expression: Uint8Array): number | undefined
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

/**
 * A value of `size` bytes in a register, and from there on in the next ones: r3 and r4 hold a `long long`. What is
 * smaller than the register is in its least significant bytes.
 */
function readRegister(register: number, size: number, context: LocationContext): Uint8Array | string {
  const wide = context.wideRegister?.(register)
  if (wide !== undefined) return leastSignificant(wide, size)
  const bytes = new Uint8Array(Math.max(4, (size + 3) & ~3))
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < bytes.length; i += 4) {
    const word = context.register(register + i / 4)
    if (word === undefined) return 'the register was not saved'
    view.setUint32(i, word)
  }
  return size < 4 ? bytes.subarray(4 - size) : bytes.subarray(0, size)
}

/** The least significant bytes; zeros before them where there are too few. */
function leastSignificant(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length >= size) return bytes.subarray(bytes.length - size)
  const fitted = new Uint8Array(size)
  fitted.set(bytes, size - bytes.length)
  return fitted
}

function readPieces(pieces: readonly Piece[], size: number, context: LocationContext): Uint8Array | string {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const { location, bitSize, bitOffset } of pieces) {
    if (at >= size * 8) break
    if (at % 8 !== 0 || bitSize % 8 !== 0 || bitOffset % 8 !== 0) return 'its parts do not begin at whole bytes'
    const wanted = Math.min(bitSize / 8, size - at / 8)
    const part = readLocation(location, wanted + bitOffset / 8, context)
    if (typeof part === 'string') return part
    bytes.set(part.subarray(bitOffset / 8), at / 8)
    at += bitSize
  }
  return at >= size * 8 ? bytes : 'a part of it was optimized out'
}

/** Where `size` bytes from `offset` on of an object of `ofSize` bytes are. */
export function partOf(location: Location, ofSize: number, offset: number, size: number): Location {
  if (location.kind === 'memory') return { kind: 'memory', address: (location.address + offset) >>> 0 }
  if (location.kind === 'optimizedOut' || location.kind === 'unavailable') return location
  if (offset === 0 && size === ofSize) return location
  if (location.kind !== 'pieces') return { kind: 'part', of: location, ofSize, offset }
  const pieces = slice(location.pieces, offset, size)
  if (pieces === undefined) return { kind: 'part', of: location, ofSize, offset }
  // All in one piece: it may have an address, and others may have been optimized out.
  return pieces.length === 1 ? pieces[0].location : { kind: 'pieces', pieces }
}

/** The pieces, or parts of them, that make up these bytes. Undefined where one does not begin at a whole byte. */
function slice(pieces: readonly Piece[], from: number, size: number): Piece[] | undefined {
  const parts: Piece[] = []
  let at = 0
  for (const { location, bitSize, bitOffset } of pieces) {
    if (bitSize % 8 !== 0 || bitOffset !== 0) return undefined
    const ofSize = bitSize / 8
    const low = Math.max(at, from)
    const high = Math.min(at + ofSize, from + size)
    if (low < high) {
      const part = partOf(location, ofSize, low - at, high - low)
      parts.push({ location: part, bitSize: 8 * (high - low), bitOffset: 0 })
    }
    at += ofSize
  }
  return parts
}
