// The arithmetic that JavaScript's int32 operators do not have in one step. Everything is int32 in and out.

/** Carry out of r = a + b + c, c being 0 or 1. */
export const carries = (r: number, a: number, c: number): boolean => (c === 0 ? r >>> 0 < a >>> 0 : r >>> 0 <= a >>> 0)

/** Upper 32 bits of the unsigned 64-bit product, from four 16-bit products. */
export function mulhu(a: number, b: number): number {
  const al = a & 0xffff
  const ah = a >>> 16
  const bl = b & 0xffff
  const bh = b >>> 16
  const low = al * bl
  const mid = ah * bl + (low >>> 16)
  const mid2 = al * bh + (mid % 0x10000)
  return (ah * bh + Math.floor(mid / 0x10000) + Math.floor(mid2 / 0x10000)) | 0
}

/** Upper 32 bits of the signed 64-bit product. */
export const mulhs = (a: number, b: number): number => (mulhu(a, b) - (a < 0 ? b : 0) - (b < 0 ? a : 0)) | 0

/** Division by zero and the one overflow give 0 (undefined on the part). */
export const divs = (a: number, b: number): number => (b === 0 || (b === -1 && a === -0x80000000) ? 0 : (a / b) | 0)
export const divu = (a: number, b: number): number => (b === 0 ? 0 : ((a >>> 0) / (b >>> 0)) | 0)

/** Whether a right shift of `s` by `n` (0-63) loses a 1. */
export const shiftedOut = (s: number, n: number): boolean => (n > 31 ? s !== 0 : (s & ((1 << n) - 1)) !== 0)

/** 1-based position of the first zero byte in the eight bytes of hi and lo; 8 if there is none. */
export function leftmostZeroByte(hi: number, lo: number): number {
  for (let i = 0; i < 8; i++) {
    const word = i < 4 ? hi : lo
    if (((word >>> (24 - 8 * (i & 3))) & 0xff) === 0) return i + 1
  }
  return 8
}

/** CR0 of `dlmzb.` (p.322): GT for a zero byte in the first word, LT in the second only, EQ for none. */
export const zeroByteIn = (hi: number, lo: number): number => (hasZeroByte(hi) ? 4 : hasZeroByte(lo) ? 8 : 2)

const hasZeroByte = (x: number): boolean => [24, 16, 8, 0].some(shift => ((x >>> shift) & 0xff) === 0)

export const swap16 = (x: number): number => ((x & 0xff) << 8) | ((x >>> 8) & 0xff)
export const swap32 = (x: number): number => (x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24)

/** Halves of a word, unsigned. */
export const lowU = (x: number): number => x & 0xffff
export const highU = (x: number): number => x >>> 16

/** The nearest int32 to an exact sum, and the nearest number without sign, as int32. */
export const saturate = (s: number): number => (s > 0x7fffffff ? 0x7fffffff : s < -0x80000000 ? -0x80000000 : s)
export const saturateUnsigned = (s: number): number => (s > 0xffffffff ? -1 : s < 0 ? 0 : s | 0)

/** TO (manual p.64): signed less, signed greater, equal, unsigned less, unsigned greater. */
export const trapHolds = (to: number, a: number, b: number): boolean =>
  ((to & 16) !== 0 && a < b) ||
  ((to & 8) !== 0 && a > b) ||
  ((to & 4) !== 0 && a === b) ||
  ((to & 2) !== 0 && a >>> 0 < b >>> 0) ||
  ((to & 1) !== 0 && a >>> 0 > b >>> 0)
