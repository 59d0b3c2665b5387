// Expressions of GNU as (its manual, chapter 6): read once, worked out when what they name is known. 64 bits, signed.

import { AsmError } from './problem.ts'
import type { AsmSection } from './section.ts'
import { type AsmSymbol, isLocation, type SectionPlace } from './symbol.ts'

export type AsmExpression =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly symbol: AsmSymbol }
  | { readonly kind: 'here'; readonly location: SectionPlace }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: AsmExpression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: AsmExpression; readonly right: AsmExpression }

/** Which part of an address is meant: `x@ha`. */
export type AddressPart = 'l' | 'h' | 'ha' | 'sda21' | 'sdarel' | 'plt' | 'local'
const PARTS: ReadonlySet<string> = new Set<AddressPart>(['l', 'h', 'ha', 'sda21', 'sdarel', 'plt', 'local'])

export const number = (value: bigint | number): AsmExpression => ({ kind: 'number', value: BigInt(value) })

/** What a name in an expression stands for. */
export interface Names {
  /** The symbol of that name, made at its first mention; or a number, for registers and conditions. */
  named(name: string): AsmExpression
  /** `1b` and `1f`: the label of that number before or after this place. */
  numbered(digits: string, direction: 'b' | 'f'): AsmExpression
  here(): SectionPlace
}

/** Reads expressions from `text`, one after the other. */
export class ExpressionReader {
  readonly #text: string
  readonly #names: Names
  #at: number
  /** The part asked for in the expression read last. */
  part: AddressPart | undefined

  constructor(text: string, names: Names, from = 0) {
    this.#text = text
    this.#names = names
    this.#at = from
    this.#skipBlanks()
  }

  /** Where the next character is, from 0. */
  get at(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  /** Goes behind `sign` if it comes next. */
  take(sign: string): boolean {
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    this.#skipBlanks()
    return true
  }

  /** What `pattern` (sticky) finds here, or undefined; goes behind it. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return undefined
    this.#at += found.length
    this.#skipBlanks()
    return found
  }

  fail(message: string, from = this.#at): never {
    throw new AsmError(message, from + 1, Math.max(1, this.#at - from))
  }

  /** @throws AsmError where something is left. */
  end(): void {
    if (!this.isAtEnd)
      throw new AsmError(
        `not expected here: ${this.#text.slice(this.#at).trim()}`,
        this.#at + 1,
        this.#text.trimEnd().length - this.#at,
      )
  }

  /** The next expression, with `part` beside it. */
  read(): AsmExpression {
    this.part = undefined
    return this.#binary(0)
  }

  #binary(rank: number): AsmExpression {
    if (rank === RANKS.length) return this.#unary()
    let left = this.#binary(rank + 1)
    for (;;) {
      const operator = this.match(RANKS[rank]!)
      if (operator === undefined) return left
      left = { kind: 'binary', operator, left, right: this.#binary(rank + 1) }
    }
  }

  #unary(): AsmExpression {
    const operator = this.match(/[-~!+]/y)
    if (operator === undefined) return this.#primary()
    const operand = this.#unary()
    return operator === '+' ? operand : { kind: 'unary', operator, operand }
  }

