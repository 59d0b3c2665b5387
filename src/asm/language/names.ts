// The names that a source defines: labels, constants and macros, for the outline and for going to them.

import { splitOperands } from '../operandText.ts'
import type { AsmStatement } from '../statement.ts'
import { pointedAt, statementsIn, type TextPosition, type TextSpan } from './position.ts'

export interface DefinedName {
  readonly name: string
  readonly kind: 'label' | 'constant' | 'macro' | 'section'
  readonly span: TextSpan
  /** The line as it is written. */
  readonly text: string
}

const DEFINING: Readonly<Record<string, DefinedName['kind']>> = {
  ...{ '.set': 'constant', '.equ': 'constant', '.equiv': 'constant', '.macro': 'macro' },
  ...{ '.comm': 'label', '.lcomm': 'label', '.section': 'section' },
}

/** In the order of the source; numbered labels as `1`. */
export function namesIn(text: string): DefinedName[] {
  return statementsIn(text).flatMap(namesOf)
}

function namesOf({ raw, labels, op, operands, assigned }: AsmStatement): DefinedName[] {
  const made = (name: string, kind: DefinedName['kind'], column: number): DefinedName => ({
    ...{ name, kind, text: raw.text.trim() },
    span: { line: raw.line, column, length: name.length },
  })
  const found = labels.map(label => made(label.text, 'label', label.column))
  if (assigned !== undefined && assigned.text !== '.') found.push(made(assigned.text, 'constant', assigned.column))
  const kind = DEFINING[op]
  const [first] = splitOperands(operands)
  const name = /^[^\s,"]+/.exec(first?.text ?? '')?.[0]
  if (kind !== undefined && name !== undefined) found.push(made(name, kind, first!.column))
  return found
}

/** The outline: what has a name of its own, without what is for the assembler only. */
export const outlineOf = (text: string): DefinedName[] =>
  namesIn(text).filter(({ name }) => !/^(\d+|\.L.*)$/.test(name))

/** Where what is pointed at is defined: for `1f` the next such label, for `1b` the one before. */
export function definitionAt(text: string, position: TextPosition): TextSpan | undefined {
  const pointed = pointedAt(text, position)
  if (pointed === undefined) return undefined
  const { word, statement } = pointed
  const names = namesIn(text)
  const [, digits, direction] = /^(\d+)([bf])$/.exec(word.text) ?? []
  if (digits === undefined) return names.find(({ name, kind }) => name === word.text && kind !== 'section')?.span
  const own = names.filter(({ name }) => name === digits)
  const here = statement.raw.line
  return direction === 'f'
    ? own.find(({ span }) => span.line > here)?.span
    : own.filter(({ span }) => span.line <= here).at(-1)?.span
}

/** Every place where the name pointed at stands, its definition among them. */
export function referencesAt(text: string, position: TextPosition): TextSpan[] {
  const pointed = pointedAt(text, position)
  if (pointed === undefined || !namesIn(text).some(({ name }) => name === pointed.word.text)) return []
  const { text: name } = pointed.word
  return statementsIn(text).flatMap(({ raw }) =>
    [...raw.text.matchAll(/[\w.$\u0080-\uffff]+/g)]
      .filter(found => found[0] === name)
      .map(found => ({ line: raw.line, column: raw.column + found.index, length: name.length })),
  )
}
