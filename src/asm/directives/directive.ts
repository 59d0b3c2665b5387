// What a directive is: something done to the assembly.

import type { Assembler } from '../assembler.ts'
import { splitOperands } from '../operandText.ts'
import { AsmError } from '../problem.ts'
import type { AsmStatement, SourceWord } from '../statement.ts'

export type Directive = (assembler: Assembler, statement: AsmStatement) => void

/** The operands, at least `least` and at most `most` of them. @throws AsmError */
export function operandsOf({ op, operands }: AsmStatement, least: number, most: number): SourceWord[] {
  const words = splitOperands(operands)
  if (words.length < least || words.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`
    throw new AsmError(
      `${op} takes ${wanted} operand${most === 1 ? '' : 's'}`,
      operands.column,
      operands.text.length || 1,
    )
  }
  return words
}

/** The name that an operand is. @throws AsmError */
export function nameIn({ text, column }: SourceWord): string {
  const [, quoted, plain] = /^(?:"([^"\\]+)"|([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*))$/.exec(text) ?? []
  const name = quoted ?? plain
  if (name === undefined)
    throw new AsmError(text === '' ? 'a name is missing' : `${text} is no name`, column, text.length || 1)
  return name
}

/** A number of things, known now and not negative. @throws AsmError */
export function countIn(assembler: Assembler, word: SourceWord): number {
  const count = assembler.number(word)
  if (count < 0n || count > 0xffffffffn) throw new AsmError(`${count} is no size`, word.column, word.text.length)
  return Number(count)
}
