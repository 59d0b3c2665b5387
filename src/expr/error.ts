// What is thrown for an expression that has no value.

import { UserError } from '../util/userError.ts'

/** An expression that cannot be understood or evaluated: where in its text, what is wrong, and what to do. */
export class ExpressionError extends UserError {
  /** Offset into the text, from 0. */
  readonly position: number

  constructor(position: number, what: string, advice: string) {
    super('expression', what, advice)
    this.name = 'ExpressionError'
    this.position = position
  }
}
