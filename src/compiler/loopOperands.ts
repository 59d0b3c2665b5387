// Where the operands of an instruction are in the loop that interprets: registers in the state, fields in the word that
// stands in a local.

import { CR_OFFSET, SPR_OFFSET, WORDS_OFFSET, Word } from '../cpu/state.ts'
import type { Variant } from '../isa/decode.ts'
import { Spr } from '../isa/registers.ts'
import { FIELDS, type FieldName, type FieldReading, type PlaceName, type RegisterField } from '../isa/rtl/language.ts'
import type { RtlCall, RtlExpression } from '../isa/rtl/tree.ts'
import { Expressions, type Operands, type RtlOperand } from './expressions.ts'
import type { Locals } from './locals.ts'
import { type Code, Op } from './wasm.ts'

/** Where places of the language are in the linear memory; what is missing the loop has no form of. */
const PLACE_AT: Partial<Record<PlaceName, number>> = {
  LR: SPR_OFFSET + 4 * Spr.LR,
  CTR: SPR_OFFSET + 4 * Spr.CTR,
  MSR: WORDS_OFFSET + 4 * Word.MSR,
  CA: WORDS_OFFSET + 4 * Word.CA,
  OV: WORDS_OFFSET + 4 * Word.OV,
  SO: WORDS_OFFSET + 4 * Word.SO,
}

/** Locals that hold what is being executed: its address, and its word. */
export interface Fetched {
  readonly pc: number
  readonly word: number
}

export class LoopOperands implements Operands {
  readonly #code: Code
  readonly #locals: Locals
  readonly #fetched: Fetched
  /** Writes the value of a call that reaches beyond registers. @returns false for any other */
  readonly #reach: (call: RtlCall) => boolean
  readonly expressions: Expressions
  #variant!: Variant

  constructor(code: Code, locals: Locals, fetched: Fetched, reach: (call: RtlCall) => boolean) {
    this.#code = code
    this.#locals = locals
    this.#fetched = fetched
    this.#reach = reach
    this.expressions = new Expressions(code, locals, this)
  }

  begin(variant: Variant): void {
    this.#variant = variant
    this.expressions.begin()
  }

  // ---- fields of the word ------------------------------------------------------------------------------------------------

  /** A field without sign, shifted to the left by `shift`. */
  #field(name: string, shift = 0): void {
    const code = this.#code
    const { shift: from, width } = this.#variant.pattern.fields[name]!
    code.get(this.#fetched.word)
    const right = from - shift
    if (right !== 0) {
      code.i32(Math.abs(right))
      code.op(right > 0 ? Op.i32_shr_u : Op.i32_shl)
    }
    code.i32((2 ** width - 1) << shift)
    code.op(Op.i32_and)
  }

  /** As fields.ts reads it. */
  #value(name: FieldName): void {
    const code = this.#code
    const reading: FieldReading = FIELDS[name]
    if (reading.as === 'mask') return this.#mask()
    const { fields } = this.#variant.pattern
    const field = reading.fields.find(each => each in fields)!
    if (reading.as === 'halves') {
      this.#field(field)
      const value = this.#locals.forInsn()
      code.tee(value)
      code.i32(5)
      code.op(Op.i32_shr_u)
      code.get(value)
      code.i32(31)
      code.op(Op.i32_and)
      code.i32(5)
      code.op(Op.i32_shl)
      return code.op(Op.i32_or)
    }
    if (reading.as === 'count') throw new Error('the loop moves no strings')
    if (reading.signed !== true) return this.#field(field)
    const { shift, width } = fields[field]!
    code.get(this.#fetched.word)
    if (32 - width - shift > 0) {
      code.i32(32 - width - shift)
      code.op(Op.i32_shl)
    }
    code.i32(32 - width)
    code.op(Op.i32_shr_s)
    const scale = reading.shift ?? 0
    if (scale === 0) return
    code.i32(scale)
    code.op(Op.i32_shl)
  }

  /** The ones from MB to ME. */
  #mask(): void {
    const code = this.#code
    const [from, to] = [this.#locals.forInsn(), this.#locals.forInsn()]
    code.i32(-1)
    this.#field('mb')
    code.op(Op.i32_shr_u)
    code.tee(from)
    code.i32(-1)
    code.i32(31)
    this.#field('me')
    code.op(Op.i32_sub)
    code.op(Op.i32_shl)
    code.tee(to)
    code.op(Op.i32_and)
    code.get(from)
    code.get(to)
    code.op(Op.i32_or)
    this.#field('mb')
    this.#field('me')
    code.op(Op.i32_le_u)
    code.op(Op.select)
  }

  // ---- registers ---------------------------------------------------------------------------------------------------------

  /** The address of the general register that `field` names. */
  gprAddress(field: RegisterField): void {
    this.#field(field, 2)
  }

  /** The address of the field of CR with that number. */
  crAddress(number: RtlExpression): void {
    const code = this.#code
    this.expressions.write(number)
    code.i32(2)
    code.op(Op.i32_shl)
  }

