// Ordinary operands in ordinary doubles. Each function returns the nearest double and leaves in `residue` the sign of
// what is missing to the exact result: that is all FI and FR need, and all a single result needs to be rounded once.
// Outside the ranges in which that is known to hold it returns NaN, and the exact path (operate.ts) is taken.
//
// The error terms are those of Knuth (sum) and Dekker (product); the fused sum is that of Boldo and Melquiond.

const LARGE = 2 ** 900
const SMALL = 2 ** -900
/** Splits a significand into halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1

/** Exact result less the returned one: its sign. */
export let residue = 0

const isOrdinary = (x: number): boolean => {
  const magnitude = Math.abs(x)
  return magnitude < LARGE && magnitude > SMALL
}
const isSmallEnough = (x: number): boolean => Math.abs(x) < LARGE

/** a + b - sum, exactly. */
function sumError(a: number, b: number, sum: number): number {
  const bVirtual = sum - a
  return a - (sum - bVirtual) + (b - bVirtual)
}

/** a * b - product, exactly. */
function productError(a: number, b: number, product: number): number {
  const as = a * SPLITTER
  const ah = as - (as - a)
  const al = a - ah
  const bs = b * SPLITTER
  const bh = bs - (bs - b)
  const bl = b - bh
  return al * bl - (product - ah * bh - al * bh - ah * bl)
}

/** A number as it is. */
export function itself(x: number): number {
  residue = 0
  return isSmallEnough(x) ? x : Number.NaN
}

export function sum(a: number, b: number): number {
  if (!isSmallEnough(a) || !isSmallEnough(b)) return Number.NaN
  const result = a + b
  residue = sumError(a, b, result)
  return result
}

export function product(a: number, b: number): number {
  const result = a * b
  if (result === 0 && (a === 0 || b === 0)) return itself(result)
  if (!isOrdinary(a) || !isOrdinary(b) || !isOrdinary(result)) return Number.NaN
  residue = productError(a, b, result)
  return result
}

export function quotient(a: number, b: number): number {
  const result = a / b
  if (a === 0 && isSmallEnough(b) && b !== 0) return itself(result)
  if (!isOrdinary(a) || !isOrdinary(b) || !isOrdinary(result)) return Number.NaN
  const back = result * b
  const rest = a - back - productError(result, b, back)
  residue = b < 0 ? -rest : rest
  return result
}

export function root(a: number): number {
  if (a === 0) return itself(a)
  if (!isOrdinary(a) || a < 0) return Number.NaN
  const result = Math.sqrt(a)
  const back = result * result
  residue = a - back - productError(result, result, back)
  return result
}

/** a * c + b, rounded once. */
export function fused(a: number, c: number, b: number): number {
  const upper = a * c
  if (upper === 0 && (a === 0 || c === 0)) return sum(upper, b)
  if (!isOrdinary(a) || !isOrdinary(c) || !isOrdinary(upper)) return Number.NaN
  if (b !== 0 && !isOrdinary(b)) return Number.NaN
  const lower = productError(a, c, upper)
  const high = upper + b
  const highError = sumError(upper, b, high)
  if (lower === 0) {
    residue = highError
    return high
  }
  return threeTerms(upper, lower, b)
}

/** upper + lower + b, rounded once: the small terms are added to odd, so that the last sum sees every bit of them. */
function threeTerms(upper: number, lower: number, b: number): number {
  const t = b + lower
  const tError = sumError(b, lower, t)
  const v = upper + t
  const vError = sumError(upper, t, v)
  const small = tError + vError
  const odd = toOdd(small, sumError(tError, vError, small))
  const result = v + odd
  // The residue is not 0 if `small` was cut: after cancellation vError is 0 and nothing is cut, and without it `small`
  // lies so far below v that 53 bits cannot hold both.
  residue = sumError(v, odd, result)
  return isOrdinary(result) ? result : Number.NaN
}

const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

/**
 * x + rest cut to 53 bits so that the last bit is 1 wherever something was cut off. Rounding that to fewer bits is
 * rounding the exact sum.
 */
export function toOdd(x: number, rest: number): number {
  if (rest === 0) return x
  double[0] = x
  if ((words[0] & 1) !== 0) return x
  if (rest > 0 === x > 0) words[0] |= 1
  else {
    if (words[0] === 0) words[1]--
    words[0]--
  }
  return double[0]
}
