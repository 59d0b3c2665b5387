// Conditions, hit counts and log points: compiled once, when the breakpoint is set, and asked in the run loop.

import { compile, type Expression } from '../expr/compile.ts'
import type { Context } from '../expr/context.ts'
import type { TypeNames } from '../expr/typeNames.ts'
import { UserError } from '../util/userError.ts'
import { logParts } from './logMessage.ts'
import { row } from './values.ts'

/** What the user wrote beside a breakpoint. */
export interface ConditionTexts {
  readonly condition?: string | undefined
  readonly hitCondition?: string | undefined
  readonly logMessage?: string | undefined
}

export interface Conditions {
  readonly condition: Expression | undefined
  /** Whether the nth time, counted from 1, is one to stop at; undefined where none is counted. */
  readonly wantsHit: ((n: number) => boolean) | undefined
  /** Text and expressions in turn; undefined for what is no log point. */
  readonly log: readonly (string | Expression)[] | undefined
}

export const ALWAYS: Conditions = { condition: undefined, wantsHit: undefined, log: undefined }

/** @throws UserError for what cannot be understood; assignments are among that. */
export function compileConditions(
  { condition, hitCondition, logMessage }: ConditionTexts,
  types: TypeNames,
): Conditions {
  return {
    condition: isBlank(condition) ? undefined : compile(condition, { types }),
    wantsHit: isBlank(hitCondition) ? undefined : compileHits(hitCondition),
    log: isBlank(logMessage) ? undefined : compileLog(logMessage, types),
  }
}

/** What a condition says where the program stands; undefined, with a note, where it has no answer: `who` stops then. */
export function answerOf(
  condition: Expression | undefined,
  context: () => Context,
  who: string,
  note: (text: string) => void,
): boolean | undefined {
  try {
    return condition?.truth(context()) ?? true
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    note(`${who} stops, because its condition has no answer here: ${error.message}`)
    return undefined
  }
}

const isBlank = (text: string | undefined): text is undefined => text === undefined || text.trim() === ''

const COMPARISONS: Readonly<Record<string, (n: number, wanted: number) => boolean>> = {
  '': (n, wanted) => n === wanted,
  '=': (n, wanted) => n === wanted,
  '==': (n, wanted) => n === wanted,
  '>': (n, wanted) => n > wanted,
  '>=': (n, wanted) => n >= wanted,
  '<': (n, wanted) => n < wanted,
  '<=': (n, wanted) => n <= wanted,
  '%': (n, wanted) => n % wanted === 0,
}

function compileHits(text: string): (n: number) => boolean {
  const [, comparison, digits] = /^(|==?|>=?|<=?|%)\s*(\d+)$/.exec(text.trim()) ?? []
  const wanted = Number(digits)
  if (digits === undefined || wanted === 0)
    throw new UserError('hit-count', `"${text}" is not a hit count`, 'write for example 5, >= 5 or % 10')
  return n => COMPARISONS[comparison]!(n, wanted)
}

const compileLog = (message: string, types: TypeNames): (string | Expression)[] =>
  logParts(message).map(part => ('text' in part ? part.text : compile(part.expression, { types })))

/** The text of a log point. An expression that has no value here says why in its place. */
export function logText(parts: readonly (string | Expression)[], context: Context): string {
  return parts.map(part => (typeof part === 'string' ? part : textOf(part, context))).join('')
}

function textOf(expression: Expression, context: Context): string {
  try {
    return row(expression.text, expression.evaluate(context), { context, format: expression.format }).value
  } catch (error) {
    if (error instanceof UserError) return `<${error.message}>`
    throw error
  }
}
