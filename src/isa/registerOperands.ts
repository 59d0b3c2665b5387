// The operands of an instruction that say which registers it reads and writes, for those who follow code without
// executing it.

import { decode } from './decode.ts'
import { splitNumber } from './operands.ts'
import { fieldsOf } from './pattern.ts'

export interface RegisterOperands {
  /** The row of the instruction table. */
  readonly name: string
  /** RT or RS, FRT or FRS. */
  readonly t: number
  readonly a: number
  readonly b: number
  /** D or SI, signed. */
  readonly d: number
  /** The number of a special purpose register. */
  readonly spr: number
}

/** @returns undefined for what is no instruction; operands that it does not have are 0 */
export function registerOperands(word: number): RegisterOperands | undefined {
  const variant = decode(word)
  if (variant === undefined) return undefined
  const { rt, rs, frt, frs, ra = 0, rb = 0, d, si, ui, spr = 0 } = fieldsOf(variant.pattern, word)
  return {
    name: variant.insn.name,
    t: rt ?? rs ?? frt ?? frs ?? 0,
    a: ra,
    b: rb,
    d: ((d ?? si ?? ui ?? 0) << 16) >> 16,
    spr: splitNumber(spr),
  }
}
