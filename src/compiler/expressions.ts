// From the tree of a meaning to WebAssembly: expressions.

import type { FunctionName } from '../isa/rtl/language.ts'
import type { RtlCall, RtlExpression, RtlOperator, RtlType } from '../isa/rtl/tree.ts'
import { type Locals, WIDE_SCRATCH } from './locals.ts'
import { type Code, Op } from './wasm.ts'

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

/** What names something outside an expression: where it is found depends on what is made of the code. */
export type RtlOperand = Extract<RtlExpression, { op: 'field' | 'register' | 'place' | 'conditionField' }>

/** Where operands are, and what is done by calls that reach beyond numbers. */
export interface Operands {
  /** The value, where it is known when code is written. */
  constant(operand: RtlOperand): number | undefined
  /** Its value onto the stack. */
  write(operand: RtlOperand): void
  /** The value of a call that reads memory or the condition register onto the stack. @returns false for any other */
  call(call: RtlCall): boolean
}

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
  readonly #operands: Operands
  /** Of the instruction at hand: there are few. */
  readonly #temporaries: Temporary[] = []

  constructor(code: Code, locals: Locals, operands: Operands) {
    this.#code = code
    this.#locals = locals
    this.#operands = operands
  }

  /** Another instruction begins. */
  begin(): void {
    this.#temporaries.length = 0
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
      case 'register':
      case 'place':
      case 'conditionField':
        return this.#operands.constant(value)
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
      case 'field':
      case 'register':
      case 'place':
      case 'conditionField':
        return this.#operands.write(value)
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
        throw new Error('a constant is always known')
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

  #call(call: RtlCall): void {
    const code = this.#code
    const { name, args } = call
    const direct = DIRECT[name]
    if (direct !== undefined) {
      const turns = name === 'rotl' ? this.constant(args[1]!) : undefined
      this.write(args[0]!)
      if (turns === 0) return
      if (args.length > 1) this.write(args[1]!)
      return code.op(direct)
    }
    switch (name) {
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
        if (!this.#operands.call(call)) throw new Error(`no compiled form of ${name}`)
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
    const asked = this.constant(to!)
    const comparisons = [Op.i32_gt_u, Op.i32_lt_u, Op.i32_eq, Op.i32_gt_s, Op.i32_lt_s]
    code.i32(0)
    comparisons.forEach((comparison, bit) => {
      if (asked !== undefined && (asked & (1 << bit)) === 0) return
      this.write(a!)
      this.write(b!)
      code.op(comparison)
      if (asked === undefined) {
        this.write(to!)
        code.i32(bit)
        code.op(Op.i32_shr_u)
        code.op(Op.i32_and)
      }
      code.op(Op.i32_or)
    })
  }
}
