// The statements in the order in which they are assembled: included files, macros, repetitions and conditions
// (GNU as, chapter 7: .include .macro .rept .irp .irpc .if).

import { type RawStatement, statementsOf } from './lines.ts'
import { type AsmMacro, expand, parseMacro, splitArguments } from './macro.ts'
import { AsmError } from './problem.ts'
import { type AsmStatement, parseStatement } from './statement.ts'

/** What the input must ask the assembler for. */
export interface InputHost {
  /** The number that `text` is worth now. @throws AsmError where it is worth none yet */
  number(text: string): bigint
  isDefined(name: string): boolean
  /** The text of a file to include, and what that file is called. @throws AsmError where it cannot be read */
  include(path: string): { readonly text: string; readonly file: string }
  report(raw: RawStatement, error: AsmError): void
}

interface InputLevel {
  readonly statements: readonly RawStatement[]
  at: number
  /** Conditions that were open where this frame began: `.exitm` closes those opened since. */
  readonly conditions: number
  readonly isMacro: boolean
}

interface Condition {
  /** Whether the statements of the part that is read now count. */
  isOn: boolean
  /** Whether a part of it has counted. */
  wasOn: boolean
  readonly opened: RawStatement
}

const DEEPEST = 100
const MOST_STATEMENTS = 2_000_000

const OPENS = /^\.(?:macro|rept|irp|irpc)$/

export class AsmInput {
  readonly #host: InputHost
  readonly #frames: InputLevel[] = []
  readonly #conditions: Condition[] = []
  readonly #macros = new Map<string, AsmMacro>()
  #read = 0
  #expansions = 0

  constructor(host: InputHost, text: string, file: string) {
    this.#host = host
    this.#push(statementsOf(text, file), false)
  }

  /** The next statement that is not about the input itself, or undefined at the end. */
  next(): AsmStatement | undefined {
    for (;;) {
      const raw = this.#nextRaw()
      if (raw === undefined) return this.#end()
      try {
        const statement = parseStatement(raw)
        if (!this.#isOn && !CONDITIONS.has(statement.op)) continue
        const rest = this.#own(statement)
        if (rest !== undefined) return rest
      } catch (error) {
        if (!(error instanceof AsmError)) throw error
        this.#host.report(raw, error)
      }
    }
  }

  get #isOn(): boolean {
    return this.#conditions.every(condition => condition.isOn)
  }

  #end(): undefined {
    for (const { opened } of this.#conditions.splice(0))
      this.#host.report(opened, new AsmError('this condition has no .endif'))
    return undefined
  }

