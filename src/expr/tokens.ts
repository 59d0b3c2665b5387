// The words of C expressions (C17, §6.4), and three of ours: `$name`, quoted names like 'main.c', and 0b1010.

import { codes, utf8Of } from './characters.ts'
import { ExpressionError } from './error.ts'
import type { Prefix } from './text.ts'

export type Token = { readonly position: number; readonly end: number } & (
  | { readonly kind: 'name'; readonly text: string }
  /** `$r3`: a register, whatever variables there are. */
  | { readonly kind: 'register'; readonly text: string }
  /** `'main.c'` or `'Ring<int>'`: what no plain name can be. */
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: bigint; readonly suffix: string; readonly isDecimal: boolean }
  | { readonly kind: 'float'; readonly digits: string; readonly suffix: string }
  /** As written between the quotes, with the prefix that says of how large characters it is. */
  | { readonly kind: 'character'; readonly text: string; readonly prefix: Prefix }
  | { readonly kind: 'string'; readonly text: string; readonly prefix: Prefix }
  | { readonly kind: 'punctuator'; readonly text: string }
  | { readonly kind: 'end' }
)

/** Longest first. */
const punctuators = [
  ...['<<=', '>>=', '...', '->*'],
  ...['->', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '::'],
  ...['+=', '-=', '*=', '/=', '%=', '&=', '|=', '^='],
  ...'+-*/%&|^~!<>=?:.,()[]{}@;',
]

/** Letters of any script and `$` are GNU C's; a namespace without a name is written as gdb does. */
const nameLike = /[\p{L}_][\p{L}\p{N}_$]*|\(anonymous namespace\)/uy
const registerLike = /\$([A-Za-z_][A-Za-z0-9_]*)/y
const floatLike = /(\d+\.\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|\d+[eE][+-]?\d+)([dD][fFdDlL]|[fFlL]?)/y
const hexFloatLike = /(0[xX](?:[\da-fA-F]+\.?[\da-fA-F]*|\.[\da-fA-F]+)[pP][+-]?\d+)([fFlL]?)/y
const prefixLike = /(?:u8|[uUL])(?=["'])/y
const integerLike = /(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uUlL]*)/y
const blank = /\s*/y

function match(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position
  return pattern.exec(text) ?? undefined
}

/** As many as 64 bits have, with `0b` and some zeros in front. */
const MOST_DIGITS = 100

/** All tokens of an expression; the last one is its end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  for (let position = 0; ; position = tokens.at(-1)!.end) {
    position += match(blank, text, position)![0].length
    if (position >= text.length) {
      tokens.push({ kind: 'end', position: text.length, end: text.length })
      return tokens
    }
    tokens.push(tokenAt(text, position))
  }
}

function tokenAt(text: string, position: number): Token {
  const token = quoted(text, position) ?? name(text, position) ?? number(text, position)
  if (token !== undefined) return token
  const punctuator = punctuators.find(each => text.startsWith(each, position))
  if (punctuator !== undefined)
    return { kind: 'punctuator', text: punctuator, position, end: position + punctuator.length }
  throw new ExpressionError(position, `"${text[position]}" is not part of a C expression`, 'Remove it.')
}

function name(text: string, position: number): Token | undefined {
  const plain = match(nameLike, text, position)
  if (plain !== undefined) return { kind: 'name', text: plain[0], position, end: position + plain[0].length }
  const register = match(registerLike, text, position)
  return register && { kind: 'register', text: register[1], position, end: position + register[0].length }
}

function number(text: string, position: number): Token | undefined {
  const hexadecimal = match(hexFloatLike, text, position)
  const float = hexadecimal ?? match(floatLike, text, position)
  const found = float ?? match(integerLike, text, position)
  if (found === undefined) return undefined
  const end = position + found[0].length
  if (/[\w.]/.test(text[end] ?? ''))
    throw new ExpressionError(
      position,
      `"${/[\w.]+/.exec(text.slice(position))![0]}" is not a number`,
      'Write it as C does, e.g. 255, 0xff or 1.5e3.',
    )
  if (float !== undefined)
    return { kind: 'float', digits: float[1], suffix: float[hexadecimal ? 2 : 4].toLowerCase(), position, end }
  const [, digits, suffix] = found
  if (digits.length > MOST_DIGITS)
    throw new ExpressionError(position, `a number of ${digits.length} digits`, 'Integers have 64 bits at most.')
  const isOctal = /^0[0-7]+$/.test(digits)
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits)
  return { kind: 'integer', value, suffix: suffix.toLowerCase(), isDecimal: /^[1-9]/.test(digits), position, end }
}

function quoted(text: string, position: number): Token | undefined {
  const written = match(prefixLike, text, position)?.[0] ?? ''
  const opening = position + written.length
  const quote = text[opening]
  if (quote !== '"' && quote !== "'") return undefined
  const inner = new RegExp(`(?:[^\\\\${quote}]|\\\\[\\s\\S])*`, 'y')
  const found = match(inner, text, opening + 1)![0]
  const end = opening + found.length + 2
  if (text[end - 1] !== quote)
    throw new ExpressionError(position, `the text that begins here has no end`, `Close it with ${quote}.`)
  const prefix = written === 'u8' ? '' : (written as Prefix)
  const length = (prefix === '' ? utf8Of : codes)(found, opening + 1).length
  if (quote === '"') return { kind: 'string', text: found, prefix, position, end }
  if (length === 1) return { kind: 'character', text: found, prefix, position, end }
  if (written !== '')
    throw new ExpressionError(
      position,
      `${text.slice(position, end)} is no single character`,
      'Write one between the quotes.',
    )
  return { kind: 'quoted', text: found, position, end }
}
