// Constants of C and C++ as values: floating-point numbers, characters and texts of every width.

import { builtin, type CType } from '../symbols/types.ts'
import { codes, utf8Of } from './characters.ts'
import { ExpressionError } from './error.ts'
import { exactText, Rational } from './exact.ts'
import { characterSize, type Prefix } from './text.ts'
import type { Token } from './tokens.ts'

const floatTypes: Readonly<Record<string, CType>> = {
  f: builtin.float,
  l: builtin.longdouble,
  df: builtin.decimal32,
  dd: builtin.decimal64,
  dl: builtin.decimal128,
}

/** What it is rounded to, and how exactly, its type says (C17, §6.4.4.2; TS 18661-2 for the decimal ones). */
export function floatConstant({ digits, suffix, position }: Token & { kind: 'float' }): {
  value: number | Rational
  type: CType
} {
  const type = floatTypes[suffix] ?? builtin.double
  const [, integer = '', fraction = '', power] = /^0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i.exec(digits) ?? []
  if (power !== undefined) {
    const exact = hexadecimal(BigInt(`0x${integer}${fraction}`), Number(power) - 4 * fraction.length, position)
    return { value: suffix === 'l' ? exact : Number(exact), type }
  }
  const exact = suffix === '' || suffix === 'f' ? undefined : exactText(digits)
  return { value: exact ?? Number(digits), type }
}

/** No type goes further. */
const LARGEST_POWER = 20_000

function hexadecimal(digits: bigint, power: number, position: number): Rational {
  if (Math.abs(power) > LARGEST_POWER)
    throw new ExpressionError(position, 'no type holds a number with that exponent', 'Write a smaller one.')
  return power < 0 ? new Rational(digits, 1n << BigInt(-power)) : new Rational(digits << BigInt(power))
}

const characterTypes: Readonly<Record<Prefix, CType>> = {
  '': builtin.char,
  u: builtin.char16,
  U: builtin.char32,
  L: builtin.wchar,
}

/** A character constant; of several characters none. */
export function characterConstant({ text, prefix, position }: Token & { kind: 'character' }): {
  value: bigint
  type: CType
} {
  const [code] = prefix === '' ? utf8Of(text, position) : codes(text, position)
  return { value: BigInt(code), type: characterTypes[prefix] }
}

/** String literals that stand side by side are one (C17, §6.4.5): of wide characters if one of them is. */
export function textConstant(parts: readonly (Token & { kind: 'string' })[]): { bytes: Uint8Array; element: CType } {
  const prefix = parts.find(part => part.prefix !== '')?.prefix ?? ''
  const other = parts.find(part => part.prefix !== '' && part.prefix !== prefix)
  if (other !== undefined)
    throw new ExpressionError(other.position, 'texts of different characters cannot be one', 'Write one prefix.')
  const bytes = parts.flatMap(({ text, position }) => {
    const inside = position + prefix.length + 1
    return prefix === '' ? [...utf8Of(text, inside)] : codes(text, inside).flatMap(code => encoded(code, prefix))
  })
  const nul = Array.from({ length: characterSize(prefix) }, () => 0)
  return { bytes: Uint8Array.from([...bytes, ...nul]), element: characterTypes[prefix] }
}

/** A character as it lies in memory: the most significant byte first, in UTF-16 or UTF-32. */
function encoded(code: number, prefix: Prefix): number[] {
  if (characterSize(prefix) === 4) return [code >>> 24, (code >>> 16) & 0xff, (code >>> 8) & 0xff, code & 0xff]
  const above = code - 0x10000
  const units = above < 0 ? [code] : [0xd800 + (above >> 10), 0xdc00 + (above & 0x3ff)]
  return units.flatMap(unit => [(unit >> 8) & 0xff, unit & 0xff])
}
