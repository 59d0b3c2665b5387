// A statement taken apart: its labels, what it asks for, and the text of what it asks it with.

import type { RawStatement } from './lines.ts'
import type { SourcePlace } from './problem.ts'

export interface AsmStatement {
  readonly raw: RawStatement
  readonly labels: readonly SourceWord[]
  /** The mnemonic, the directive with its dot, or `=`; lower case. Empty: labels and nothing else. */
  readonly op: string
  readonly opWord: SourceWord | undefined
  /** The name that `=` defines. */
  readonly assigned: SourceWord | undefined
  /** What follows, without blanks at its ends. */
  readonly operands: SourceWord
}

/** A piece of a statement; its column in the line, from 1. */
export interface SourceWord {
  readonly text: string
  readonly column: number
}

const LABEL = /\s*(?:([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*|\d+)|"([^"\\]*)")\s*:(?![:=])/y
const ASSIGNMENT = /\s*([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*)\s*(==?)(?!=)/y
const OP = /\s*([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*[-+]?)/y

export function parseStatement(raw: RawStatement): AsmStatement {
  const labels: SourceWord[] = []
  let at = 0
  const word = (text: string, end: number): SourceWord => ({ text, column: raw.column + end - text.length })
  for (;;) {
    LABEL.lastIndex = at
    const found = LABEL.exec(raw.text)
    if (found === null) break
    labels.push(word((found[1] ?? found[2])!, at + found[0].replace(/"?\s*:$/, '').length))
    at += found[0].length
  }
  ASSIGNMENT.lastIndex = at
  const assignment = ASSIGNMENT.exec(raw.text)
  if (assignment !== null) {
    const name = word(assignment[1]!, at + assignment[0].trimEnd().replace(/\s*==?$/, '').length)
    return { raw, labels, op: '=', opWord: name, assigned: name, operands: rest(raw, at + assignment[0].length) }
  }
  OP.lastIndex = at
  const op = OP.exec(raw.text)
  if (op === null) return { raw, labels, op: '', opWord: undefined, assigned: undefined, operands: rest(raw, at) }
  const end = at + op[0].length
  return {
    raw,
    labels,
    op: op[1]!.toLowerCase(),
    opWord: word(op[1]!, end),
    assigned: undefined,
    operands: rest(raw, end),
  }
}

function rest(raw: RawStatement, from: number): SourceWord {
  const text = raw.text.slice(from)
  const blanks = text.length - text.trimStart().length
  return { text: text.trim(), column: raw.column + from + blanks }
}

/** The whole of a statement, without the blanks around it. */
export function placeOf({ text, file, line, column }: RawStatement): SourcePlace {
  const blanks = text.length - text.trimStart().length
  return { file, line, column: column + blanks, length: Math.max(1, text.trim().length) }
}
