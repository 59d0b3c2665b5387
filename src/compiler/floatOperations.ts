// The arithmetic of the floating-point unit as functions that compiled code calls: what src/cpu/exec/float/fast.ts does,
// with ordinary operands and rounding to nearest, FPSCR and all. Whatever else there may be is left to the interpreter:
// a function that returns anything but 0 has done nothing.

import { FPR_OFFSET, WORDS_OFFSET, Word } from '../cpu/state.ts'
import { FPSCR } from '../isa/registers.ts'
import { Code, F64, I32, I64, moduleBytes, Op, type WasmFunction, type WasmFunctionType } from './wasm.ts'

const { FX, XX, FR, FI, FPRF, RN, VE, OE, UE, ZE, XE } = FPSCR.mask
const UNCOMMON = RN | VE | OE | UE | ZE | XE
export const FPSCR_AT = WORDS_OFFSET + 4 * Word.FPSCR

/** The last argument: where the result goes, whether it is rounded to single precision, and then negated. */
export const How = { SINGLE: 32, NEGATED: 64 } as const

const LARGE = 2 ** 900
const SMALL = 2 ** -900
const SPLITTER = 2 ** 27 + 1
const DOUBLE_MIN = 2 ** -1022
const SINGLE_MIN = 2 ** -126
const SINGLE_MAX = 2 ** 128

/** Types of the functions, by how many operands they have: doubles, then `How` and the register. */
export const OPERATION_TYPES: readonly WasmFunctionType[] = [1, 2, 3].map(operands => ({
  params: [...Array.from({ length: operands }, () => F64), I32],
  results: [I32],
}))

/** In the order in which they stand in the module. `fused`: a * c + b. */
export const OPERATIONS = ['itself', 'toInteger', 'root', 'sum', 'product', 'quotient', 'fused'] as const
export type FloatOperation = (typeof OPERATIONS)[number]

export const operandsOf = (operation: FloatOperation): 1 | 2 | 3 =>
  operation === 'fused' ? 3 : ['sum', 'product', 'quotient'].includes(operation) ? 2 : 1

/** `deliver` rounds, stores and sets FPSCR: (nearest, residue, how). */
const DELIVER_TYPE: WasmFunctionType = { params: [F64, F64, I32], results: [I32] }
const DELIVER = OPERATIONS.length

export function floatModule(): Uint8Array<ArrayBuffer> {
  const types = [...OPERATION_TYPES, DELIVER_TYPE]
  const operations = OPERATIONS.map((operation): WasmFunction => {
    const body = new Body(operandsOf(operation) + 1)
    BODIES[operation](body)
    return { type: operandsOf(operation) - 1, locals: body.locals, body: body.bytes, exported: operation }
  })
  const deliver = new Body(3)
  writeDeliver(deliver)
  const last = { type: types.length - 1, locals: deliver.locals, body: deliver.bytes, exported: 'deliver' }
  return moduleBytes(types, [...operations, last])
}

/** Something that puts a value on the stack. */
type Formula = () => void

/** A function being written: expressions nest as they do in a formula. */
class Body {
  readonly #code = new Code()
  readonly #parameters: number
  readonly #types: number[] = []

  constructor(parameters: number) {
    this.#parameters = parameters
  }

  get bytes(): Uint8Array {
    return this.#code.bytes.slice()
  }

  get locals(): readonly (readonly [number, number])[] {
    return this.#types.map(type => [1, type] as const)
  }

  parameter(n: number): Formula {
    return () => this.#code.get(n)
  }

  /** Computes a value once. */
  keep(value: Formula, type = F64): Formula {
    const index = this.#parameters + this.#types.length
    this.#types.push(type)
    value()
    this.#code.set(index)
    return () => this.#code.get(index)
  }

  op(opcode: number, ...operands: readonly Formula[]): Formula {
    return () => {
      for (const operand of operands) operand()
      this.#code.op(opcode)
    }
  }

  f64 =
    (value: number): Formula =>
    () =>
      this.#code.f64(value)
  i32 =
    (value: number): Formula =>
    () =>
      this.#code.i32(value)
  i64 =
    (value: bigint): Formula =>
    () =>
      this.#code.i64(value)

