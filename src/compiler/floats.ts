// Floating-point instructions in compiled code. The registers stay in the state: arithmetic is a call of a function of
// floatOperations.ts, the rest is written in place.

import { FPR_OFFSET, WORDS_OFFSET, Word } from '../cpu/state.ts'
import { MSR_FP } from '../isa/registers.ts'
import type { FunctionName } from '../isa/rtl/language.ts'
import { type FloatOperation, FPSCR_AT, How, OPERATIONS, operandsOf } from './floatOperations.ts'
import type { Locals } from './locals.ts'
import { type Code, Op } from './wasm.ts'

/** Where the functions stand in the table, behind the place that leads nowhere. */
export const FIRST_OPERATION = 1

interface Arithmetic {
  readonly operation: FloatOperation
  readonly how?: number
  /** The last operand is subtracted. */
  readonly subtracts?: true
}

const single = (plain: Arithmetic): Arithmetic => ({ ...plain, how: (plain.how ?? 0) | How.SINGLE })
const sum: Arithmetic = { operation: 'sum' }
const difference: Arithmetic = { operation: 'sum', subtracts: true }
const product: Arithmetic = { operation: 'product' }
const quotient: Arithmetic = { operation: 'quotient' }
const fused: Arithmetic = { operation: 'fused' }
const fusedDifference: Arithmetic = { operation: 'fused', subtracts: true }
const negated = (plain: Arithmetic): Arithmetic => ({ ...plain, how: How.NEGATED })

/** Their arguments are registers: the target, then the operands; of `fused` in the order a, c, b. */
const ARITHMETIC: Partial<Record<FunctionName, Arithmetic>> = {
  ...{ fadd: sum, fadds: single(sum), fsub: difference, fsubs: single(difference) },
  ...{ fmul: product, fmuls: single(product), fdiv: quotient, fdivs: single(quotient) },
  ...{ fmadd: fused, fmadds: single(fused), fmsub: fusedDifference, fmsubs: single(fusedDifference) },
  ...{ fnmadd: negated(fused), fnmadds: single(negated(fused)) },
  ...{ fnmsub: negated(fusedDifference), fnmsubs: single(negated(fusedDifference)) },
  ...{ frsp: { operation: 'itself', how: How.SINGLE }, fctiwz: { operation: 'toInteger' } },
  ...{ fsqrt: { operation: 'root' }, fsqrts: { operation: 'root', how: How.SINGLE } },
}

const SIGN = 1n << 63n
/** What moves do to the sign. */
const MOVES: Partial<Record<FunctionName, readonly [opcode: number, bits: bigint] | undefined>> = {
  fmr: undefined,
  fneg: [Op.i64_xor, SIGN],
  fabs: [Op.i64_and, ~SIGN],
  fnabs: [Op.i64_or, SIGN],
}

/** Loads and stores, and the bytes they move. */
export const FLOAT_STORAGE: Partial<Record<FunctionName, { readonly size: 4 | 8; readonly write: boolean }>> = {
  loadDouble: { size: 8, write: false },
  loadSingle: { size: 4, write: false },
  storeDouble: { size: 8, write: true },
  storeSingle: { size: 4, write: true },
  storeWord: { size: 4, write: true },
}

/** Whether compiled code has a form of a function of the unit. */
export const isFloatCompiled = (name: FunctionName): boolean =>
  name in ARITHMETIC || name in MOVES || name in FLOAT_STORAGE || ['fcmpu', 'fcmpo', 'fsel'].includes(name)

const register = (n: number): number => FPR_OFFSET + 8 * n
const EXPONENT = 0x7f800000
/** Biased exponent of a double above which a single is not denormalised. */
const LARGEST_DENORMAL = 896

export class Floats {
  readonly #code: Code
  readonly #locals: Locals
  /** Leaves before the instruction at hand if the stack holds anything but 0. */
  readonly #leaveIf: () => void

  constructor(code: Code, locals: Locals, leaveIf: () => void) {
    this.#code = code
    this.#locals = locals
    this.#leaveIf = leaveIf
  }

  /** Leaves where the unit is not available: MSR cannot change before the block ends. */
  askAvailable(): void {
    this.#load(Op.i32_load, WORDS_OFFSET + 4 * Word.MSR)
    this.#code.i32(MSR_FP)
    this.#code.op(Op.i32_and)
    this.#code.op(Op.i32_eqz)
    this.#leaveIf()
  }

