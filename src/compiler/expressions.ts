// From the tree of a meaning to WebAssembly: expressions, and the condition register behind them.

import type { Variant } from '../isa/decode.ts'
import { Spr } from '../isa/registers.ts'
import { fieldValue } from '../isa/rtl/fields.ts'
import type { FunctionName } from '../isa/rtl/language.ts'
import type { RtlCall, RtlExpression, RtlOperator, RtlType } from '../isa/rtl/tree.ts'
import { fieldsIn } from './effects.ts'
import { FPSCR_AT } from './floatOperations.ts'
import { type CodeContext, CR_VALUES } from './layout.ts'
import {
  CA_LOCAL,
  CTR_LOCAL,
  comparedLeft,
  comparedRight,
  crValue,
  gpr,
  type Locals,
  LR_LOCAL,
  WIDE_SCRATCH,
} from './locals.ts'
import { type Code, Op } from './wasm.ts'

/** A comparison that has been made in a field of CR, but not written down: in locals, or with a number on its right. */
export interface Compared {
  readonly signed: boolean
  readonly right: number | 'local'
}

/** What is known of the condition register at a point of the code: `undefined`: the i64 of the field is up to date. */
export type ConditionFacts = (Compared | undefined)[]

const OPERATORS: Readonly<Record<RtlOperator, { readonly i32?: number; readonly i64?: number }>> = {
  '+': { i32: Op.i32_add, i64: Op.i64_add },
  '-': { i32: Op.i32_sub, i64: Op.i64_sub },
  '*': { i32: Op.i32_mul, i64: Op.i64_mul },
  '&': { i32: Op.i32_and },
  '|': { i32: Op.i32_or },
  '^': { i32: Op.i32_xor },
  '<<': { i32: Op.i32_shl },
  '>>': { i32: Op.i32_shr_s },
  '>>>': { i32: Op.i32_shr_u },
  '<': { i32: Op.i32_lt_s, i64: Op.i64_lt_s },
  '<=': { i32: Op.i32_le_s, i64: Op.i64_le_s },
  '>': { i32: Op.i32_gt_s, i64: Op.i64_gt_s },
  '>=': { i32: Op.i32_ge_s, i64: Op.i64_ge_s },
  '===': { i32: Op.i32_eq, i64: Op.i64_eq },
  '!==': { i32: Op.i32_ne, i64: Op.i64_ne },
  '&&': { i32: Op.i32_and },
  '||': { i32: Op.i32_or },
}

/** Functions that are one instruction. */
const DIRECT: Partial<Record<FunctionName, number>> = {
  ltu: Op.i32_lt_u,
  rotl: Op.i32_rotl,
  clz: Op.i32_clz,
  low: Op.i32_extend16_s,
  unsigned: Op.i64_extend_i32_u,
}

const LT_BIT = 1n << 62n

/** `value`: a number, or the index of the local that holds it. */
interface Temporary {
  readonly name: string
  readonly isConstant: boolean
  readonly value: number
}

/** Writes the value of expressions of one instruction after the other onto the stack. A bool is an i32, 0 or 1. */
export class Expressions {
  readonly #code: Code
  readonly #locals: Locals
  readonly #context: CodeContext
  /** Of the instruction at hand: there are few. */
  readonly #temporaries: Temporary[] = []
  #variant!: Variant
  #word = 0
  #pc = 0
  conditions: ConditionFacts = []
  /** Writes the load that a call stands for. */
  readonly #read: (name: FunctionName, address: RtlExpression) => void

  constructor(
    code: Code,
    locals: Locals,
    context: CodeContext,
    read: (name: FunctionName, address: RtlExpression) => void,
  ) {
    this.#read = read
    this.#code = code
    this.#locals = locals
    this.#context = context
  }

  begin(variant: Variant, word: number, pc: number): void {
    this.#variant = variant
    this.#word = word
    this.#pc = pc
    this.#temporaries.length = 0
  }

  /** The number of the register that `field` names. */
  number(field: string): number {
    return (this.#word >>> this.#variant.pattern.fields[field]!.shift) & 31
  }

  bindConstant(name: string, constant: number): void {
    this.#temporaries.push({ name, isConstant: true, value: constant })
  }

  /** Gives a temporary the value on the stack. */
  bind(name: string, type: RtlType): void {
    const local = type === 'i64' ? this.#locals.index(WIDE_SCRATCH) : this.#locals.forInsn()
    this.#code.set(local)
    this.#temporaries.push({ name, isConstant: false, value: local })
  }

  #temporary(name: string): Temporary {
    return this.#temporaries.find(temporary => temporary.name === name)!
  }

