// Numbers as text, the way gdb writes them where it is worth keeping: `97 'a'`, `GREEN`, `(F_READ | F_EXEC)`.

import { decimalText } from '../../expr/decimalFloat.ts'
import { decimal, digitsOf, halves, type Numeric, type Rational, toDoubleDouble } from '../../expr/exact.ts'
import type { Radix } from '../../expr/format.ts'
import type { Prefix } from '../../expr/text.ts'
import { toBytes } from '../../expr/value.ts'
import { integer } from '../../symbols/location.ts'
import type { BaseType, EnumType } from '../../symbols/types.ts'
import { characterText } from './strings.ts'

/** An integer of `bits` bits. In other bases than ten it is written as the bits are, without a sign. */
export function integerText(value: bigint, bits: number, radix: Radix = 'decimal'): string {
  const unsigned = BigInt.asUintN(bits, value)
  switch (radix) {
    case 'decimal':
      return value.toString()
    case 'hexadecimal':
      return `0x${unsigned.toString(16)}`
    case 'octal':
      return unsigned === 0n ? '0' : `0${unsigned.toString(8)}`
    case 'binary':
      return `0b${unsigned.toString(2)}`
    case 'character':
      return `${value} ${characterText(Number(unsigned & 0xffn))}`
  }
}

/** `prefix` where its type is one of characters, which the number of an array's element alone does not say. */
export function baseText(
  type: BaseType,
  value: Numeric,
  bits: number,
  radix: Radix | undefined,
  prefix?: Prefix,
): string {
  if (typeof value !== 'bigint') {
    if (radix === 'hexadecimal') return floatBits(value, type)
    if (typeof value === 'number') return floatText(value, type.size)
    return type.encoding === 'decimal' ? decimalText(value) : wideText(value)
  }
  if (radix === undefined && type.encoding === 'boolean')
    return value === 0n ? 'false' : value === 1n ? 'true' : `${value}`
  const isCharacter = prefix !== undefined && (prefix !== '' || type.encoding === 'character')
  if (radix === undefined && isCharacter)
    return `${value} ${characterText(Number(BigInt.asUintN(8 * type.size, value)), prefix)}`
  return integerText(value, bits, radix)
}

/** The shortest digits that give the same number again. */
export function floatText(value: number, size: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0'
  if (size !== 4) return exponentText(String(value))
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return exponentText(String(Number(text)))
  }
  return exponentText(String(Number(value.toPrecision(9))))
}

/** As C's printf writes exponents: with two digits at least. */
const exponentText = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2')

const floatBits = (value: number | Rational, type: BaseType): string =>
  `0x${integer(toBytes(value, { ...type, isLittleEndian: false }))
    .toString(16)
    .padStart(2 * type.size, '0')}`

/** Digits of a `long double` whose doubles leave no gap between them; as many gdb writes. */
const wideDigits = 33

/** The fewest digits that give the same two doubles again, where so many do. */
function wideText(value: Rational): string {
  const [high, low] = halves(value)
  for (let count = 16; count < wideDigits; count++) {
    const { coefficient, power } = digitsOf(value, count)
    const [otherHigh, otherLow] = halves(
      toDoubleDouble(decimal(value.numerator < 0n ? -coefficient : coefficient, power)),
    )
    if (otherHigh === high && otherLow === low) return placed(value, coefficient, power)
  }
  const { coefficient, power } = digitsOf(value, wideDigits)
  return placed(value, coefficient, power)
}

/** Digits with their point or exponent, as doubles are written. */
function placed({ numerator }: Rational, coefficient: bigint, power: number): string {
  const all = coefficient.toString()
  const digits = all.replace(/0+$/, '')
  const exponent = power + all.length - 1
  const sign = numerator < 0n ? '-' : ''
  if (exponent > 20 || exponent < -7) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return exponentText(`${sign}${digits[0]}${fraction}e${exponent < 0 ? '' : '+'}${exponent}`)
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const padded = digits.padEnd(exponent + 1, '0')
  return `${sign}${padded.slice(0, exponent + 1)}${padded.length > exponent + 1 ? `.${padded.slice(exponent + 1)}` : ''}`
}

/** The enumerator's name; of flags, those whose bits are set; what no name covers as a number. */
export function enumText(type: EnumType, value: bigint): string {
  const exact = type.enumerators.find(each => each.value === value)
  if (exact !== undefined) return type.prefix + exact.name
  if (value === 0n || !isFlags(type)) return value.toString()
  let rest = BigInt.asUintN(8 * type.size, value)
  const names: string[] = []
  for (const { name, value: flag } of type.enumerators) {
    if (flag === 0n || (rest & flag) !== flag) continue
    names.push(type.prefix + name)
    rest &= ~flag
  }
  if (names.length === 0) return value.toString()
  if (rest !== 0n) names.push(`0x${rest.toString(16)}`)
  return names.join(' | ')
}

/** Enumerators of one bit each are meant to be combined, as gdb reads them. */
function isFlags({ enumerators }: EnumType): boolean {
  let isSparse = false
  for (const { value } of enumerators) {
    if (value < 0n || (value & (value - 1n)) !== 0n) return false
    if (value > 2n) isSparse = true
  }
  // RED, GREEN, BLUE as 0, 1, 2 are no flags.
  return isSparse || enumerators.length > 3
}