  #nextRaw(): RawStatement | undefined {
    for (;;) {
      const frame = this.#frames.at(-1)
      if (frame === undefined) return undefined
      const raw = frame.statements[frame.at++]
      if (raw === undefined) {
        this.#frames.pop()
        continue
      }
      if (++this.#read > MOST_STATEMENTS) {
        this.#frames.length = 0
        this.#host.report(
          raw,
          new AsmError(`more than ${MOST_STATEMENTS} statements: is there a macro without an end?`),
        )
        return undefined
      }
      return raw
    }
  }

  #push(statements: readonly RawStatement[], isMacro: boolean): void {
    if (this.#frames.length >= DEEPEST) throw new AsmError(`files and macros are nested more than ${DEEPEST} deep`)
    this.#frames.push({ statements, at: 0, conditions: this.#conditions.length, isMacro })
  }

  /** Does what concerns the input; @returns the statement where it is for the assembler, with its labels. */
  #own(statement: AsmStatement): AsmStatement | undefined {
    const { op, raw, operands } = statement
    const condition = CONDITIONS.get(op)
    if (condition !== undefined) {
      condition(this, statement)
      return labelsOnly(statement)
    }
    switch (op) {
      case '.include': {
        const { text, file } = this.#host.include(unquoted(operands.text))
        this.#push(statementsOf(text, file), false)
        return labelsOnly(statement)
      }
      case '.macro': {
        const macro = parseMacro(operands.text, this.#body(statement, '.endm'))
        this.#macros.set(macro.name.toLowerCase(), macro)
        return labelsOnly(statement)
      }
      case '.purgem':
        if (!this.#macros.delete(operands.text.toLowerCase())) throw new AsmError(`no macro is called ${operands.text}`)
        return labelsOnly(statement)
      case '.exitm':
        this.#exitMacro()
        return labelsOnly(statement)
      case '.rept': {
        const body = this.#body(statement, '.endr')
        const count = this.#host.number(operands.text)
        if (count > BigInt(MOST_STATEMENTS)) throw new AsmError(`${count} repetitions are too many`)
        const times = Math.max(0, Number(count))
        if (times * body.length > MOST_STATEMENTS) throw new AsmError(`${times} repetitions are too many`)
        this.#push(Array.from({ length: times }, () => body).flat(), false)
        return labelsOnly(statement)
      }
      case '.irp':
      case '.irpc':
        this.#push(this.#each(statement, this.#body(statement, '.endr')), false)
        return labelsOnly(statement)
      case '.endm':
      case '.endr':
        throw new AsmError(`${op} without its beginning`)
      default: {
        const macro = this.#macros.get(op)
        if (macro === undefined) return statement
        this.#push(expand(macro, operands.text, this.#expansions++, raw), true)
        return labelsOnly(statement)
      }
    }
  }

  /** `.irp` and `.irpc`: the body once for each value, which stands where `\name` is. */
  #each(statement: AsmStatement, body: readonly RawStatement[]): RawStatement[] {
    const [, name, list = ''] = /^([\w.$]+)\s*,?\s*(.*)$/.exec(statement.operands.text) ?? []
    if (name === undefined) throw new AsmError(`${statement.op} wants a name and values`)
    const values = statement.op === '.irpc' ? [...unquoted(list)] : splitArguments(list)
    const macro = { name: statement.op, parameters: [{ name, standard: '', kind: 'plain' as const }], body }
    return (values.length === 0 ? [''] : values).flatMap(value =>
      expand(macro, JSON.stringify(value), this.#expansions++, undefined),
    )
  }

  /** The statements up to the one that ends what `opening` began. */
  #body(opening: AsmStatement, end: '.endm' | '.endr'): RawStatement[] {
    const body: RawStatement[] = []
    for (let depth = 1; ; ) {
      const raw = this.#nextRaw()
      if (raw === undefined) throw new AsmError(`${opening.op} has no ${end}`)
      const { op } = parseStatement(raw)
      if (OPENS.test(op)) depth++
      if ((op === '.endm' || op === '.endr') && --depth === 0) return body
      body.push(raw)
    }
  }

  #exitMacro(): void {
    const macro = this.#frames.map(frame => frame.isMacro).lastIndexOf(true)
    if (macro < 0) throw new AsmError('.exitm outside a macro')
    this.#conditions.length = this.#frames[macro]!.conditions
    this.#frames.length = macro
  }

  /** Opens a condition; one within a part that does not count is not asked. */
  open(statement: AsmStatement, ask: (text: string, host: InputHost) => boolean): void {
    const holds = this.#isOn ? ask(statement.operands.text, this.#host) : false
    // Where the outer part does not count, no part of this one ever does.
    this.#conditions.push({ isOn: holds, wasOn: holds || !this.#isOn, opened: statement.raw })
  }

  /** The other part of the innermost condition, if `ask` agrees. */
  otherwise(statement: AsmStatement, ask: (text: string, host: InputHost) => boolean): void {
    const condition = this.#conditions.at(-1)
    if (condition === undefined) throw new AsmError(`${statement.op} without .if`)
    condition.isOn = !condition.wasOn && ask(statement.operands.text, this.#host)
    condition.wasOn ||= condition.isOn
  }

  close(statement: AsmStatement): void {
    if (this.#conditions.pop() === undefined) throw new AsmError(`${statement.op} without .if`)
  }
}

type Ask = (text: string, host: InputHost) => boolean

const compared =
  (holds: (value: bigint) => boolean): Ask =>
  (text, host) =>
    holds(host.number(text))

const isSame: Ask = text => {
  const parts = splitArguments(text)
  return (parts[0] ?? '') === (parts[1] ?? '')
}

const ASKED: Readonly<Record<string, Ask>> = {
  '.if': compared(value => value !== 0n),
  '.ifne': compared(value => value !== 0n),
  '.ifeq': compared(value => value === 0n),
  '.ifgt': compared(value => value > 0n),
  '.ifge': compared(value => value >= 0n),
  '.iflt': compared(value => value < 0n),
  '.ifle': compared(value => value <= 0n),
  '.ifdef': (text, host) => host.isDefined(text),
  '.ifndef': (text, host) => !host.isDefined(text),
  '.ifnotdef': (text, host) => !host.isDefined(text),
  '.ifb': text => text === '',
  '.ifnb': text => text !== '',
  '.ifc': isSame,
  '.ifeqs': isSame,
  '.ifnc': (text, host) => !isSame(text, host),
  '.ifnes': (text, host) => !isSame(text, host),
}

const CONDITIONS: ReadonlyMap<string, (input: AsmInput, statement: AsmStatement) => void> = new Map([
  ...Object.entries(ASKED).map(
    ([op, ask]) => [op, (input: AsmInput, statement: AsmStatement) => input.open(statement, ask)] as const,
  ),
  ['.elseif', (input, statement) => input.otherwise(statement, ASKED['.if']!)],
  ['.else', (input, statement) => input.otherwise(statement, () => true)],
  ['.endif', (input, statement) => input.close(statement)],
])

const labelsOnly = (statement: AsmStatement): AsmStatement | undefined =>
  statement.labels.length === 0
    ? undefined
    : { ...statement, op: '', opWord: undefined, operands: { text: '', column: statement.raw.column } }

const unquoted = (text: string): string => text.replace(/^"(.*)"$/, '$1')