  /** The value, where it is known with the word. */
  constant(value: RtlExpression): number | undefined {
    switch (value.op) {
      case 'constant':
        return value.value | 0
      case 'field':
        return fieldValue(this.#variant.pattern, value.name, this.#word) | 0
      case 'register':
        return value.orZero && this.number(value.field) === 0 ? 0 : undefined
      case 'place':
        if (value.name === 'CIA') return this.#pc
        return value.name === 'SO' ? this.#context.summaryOverflow : undefined
      case 'temporary': {
        const { isConstant, value: known } = this.#temporary(value.name)
        return isConstant ? known : undefined
      }
      case 'unary':
        return this.#constantUnary(value)
      case 'binary':
        return value.type === 'i32' ? this.#constantBinary(value) : undefined
      default:
        return undefined
    }
  }

  #constantUnary({ operator, value, type }: RtlExpression & { op: 'unary' }): number | undefined {
    const known = type === 'i32' ? this.constant(value) : undefined
    if (known === undefined) return undefined
    return operator === '-' ? -known | 0 : ~known
  }

  #constantBinary({ operator, left, right }: RtlExpression & { op: 'binary' }): number | undefined {
    const [a, b] = [this.constant(left), this.constant(right)]
    if (a === undefined || b === undefined) return undefined
    switch (operator) {
      case '+':
        return (a + b) | 0
      case '-':
        return (a - b) | 0
      case '*':
        return Math.imul(a, b)
      case '&':
        return a & b
      case '|':
        return a | b
      case '^':
        return a ^ b
      case '<<':
        return a << b
      case '>>':
        return a >> b
      case '>>>':
        return (a >>> b) | 0
      default:
        return undefined
    }
  }

  write(value: RtlExpression): void {
    const code = this.#code
    const known = this.constant(value)
    if (known !== undefined) return code.i32(known)
    switch (value.op) {
      case 'register':
        return code.get(this.#locals.index(gpr(this.number(value.field))))
      case 'place':
        if (value.name === 'FPSCR') {
          code.i32(0)
          return code.access(Op.i32_load, FPSCR_AT)
        }
        return code.get(
          this.#locals.index(value.name === 'LR' ? LR_LOCAL : value.name === 'CTR' ? CTR_LOCAL : CA_LOCAL),
        )
      case 'conditionField':
        return this.nibble(this.constant(value.number)!)
      case 'temporary':
        return code.get(this.#temporary(value.name).value)
      case 'unary':
        return this.#unary(value)
      case 'binary':
        return this.#binary(value)
      case 'choose':
        this.write(value.then)
        this.write(value.otherwise)
        this.write(value.condition)
        return code.op(Op.select)
      case 'extend':
        this.write(value.value)
        return code.op(Op.i64_extend_i32_s)
      case 'cut':
        this.write(value.value)
        return code.op(Op.i32_wrap_i64)
      case 'call':
        return this.#call(value)
      case 'constant':
      case 'field':
        throw new Error(`${value.op} is always known`)
    }
  }

  #unary({ operator, value }: RtlExpression & { op: 'unary' }): void {
    const code = this.#code
    if (operator === '-') code.i32(0)
    this.write(value)
    if (operator === '!') return code.op(Op.i32_eqz)
    if (operator === '-') return code.op(Op.i32_sub)
    code.i32(-1)
    code.op(Op.i32_xor)
  }

  #binary({ operator, left, right }: RtlExpression & { op: 'binary' }): void {
    this.write(left)
    const known = this.constant(right)
    // What changes nothing is left out.
    if (known === 0 && (operator === '+' || operator === '|' || operator === '-')) return
    if (known === -1 && operator === '&') return
    this.write(right)
    this.#code.op(OPERATORS[operator][left.type === 'i64' ? 'i64' : 'i32']!)
  }

  // ---- functions of the language --------------------------------------------------------------------------------------

  #call({ name, args }: RtlCall): void {
    const code = this.#code
    const direct = DIRECT[name]
    if (direct !== undefined) {
      const turns = name === 'rotl' ? this.constant(args[1]!) : undefined
      this.write(args[0]!)
      if (turns === 0) return
      if (args.length > 1) this.write(args[1]!)
      return code.op(direct)
    }
    switch (name) {
      case 'read8':
      case 'read16':
      case 'read32':
        return this.#read(name, args[0]!)
      case 'mfspr':
        return code.get(this.#locals.index(this.constant(args[0]!) === Spr.LR ? LR_LOCAL : CTR_LOCAL))
      case 'CRBIT':
        return this.bit(this.constant(args[0]!)!)
      case 'packCr':
        return this.#packed()
      case 'mulhs':
      case 'mulhu':
        return this.#highProduct(name === 'mulhs', args)
      case 'divs':
      case 'divu':
        return this.#quotient(name === 'divs', args)
      case 'carries':
        return this.#carries(args)
      case 'shiftedOut':
        return this.#shiftedOut(args)
      case 'trapHolds':
        return this.#trapHolds(args)
      case 'high':
        this.write(args[0]!)
        code.i32(16)
        return code.op(Op.i32_shr_s)
      case 'lowU':
        this.write(args[0]!)
        code.i32(0xffff)
        return code.op(Op.i32_and)
      case 'highU':
        this.write(args[0]!)
        code.i32(16)
        return code.op(Op.i32_shr_u)
      case 'swap16':
      case 'swap32':
        this.write(args[0]!)
        return this.swap(name === 'swap16' ? 2 : 4)
      default:
        throw new Error(`no compiled form of ${name}`)
    }
  }

  /** Reverses the bytes of the value on the stack; the upper half of two bytes is not looked at, and is 0 then. */
  swap(size: 1 | 2 | 4): void {
    const code = this.#code
    if (size === 1) return
    const value = this.#locals.forInsn()
    code.tee(value)
    if (size === 2) {
      code.i32(0xff)
      code.op(Op.i32_and)
      code.i32(8)
      code.op(Op.i32_shl)
      code.get(value)
      code.i32(8)
      code.op(Op.i32_shr_u)
      code.i32(0xff)
      code.op(Op.i32_and)
      return code.op(Op.i32_or)
    }
    code.i32(8)
    code.op(Op.i32_rotl)
    code.i32(0x00ff00ff)
    code.op(Op.i32_and)
    code.get(value)
    code.i32(8)
    code.op(Op.i32_rotr)
    code.i32(0xff00ff00)
    code.op(Op.i32_and)
    code.op(Op.i32_or)
  }

  #highProduct(signed: boolean, args: readonly RtlExpression[]): void {
    const code = this.#code
    for (const arg of args) {
      this.write(arg)
      code.op(signed ? Op.i64_extend_i32_s : Op.i64_extend_i32_u)
    }
    code.op(Op.i64_mul)
    code.i64(32n)
    code.op(Op.i64_shr_u)
    code.op(Op.i32_wrap_i64)
  }

  /** 0 where the quotient is undefined. */
  #quotient(signed: boolean, args: readonly RtlExpression[]): void {
    const code = this.#code
    const [a, b, bad] = [this.#locals.forInsn(), this.#locals.forInsn(), this.#locals.forInsn()]
    this.write(args[0]!)
    code.set(a)
    this.write(args[1]!)
    code.tee(b)
    code.op(Op.i32_eqz)
    if (signed) {
      code.get(b)
      code.i32(-1)
      code.op(Op.i32_eq)
      code.get(a)
      code.i32(-0x80000000)
      code.op(Op.i32_eq)
      code.op(Op.i32_and)
      code.op(Op.i32_or)
    }
    code.set(bad)
    code.i32(0)
    code.get(a)
    code.i32(1)
    code.get(b)
    code.get(bad)
    code.op(Op.select)
    code.op(signed ? Op.i32_div_s : Op.i32_div_u)
    code.get(bad)
    code.op(Op.select)
  }

  /** r below a, or equal to it where a carry came in. */
  #carries([r, a, c]: readonly RtlExpression[]): void {
    const code = this.#code
    this.write(r!)
    this.write(a!)
    code.op(Op.i32_lt_u)
    this.write(r!)
    this.write(a!)
    code.op(Op.i32_eq)
    this.write(c!)
    code.op(Op.i32_and)
    code.op(Op.i32_or)
  }

  #shiftedOut([s, n]: readonly RtlExpression[]): void {
    const code = this.#code
    const known = this.constant(n!)
    this.write(s!)
    if (known === undefined) {
      // All ones where n is above 31.
      code.i32(-1)
      code.i32(1)
      this.write(n!)
      code.op(Op.i32_shl)
      code.i32(1)
      code.op(Op.i32_sub)
      this.write(n!)
      code.i32(31)
      code.op(Op.i32_gt_u)
      code.op(Op.select)
    } else code.i32(known > 31 ? -1 : (1 << known) - 1)
    code.op(Op.i32_and)
    code.i32(0)
    code.op(Op.i32_ne)
  }

  #trapHolds([to, a, b]: readonly RtlExpression[]): void {
    const code = this.#code
    const asked = this.constant(to!)!
    const comparisons = [Op.i32_gt_u, Op.i32_lt_u, Op.i32_eq, Op.i32_gt_s, Op.i32_lt_s]
    code.i32(0)
    comparisons.forEach((comparison, bit) => {
      if ((asked & (1 << bit)) === 0) return
      this.write(a!)
      this.write(b!)
      code.op(comparison)
      code.op(Op.i32_or)
    })
  }

  // ---- the condition register ------------------------------------------------------------------------------------------

  /** Field `n` has the outcome of comparing two values. */
  compare(n: number, signed: boolean, left: RtlExpression, right: RtlExpression): void {
    const code = this.#code
    this.write(left)
    code.set(this.#locals.index(comparedLeft(n)))
    const known = this.constant(right)
    if (known === undefined) {
      this.write(right)
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
    this.write(value)
    code.i32(0)
    code.op(Op.i32_ne)
    code.i32(shift)
    code.op(Op.i32_shl)
    code.op(Op.i32_or)
    this.setNibble(n)
  }

  #packed(): void {
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
      this.write(value)
      code.i32(28 - 4 * n)
      code.op(Op.i32_shr_u)
      code.i32(15)
      code.op(Op.i32_and)
      this.setNibble(n)
    }
  }
}