  choose(condition: Formula, then: Formula, otherwise: Formula): Formula {
    return this.op(Op.select, then, otherwise, condition)
  }

  load(opcode: number, address: number): Formula {
    return () => {
      this.#code.i32(0)
      this.#code.access(opcode, address)
    }
  }

  store(opcode: number, offset: number, address: Formula, value: Formula): void {
    address()
    value()
    this.#code.access(opcode, offset)
  }

  when(condition: Formula, then: () => void): void {
    condition()
    this.#code.open(Op.if)
    then()
    this.#code.end()
  }

  return(value: Formula): void {
    value()
    this.#code.op(Op.return)
  }

  /** Ends the function with what `deliver` returns. */
  deliver(nearest: Formula, residue: Formula, how: Formula): void {
    nearest()
    residue()
    how()
    this.#code.call(Op.call, DELIVER)
  }

  // ---- what formulas are made of -----------------------------------------------------------------------------------------

  add = (a: Formula, b: Formula): Formula => this.op(Op.f64_add, a, b)
  sub = (a: Formula, b: Formula): Formula => this.op(Op.f64_sub, a, b)
  mul = (a: Formula, b: Formula): Formula => this.op(Op.f64_mul, a, b)
  abs = (a: Formula): Formula => this.op(Op.f64_abs, a)
  and = (a: Formula, b: Formula): Formula => this.op(Op.i32_and, a, b)
  or = (a: Formula, b: Formula): Formula => this.op(Op.i32_or, a, b)
  not = (a: Formula): Formula => this.op(Op.i32_eqz, a)
  isZero = (a: Formula): Formula => this.op(Op.f64_eq, a, this.f64(0))
  isSmallEnough = (a: Formula): Formula => this.op(Op.f64_lt, this.abs(a), this.f64(LARGE))
  isOrdinary = (a: Formula): Formula =>
    this.and(this.isSmallEnough(a), this.op(Op.f64_gt, this.abs(a), this.f64(SMALL)))

  /** What the sum of a and b lacks (Knuth). */
  sumError(a: Formula, b: Formula, sum: Formula): Formula {
    const virtual = this.keep(this.sub(sum, a))
    return this.keep(this.add(this.sub(a, this.sub(sum, virtual)), this.sub(b, virtual)))
  }

  /** What the product of a and b lacks (Dekker). */
  productError(a: Formula, b: Formula, product: Formula): Formula {
    const [ah, al] = this.#halves(a)
    const [bh, bl] = this.#halves(b)
    const rest = this.sub(this.sub(this.sub(product, this.mul(ah, bh)), this.mul(al, bh)), this.mul(ah, bl))
    return this.keep(this.sub(this.mul(al, bl), rest))
  }

  #halves(x: Formula): readonly [high: Formula, low: Formula] {
    const split = this.keep(this.mul(x, this.f64(SPLITTER)))
    const high = this.keep(this.sub(split, this.sub(split, x)))
    return [high, this.keep(this.sub(x, high))]
  }

  /** x + rest cut to 53 bits so that the last bit is 1 wherever something was cut off. */
  toOdd(x: Formula, rest: Formula): Formula {
    const bits = this.keep(this.op(Op.i64_reinterpret_f64, x), I64)
    const same = this.op(Op.i32_eq, this.op(Op.f64_gt, rest, this.f64(0)), this.op(Op.f64_gt, x, this.f64(0)))
    const odd = this.op(Op.i64_or, bits, this.i64(1n))
    const changed = this.choose(same, odd, this.op(Op.i64_sub, bits, this.i64(1n)))
    const isOdd = this.op(Op.i32_wrap_i64, this.op(Op.i64_and, bits, this.i64(1n)))
    const stays = this.or(this.isZero(rest), isOdd)
    return this.keep(this.op(Op.f64_reinterpret_i64, this.choose(stays, bits, changed)))
  }

  /** Leaves to the interpreter where `condition` does not hold. */
  require(condition: Formula): void {
    this.when(this.not(condition), () => this.return(this.i32(1)))
  }
}

