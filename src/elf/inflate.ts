// DEFLATE (RFC 1951) in a zlib wrapper (RFC 1950): how debug sections are compressed. Written here because what the
// hosts have is asynchronous, and different in each.

import { ElfError } from './error.ts'

/** Bits from the least significant of each byte on. */
class BitReader {
  readonly #bytes: Uint8Array
  #at: number
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes
    this.#at = start
  }

  bits(count: number): number {
    this.#fill(count)
    if (this.#count < count) throw damaged('it ends too early')
    return this.#take(count)
  }

  /** The next symbol of a prefix code. */
  symbol({ table, bits }: PrefixCode): number {
    this.#fill(bits)
    // Behind the end there are zeros, which may be looked at but not used.
    const entry = table[this.#held & ((1 << bits) - 1)]
    const length = entry & 15
    if (length === 0) throw damaged('a code is not in use')
    if (length > this.#count) throw damaged('it ends too early')
    this.#take(length)
    return entry >> 4
  }

  #fill(count: number): void {
    while (this.#count < count && this.#at < this.#bytes.length) {
      this.#held |= this.#bytes[this.#at++] << this.#count
      this.#count += 8
    }
  }

  #take(count: number): number {
    const value = this.#held & ((1 << count) - 1)
    this.#held >>>= count
    this.#count -= count
    return value
  }

  /** Whole bytes, after the rest of the current one. */
  block(length: number): Uint8Array {
    this.#at -= this.#count >> 3
    this.#held = 0
    this.#count = 0
    const start = this.#at
    this.#at += length
    if (this.#at > this.#bytes.length) throw damaged('it ends too early')
    return this.#bytes.subarray(start, this.#at)
  }
}

const damaged = (what: string): ElfError =>
  new ElfError('compressed section', 0, `the compressed data is damaged: ${what}`)

/** A prefix code (§3.2.2) as a table: the next `bits` bits lead to symbol << 4 | length of its code. */
interface PrefixCode {
  readonly table: Uint16Array
  readonly bits: number
}

/** Codes of one length are consecutive numbers, in the order of their symbols; shorter ones come first (§3.2.2). */
function code(lengths: readonly number[]): PrefixCode {
  const bits = Math.max(1, ...lengths)
  const table = new Uint16Array(1 << bits)
  let next = 0
  for (let length = 1; length <= bits; length++, next <<= 1) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue
      const first = reversed(next++, length)
      for (let index = first; index < table.length; index += 1 << length) table[index] = (symbol << 4) | length
    }
  }
  return { table, bits }
}

/** Codes are packed starting with their most significant bit (§3.1.1). */
function reversed(value: number, length: number): number {
  let result = 0
  for (let i = 0; i < length; i++) result |= ((value >> i) & 1) << (length - 1 - i)
  return result
}

/** Lengths 257 to 285 and distances 0 to 29 (§3.2.5): where each starts, and how many bits are added. */
const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const distanceBits = Array.from({ length: 30 }, (_, i) => Math.max(0, (i >> 1) - 1))
const distanceBase = distanceBits.map((bits, i) => (i < 2 ? i + 1 : ((2 + (i & 1)) << bits) + 1))

/** In this order the code of code lengths is given (§3.2.7). */
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

const fixed = {
  literals: code([...Array(144).fill(8), ...Array(112).fill(9), ...Array(24).fill(7), ...Array(8).fill(8)]),
  distances: code(Array(30).fill(5)),
}

/** The `size` bytes that a zlib stream holds. @throws ElfError where it holds something else. */
export function inflate(bytes: Uint8Array, size: number): Uint8Array {
  // CMF: method 8 is DEFLATE; FLG: no preset dictionary, and both together a multiple of 31.
  const [method, flags] = bytes
  if ((method & 15) !== 8 || (flags & 0x20) !== 0 || (method * 256 + flags) % 31 !== 0)
    throw damaged('it has no zlib header')
  const output = new Uint8Array(size)
  const reader = new BitReader(bytes, 2)
  let at = 0
  for (let isLast = false; !isLast; ) {
    isLast = reader.bits(1) === 1
    const kind = reader.bits(2)
    if (kind === 0) at = stored(reader, output, at)
    else if (kind === 1) at = compressed(reader, output, at, fixed.literals, fixed.distances)
    else if (kind === 2) at = compressed(reader, output, at, ...dynamicCodes(reader))
    else throw damaged('a block is of no known kind')
  }
  if (at !== size) throw damaged(`it has ${at} bytes, not ${size}`)
  return output
}

function stored(reader: BitReader, output: Uint8Array, at: number): number {
  const [low, high, notLow, notHigh] = reader.block(4)
  const length = low | (high << 8)
  if (length !== ((notLow | (notHigh << 8)) ^ 0xffff)) throw damaged('a length and its complement differ')
  if (at + length > output.length) throw damaged('it has more bytes than it says')
  output.set(reader.block(length), at)
  return at + length
}

function compressed(
  reader: BitReader,
  output: Uint8Array,
  start: number,
  literals: PrefixCode,
  distances: PrefixCode,
): number {
  let at = start
  for (;;) {
    const value = reader.symbol(literals)
    if (value === 256) return at
    if (value < 256) {
      if (at >= output.length) throw damaged('it has more bytes than it says')
      output[at++] = value
      continue
    }
    if (value > 285) throw damaged('a length is not in use')
    const length = lengthBase[value - 257] + reader.bits(lengthBits[value - 257])
    const which = reader.symbol(distances)
    if (which > 29) throw damaged('a distance is not in use')
    const distance = distanceBase[which] + reader.bits(distanceBits[which])
    if (distance > at || at + length > output.length) throw damaged('it repeats what is not there')
    for (let i = 0; i < length; i++, at++) output[at] = output[at - distance]
  }
}

function dynamicCodes(reader: BitReader): [literals: PrefixCode, distances: PrefixCode] {
  const literalCount = reader.bits(5) + 257
  const distanceCount = reader.bits(5) + 1
  const codeLengths: number[] = Array(19).fill(0)
  const given = reader.bits(4) + 4
  for (let i = 0; i < given; i++) codeLengths[codeLengthOrder[i]] = reader.bits(3)
  const lengthCode = code(codeLengths)
  const lengths: number[] = []
  while (lengths.length < literalCount + distanceCount) {
    const value = reader.symbol(lengthCode)
    if (value < 16) lengths.push(value)
    else if (value === 16) {
      const previous = lengths.at(-1)
      if (previous === undefined) throw damaged('it repeats what is not there')
      for (let count = 3 + reader.bits(2); count > 0; count--) lengths.push(previous)
    } else for (let count = value === 17 ? 3 + reader.bits(3) : 11 + reader.bits(7); count > 0; count--) lengths.push(0)
  }
  return [code(lengths.slice(0, literalCount)), code(lengths.slice(literalCount, literalCount + distanceCount))]
}
