// Reads a section from its beginning to its end, and never beyond.

import { stringAt } from '../elf/strings.ts'
import { hex } from '../util/hex.ts'
import { DwarfError } from './error.ts'

/** 4 in the 32-bit DWARF format, 8 in the 64-bit one (DWARF 5, §7.4). */
export type OffsetSize = 4 | 8

/**
 * A cursor over a big-endian section. Every read is checked against the end; offsets are offsets in the section. What is
 * an address is read by `address` or goes through `moved`, and nothing else knows that a program may have been moved.
 */
export class Reader {
  readonly section: string
  readonly bytes: Uint8Array
  readonly end: number
  offset: number
  /** How much further on the program lies than it is linked (elf/moved.ts), modulo 2^32. */
  readonly movedBy: number
  readonly #view: DataView

  constructor(section: string, bytes: Uint8Array, movedBy: number, offset = 0, end = bytes.length, view?: DataView) {
    this.section = section
    this.bytes = bytes
    this.movedBy = movedBy
    this.offset = offset
    this.end = Math.min(end, bytes.length)
    this.#view = view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    // Not a number is neither.
    if (!(offset >= 0 && offset <= this.end))
      throw this.error(`an offset points outside, the end is at ${hex(this.end)}`, 0)
  }

  get atEnd(): boolean {
    return this.offset >= this.end
  }

  error(message: string, offset = this.offset): DwarfError {
    return new DwarfError(this.section, offset, message)
  }

  /** Step over `count` bytes and give the offset they start at. */
  skip(count: number): number {
    const start = this.offset
    if (start + count > this.end) throw this.error(`${count} bytes are needed, ${this.end - start} are left`)
    this.offset = start + count
    return start
  }

  u8(): number {
    if (this.offset >= this.end) throw this.error('the data ends here')
    return this.bytes[this.offset++]
  }

  i8(): number {
    return (this.u8() << 24) >> 24
  }

  u16(): number {
    return this.#view.getUint16(this.skip(2))
  }

  u24(): number {
    return (this.u8() << 16) | this.u16()
  }

  u32(): number {
    return this.#view.getUint32(this.skip(4))
  }

  /** A number where it is exact, a bigint beyond 2^53. */
  u64(): number | bigint {
    const start = this.skip(8)
    const high = this.#view.getUint32(start)
    return high < 0x200000 ? high * 2 ** 32 + this.#view.getUint32(start + 4) : this.#view.getBigUint64(start)
  }

  /** An unsigned integer of 1, 2, 4 or 8 bytes, for addresses and offsets: beyond 2^53 it is rounded. */
  unsigned(size: number): number {
    if (size === 4) return this.u32()
    if (size === 2) return this.u16()
    if (size === 1) return this.u8()
    if (size === 8) return Number(this.u64())
    throw this.error(`an integer of ${size} bytes is not known`)
  }

  /** An address in the program, where that lies now. */
  address(size = 4): number {
    return this.moved(this.unsigned(size))
  }

  /** Where what is linked at this address lies now. */
  moved(linked: number): number {
    return (linked + this.movedBy) >>> 0
  }

  signed(size: number): number {
    const value = this.unsigned(size)
    return size < 4 ? (value << (32 - 8 * size)) >> (32 - 8 * size) : size === 4 ? value | 0 : value
  }

  /** LEB128 (DWARF 5, §7.6). Exact as bigint beyond 2^53. */
  uleb(): number | bigint {
    let result = 0
    let factor = 1
    for (let length = 1; ; length++) {
      const byte = this.u8()
      result += (byte & 0x7f) * factor
      if (byte < 0x80) return length <= 7 ? result : this.#bigLeb(length, false)
      if (length > 40) throw this.error('a LEB128 number is longer than 40 bytes')
      factor *= 128
    }
  }

  sleb(): number | bigint {
    let result = 0
    let factor = 1
    for (let length = 1; ; length++) {
      const byte = this.u8()
      result += (byte & 0x7f) * factor
      factor *= 128
      if (byte < 0x80) return length > 7 ? this.#bigLeb(length, true) : byte & 0x40 ? result - factor : result
      if (length > 40) throw this.error('a LEB128 number is longer than 40 bytes')
    }
  }

  /** ULEB128 for what must be small: counts, codes, registers, offsets. */
  count(): number {
    return Number(this.uleb())
  }

  /** SLEB128 for what must be small. */
  delta(): number {
    return Number(this.sleb())
  }

  #bigLeb(length: number, signed: boolean): number | bigint {
    let result = 0n
    // The last byte is the most significant.
    for (let i = 1; i <= length; i++) result = (result << 7n) | BigInt(this.bytes[this.offset - i] & 0x7f)
    const value = signed ? BigInt.asIntN(7 * length, result) : result
    const exact = BigInt.asIntN(54, value) === value
    return exact ? Number(value) : signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)
  }

  /** A NUL-terminated string. */
  string(): string {
    const start = this.offset
    this.skipString()
    return stringAt(this.bytes, start)
  }

  skipString(): void {
    const nul = this.bytes.indexOf(0, this.offset)
    if (nul < 0 || nul >= this.end) {
      const found = this.error('a string has no end')
      // Nothing is read behind it: others would look for their ends as well.
      this.offset = this.end
      throw found
    }
    this.offset = nul + 1
  }

  /** A view, not a copy. */
  block(length: number): Uint8Array {
    const start = this.skip(length)
    return this.bytes.subarray(start, start + length)
  }

  /** `unit_length` (§7.4): what follows, bounded to it, and the size of offsets in it. Steps over the whole. */
  initialLength(): { body: Reader; offsetSize: OffsetSize } {
    let length = this.u32()
    let offsetSize: OffsetSize = 4
    if (length === 0xffffffff) {
      length = this.unsigned(8)
      offsetSize = 8
    } else if (length >= 0xfffffff0) throw this.error('a reserved unit length', this.offset - 4)
    const start = this.skip(length)
    return { body: this.at(start, start + length), offsetSize }
  }

  /** Another cursor over the same section. Every attribute read takes one, so they share what is large. */
  at(offset: number, end = this.end): Reader {
    return new Reader(this.section, this.bytes, this.movedBy, offset, end, this.#view)
  }
}
