// Characters of C's string and character constants.

import { ExpressionError } from './error.ts'

const named: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 0x5c,
  '"': 0x22,
  "'": 0x27,
  '?': 0x3f,
}

/** Of wide characters `\x` takes as many digits as there are (C17, §6.4.4.4), of a byte no more than two. */
const byteEscapes = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g
const wideEscapes = /\\(?:x([0-9a-fA-F]{1,8})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g

/** A character, or a number that an escape gives in its place. */
interface Character {
  readonly code: number
  readonly isNumber: boolean
}

function* charactersOf(text: string, escapes: RegExp, position: number): Generator<Character> {
  const plain = function* (part: string): Generator<Character> {
    for (const character of part) yield { code: character.codePointAt(0)!, isNumber: false }
  }
  let from = 0
  for (const found of text.matchAll(escapes)) {
    yield* plain(text.slice(from, found.index))
    from = found.index + found[0].length
    const [, hex, octal, short, long, letter] = found
    const number = hex ? Number.parseInt(hex, 16) : octal ? Number.parseInt(octal, 8) : named[letter]
    const universal = short ?? long
    if (universal === undefined && number === undefined)
      throw new ExpressionError(position + found.index, `C has no escape "${found[0]}"`, 'Write \\\\ for a backslash.')
    const code = universal === undefined ? number! : Number.parseInt(universal, 16)
    if (universal !== undefined && code > 0x10ffff)
      throw new ExpressionError(position + found.index, `there is no character "${found[0]}"`, 'Write a smaller one.')
    yield { code, isNumber: universal === undefined }
  }
  yield* plain(text.slice(from))
}

/** The bytes of the inside of a constant without a prefix, or with `u8`: UTF-8, with C's escapes (C17, §6.4.4.4) replaced. */
export function utf8Of(text: string, position: number): Uint8Array {
  const encoder = new TextEncoder()
  const bytes: number[] = []
  for (const { code, isNumber } of charactersOf(text, byteEscapes, position)) {
    if (isNumber) bytes.push(code & 0xff)
    else for (const byte of encoder.encode(String.fromCodePoint(code))) bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

/** The codes of the inside of a wide constant. */
export const codes = (text: string, position: number): number[] =>
  Array.from(charactersOf(text, wideEscapes, position), ({ code }) => code)
