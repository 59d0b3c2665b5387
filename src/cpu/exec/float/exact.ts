// The operations on finite numbers, exact: nothing is rounded here but what division and square root cannot finish,
// and that keeps more bits than any format and says that there is a rest.

import { bitLength, type Exact } from './format.ts'

/** More bits than the precision of a double and its guard bit. */
const ENOUGH = 57

/** The exact sum. Its sign is that of the larger; the sign of an exact zero is the caller's to decide. */
export function add(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent)
  const sum = scaled(a, exponent) + scaled(b, exponent)
  return { negative: sum < 0n, significand: sum < 0n ? -sum : sum, exponent, sticky: false }
}

const scaled = ({ negative, significand, exponent }: Exact, to: number): bigint => {
  const magnitude = significand << BigInt(exponent - to)
  return negative ? -magnitude : magnitude
}

export const multiply = (a: Exact, b: Exact): Exact => ({
  negative: a.negative !== b.negative,
  significand: a.significand * b.significand,
  exponent: a.exponent + b.exponent,
  sticky: false,
})

/** @param b not 0 */
export function divide(a: Exact, b: Exact): Exact {
  const shift = Math.max(0, ENOUGH + bitLength(b.significand) - bitLength(a.significand))
  const dividend = a.significand << BigInt(shift)
  return {
    negative: a.negative !== b.negative,
    significand: dividend / b.significand,
    exponent: a.exponent - b.exponent - shift,
    sticky: dividend % b.significand !== 0n,
  }
}

/** @param a not negative */
export function squareRoot(a: Exact): Exact {
  const wanted = Math.max(0, 2 * ENOUGH - bitLength(a.significand))
  const shift = wanted + (Math.abs(a.exponent - wanted) % 2)
  const radicand = a.significand << BigInt(shift)
  const root = integerRoot(radicand)
  return {
    negative: false,
    significand: root,
    exponent: (a.exponent - shift) / 2,
    sticky: root * root !== radicand,
  }
}

/** The largest integer whose square is not above `n`, by Newton's method from above. */
function integerRoot(n: bigint): bigint {
  let x = 1n << BigInt((bitLength(n) + 1) >> 1)
  for (;;) {
    const next = (x + n / x) >> 1n
    if (next >= x) return x
    x = next
  }
}
