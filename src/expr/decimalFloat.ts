// Decimal floating point in densely packed decimal (IEEE 754-2008, §3.5.2), as GCC has it on a PowerPC.

import { bigEndian, integer } from '../symbols/location.ts'
import { decimal, digitsOf, exactOf, type Numeric, type Rational, roundedAt } from './exact.ts'

interface DecimalFormat {
  readonly digits: number
  readonly bias: number
  /** Bits of the exponent behind the two in the combination field. */
  readonly continuation: number
}

/** By the bytes of the type (§3.6). */
const formats: Readonly<Record<number, DecimalFormat>> = {
  4: { digits: 7, bias: 101, continuation: 6 },
  8: { digits: 16, bias: 398, continuation: 8 },
  16: { digits: 34, bias: 6176, continuation: 12 },
}

const formatOf = (size: number): DecimalFormat => formats[size] ?? formats[8]

/** The three digits of ten bits (Table 3.3). */
function declet(bits: number): number {
  const [p, r, s, u, v, y] = [(bits >> 7) & 6, (bits >> 7) & 1, (bits >> 4) & 6, (bits >> 4) & 1, bits & 8, bits & 1]
  const three = (a: number, b: number, c: number) => 100 * a + 10 * b + c
  if (v === 0) return three(p | r, s | u, bits & 7)
  switch ((bits >> 1) & 3) {
    case 0:
      return three(p | r, s | u, 8 | y)
    case 1:
      return three(p | r, 8 | u, s | y)
    case 2:
      return three(8 | r, s | u, p | y)
    default:
      switch (s >> 1) {
        case 0:
          return three(8 | r, 8 | u, p | y)
        case 1:
          return three(8 | r, p | u, 8 | y)
        case 2:
          return three(p | r, 8 | u, 8 | y)
        default:
          return three(8 | r, 8 | u, 8 | y)
      }
  }
}

/** Of several ways to write three digits the first is the canonical one. */
const decletOf: number[] = []
for (let bits = 1023; bits >= 0; bits--) decletOf[declet(bits)] = bits

/** The number in these bytes. */
export function decimalFrom(bytes: Uint8Array): number | Rational {
  const { digits, bias, continuation } = formatOf(bytes.length)
  const bits = integer(bytes)
  const width = 8 * bytes.length
  const field = (from: number, size: number) =>
    Number((bits >> BigInt(width - from - size)) & ((1n << BigInt(size)) - 1n))
  const isNegative = field(0, 1) === 1
  const combination = field(1, 5)
  if (combination >> 1 === 15) return combination === 31 ? Number.NaN : isNegative ? -Infinity : Infinity
  const isLarge = combination >> 3 === 3
  const high = isLarge ? (combination >> 1) & 3 : combination >> 3
  let coefficient = BigInt(isLarge ? 8 | (combination & 1) : combination & 7)
  for (let at = 6 + continuation; at < width; at += 10)
    coefficient = coefficient * 1000n + BigInt(declet(field(at, 10)))
  if (coefficient >= 10n ** BigInt(digits)) coefficient = 0n
  if (coefficient === 0n && isNegative) return -0
  const exponent = ((high << continuation) | field(6, continuation)) - bias
  return decimal(isNegative ? -coefficient : coefficient, exponent)
}

/** A number rounded to what a decimal type of so many bytes holds. */
export function toDecimal(value: Numeric, size: number): number | Rational {
  const exact = exactOf(value)
  if (exact === undefined || Object.is(value, -0)) return Number(value)
  const { coefficient, power } = parts(exact, size)
  if (power + 1 + formatOf(size).bias > 3 << formatOf(size).continuation)
    return exact.numerator < 0n ? -Infinity : Infinity
  return decimal(exact.numerator < 0n ? -coefficient : coefficient, power)
}

/** The coefficient and exponent: those with the number's own quantum, where there is room for its digits. */
function parts(value: Rational, size: number): { coefficient: bigint; power: number } {
  const { digits, bias } = formatOf(size)
  const magnitude = value.numerator < 0n ? -value.numerator : value.numerator
  const { quantum = 0 } = value
  let { coefficient, power } = digitsOf(value, digits)
  if (power < -bias) [coefficient, power] = [roundedAt(magnitude, value.denominator, -bias), -bias]
  if (coefficient === 0n)
    return { coefficient, power: Math.max(-bias, Math.min(quantum, (3 << formatOf(size).continuation) - bias - 1)) }
  // Exact results come as near to their quantum as their digits let them.
  for (; power < quantum && coefficient % 10n === 0n; power++) coefficient /= 10n
  for (const most = 10n ** BigInt(digits); power > quantum && coefficient * 10n < most && power > -bias; power--)
    coefficient *= 10n
  return { coefficient, power }
}

/** The bytes of what `toDecimal` gives. */
export function decimalBytes(value: number | Rational, size: number): Uint8Array {
  const { bias, continuation, digits } = formatOf(size)
  const width = BigInt(8 * size)
  const isNegative = typeof value === 'object' ? value.numerator < 0n : value < 0 || Object.is(value, -0)
  const sign = isNegative ? 1n << (width - 1n) : 0n
  if (typeof value === 'number' && !Number.isFinite(value))
    return bigEndian(sign | ((Number.isNaN(value) ? 31n : 30n) << (width - 6n)), size)
  const { coefficient, power } = parts(exactOf(value)!, size)
  let rest = coefficient
  let bits = sign
  for (let at = 0n; at < BigInt((10 * (digits - 1)) / 3); at += 10n) {
    bits |= BigInt(decletOf[Number(rest % 1000n)]) << at
    rest /= 1000n
  }
  const exponent = power + bias
  const [first, high] = [Number(rest), exponent >> continuation]
  const combination = first < 8 ? (high << 3) | first : 24 | (high << 1) | (first & 1)
  bits |= BigInt(combination) << (width - 6n)
  bits |= BigInt(exponent & ((1 << continuation) - 1)) << (width - 6n - BigInt(continuation))
  return bigEndian(bits, size)
}

/** As IEEE 754 recommends and gdb writes it, with all digits: `1.50`, `1.234568E+8`. */
export function decimalText(value: Rational): string {
  const { coefficient, power } = parts(value, 16)
  const digits = coefficient.toString()
  const sign = value.numerator < 0n ? '-' : ''
  const adjusted = power + digits.length - 1
  if (power > 0 || adjusted < -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}E${adjusted < 0 ? '' : '+'}${adjusted}`
  }
  const padded = digits.padStart(1 - power, '0')
  const point = padded.length + power
  return `${sign}${padded.slice(0, point)}${power === 0 ? '' : `.${padded.slice(point)}`}`
}
