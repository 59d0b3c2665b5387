// Floating-point numbers taken apart: the formats, the classes, and values as integers times powers of two.

/** A binary format; exponents are unbiased. */
export interface FloatFormat {
  /** Bits of the significand, with the implicit one. */
  readonly precision: number
  readonly minExponent: number
  readonly maxExponent: number
  /** What enabled overflow subtracts from the exponent, and enabled underflow adds (PEM 3.3.6.2). */
  readonly adjustment: number
}

export const DOUBLE: FloatFormat = { precision: 53, minExponent: -1022, maxExponent: 1023, adjustment: 1536 }
export const SINGLE: FloatFormat = { precision: 24, minExponent: -126, maxExponent: 127, adjustment: 192 }

/** A register's 64 bits as it holds them, safe from an engine that tidies up NaNs. */
export type RegisterBits = bigint

export type Class = 'zero' | 'finite' | 'infinity' | 'QNaN' | 'SNaN'

/** sign x significand x 2^exponent; `sticky`: the magnitude is a little larger than that. */
export interface Exact {
  readonly negative: boolean
  readonly significand: bigint
  readonly exponent: number
  readonly sticky: boolean
}

export interface Unpacked extends Exact {
  readonly class: Class
  readonly bits: RegisterBits
}

export const SIGN = 1n << 63n
/** The bit that makes a NaN quiet. */
export const QUIET = 1n << 51n
const FRACTION = (1n << 52n) - 1n
const EXPONENT_MASK = 0x7ff
const BIAS = 1023

export const INFINITY = 0x7ffn << 52n
/** What an invalid operation gives that has no NaN to pass on. */
export const DEFAULT_NAN = INFINITY | QUIET

export const bitLength = (n: bigint): number => (n === 0n ? 0 : n.toString(2).length)

export function unpack(bits: RegisterBits): Unpacked {
  const fraction = bits & FRACTION
  const biased = Number(bits >> 52n) & EXPONENT_MASK
  const number = { negative: bits >= SIGN, sticky: false, bits }
  if (biased === EXPONENT_MASK)
    return { ...number, class: classOfSpecial(fraction), significand: fraction, exponent: 0 }
  if (biased === 0)
    return { ...number, class: fraction === 0n ? 'zero' : 'finite', significand: fraction, exponent: 1 - BIAS - 52 }
  return { ...number, class: 'finite', significand: fraction | (1n << 52n), exponent: biased - BIAS - 52 }
}

function classOfSpecial(fraction: bigint): Class {
  if (fraction === 0n) return 'infinity'
  return (fraction & QUIET) !== 0n ? 'QNaN' : 'SNaN'
}

export const isNotANumber = (x: Unpacked): boolean => x.class === 'QNaN' || x.class === 'SNaN'

/** significand x 2^exponent in double format; it must fit. */
export function pack(negative: boolean, significand: bigint, exponent: number): RegisterBits {
  const sign = negative ? SIGN : 0n
  if (significand === 0n) return sign
  const length = bitLength(significand)
  const biased = exponent + length - 1 + BIAS
  if (biased < 1) return sign | (significand << BigInt(exponent + BIAS + 51))
  return sign | (BigInt(biased) << 52n) | ((significand << BigInt(53 - length)) & FRACTION)
}

export const signed = (negative: boolean, magnitude: RegisterBits): RegisterBits =>
  negative ? SIGN | magnitude : magnitude
