import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/dwarf/reader.ts'

/** LEB128 by the algorithm of DWARF 5, figure C.1 and C.2, on integers of any size. */
function leb128(value: bigint, signed: boolean): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; ) {
    const byte = Number(rest & 0x7fn)
    rest >>= 7n
    const isLast = signed ? (rest === 0n && !(byte & 0x40)) || (rest === -1n && (byte & 0x40) !== 0) : rest === 0n
    bytes.push(isLast ? byte : byte | 0x80)
    if (isLast) return Uint8Array.from(bytes)
  }
}

describe('LEB128', () => {
  it('unsigned is read back as written, up to 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), value => {
        const reader = new Reader('test', leb128(value, false), 0)
        expect(BigInt(reader.uleb())).toBe(value)
        expect(reader.atEnd).toBe(true)
      }),
    )
  })

  it('signed is read back as written, up to 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), value => {
        const reader = new Reader('test', leb128(value, true), 0)
        expect(BigInt(reader.sleb())).toBe(value)
        expect(reader.atEnd).toBe(true)
      }),
    )
  })

  it('reads the examples of the standard', () => {
    // DWARF 5, tables C.1 and C.2.
    const unsigned: [number, number[]][] = [
      [2, [2]],
      [127, [127]],
      [128, [0x80, 1]],
      [129, [0x81, 1]],
      [12857, [0x80 + 57, 100]],
    ]
    for (const [value, bytes] of unsigned) expect(new Reader('test', Uint8Array.from(bytes), 0).uleb()).toBe(value)
    const signed: [number, number[]][] = [
      [2, [2]],
      [-2, [0x7e]],
      [127, [127 + 0x80, 0]],
      [-127, [1 + 0x80, 0x7f]],
      [128, [0x80, 1]],
      [-128, [0x80, 0x7f]],
      [-129, [0x7f + 0x80, 0x7e]],
    ]
    for (const [value, bytes] of signed) expect(new Reader('test', Uint8Array.from(bytes), 0).sleb()).toBe(value)
  })
})
