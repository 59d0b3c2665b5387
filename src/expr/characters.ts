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

const escapes = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g

/** The bytes of a string or character constant's inside: UTF-8, with C's escapes (C17, §6.4.4.4) replaced. */
export function characters(text: string, position: number): Uint8Array {
  const encoder = new TextEncoder()
  const bytes: number[] = []
  const add = (plain: string): void => {
    for (const byte of encoder.encode(plain)) bytes.push(byte)
  }
  let from = 0
  for (const found of text.matchAll(escapes)) {
    add(text.slice(from, found.index))
    from = found.index + found[0].length
    const [, hex, octal, letter] = found
    const value = hex ? Number.parseInt(hex, 16) : octal ? Number.parseInt(octal, 8) & 0xff : named[letter]
    if (value === undefined)
      throw new ExpressionError(position + found.index, `C has no escape "${found[0]}"`, 'Write \\\\ for a backslash.')
    bytes.push(value)
  }
  add(text.slice(from))
  return Uint8Array.from(bytes)
}