  #primary(): AsmExpression {
    const from = this.#at
    if (this.take('(')) {
      const inner = this.#binary(0)
      if (!this.take(')')) this.fail('a ) is missing')
      return this.#suffixed(inner)
    }
    const local = this.match(/\d+[bf](?![\w.$])/y)
    if (local !== undefined) return this.#suffixed(this.#names.numbered(local.slice(0, -1), local.at(-1) as 'b' | 'f'))
    const digits = this.match(/0[xX][\da-fA-F]+|0[bB][01]+|\d+/y)
    if (digits !== undefined)
      return this.#suffixed(number(numberOf(digits) ?? this.fail(`${digits} is no number`, from)))
    const char = this.match(/'(?:\\.|[^\\])'?/y)
    if (char !== undefined) return number(charValue(char.slice(1).replace(/(?!^)'$/, '')))
    if (this.match(/[.$](?![\w.$])/y) !== undefined) return { kind: 'here', location: this.#names.here() }
    const name = this.match(/%?[A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*/y)
    if (name !== undefined) return this.#suffixed(this.#names.named(name))
    const quoted = this.match(/"(?:[^"\\]|\\.)*"/y)
    if (quoted !== undefined) return this.#suffixed(this.#names.named(quoted.slice(1, -1)))
    return this.fail(
      this.isAtEnd ? 'an expression is missing' : `no expression: ${this.#text.slice(from).trim()}`,
      from,
    )
  }

  /** `@ha` and its like behind a symbol, a number or a parenthesis; all of them are about the whole expression. */
  #suffixed(expression: AsmExpression): AsmExpression {
    const from = this.#at
    const suffix = this.match(/@\w+/y)
    if (suffix === undefined) return expression
    const part = suffix.slice(1).toLowerCase()
    if (!PARTS.has(part)) this.fail(`${suffix} is not known here: @l, @h, @ha and @sda21 are`, from)
    if (this.part !== undefined) this.fail('a second part of one address', from)
    this.part = part as AddressPart
    return expression
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++
  }
}

/** Binary operators from those that bind least to those that bind most. */
const RANKS = [/\|\|/y, /&&/y, /==|<>|!=|<=|>=|<(?!<)|>(?!>)/y, /[-+]/y, /\|(?!\|)|&(?!&)|\^/y, /\*|\/|%|<<|>>/y]

const numberOf = (digits: string): bigint | undefined =>
  /^0\d/.test(digits) ? (/[89]/.test(digits) ? undefined : BigInt(`0o${digits}`)) : BigInt(digits)

/** The value of a character, given without its quotes. */
function charValue(text: string): number {
  return text.startsWith('\\') ? (ESCAPES[text[1]!] ?? text.charCodeAt(1)) : text.codePointAt(0)!
}
export const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12, '0': 0 }

/** What an expression is worth: a number, or a number beyond a place, which may be less another place. */
export interface AsmValue {
  readonly base: AsmSymbol | AsmSection | undefined
  /** The symbol or section whose address is to be taken off, of another section than `base`. */
  readonly minus: AsmSymbol | AsmSection | undefined
  readonly number: bigint
}

const absolute = (value: bigint): AsmValue => ({ base: undefined, minus: undefined, number: BigInt.asIntN(64, value) })

export const isAbsolute = (value: AsmValue): boolean => value.base === undefined && value.minus === undefined

/** @throws AsmError where an operator has no meaning for places, or a symbol is defined by itself. */
export const evaluate = (expression: AsmExpression): AsmValue => worth(expression, { steps: 0 }, 0)

const MOST_STEPS = 100_000

function worth(expression: AsmExpression, work: { steps: number }, depth: number): AsmValue {
  if (depth > DEEPEST || work.steps++ > MOST_STEPS)
    throw new AsmError('this expression is nested too deeply, or a symbol is defined by itself')
  switch (expression.kind) {
    case 'number':
      return absolute(expression.value)
    case 'here':
      return placed(expression.location)
    case 'symbol': {
      const { value } = expression.symbol
      if (value === undefined) return { base: expression.symbol, minus: undefined, number: 0n }
      return isLocation(value) ? placed(value) : worth(value, work, depth + 1)
    }
    case 'unary': {
      const operand = worth(expression.operand, work, depth + 1)
      if (expression.operator === '-' && operand.minus === undefined && operand.base !== undefined)
        return { base: undefined, minus: operand.base, number: -operand.number }
      if (!isAbsolute(operand)) throw new AsmError(`${expression.operator} wants a number, and this is an address`)
      return absolute(UNARY[expression.operator]!(operand.number))
    }
    case 'binary':
      return binary(
        expression.operator,
        worth(expression.left, work, depth + 1),
        worth(expression.right, work, depth + 1),
      )
  }
}

const DEEPEST = 500

const placed = ({ section, offset }: SectionPlace): AsmValue => ({
  base: section,
  minus: undefined,
  number: BigInt(offset),
})

function binary(operator: string, left: AsmValue, right: AsmValue): AsmValue {
  if (isAbsolute(left) && isAbsolute(right)) return absolute(BINARY[operator]!(left.number, right.number))
  if (operator === '+') return sum(left, right, right.number)
  if (operator === '-') return sum(left, { base: right.minus, minus: right.base, number: 0n }, -right.number)
  if (left.base === right.base && left.minus === undefined && right.minus === undefined && COMPARISONS.has(operator))
    return absolute(BINARY[operator]!(left.number, right.number))
  throw new AsmError(`${operator} wants two numbers, and one of these is an address`)
}
const COMPARISONS: ReadonlySet<string> = new Set(['==', '<>', '!=', '<', '>', '<=', '>='])

/** Two places may stand together only where one is taken off the other. */
function sum(left: AsmValue, right: AsmValue, number: bigint): AsmValue {
  const plus = [left.base, right.base].filter(base => base !== undefined)
  const minus = [left.minus, right.minus].filter(base => base !== undefined)
  for (const base of [...minus])
    if (plus.includes(base)) {
      plus.splice(plus.indexOf(base), 1)
      minus.splice(minus.indexOf(base), 1)
    }
  if (plus.length > 1 || minus.length > 1) throw new AsmError('the sum of two addresses means nothing')
  return { base: plus[0], minus: minus[0], number: BigInt.asIntN(64, left.number + number) }
}

const truth = (isTrue: boolean): bigint => (isTrue ? -1n : 0n)
const UNARY: Readonly<Record<string, (value: bigint) => bigint>> = {
  '-': value => -value,
  '~': value => ~value,
  '!': value => (value === 0n ? 1n : 0n),
}
const division = (by: bigint): bigint => {
  if (by === 0n) throw new AsmError('division by 0')
  return by
}
/** The count of a shift; as on the host of GNU as, none beyond 63 leaves anything. */
const shifted = (count: bigint): bigint => (count < 0n || count > 63n ? 64n : count)
const BINARY: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => a / division(b),
  '%': (a, b) => a % division(b),
  '<<': (a, b) => a << shifted(b),
  '>>': (a, b) => BigInt.asUintN(64, a) >> shifted(b),
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '==': (a, b) => truth(a === b),
  '<>': (a, b) => truth(a !== b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '>': (a, b) => truth(a > b),
  '<=': (a, b) => truth(a <= b),
  '>=': (a, b) => truth(a >= b),
  '&&': (a, b) => (a !== 0n && b !== 0n ? 1n : 0n),
  '||': (a, b) => (a !== 0n || b !== 0n ? 1n : 0n),
}
