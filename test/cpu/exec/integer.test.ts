// The arithmetic helpers against BigInt, which has no widths to get wrong.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as exec from '../../../src/cpu/exec/integer.ts'
import { MASKS } from '../../../src/cpu/exec/masks.ts'

const EDGES = [0, 1, -1, 2, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, -0x80000000, -0x7fffffff]
const int32 = () => fc.oneof(fc.constantFrom(...EDGES), fc.integer({ min: -0x80000000, max: 0x7fffffff }))
const unsigned = (x: number): bigint => BigInt(x >>> 0)
const toInt32 = (x: bigint): number => Number(BigInt.asIntN(32, x))

/** fast-check takes a returned value for a verdict, so the property is called for its expectations alone. */
const pairs = (property: (a: number, b: number) => void): void =>
  fc.assert(
    fc.property(int32(), int32(), (a, b) => {
      property(a, b)
    }),
    { numRuns: 5000 },
  )

describe('products and quotients', () => {
  test('mulhs is the upper half of the signed product', () => {
    pairs((a, b) => expect(exec.mulhs(a, b)).toBe(toInt32((BigInt(a) * BigInt(b)) >> 32n)))
  })

  test('mulhu is the upper half of the unsigned product', () => {
    pairs((a, b) => expect(exec.mulhu(a, b)).toBe(toInt32((unsigned(a) * unsigned(b)) >> 32n)))
  })

  test('divs and divu truncate, and give 0 where the part leaves the result undefined', () => {
    pairs((a, b) => {
      const undefinedSigned = b === 0 || (a === -0x80000000 && b === -1)
      expect(exec.divs(a, b)).toBe(undefinedSigned ? 0 : toInt32(BigInt(a) / BigInt(b)))
      expect(exec.divu(a, b)).toBe(b === 0 ? 0 : toInt32(unsigned(a) / unsigned(b)))
    })
  })
})

describe('carries and shifts', () => {
  test('carries is bit 32 of the sum', () => {
    pairs((a, b) => {
      for (const c of [0, 1]) {
        const sum = unsigned(a) + unsigned(b) + BigInt(c)
        expect(exec.carries((a + b + c) | 0, a, c)).toBe(sum >> 32n === 1n)
      }
    })
  })

  test('shiftedOut sees every bit below the shift', () => {
    pairs((s, n) => {
      const by = BigInt(n & 63)
      expect(exec.shiftedOut(s, n & 63)).toBe((unsigned(s) & ((1n << by) - 1n)) !== 0n)
    })
  })
})

test('saturate keeps what fits and takes the nearest limit otherwise', () => {
  pairs((a, b) => {
    const sum = BigInt(a) + BigInt(b)
    const nearest = sum > 0x7fffffffn ? 0x7fffffff : sum < -0x80000000n ? -0x80000000 : Number(sum)
    expect(exec.saturate(a + b)).toBe(nearest)
    const nearestUnsigned = sum > 0xffffffffn ? 0xffffffffn : sum < 0n ? 0n : sum
    expect(exec.saturateUnsigned(a + b)).toBe(Number(BigInt.asIntN(32, nearestUnsigned)))
    const total = (a >>> 0) + (b >>> 0)
    expect(exec.saturateUnsigned(total) >>> 0).toBe(Math.min(total, 0xffffffff))
  })
})

test('swap16 and swap32 turn the bytes round', () => {
  fc.assert(
    fc.property(int32(), x => {
      const bytes = (x >>> 0).toString(16).padStart(8, '0').match(/../g)!
      expect(exec.swap32(x) >>> 0).toBe(Number.parseInt([...bytes].reverse().join(''), 16))
      expect(exec.swap16(x)).toBe(Number.parseInt(bytes[3]! + bytes[2]!, 16))
    }),
  )
})

describe('dlmzb', () => {
  test.each([
    [0x00000000, 0x01010101, 1, 4],
    [0x41424344, 0x45460048, 7, 8],
    [0x41424344, 0x45464700, 8, 8],
    [0x41424344, 0x45464748, 8, 2],
  ])('%i and %i: position %i, CR0 %i', (hi, lo, position, cr0) => {
    expect(exec.leftmostZeroByte(hi, lo)).toBe(position)
    expect(exec.zeroByteIn(hi, lo)).toBe(cr0)
  })
})

test('trapHolds asks the five conditions of TO', () => {
  pairs((a, b) => {
    const conditions = [a < b, a > b, a === b, unsigned(a) < unsigned(b), unsigned(a) > unsigned(b)]
    for (let to = 0; to < 32; to++)
      expect(exec.trapHolds(to, a, b)).toBe(conditions.some((holds, i) => holds && (to & (16 >> i)) !== 0))
  })
})

test('MASKS has ones from MB to ME, going round past bit 31', () => {
  for (let mb = 0; mb < 32; mb++)
    for (let me = 0; me < 32; me++) {
      let mask = 0
      for (let bit = mb; ; bit = (bit + 1) & 31) {
        mask |= 1 << (31 - bit)
        if (bit === me) break
      }
      expect(MASKS[mb * 32 + me]).toBe(mask)
    }
})
