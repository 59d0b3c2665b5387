// The condition register in compiled code: comparisons that are only made so far, fields as the i64 that stands for them
// (layout.ts), and as their four bits.

import type { RtlExpression } from '../isa/rtl/tree.ts'
import { fieldsIn } from './effects.ts'
import { type CodeContext, CR_VALUES } from './layout.ts'
import { comparedLeft, comparedRight, crValue, type Locals } from './locals.ts'
import { type Code, Op } from './wasm.ts'

/** A comparison that has been made in a field of CR, but not written down: in locals, or with a number on its right. */
export interface Compared {
  readonly signed: boolean
  readonly right: number | 'local'
}

/** What is known of the condition register at a point of the code: `undefined`: the i64 of the field is up to date. */
export type ConditionFacts = (Compared | undefined)[]

const LT_BIT = 1n << 62n

/** What the condition register needs of expressions. */
interface Values {
  write(value: RtlExpression): void
  constant(value: RtlExpression): number | undefined
}

export class ConditionFields {
  readonly #code: Code
  readonly #locals: Locals
  readonly #context: CodeContext
  readonly #values: Values
  conditions: ConditionFacts = []

  constructor(code: Code, locals: Locals, context: CodeContext, values: Values) {
    this.#code = code
    this.#locals = locals
    this.#context = context
    this.#values = values
  }

  /** Field `n` has the outcome of comparing two values. */
  compare(n: number, signed: boolean, left: RtlExpression, right: RtlExpression): void {
    const code = this.#code
    this.#values.write(left)
    code.set(this.#locals.index(comparedLeft(n)))
    const known = this.#values.constant(right)
    if (known === undefined) {
      this.#values.write(right)
      code.set(this.#locals.index(comparedRight(n)))
    }
    this.conditions[n] = { signed, right: known ?? 'local' }
  }

  /** Field `n` has the outcome of comparing the value on the stack, -1, 0 or 1, with 0, whatever SO is. */
  compareFloat(n: number): void {
    const code = this.#code
    if (this.#context.summaryOverflow === 0) {
      code.set(this.#locals.index(comparedLeft(n)))
      this.conditions[n] = { signed: true, right: 0 }
      return
    }
    // 2 is equal, 4 above, 8 below.
    const order = this.#locals.forInsn()
    code.set(order)
    code.i32(2)
    code.get(order)
    code.i32(3)
    code.op(Op.i32_and)
    code.i32(1)
    code.op(Op.i32_add)
    code.i32(1)
    code.op(Op.i32_shr_u)
    code.op(Op.i32_shl)
    this.setNibble(n)
  }

  #compared(n: number, { right }: Compared): void {
    this.#code.get(this.#locals.index(comparedLeft(n)))
    if (right === 'local') this.#code.get(this.#locals.index(comparedRight(n)))
    else this.#code.i32(right)
  }

  /** The i64 of field `n` onto the stack. */
  crValue(n: number): void {
    const code = this.#code
    const compared = this.conditions[n]
    if (compared === undefined) return code.get(this.#locals.index(crValue(n)))
    if (this.#context.summaryOverflow === 1) {
      this.nibble(n)
      return this.#encoded()
    }
    const extend = compared.signed ? Op.i64_extend_i32_s : Op.i64_extend_i32_u
    code.get(this.#locals.index(comparedLeft(n)))
    code.op(extend)
    if (compared.right !== 0) {
      if (compared.right === 'local') {
        code.get(this.#locals.index(comparedRight(n)))
        code.op(extend)
      } else code.i64(compared.signed ? BigInt(compared.right) : BigInt(compared.right >>> 0))
      code.op(Op.i64_sub)
    }
  }

  /** Writes down what was only compared so far in the fields of `mask`, bit n for field n. */
  settle(mask: number): void {
    for (let n = 0; n < 8; n++) {
      if ((mask & (1 << n)) === 0 || this.conditions[n] === undefined) continue
      this.crValue(n)
      this.#code.set(this.#locals.index(crValue(n)))
      this.conditions[n] = undefined
    }
  }

  /** Bit `number` of CR, 0 or 1. */
  bit(number: number): void {
    const code = this.#code
    const n = number >>> 2
    const compared = this.conditions[n]
    if (compared !== undefined) {
      if ((number & 3) === 3) return code.i32(this.#context.summaryOverflow)
      this.#compared(n, compared)
      const [below, above] = compared.signed ? [Op.i32_lt_s, Op.i32_gt_s] : [Op.i32_lt_u, Op.i32_gt_u]
      return code.op([below, above, Op.i32_eq][number & 3]!)
    }
    code.get(this.#locals.index(crValue(n)))
    switch (number & 3) {
      case 0:
        code.i64(LT_BIT)
        code.op(Op.i64_and)
        code.op(Op.i64_eqz)
        return code.op(Op.i32_eqz)
      case 1:
        code.i64(0n)
        return code.op(Op.i64_gt_s)
      case 2:
        code.op(Op.i32_wrap_i64)
        return code.op(Op.i32_eqz)
      case 3:
        code.i64(63n)
        code.op(Op.i64_shr_u)
        code.op(Op.i32_wrap_i64)
        code.get(this.#locals.index(crValue(n)))
        code.i64(61n)
        code.op(Op.i64_shr_u)
        code.op(Op.i32_wrap_i64)
        code.op(Op.i32_xor)
        code.i32(1)
        return code.op(Op.i32_and)
    }
  }

  /** Field `n` as its four bits. */
  nibble(n: number): void {
    const code = this.#code
    for (let bit = 0; bit < 4; bit++) {
      this.bit(4 * n + bit)
      if (bit < 3) {
        code.i32(3 - bit)
        code.op(Op.i32_shl)
      }
      if (bit > 0) code.op(Op.i32_or)
    }
  }

  /** Field `n` takes the four bits on the stack. */
  setNibble(n: number): void {
    this.#encoded()
    this.#code.set(this.#locals.index(crValue(n)))
    this.conditions[n] = undefined
  }

  /** From the four bits on the stack to the i64 that stands for them. */
  #encoded(): void {
    const code = this.#code
    code.i32(3)
    code.op(Op.i32_shl)
    code.access(Op.i64_load, CR_VALUES)
  }

  setBit(number: number, value: RtlExpression): void {
    const code = this.#code
    const [n, shift] = [number >>> 2, 3 - (number & 3)]
    this.nibble(n)
    code.i32(15 & ~(1 << shift))
    code.op(Op.i32_and)
    this.#values.write(value)
    code.i32(0)
    code.op(Op.i32_ne)
    code.i32(shift)
    code.op(Op.i32_shl)
    code.op(Op.i32_or)
    this.setNibble(n)
  }

  packed(): void {
    const code = this.#code
    for (let n = 0; n < 8; n++) {
      this.nibble(n)
      code.i32(28 - 4 * n)
      code.op(Op.i32_shl)
      if (n > 0) code.op(Op.i32_or)
    }
  }

  unpack(value: RtlExpression, fxm: number): void {
    const code = this.#code
    for (const n of fieldsIn(fxm)) {
      this.#values.write(value)
      code.i32(28 - 4 * n)
      code.op(Op.i32_shr_u)
      code.i32(15)
      code.op(Op.i32_and)
      this.setNibble(n)
    }
  }
}
