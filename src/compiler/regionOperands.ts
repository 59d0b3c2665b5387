// Where the operands of one instruction of a region are: registers in locals, fields known with the word.

import type { Variant } from '../isa/decode.ts'
import { Spr } from '../isa/registers.ts'
import { fieldValue } from '../isa/rtl/fields.ts'
import type { RtlCall } from '../isa/rtl/tree.ts'
import { ConditionFields } from './conditionFields.ts'
import type { GuestInsn } from './effects.ts'
import { Expressions, type Operands, type RtlOperand } from './expressions.ts'
import { FPSCR_AT } from './floatOperations.ts'
import type { CodeContext } from './layout.ts'
import { CA_LOCAL, CTR_LOCAL, gpr, type Locals, LR_LOCAL } from './locals.ts'
import type { MemoryAccesses } from './memoryAccesses.ts'
import { type Code, Op } from './wasm.ts'

/** What lies beyond registers. */
export interface Reach {
  memory(): MemoryAccesses
  /** Writes half of the time base. */
  time(half: 'TBL' | 'TBU'): void
}

export class RegionOperands implements Operands {
  readonly #code: Code
  readonly #locals: Locals
  readonly #context: CodeContext
  readonly expressions: Expressions
  /** The condition register where code is being written. */
  readonly cr: ConditionFields
  readonly #reach: Reach
  #variant!: Variant
  #word = 0
  #pc = 0

  constructor(code: Code, locals: Locals, context: CodeContext, reach: Reach) {
    this.#code = code
    this.#locals = locals
    this.#context = context
    this.#reach = reach
    this.expressions = new Expressions(code, locals, this)
    this.cr = new ConditionFields(code, locals, context, this.expressions)
  }

  begin({ variant, word, pc }: GuestInsn): void {
    this.#variant = variant
    this.#word = word
    this.#pc = pc
    this.expressions.begin()
  }

  /** The number of the register that `field` names. */
  number(field: string): number {
    return (this.#word >>> this.#variant.pattern.fields[field]!.shift) & 31
  }

  constant(operand: RtlOperand): number | undefined {
    switch (operand.op) {
      case 'field':
        return fieldValue(this.#variant.pattern, operand.name, this.#word) | 0
      case 'register':
        return operand.orZero && this.number(operand.field) === 0 ? 0 : undefined
      case 'place':
        if (operand.name === 'CIA') return this.#pc
        return operand.name === 'SO' ? this.#context.summaryOverflow : undefined
      case 'conditionField':
        return undefined
    }
  }

  write(operand: RtlOperand): void {
    const code = this.#code
    switch (operand.op) {
      case 'register':
        return code.get(this.#locals.index(gpr(this.number(operand.field))))
      case 'place':
        if (operand.name === 'FPSCR') {
          code.i32(0)
          return code.access(Op.i32_load, FPSCR_AT)
        }
        return code.get(
          this.#locals.index(operand.name === 'LR' ? LR_LOCAL : operand.name === 'CTR' ? CTR_LOCAL : CA_LOCAL),
        )
      case 'conditionField':
        return this.cr.nibble(this.expressions.constant(operand.number)!)
      case 'field':
        throw new Error('a field is always known')
    }
  }

  call({ name, args }: RtlCall): boolean {
    switch (name) {
      case 'read8':
      case 'read16':
      case 'read32':
        this.#reach.memory().read(name, args[0]!)
        return true
      case 'lwarx':
        this.#reach.memory().softTlb.reserve(args[0]!)
        return true
      case 'stwcx':
        this.#reach.memory().writeReserved(args[0]!, args[1]!)
        return true
      case 'mfspr':
        this.#readSpr(this.expressions.constant(args[0]!))
        return true
      case 'CRBIT':
        this.cr.bit(this.expressions.constant(args[0]!)!)
        return true
      case 'packCr':
        this.cr.packed()
        return true
      default:
        return false
    }
  }

  /** Those that compiled code has. */
  #readSpr(number: number | undefined): void {
    if (number === Spr.TBL) this.#reach.time('TBL')
    else if (number === Spr.TBU) this.#reach.time('TBU')
    else this.#code.get(this.#locals.index(number === Spr.LR ? LR_LOCAL : CTR_LOCAL))
  }
}
