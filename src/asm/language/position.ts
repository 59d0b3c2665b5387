// Where in a source a person points, and what stands there.

import { placesFor, type Spelling, spellingsOf } from '../../isa/encode.ts'
import type { OperandCodec } from '../../isa/operands.ts'
import { type RawStatement, statementsOf } from '../lines.ts'
import { splitOperands } from '../operandText.ts'
import { type AsmStatement, parseStatement, type SourceWord } from '../statement.ts'

/** A place in a text; both count from 1, as in problems. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

/** A stretch of one line. */
export interface TextSpan extends TextPosition {
  readonly length: number
}

/** Names, numbers and their signs: what a hover is about. */
const TOKEN = /%?[A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*[-+]?|0[xXbB][\da-fA-F]+|\d+[bf]?|@\w+/g

/** The statements of `text`, by the lines of this text: markers of a preprocessor do not count. */
export const statementsIn = (text: string): AsmStatement[] =>
  statementsOf(text.replace(/^(\s*)#(?=\s*(?:line\s+)?\d+\s+")/gm, '$1 '), '').map(parseStatement)

/** What is at a place: the statement, the word, and for an operand what is wanted there. */
export interface Pointed {
  readonly statement: AsmStatement
  readonly word: SourceWord
  readonly role: 'label' | 'op' | 'operand'
  /** Of an operand of an instruction, what stands there; the register in parentheses where the word is in them. */
  readonly codec: OperandCodec | undefined
  /** The operand as a whole. */
  readonly operand: SourceWord | undefined
}

export function pointedAt(text: string, { line, column }: TextPosition): Pointed | undefined {
  const statement = statementAt(text, { line, column })
  if (statement === undefined) return undefined
  const word = wordAt(statement.raw, column)
  if (word === undefined) return undefined
  const rest = { statement, word, codec: undefined, operand: undefined }
  if (statement.labels.some(label => label.column === word.column)) return { ...rest, role: 'label' }
  if (statement.opWord?.column === word.column) return { ...rest, role: 'op' }
  const operand = operandAt(statement, word.column)
  return { ...rest, role: 'operand', operand: operand?.word, codec: operand?.codec }
}

/** The statement that holds the place, or ends right before it. */
export const statementAt = (text: string, { line, column }: TextPosition): AsmStatement | undefined =>
  statementsIn(text)
    .filter(({ raw }) => raw.line === line && raw.column <= column && column <= raw.column + raw.text.length)
    .at(-1)

/** The word that begins at or before a column and goes beyond it, or else the one that ends there. */
function wordAt(raw: RawStatement, column: number): SourceWord | undefined {
  let before: SourceWord | undefined
  for (const { 0: text, index } of raw.text.matchAll(TOKEN)) {
    const from = raw.column + index
    if (column >= from && column < from + text.length) return { text, column: from }
    if (column === from + text.length) before = { text, column: from }
  }
  return before
}

/** The operand at a column, with what the instruction wants there. */
export function operandAt(
  { op, operands }: AsmStatement,
  column: number,
): { readonly word: SourceWord; readonly codec: OperandCodec | undefined } | undefined {
  const words = splitOperands(operands)
  const index = words.findIndex(({ text, column: from }) => column >= from && column <= from + text.length)
  if (index < 0) return undefined
  const word = words[index]!
  const place = spellingFor(op, words.length)?.places[index]
  const isInside = word.text.lastIndexOf('(', column - word.column) > 0
  return { word, codec: place === undefined ? undefined : isInside ? (place.base ?? place.operand) : place.operand }
}

/** The way to write `op` with so many operands, or else the first; its places are those of the operands written. */
function spellingFor(op: string, count: number): Pick<Spelling, 'places'> | undefined {
  const all = spellingsOf(op)
  for (const spelling of all) {
    const places = placesFor(spelling, count)
    if (places !== undefined) return { places }
  }
  return all[0]
}
