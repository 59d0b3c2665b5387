// Loads, stores and what else goes to RAM, in the loop that interprets: through the soft TLB, as cpu/memory.ts does it.
// Whatever that does not know leaves to the interpreter.

import {
  CACHE_LINE,
  type CpuState,
  RAM_BASE,
  SOFT_TLB_OFFSET,
  TOUCHED_SHIFT,
  WORDS_OFFSET,
  Word,
} from '../cpu/state.ts'
import type { RtlCall, RtlExpression } from '../isa/rtl/tree.ts'
import type { Expressions } from './expressions.ts'
import type { Locals } from './locals.ts'
import { SoftTlbWord, softTlbEntry, softTlbMisses } from './softTlb.ts'
import { type Code, Op } from './wasm.ts'

const LOADS = { 1: Op.i32_load8_u, 2: Op.i32_load16_u, 4: Op.i32_load } as const
const STORES = { 1: Op.i32_store8, 2: Op.i32_store16, 4: Op.i32_store } as const

const reserved = (word: number): number => WORDS_OFFSET + 4 * word

export class LoopMemory {
  readonly #state: CpuState
  readonly #code: Code
  readonly #locals: Locals
  readonly #expressions: Expressions
  /** The local that leads to the soft TLB of the context. */
  readonly #softTlb: number
  /** Leaves before the instruction at hand if the stack holds anything but 0. */
  readonly #leaveIf: () => void

  constructor(
    state: CpuState,
    code: Code,
    locals: Locals,
    expressions: Expressions,
    softTlb: number,
    leaveIf: () => void,
  ) {
    this.#state = state
    this.#code = code
    this.#locals = locals
    this.#expressions = expressions
    this.#softTlb = softTlb
    this.#leaveIf = leaveIf
  }

  /** The value of a call onto the stack, or what it does. @returns false for what is no access to memory */
  access({ name, args }: RtlCall): boolean {
    switch (name) {
      case 'read8':
        this.#read(1, args)
        return true
      case 'read16':
        this.#read(2, args)
        return true
      case 'read32':
        this.#read(4, args)
        return true
      case 'write8':
        this.#write(1, args)
        return true
      case 'write16':
        this.#write(2, args)
        return true
      case 'write32':
        this.#write(4, args)
        return true
      case 'dcbt':
      case 'dcbtst':
        // A hint about RAM that nobody watches does nothing.
        this.#find(1, args[0]!, SoftTlbWord.READ)
        return true
      case 'dcbz':
        this.#clearLine(args)
        return true
      case 'lwarx':
        this.#reserve(args)
        return true
      case 'stwcx':
        this.#writeReserved(args)
        return true
      default:
        return false
    }
  }

  /** Where an access goes in RAM, and the entry of the soft TLB that says so: locals. What the soft TLB does not know leaves. */
  #find(size: number, address: RtlExpression, tag: number): { readonly place: number; readonly entry: number } {
    const code = this.#code
    const [place, entry] = [this.#locals.forInsn(), this.#locals.forInsn()]
    this.#expressions.write(address)
    code.set(place)
    softTlbEntry(code, place)
    code.get(this.#softTlb)
    code.op(Op.i32_add)
    code.tee(entry)
    code.access(Op.i32_load, tag)
    softTlbMisses(code, place, size)
    this.#leaveIf()
    code.get(place)
    code.get(entry)
    code.access(Op.i32_load, SoftTlbWord.ADDEND)
    code.op(Op.i32_add)
    code.set(place)
    return { place, entry }
  }

  /** A line of RAM is zeroed where its page is cached for writing. */
  #clearLine([address]: readonly RtlExpression[]): void {
    const code = this.#code
    const { place, entry } = this.#find(1, address!, SoftTlbWord.WRITE)
    code.get(entry)
    code.i32(SOFT_TLB_OFFSET)
    code.op(Op.i32_sub)
    code.i32(4)
    code.op(Op.i32_shr_u)
    code.access(Op.i32_load8_u, this.#state.clearable.byteOffset)
    code.op(Op.i32_eqz)
    this.#leaveIf()
    code.get(place)
    code.i32(-CACHE_LINE)
    code.op(Op.i32_and)
    code.set(place)
    for (let at = 0; at < CACHE_LINE; at += 8) {
      code.get(place)
      code.i64(0n)
      code.access(Op.i64_store, RAM_BASE + at)
    }
    this.#touch(place)
  }

  /** The line of the real address of a word, in a local; it leaves where that is misaligned. */
  #lineOf(place: number): number {
    const code = this.#code
    const line = this.#locals.forInsn()
    code.get(place)
    code.i32(3)
    code.op(Op.i32_and)
    this.#leaveIf()
    code.get(place)
    code.i32(-CACHE_LINE)
    code.op(Op.i32_and)
    code.set(line)
    return line
  }

  #reserve([address]: readonly RtlExpression[]): void {
    const code = this.#code
    const { place } = this.#find(4, address!, SoftTlbWord.READ)
    const line = this.#lineOf(place)
    code.i32(0)
    code.i32(1)
    code.access(Op.i32_store, reserved(Word.RESERVED))
    code.i32(0)
    code.get(line)
    code.access(Op.i32_store, reserved(Word.RESERVATION))
    code.get(place)
    code.access(Op.i32_load, RAM_BASE)
    this.#expressions.swap(4)
  }

  #writeReserved([address, value]: readonly RtlExpression[]): void {
    const code = this.#code
    const { place } = this.#find(4, address!, SoftTlbWord.WRITE)
    const line = this.#lineOf(place)
    const held = this.#locals.forInsn()
    code.i32(0)
    code.access(Op.i32_load, reserved(Word.RESERVED))
    code.i32(0)
    code.op(Op.i32_ne)
    code.i32(0)
    code.access(Op.i32_load, reserved(Word.RESERVATION))
    code.get(line)
    code.op(Op.i32_eq)
    code.op(Op.i32_and)
    code.tee(held)
    code.open(Op.if)
    this.#store(4, place, value!)
    code.end()
    code.i32(0)
    code.i32(0)
    code.access(Op.i32_store, reserved(Word.RESERVED))
    code.get(held)
  }

  #read(size: 1 | 2 | 4, [address]: readonly RtlExpression[]): void {
    const { place } = this.#find(size, address!, SoftTlbWord.READ)
    this.#code.get(place)
    this.#code.access(LOADS[size], RAM_BASE)
    this.#expressions.swap(size)
  }

  #write(size: 1 | 2 | 4, [address, value]: readonly RtlExpression[]): void {
    this.#store(size, this.#find(size, address!, SoftTlbWord.WRITE).place, value!)
  }

  #store(size: 1 | 2 | 4, place: number, value: RtlExpression): void {
    const code = this.#code
    code.get(place)
    this.#expressions.write(value)
    this.#expressions.swap(size)
    code.access(STORES[size], RAM_BASE)
    this.#touch(place)
  }

  #touch(place: number): void {
    const code = this.#code
    code.get(place)
    code.i32(TOUCHED_SHIFT)
    code.op(Op.i32_shr_u)
    code.i32(0x0101)
    code.access(Op.i32_store16, this.#state.touched.byteOffset)
  }
}
