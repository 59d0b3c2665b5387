// Numbers that no double holds: of `long double`, which is two doubles on a PowerPC, and of decimal floating point.

/** A quotient of integers, the denominator above zero. */
export class Rational {
  readonly numerator: bigint
  readonly denominator: bigint
  /** Of a decimal number the power of ten that its last digit counts (IEEE 754-2008, §3.3): `1.50` is not written `1.5`. */
  readonly quantum: number | undefined

  constructor(numerator: bigint, denominator = 1n, quantum?: number) {
    this.numerator = numerator
    this.denominator = denominator
    this.quantum = quantum
  }

  /** The nearest double. */
  valueOf(): number {
    return nearest(this.numerator, this.denominator)
  }
}

/** What a scalar of C can be worth: an integer or address, a double, or what takes more. */
export type Numeric = bigint | number | Rational

/** Undefined where it is no number: infinite or NaN. */
export function exactOf(value: Numeric): Rational | undefined {
  if (typeof value === 'object') return value
  if (typeof value === 'bigint') return new Rational(value, 1n, 0)
  if (!Number.isFinite(value)) return undefined
  let [integer, power] = [value, 0]
  // Exact: doubling and halving only move the exponent.
  for (; !Number.isInteger(integer); power--) integer *= 2
  return new Rational(BigInt(integer), 1n << BigInt(-power))
}

export const plus = (a: Rational, b: Rational): Rational =>
  new Rational(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
    both(a, b, Math.min),
  )

export const negated = ({ numerator, denominator, quantum }: Rational): Rational =>
  new Rational(-numerator, denominator, quantum)

export const times = (a: Rational, b: Rational): Rational =>
  new Rational(
    a.numerator * b.numerator,
    a.denominator * b.denominator,
    both(a, b, (x, y) => x + y),
  )

/** `b` is not zero. */
export function over(a: Rational, b: Rational): Rational {
  const sign = b.numerator < 0n ? -1n : 1n
  return new Rational(a.numerator * b.denominator * sign, a.denominator * b.numerator * sign)
}

const both = (a: Rational, b: Rational, of: (x: number, y: number) => number): number | undefined =>
  a.quantum === undefined || b.quantum === undefined ? undefined : of(a.quantum, b.quantum)

/** Below, at or above zero, as `a` is below, at or above `b`. */
export const order = (a: Rational, b: Rational): bigint => a.numerator * b.denominator - b.numerator * a.denominator

/** A power of ten larger than this no format has, and one would fill the memory. */
const mostPower = 7000

/** `1.25e-3` as it is written; undefined where its exponent is beyond all formats. */
export function exactText(text: string): Rational | undefined {
  const [, whole, fraction = '', exponent = '0'] = /^(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? []
  if (whole === undefined || Math.abs(Number(exponent)) > mostPower || text.length > mostPower) return undefined
  return decimal(BigInt(whole + fraction), Number(exponent) - fraction.length)
}

/** So many times a power of ten. */
export const decimal = (coefficient: bigint, power: number): Rational =>
  power >= 0
    ? new Rational(coefficient * 10n ** BigInt(power), 1n, power)
    : new Rational(coefficient, 10n ** BigInt(-power), power)

/** LDBL_MANT_DIG: compilers round constants and results to so many bits, though two doubles may hold more. */
const wideBits = 106

/** A sum of two doubles (the ABI's "IBM long double"), as C rounds to it; a double where one is enough. */
export function toDoubleDouble(value: Rational): number | Rational {
  const [high, low] = halves(rounded(value))
  return sum(high, low)
}

/** To the nearest of `wideBits` bits, half to the even one. */
function rounded({ numerator, denominator }: Rational): Rational {
  if (numerator === 0n) return new Rational(0n)
  const size = numerator < 0n ? -numerator : numerator
  // The quotient has one bit more at most.
  let shift = wideBits - bitLength(size) + bitLength(denominator)
  if (scaled(size, denominator, shift) >> BigInt(wideBits) !== 0n) shift--
  const quotient = scaled(size, denominator, shift)
  const coefficient = numerator < 0n ? -quotient : quotient
  return shift > 0 ? new Rational(coefficient, 1n << BigInt(shift)) : new Rational(coefficient << BigInt(-shift))
}

/** A quotient times a power of two, to the nearest. */
const scaled = (n: bigint, d: bigint, shift: number): bigint =>
  shift > 0 ? toNearest(n << BigInt(shift), d) : toNearest(n, d << BigInt(-shift))

/** Two doubles as one number. */
export function sum(high: number, low: number): number | Rational {
  const [a, b] = [exactOf(high), exactOf(low)]
  if (low === 0 || a === undefined || b === undefined) return high
  const { numerator, denominator } = plus(a, b)
  return new Rational(numerator, denominator)
}

/** As two doubles, the first the one that is nearest to it. */
export function halves(value: number | Rational): readonly [number, number] {
  if (typeof value === 'number') return [value, 0]
  const high = value.valueOf()
  const rest = exactOf(high)
  return [high, rest === undefined ? 0 : plus(value, negated(rest)).valueOf()]
}

const bitLength = (value: bigint): number => (value < 0n ? -value : value).toString(2).length

/** With some bits more than a double has, the last of which stands for all that are cut: `Number` rounds to the nearest. */
function nearest(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0
  const shift = 64 - bitLength(numerator) + bitLength(denominator)
  const [n, d] = shift > 0 ? [numerator << BigInt(shift), denominator] : [numerator, denominator << BigInt(-shift)]
  const quotient = n / d
  const sticky = n % d === 0n ? 0n : n < 0n ? -1n : 1n
  const half = Math.trunc(-shift / 2)
  return Number(2n * quotient + sticky) * 2 ** half * 2 ** (-shift - half - 1)
}

/** The digits of a number, rounded to so many to the nearest (half: to the even one), and the power of the last. */
export function digitsOf({ numerator, denominator }: Rational, count: number): { coefficient: bigint; power: number } {
  const size = numerator < 0n ? -numerator : numerator
  if (size === 0n) return { coefficient: 0n, power: 0 }
  let power = Math.floor((bitLength(size) - bitLength(denominator)) * Math.LOG10E * Math.LN2) - count
  for (;;) {
    const coefficient = roundedAt(size, denominator, power)
    if (coefficient < 10n ** BigInt(count)) return { coefficient, power }
    power++
  }
}

/** How often a power of ten goes into it, to the nearest. */
export function roundedAt(numerator: bigint, denominator: bigint, power: number): bigint {
  const [n, d] =
    power > 0 ? [numerator, denominator * 10n ** BigInt(power)] : [numerator * 10n ** BigInt(-power), denominator]
  return toNearest(n, d)
}

function toNearest(n: bigint, d: bigint): bigint {
  const quotient = n / d
  const twice = 2n * (n % d)
  return twice > d || (twice === d && quotient % 2n === 1n) ? quotient + 1n : quotient
}