  #load(opcode: number, address: number): void {
    this.#code.i32(0)
    this.#code.access(opcode, address)
  }

  /** Anything but storage and comparisons. @param numbers its arguments */
  write(name: FunctionName, numbers: readonly number[]): void {
    const arithmetic = ARITHMETIC[name]
    if (arithmetic !== undefined) return this.#arithmetic(arithmetic, numbers)
    if (name === 'fsel') return this.#select(numbers)
    this.#move(MOVES[name], numbers)
  }

  #arithmetic({ operation, how = 0, subtracts }: Arithmetic, [target, ...operands]: readonly number[]): void {
    const code = this.#code
    operands.forEach((operand, i) => {
      this.#load(Op.f64_load, register(operand))
      if (subtracts && i === operands.length - 1) code.op(Op.f64_neg)
    })
    code.i32(how | target!)
    code.i32(FIRST_OPERATION + OPERATIONS.indexOf(operation))
    code.callIndirect(Op.call_indirect, operandsOf(operation))
    this.#leaveIf()
  }

  #move(change: readonly [number, bigint] | undefined, [target, source]: readonly number[]): void {
    const code = this.#code
    code.i32(0)
    this.#load(Op.i64_load, register(source!))
    if (change !== undefined) {
      code.i64(BigInt.asIntN(64, change[1]))
      code.op(change[0])
    }
    code.access(Op.i64_store, register(target!))
  }

  /** fsel: c where a is not below 0, b where it is or is no number. */
  #select([target, a, c, b]: readonly number[]): void {
    const code = this.#code
    code.i32(0)
    this.#load(Op.i64_load, register(c!))
    this.#load(Op.i64_load, register(b!))
    this.#load(Op.f64_load, register(a!))
    code.f64(0)
    code.op(Op.f64_ge)
    code.op(Op.select)
    code.access(Op.i64_store, register(target!))
  }

  /**
   * Compares two registers and sets FPSCR[FPCC]; leaves where they are unordered. What is on the stack then compares with
   * 0 as they compare.
   */
  compare([a, b]: readonly number[]): void {
    const code = this.#code
    const both = (opcode: number): void => {
      this.#load(Op.f64_load, register(a!))
      this.#load(Op.f64_load, register(b!))
      code.op(opcode)
    }
    const [above, below] = [this.#locals.forInsn(), this.#locals.forInsn()]
    both(Op.f64_gt)
    code.set(above)
    both(Op.f64_lt)
    code.set(below)
    // Neither above nor below nor equal.
    code.get(above)
    code.get(below)
    code.op(Op.i32_or)
    both(Op.f64_eq)
    code.op(Op.i32_or)
    code.op(Op.i32_eqz)
    this.#leaveIf()
    code.i32(0)
    this.#load(Op.i32_load, FPSCR_AT)
    code.i32(~0xf000)
    code.op(Op.i32_and)
    // LT 8, GT 4, EQ 2: 2 << (above + 2 * below).
    code.i32(0x2000)
    code.get(above)
    code.get(below)
    code.get(below)
    code.op(Op.i32_add)
    code.op(Op.i32_add)
    code.op(Op.i32_shl)
    code.op(Op.i32_or)
    code.access(Op.i32_store, FPSCR_AT)
    code.get(above)
    code.get(below)
    code.op(Op.i32_sub)
  }

  // ---- storage -----------------------------------------------------------------------------------------------------------

  /**
   * A load or store.
   * @param place local that leads to memory, @param at offset from there, @param swap reverses the word on the stack
   */
  access(name: FunctionName, number: number, place: number, at: number, swap: () => void): void {
    const code = this.#code
    const size = FLOAT_STORAGE[name]!.size
    // An operand over a 16-byte boundary is for the interpreter (manual p.186).
    code.get(place)
    code.i32(at)
    code.op(Op.i32_add)
    code.i32(15)
    code.op(Op.i32_and)
    code.i32(16 - size)
    code.op(Op.i32_gt_u)
    this.#leaveIf()
    switch (name) {
      case 'loadDouble':
        this.#loadWord(place, at, register(number) + 4, swap)
        return this.#loadWord(place, at + 4, register(number), swap)
      case 'storeDouble':
        this.#storeWord(place, at, () => this.#load(Op.i32_load, register(number) + 4), swap)
        return this.#storeWord(place, at + 4, () => this.#load(Op.i32_load, register(number)), swap)
      case 'storeWord':
        return this.#storeWord(place, at, () => this.#load(Op.i32_load, register(number)), swap)
      case 'loadSingle':
        return this.#loadSingle(number, place, at, swap)
      default:
        return this.#storeSingle(number, place, at, swap)
    }
  }

  #loadWord(place: number, at: number, to: number, swap: () => void): void {
    this.#code.i32(0)
    this.#code.get(place)
    this.#code.access(Op.i32_load, at)
    swap()
    this.#code.access(Op.i32_store, to)
  }

  #storeWord(place: number, at: number, value: () => void, swap: () => void): void {
    this.#code.get(place)
    value()
    swap()
    this.#code.access(Op.i32_store, at)
  }

  /** The same number as a double; an infinity or a NaN is for the interpreter, which keeps every bit of it. */
  #loadSingle(number: number, place: number, at: number, swap: () => void): void {
    const code = this.#code
    const bits = this.#locals.forInsn()
    code.get(place)
    code.access(Op.i32_load, at)
    swap()
    code.tee(bits)
    code.i32(EXPONENT)
    code.op(Op.i32_and)
    code.i32(EXPONENT)
    code.op(Op.i32_eq)
    this.#leaveIf()
    code.i32(0)
    code.get(bits)
    code.op(Op.f32_reinterpret_i32)
    code.op(Op.f64_promote_f32)
    code.access(Op.f64_store, register(number))
  }

  /** The bits a single has, without rounding; what would be denormalised is for the interpreter. */
  #storeSingle(number: number, place: number, at: number, swap: () => void): void {
    const code = this.#code
    const high = this.#locals.forInsn()
    this.#load(Op.i32_load, register(number) + 4)
    code.tee(high)
    code.i32(20)
    code.op(Op.i32_shr_u)
    code.i32(0x7ff)
    code.op(Op.i32_and)
    code.i32(LARGEST_DENORMAL)
    code.op(Op.i32_le_u)
    code.get(high)
    code.i32(0x7fffffff)
    code.op(Op.i32_and)
    code.i32(0)
    code.op(Op.i32_ne)
    code.op(Op.i32_and)
    this.#leaveIf()
    code.get(place)
    code.get(high)
    code.i32(0xc0000000)
    code.op(Op.i32_and)
    code.get(high)
    code.i32(3)
    code.op(Op.i32_shl)
    code.i32(0x3ffffff8)
    code.op(Op.i32_and)
    code.op(Op.i32_or)
    this.#load(Op.i32_load, register(number))
    code.i32(29)
    code.op(Op.i32_shr_u)
    code.op(Op.i32_or)
    swap()
    code.access(Op.i32_store, at)
  }
}
