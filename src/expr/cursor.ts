// Where the parser stands in the tokens of an expression.

import { ExpressionError } from './error.ts'
import { type Token, tokenize } from './tokens.ts'

type Kind = Token['kind']

/** Nobody types more; a program may write conditions, and macros are of any length. */
const MOST_TEXT = 100_000

/** A place in the tokens of an expression. */
export class Cursor {
  readonly text: string
  #tokens: readonly Token[]
  #at = 0

  constructor(text: string) {
    if (text.length > MOST_TEXT) {
      const what = `the expression has ${text.length} characters`
      throw new ExpressionError(0, what, `Write it in no more than ${MOST_TEXT}.`)
    }
    this.text = text
    this.#tokens = tokenize(text)
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** Where `restore` can come back to, after a guess that proved wrong. */
  save(): number {
    return this.#at
  }

  restore(saved: number): void {
    this.#at = saved
  }

  /** Whether the next token is this punctuator. */
  sees(punctuator: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'punctuator' && token.text === punctuator
  }

  /** Steps over this punctuator if it comes next. */
  accept(punctuator: string): boolean {
    const found = this.sees(punctuator)
    if (found) this.#at++
    return found
  }

  /** Takes `>>` for two brackets of templates, where it comes next (C++17, §17.2). */
  splitAngles(): void {
    const token = this.peek()
    if (!this.sees('>>')) return
    const middle = token.position + 1
    const halves: Token[] = [
      { kind: 'punctuator', text: '>', position: token.position, end: middle },
      { kind: 'punctuator', text: '>', position: middle, end: token.end },
    ]
    this.#tokens = [...this.#tokens.slice(0, this.#at), ...halves, ...this.#tokens.slice(this.#at + 1)]
  }

  acceptKind<K extends Kind>(kind: K): Extract<Token, { kind: K }> | undefined {
    const token = this.peek()
    if (token.kind !== kind) return undefined
    this.#at++
    return token as Extract<Token, { kind: K }>
  }

  acceptName(...names: string[]): string | undefined {
    const token = this.peek()
    if (token.kind !== 'name' || !names.includes(token.text)) return undefined
    this.#at++
    return token.text
  }

  expect(punctuator: string, after: string): void {
    if (!this.accept(punctuator)) throw this.unexpected(`Write "${punctuator}" ${after}.`)
  }

  unexpected(advice: string): ExpressionError {
    const token = this.peek()
    const what =
      token.kind === 'end' ? 'the expression is not complete' : `"${this.textOf(token)}" is not expected here`
    return new ExpressionError(token.position, what, advice)
  }

  textOf({ position, end }: Token): string {
    return this.text.slice(position, end)
  }
}
