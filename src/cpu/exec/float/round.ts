// The one place where exact results become numbers of a format (PEM 3.3.5 and 3.3.6).

import { bitLength, type Exact, type FloatFormat, INFINITY, pack, type RegisterBits, signed } from './format.ts'

/** FPSCR[RN]. */
export const RN = { NEAREST: 0, ZERO: 1, POSITIVE: 2, NEGATIVE: 3 } as const

export interface Rounding {
  readonly mode: number
  readonly format: FloatFormat
  /** FPSCR[OE], FPSCR[UE]: an enabled overflow or underflow delivers a number with a wrapped exponent. */
  readonly overflowEnabled: boolean
  readonly underflowEnabled: boolean
}

export interface Rounded {
  readonly bits: RegisterBits
  readonly overflow: boolean
  readonly underflow: boolean
  /** FI: the result differs from the exact value. */
  readonly inexact: boolean
  /** FR: its magnitude was rounded up. */
  readonly incremented: boolean
}

/** Rounds a value that is not 0. */
export function round(value: Exact, rounding: Rounding): Rounded {
  const { format } = rounding
  const leading = value.exponent + bitLength(value.significand) - 1
  // Tininess is detected before rounding.
  const tiny = leading < format.minExponent
  const wrapsUp = tiny && rounding.underflowEnabled
  const exponent = value.exponent + (wrapsUp ? format.adjustment : 0)
  const result = toPrecision({ ...value, exponent }, rounding)
  const top = result.exponent + bitLength(result.significand) - 1
  if (top > format.maxExponent) return overflowed(value, result, rounding)
  return {
    bits: pack(value.negative, result.significand, result.exponent),
    overflow: false,
    underflow: wrapsUp || (tiny && result.inexact),
    inexact: result.inexact,
    incremented: result.incremented,
  }
}

interface Cut {
  readonly significand: bigint
  readonly exponent: number
  readonly inexact: boolean
  readonly incremented: boolean
}

/** Cuts the significand to the precision of the format, and further where the number is denormalised. */
function toPrecision(value: Exact, { format, mode }: Rounding): Cut {
  const { significand, exponent, sticky, negative } = value
  const leading = exponent + bitLength(significand) - 1
  const last = Math.max(leading, format.minExponent) - (format.precision - 1)
  const dropped = last - exponent
  if (dropped <= 0 && !sticky)
    return { significand: significand << BigInt(-dropped), exponent: last, inexact: false, incremented: false }
  const kept = significand >> BigInt(dropped)
  const remainder = significand - (kept << BigInt(dropped))
  const inexact = remainder !== 0n || sticky
  const incremented = inexact && awayFromZero(mode, negative, kept, remainder, dropped, sticky)
  return { significand: incremented ? kept + 1n : kept, exponent: last, inexact, incremented }
}

function awayFromZero(
  mode: number,
  negative: boolean,
  kept: bigint,
  remainder: bigint,
  dropped: number,
  sticky: boolean,
): boolean {
  switch (mode) {
    case RN.ZERO:
      return false
    case RN.POSITIVE:
      return !negative
    case RN.NEGATIVE:
      return negative
    default: {
      const half = 1n << BigInt(dropped - 1)
      return remainder > half || (remainder === half && (sticky || (kept & 1n) === 1n))
    }
  }
}

function overflowed({ negative }: Exact, result: Cut, { mode, format, overflowEnabled }: Rounding): Rounded {
  const { significand, exponent, inexact, incremented } = result
  if (overflowEnabled) {
    const bits = pack(negative, significand, exponent - format.adjustment)
    return { bits, overflow: true, underflow: false, inexact, incremented }
  }
  const toInfinity = mode === RN.NEAREST || mode === (negative ? RN.NEGATIVE : RN.POSITIVE)
  const largest = pack(false, (1n << BigInt(format.precision)) - 1n, format.maxExponent - format.precision + 1)
  const bits = signed(negative, toInfinity ? INFINITY : largest)
  // FR is undefined here; it says whether the magnitude grew, as everywhere.
  return { bits, overflow: true, underflow: false, inexact: true, incremented: toInfinity }
}
