// Numbers as text, the way gdb writes them where it is worth keeping: `97 'a'`, `GREEN`, `(F_READ | F_EXEC)`.

import type { Radix } from '../../expr/format.ts'
import type { Prefix } from '../../expr/text.ts'
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
  value: bigint | number,
  bits: number,
  radix: Radix | undefined,
  prefix?: Prefix,
): string {
  if (typeof value === 'number')
    return radix === 'hexadecimal' ? floatBits(value, type.size) : floatText(value, type.size)
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

function floatBits(value: number, size: number): string {
  const view = new DataView(new ArrayBuffer(8))
  if (size === 4) view.setFloat32(0, value)
  else view.setFloat64(0, value)
  const bits = size === 4 ? BigInt(view.getUint32(0)) : view.getBigUint64(0)
  return `0x${bits.toString(16).padStart(2 * Math.min(size, 8), '0')}`
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