const BODIES: Readonly<Record<FloatOperation, (body: Body) => void>> = {
  itself(f) {
    const [x, how] = [f.parameter(0), f.parameter(1)]
    f.require(f.isSmallEnough(x))
    f.deliver(x, f.f64(0), how)
  },

  sum(f) {
    const [a, b, how] = [f.parameter(0), f.parameter(1), f.parameter(2)]
    f.require(f.and(f.isSmallEnough(a), f.isSmallEnough(b)))
    const result = f.keep(f.add(a, b))
    f.deliver(result, f.sumError(a, b, result), how)
  },

  product(f) {
    const [a, b, how] = [f.parameter(0), f.parameter(1), f.parameter(2)]
    const result = f.keep(f.mul(a, b))
    f.when(f.and(f.isZero(result), f.or(f.isZero(a), f.isZero(b))), () => {
      f.deliver(result, f.f64(0), how)
      f.op(Op.return)()
    })
    f.require(f.and(f.and(f.isOrdinary(a), f.isOrdinary(b)), f.isOrdinary(result)))
    f.deliver(result, f.productError(a, b, result), how)
  },

  quotient(f) {
    const [a, b, how] = [f.parameter(0), f.parameter(1), f.parameter(2)]
    const result = f.keep(f.op(Op.f64_div, a, b))
    f.when(f.and(f.isZero(a), f.and(f.isSmallEnough(b), f.not(f.isZero(b)))), () => {
      f.deliver(result, f.f64(0), how)
      f.op(Op.return)()
    })
    f.require(f.and(f.and(f.isOrdinary(a), f.isOrdinary(b)), f.isOrdinary(result)))
    const back = f.keep(f.mul(result, b))
    const rest = f.keep(f.sub(f.sub(a, back), f.productError(result, b, back)))
    f.deliver(result, f.choose(f.op(Op.f64_lt, b, f.f64(0)), f.op(Op.f64_neg, rest), rest), how)
  },

  root(f) {
    const [a, how] = [f.parameter(0), f.parameter(1)]
    f.when(f.isZero(a), () => {
      f.deliver(a, f.f64(0), how)
      f.op(Op.return)()
    })
    f.require(f.and(f.isOrdinary(a), f.op(Op.f64_gt, a, f.f64(0))))
    const result = f.keep(f.op(Op.f64_sqrt, a))
    const back = f.keep(f.mul(result, result))
    f.deliver(result, f.sub(f.sub(a, back), f.productError(result, result, back)), how)
  },

  /** a * c + b, rounded once (Boldo and Melquiond): the small terms are added to odd. */
  fused(f) {
    const [a, c, b, how] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)]
    const upper = f.keep(f.mul(a, c))
    const high = f.keep(f.add(upper, b))
    f.when(f.and(f.isZero(upper), f.or(f.isZero(a), f.isZero(c))), () => {
      f.require(f.and(f.isSmallEnough(a), f.and(f.isSmallEnough(c), f.isSmallEnough(b))))
      f.deliver(high, f.sumError(upper, b, high), how)
      f.op(Op.return)()
    })
    f.require(f.and(f.and(f.isOrdinary(a), f.isOrdinary(c)), f.isOrdinary(upper)))
    f.require(f.or(f.isZero(b), f.isOrdinary(b)))
    const lower = f.productError(a, c, upper)
    f.when(f.isZero(lower), () => {
      f.deliver(high, f.sumError(upper, b, high), how)
      f.op(Op.return)()
    })
    const t = f.keep(f.add(b, lower))
    const tError = f.sumError(b, lower, t)
    const v = f.keep(f.add(upper, t))
    const vError = f.sumError(upper, t, v)
    const small = f.keep(f.add(tError, vError))
    const odd = f.toOdd(small, f.sumError(tError, vError, small))
    const result = f.keep(f.add(v, odd))
    f.require(f.isOrdinary(result))
    f.deliver(result, f.sumError(v, odd, result), how)
  },

  /** fctiwz of what fits. FPRF is left alone, and nothing is rounded away from 0. */
  toInteger(f) {
    const [x, how] = [f.parameter(0), f.parameter(1)]
    const fpscr = f.keep(f.load(Op.i32_load, FPSCR_AT), I32)
    f.require(f.not(f.and(fpscr, f.i32(UNCOMMON))))
    f.require(f.op(Op.f64_lt, f.abs(x), f.f64(2 ** 31)))
    const integer = f.keep(f.op(Op.i32_trunc_f64_s, x), I32)
    const inexact = f.op(Op.f64_ne, f.op(Op.f64_convert_i32_s, integer), x)
    storeStatus(f, f.and(fpscr, f.i32(~(FR | FI))), inexact, f.i32(0))
    const register = f.keep(f.op(Op.i32_shl, how, f.i32(3)), I32)
    f.store(Op.i32_store, FPR_OFFSET, register, integer)
    f.store(Op.i32_store, FPR_OFFSET + 4, register, f.i32(0xfff80000))
    f.i32(0)()
  },
}

