// The operand list of a statement, cut at its commas.

import { quotedAt } from './lines.ts'
import type { SourceWord } from './statement.ts'

/** The operands of a statement, each with its column; none for an empty text. */
export function splitOperands({ text, column }: SourceWord): SourceWord[] {
  if (text === '') return []
  const words: SourceWord[] = []
  let depth = 0
  let from = 0
  const end = (to: number) => {
    const part = text.slice(from, to)
    words.push({ text: part.trim(), column: column + from + part.length - part.trimStart().length })
    from = to + 1
  }
  for (let i = 0; i < text.length; ) {
    const quoted = quotedAt(text, i)
    if (quoted === undefined) {
      if (text[i] === '(') depth++
      else if (text[i] === ')') depth--
      else if (text[i] === ',' && depth <= 0) end(i)
    }
    i += quoted?.length ?? 1
  }
  end(text.length)
  return words
}