  placeAddress(name: PlaceName): number {
    const at = PLACE_AT[name]
    if (at === undefined) throw new Error(`the loop has no ${name}`)
    return at
  }

  constant(): undefined {
    return undefined
  }

  write(operand: RtlOperand): void {
    const code = this.#code
    switch (operand.op) {
      case 'field':
        return this.#value(operand.name)
      case 'register':
        this.gprAddress(operand.field)
        if (!operand.orZero) return code.access(Op.i32_load, 0)
        code.access(Op.i32_load, 0)
        code.i32(0)
        this.#field(operand.field)
        return code.op(Op.select)
      case 'place':
        if (operand.name === 'CIA') return code.get(this.#fetched.pc)
        code.i32(0)
        return code.access(Op.i32_load, this.placeAddress(operand.name))
      case 'conditionField':
        this.crAddress(operand.number)
        return code.access(Op.i32_load, CR_OFFSET)
    }
  }

  call(call: RtlCall): boolean {
    const { name, args } = call
    switch (name) {
      case 'CRBIT':
        this.#crBit(args[0]!)
        return true
      case 'packCr':
        this.#packed()
        return true
      case 'compare':
      case 'compareUnsigned':
        this.compare(
          name === 'compare',
          () => this.expressions.write(args[0]!),
          () => this.expressions.write(args[1]!),
        )
        return true
      default:
        return this.#reach(call)
    }
  }

  // ---- the condition register, a nibble for each field -------------------------------------------------------------------

  /** The nibble that tells how two values compare, SO among its bits. */
  compare(signed: boolean, left: () => void, right: () => void): void {
    const code = this.#code
    const [a, b] = [this.#locals.forInsn(), this.#locals.forInsn()]
    left()
    code.set(a)
    right()
    code.set(b)
    code.i32(8)
    code.i32(4)
    code.i32(2)
    code.get(a)
    code.get(b)
    code.op(signed ? Op.i32_gt_s : Op.i32_gt_u)
    code.op(Op.select)
    code.get(a)
    code.get(b)
    code.op(signed ? Op.i32_lt_s : Op.i32_lt_u)
    code.op(Op.select)
    code.i32(0)
    code.access(Op.i32_load, this.placeAddress('SO'))
    code.op(Op.i32_or)
  }

  /** The address of the field that holds a bit of CR, and its place in there from the right. */
  #bitAt(number: RtlExpression): { readonly field: number; readonly shift: number } {
    const code = this.#code
    const [field, shift] = [this.#locals.forInsn(), this.#locals.forInsn()]
    this.expressions.write(number)
    code.tee(shift)
    code.i32(0x1c)
    code.op(Op.i32_and)
    code.set(field)
    code.get(shift)
    code.i32(-1)
    code.op(Op.i32_xor)
    code.i32(3)
    code.op(Op.i32_and)
    code.set(shift)
    return { field, shift }
  }

  #crBit(number: RtlExpression): void {
    const code = this.#code
    const { field, shift } = this.#bitAt(number)
    code.get(field)
    code.access(Op.i32_load, CR_OFFSET)
    code.get(shift)
    code.op(Op.i32_shr_u)
    code.i32(1)
    code.op(Op.i32_and)
  }

  setCrBit(number: RtlExpression, value: RtlExpression): void {
    const code = this.#code
    const { field, shift } = this.#bitAt(number)
    code.get(field)
    code.get(field)
    code.access(Op.i32_load, CR_OFFSET)
    code.i32(1)
    code.get(shift)
    code.op(Op.i32_shl)
    code.i32(-1)
    code.op(Op.i32_xor)
    code.op(Op.i32_and)
    this.expressions.write(value)
    code.i32(0)
    code.op(Op.i32_ne)
    code.get(shift)
    code.op(Op.i32_shl)
    code.op(Op.i32_or)
    code.access(Op.i32_store, CR_OFFSET)
  }

  #packed(): void {
    const code = this.#code
    for (let n = 0; n < 8; n++) {
      code.i32(0)
      code.access(Op.i32_load, CR_OFFSET + 4 * n)
      code.i32(28 - 4 * n)
      code.op(Op.i32_shl)
      if (n > 0) code.op(Op.i32_or)
    }
  }

  unpack(value: RtlExpression, fxm: RtlExpression): void {
    const code = this.#code
    const [whole, mask] = [this.#locals.forInsn(), this.#locals.forInsn()]
    this.expressions.write(value)
    code.set(whole)
    this.expressions.write(fxm)
    code.set(mask)
    for (let n = 0; n < 8; n++) {
      code.get(mask)
      code.i32(0x80 >>> n)
      code.op(Op.i32_and)
      code.open(Op.if)
      code.i32(0)
      code.get(whole)
      code.i32(28 - 4 * n)
      code.op(Op.i32_shr_u)
      code.i32(15)
      code.op(Op.i32_and)
      code.access(Op.i32_store, CR_OFFSET + 4 * n)
      code.end()
    }
  }
}