/** FPSCR takes `status` with FI, FR and XX as they follow, and FX where XX is new. */
function storeStatus(f: Body, status: Formula, inexact: Formula, incremented: Formula): void {
  const before = f.keep(status, I32)
  const sticky = f.choose(f.and(before, f.i32(XX)), f.i32(0), f.i32(FX | XX))
  const rounded = f.choose(incremented, f.i32(FI | FR), f.i32(FI))
  const after = f.or(before, f.choose(inexact, f.or(sticky, rounded), f.i32(0)))
  f.store(Op.i32_store, FPSCR_AT, f.i32(0), after)
}

function writeDeliver(f: Body): void {
  const [nearest, residue, how] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const fpscr = f.keep(f.load(Op.i32_load, FPSCR_AT), I32)
  f.require(f.not(f.and(fpscr, f.i32(UNCOMMON))))
  const finish = (rounded: Formula, inexact: Formula, incremented: Formula): void => {
    const negated = f.choose(f.and(how, f.i32(How.NEGATED)), f.op(Op.f64_neg, rounded), rounded)
    const result = f.keep(negated)
    const register = f.op(Op.i32_shl, f.and(how, f.i32(31)), f.i32(3))
    f.store(Op.f64_store, FPR_OFFSET, register, result)
    storeStatus(f, f.or(f.and(fpscr, f.i32(~(FR | FI | FPRF))), flagsOf(f, result)), inexact, incremented)
  }
  f.when(f.not(f.and(how, f.i32(How.SINGLE))), () => {
    f.require(f.or(f.op(Op.f64_ge, f.abs(nearest), f.f64(DOUBLE_MIN)), f.isZero(nearest)))
    const below = f.op(Op.f64_lt, residue, f.f64(0))
    const incremented = f.op(Op.i32_eq, below, f.op(Op.f64_gt, nearest, f.f64(0)))
    finish(nearest, f.op(Op.f64_ne, residue, f.f64(0)), incremented)
    f.return(f.i32(0))
  })
  const odd = f.toOdd(nearest, residue)
  const single = f.keep(f.op(Op.f64_promote_f32, f.op(Op.f32_demote_f64, odd)))
  const normal = f.and(
    f.op(Op.f64_ge, f.abs(odd), f.f64(SINGLE_MIN)),
    f.op(Op.f64_lt, f.abs(single), f.f64(SINGLE_MAX)),
  )
  f.require(f.or(normal, f.isZero(odd)))
  finish(single, f.op(Op.f64_ne, single, odd), f.op(Op.f64_gt, f.abs(single), f.abs(odd)))
  f.i32(0)()
}

/** FPRF: C and the sign or class (PEM table 3-10). */
function flagsOf(f: Body, result: Formula): Formula {
  const bits = f.op(Op.i64_reinterpret_f64, result)
  const zero = f.choose(f.op(Op.i64_lt_s, bits, f.i64(0n)), f.i32(0x12000), f.i32(0x02000))
  const other = f.choose(f.op(Op.f64_lt, result, f.f64(0)), f.i32(0x08000), f.i32(0x04000))
  return f.choose(f.isZero(result), zero, other)
}
