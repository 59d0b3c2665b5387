// Macros that take arguments, replaced by their texts before an expression is parsed (C17, §6.10.3): in the arguments
// first, then in the text they are put into, where the macro's own name is no macro any more.

import type { Macro } from '../symbols/macros.ts'
import { ExpressionError } from './error.ts'
import { type Token, tokenize } from './tokens.ts'

/** The macro that a name means, if it means one. */
export type MacroNamed = (name: string) => Macro | undefined

/** Macros that stand for others twice, and these again, double with each step. */
const MOST_REPLACED = 100_000
const MOST_NESTED = 100

class Replacer {
  readonly #macroNamed: MacroNamed
  /** Where in the text that the user wrote the macro stands that is being replaced. */
  #position: number | undefined
  #work = 0

  constructor(macroNamed: MacroNamed) {
    this.#macroNamed = macroNamed
  }

  /** @param hidden macros whose text this is, from the outermost */
  replace(text: string, hidden: readonly string[]): string {
    const tokens = tokenize(text)
    let replaced = ''
    let at = 0
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]
      const macro =
        token.kind === 'name' && isPunctuator(tokens[i + 1], '(') ? this.#before(token.text, hidden) : undefined
      if (macro === undefined) continue
      const isOutermost = this.#position === undefined
      this.#position ??= token.position
      const { parts, end } = this.#arguments(tokens, i + 2, text, macro)
      const values = parts.map(part => this.replace(part, hidden))
      const body = macro.parameters === undefined ? this.#renamed(macro, values) : this.#replace(macro, values)
      replaced += `${text.slice(at, token.position)} ${this.replace(body, [...hidden, macro.name])} `
      at = tokens[end].end
      i = end
      if (isOutermost) this.#position = undefined
    }
    return at === 0 ? text : replaced + text.slice(at)
  }

  /** The macro before a parenthesis: of one without parameters the text may end in the name of one that has some. */
  #before(name: string, hidden: readonly string[]): Macro | undefined {
    const macro = hidden.includes(name) ? undefined : this.#macroNamed(name)
    if (macro === undefined || (macro.parameters === undefined && !/[\w$]\s*$/.test(macro.body))) return undefined
    if (hidden.length > MOST_NESTED) throw this.#refusal(macro, 'stands for too many others', 'Write what it comes to.')
    return macro
  }

  /** What is between the parentheses, parted by its commas; `end`: the token that closes them. */
  #arguments(tokens: readonly Token[], first: number, text: string, macro: Macro) {
    const parts: string[] = []
    let from = first
    let depth = 0
    for (let i = first; i < tokens.length; i++) {
      const closes = isPunctuator(tokens[i], ')')
      if (depth === 0 && (closes || isPunctuator(tokens[i], ','))) {
        parts.push(text.slice(tokens[from].position, tokens[i].position))
        from = i + 1
        if (closes) return { parts, end: i }
      }
      if (isPunctuator(tokens[i], '(')) depth++
      if (closes) depth--
    }
    throw this.#refusal(macro, 'has no ")" behind its arguments', 'Close the parenthesis.')
  }

  #renamed(macro: Macro, values: readonly string[]): string {
    const body = `${macro.body}(${values.join(',')})`
    this.#spend(body.length, macro)
    return body
  }

  /** The macro's text with the arguments in it. */
  #replace(macro: Macro, values: readonly string[]): string {
    const { body, parameters = '' } = macro
    const names = parameters === '' ? [] : parameters.split(',').map(name => name.trim())
    const rest = names.at(-1)?.endsWith('...') ? names.length - 1 : undefined
    const given = names.length === 0 && values.length === 1 && values[0].trim() === '' ? [] : values
    if (rest === undefined ? given.length !== names.length : given.length < rest)
      throw this.#refusal(
        macro,
        `takes ${names.length} arguments (${parameters}), not ${given.length}`,
        'Write as many.',
      )
    const byName = new Map(names.map((name, n) => [name, values[n]]))
    if (rest !== undefined) byName.set(names[rest].slice(0, -3) || '__VA_ARGS__', values.slice(rest).join(', '))
    let text = ''
    let at = 0
    for (const token of this.#tokensOf(macro)) {
      const value = token.kind === 'name' ? byName.get(token.text) : undefined
      if (value === undefined) continue
      text += `${body.slice(at, token.position)} ${value} `
      at = token.end
      this.#spend(value.length, macro)
    }
    this.#spend(body.length, macro)
    return text + body.slice(at)
  }

  #tokensOf(macro: Macro): Token[] {
    try {
      return tokenize(macro.body)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      throw this.#refusal(
        macro,
        `stands for ${excerpt(macro.body)}, which is no expression`,
        'Write the part of it that is one.',
      )
    }
  }

  #spend(work: number, macro: Macro): void {
    this.#work += work
    if (this.#work > MOST_REPLACED) throw this.#refusal(macro, 'stands for too many others', 'Write what it comes to.')
  }

  #refusal({ name }: Macro, why: string, advice: string): ExpressionError {
    return new ExpressionError(this.#position ?? 0, `the macro ${name} ${why}`, advice)
  }
}

const isPunctuator = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'punctuator' && token.text === text

export const excerpt = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** The text with every macro in it that takes arguments replaced. @throws ExpressionError where one cannot be. */
export const replaceMacroCalls = (text: string, macroNamed: MacroNamed, hidden: readonly string[]): string =>
  text.includes('(') ? new Replacer(macroNamed).replace(text, hidden) : text
