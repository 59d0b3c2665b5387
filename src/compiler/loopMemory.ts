// Loads, stores and what else goes to RAM, in the loop that interprets: through the soft TLB, as cpu/memory.ts does it.
// Whatever that does not know leaves to the interpreter.

import { CACHE_LINE, type CpuState, RAM_BASE, SOFT_TLB_OFFSET, TOUCHED_SHIFT } from '../cpu/state.ts'
import type { RtlCall, RtlExpression } from '../isa/rtl/tree.ts'
import type { Expressions } from './expressions.ts'
import { gprAt } from './layout.ts'
import type { Locals } from './locals.ts'
import { SoftTlb, SoftTlbWord } from './softTlb.ts'
import { type Code, Op } from './wasm.ts'

const LOADS = { 1: Op.i32_load8_u, 2: Op.i32_load16_u, 4: Op.i32_load } as const
const STORES = { 1: Op.i32_store8, 2: Op.i32_store16, 4: Op.i32_store } as const

export class LoopMemory {
  readonly #state: CpuState
  readonly #code: Code
  readonly #locals: Locals
  readonly #expressions: Expressions
  readonly #softTlb: SoftTlb
  /** Leaves before the instruction at hand if the stack holds anything but 0. */
  readonly #leaveIf: () => void

  constructor(
    state: CpuState,
    code: Code,
    locals: Locals,
    expressions: Expressions,
    /** The local that leads to the soft TLB of the context. */
    softTlb: number,
    leaveIf: () => void,
  ) {
    this.#state = state
    this.#code = code
    this.#locals = locals
    this.#expressions = expressions
    this.#softTlb = new SoftTlb(code, locals, expressions, { local: softTlb }, leaveIf)
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
      case 'loadMultiple':
      case 'storeMultiple':
        this.#multiple(name, args)
        return true
      case 'dcbt':
      case 'dcbtst':
      case 'dcbst':
      case 'dcbf':
        this.#softTlb.careForCache(name, args[0]!)
        return true
      case 'isync':
        this.#softTlb.synchronise()
        return true
      case 'dcbz':
        this.#clearLine(args)
        return true
      case 'lwarx':
        this.#softTlb.reserve(args[0]!)
        return true
      case 'stwcx':
        this.#softTlb.writeReserved(args[0]!, place => this.#store(4, place, args[1]!))
        return true
      default:
        return false
    }
  }

  /** Word by word, to or from the registers from that on whose number is the first argument. */
  #multiple(name: 'loadMultiple' | 'storeMultiple', [first, address]: readonly RtlExpression[]): void {
    const code = this.#code
    const register = this.#locals.forInsn()
    const number = (): void => this.#expressions.write(first!)
    const bytesBehindFirst = (): void => {
      code.i32(gprAt(32) - 1)
      number()
      code.i32(2)
      code.op(Op.i32_shl)
      code.op(Op.i32_sub)
    }
    const isStore = name === 'storeMultiple'
    const { place } = this.#softTlb.find(address!, isStore ? SoftTlbWord.WRITE : SoftTlbWord.READ, bytesBehindFirst)
    if (isStore) this.#touch(place)
    number()
    code.i32(2)
    code.op(Op.i32_shl)
    code.set(register)
    code.open(Op.loop)
    code.get(isStore ? place : register)
    code.get(isStore ? register : place)
    code.access(Op.i32_load, isStore ? gprAt(0) : RAM_BASE)
    this.#expressions.swap(4)
    code.access(Op.i32_store, isStore ? RAM_BASE : gprAt(0))
    for (const local of [place, register]) {
      code.get(local)
      code.i32(4)
      code.op(Op.i32_add)
      code.set(local)
    }
    code.get(register)
    code.i32(gprAt(32))
    code.op(Op.i32_lt_u)
    code.branch(Op.br_if, 0)
    code.end()
  }

  /** A line of RAM is zeroed where its page is cached for writing. */
  #clearLine([address]: readonly RtlExpression[]): void {
    const code = this.#code
    const { place, entry } = this.#softTlb.find(address!, SoftTlbWord.WRITE)
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

  #read(size: 1 | 2 | 4, [address]: readonly RtlExpression[]): void {
    const { place } = this.#softTlb.find(address!, SoftTlbWord.READ, size)
    this.#code.get(place)
    this.#code.access(LOADS[size], RAM_BASE)
    this.#expressions.swap(size)
  }

  #write(size: 1 | 2 | 4, [address, value]: readonly RtlExpression[]): void {
    this.#store(size, this.#softTlb.find(address!, SoftTlbWord.WRITE, size).place, value!)
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
