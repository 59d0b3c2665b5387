// Another way to write an instruction: a narrower pattern with a name and operands of its own.

import { type OperandPlace, placesOf } from '../operands.ts'
import { fieldsOf, type Pattern, parsePattern } from '../pattern.ts'

/** Values of the fields of a pattern, by name. */
export type FormFields = Readonly<Record<string, number>>

export interface Form {
  /** `~` stands for the branch hint, `+` or `-`; `oe:1` and `rc:1` in the pattern add the `o` and the dot. */
  readonly name: string
  readonly pattern: string
  readonly operands: string
  /** What neither a pattern nor an operand can say. */
  readonly when?: (fields: FormFields) => boolean
}

/** A form with its pattern and operands taken apart. */
export interface ParsedForm {
  readonly form: Form
  readonly pattern: Pattern
  readonly places: readonly OperandPlace[]
}

export const parseForm = (form: Form): ParsedForm => ({
  form,
  pattern: parsePattern(form),
  places: placesOf(form.operands),
})

/** What an operand list shows of a word. */
export interface ShownOperands {
  readonly fields: FormFields
  /** The number of each place, and of the register in parentheses behind it. */
  readonly values: readonly { readonly value: number; readonly base: number | undefined }[]
}

/** The operands that make `word` at `pc` in this form, or undefined where none do. Reserved bits are ignored. */
export function readForm({ form, pattern, places }: ParsedForm, word: number, pc: number): ShownOperands | undefined {
  if ((word & pattern.mask) >>> 0 !== pattern.match) return undefined
  const fields = fieldsOf(pattern, word)
  if (form.when?.(fields) === false) return undefined
  const values = []
  for (const { operand, base } of places) {
    const value = operand.read(fields, pc)
    if (value === undefined) return undefined
    values.push({ value, base: base?.read(fields, pc) })
  }
  return { fields, values }
}
