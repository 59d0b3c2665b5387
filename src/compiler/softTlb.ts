// How compiled code looks into the soft TLB (cpu/mmu.ts), and the instructions that need nothing else.

import { SHADOW_ENTRY } from '../cpu/mmu.ts'
import {
  CACHE_LINE,
  RAM_BASE,
  SOFT_PAGE,
  SOFT_TLB_SHIFTS,
  SOFT_TLB_SLOTS,
  SPR_OFFSET,
  TLB_OFFSET,
  tlbIndex,
  WORDS_OFFSET,
  Word,
} from '../cpu/state.ts'
import { MMUCR_DULXE, MSR_PR, Spr } from '../isa/registers.ts'
import type { FunctionName } from '../isa/rtl/language.ts'
import type { RtlExpression } from '../isa/rtl/tree.ts'
import type { Expressions } from './expressions.ts'
import type { Locals } from './locals.ts'
import { type Code, I32, Op } from './wasm.ts'

/** The words of an entry, in bytes: tags of reads and of writes, what leads to RAM, and the tag of writes to compiled code, too. */
export const SoftTlbWord = { READ: 0, WRITE: 4, ADDEND: 8, WRITE_OF_CODE: 12 } as const

/**
 * Cache management that does nothing to RAM which is mapped for reading, and in whose page nothing is watched: hints,
 * and what the access control takes for a load (cpu/exec/cache.ts).
 */
export const CACHE_CARE: ReadonlySet<FunctionName> = new Set<FunctionName>(['dcbt', 'dcbtst', 'dcbst', 'dcbf'])

/** Functions that have their form here: those, reservations, and what ends the shadow entry of reset. */
export const BY_SOFT_TLB: ReadonlySet<FunctionName> = new Set<FunctionName>([...CACHE_CARE, 'lwarx', 'stwcx', 'isync'])

/** An address whose entry is looked at. */
export interface SoftTlbLook {
  /** Locals: the address, and where its entry is found then. */
  readonly address: number
  readonly entry: number
  /** Of the soft TLB: a number, or the index of a local that holds it. */
  readonly base: number | { readonly local: number }
  readonly tag: number
}

/** Onto the stack whether the soft TLB does not let an access pass. `lastByte` of it: the address onto the stack. */
export function softTlbMisses(code: Code, { address, entry, base, tag }: SoftTlbLook, lastByte: () => void): void {
  // `softTlbSlot`, in bytes.
  const [near, far] = SOFT_TLB_SHIFTS
  code.get(address)
  code.i32(near - 2)
  code.op(Op.i32_shr_u)
  code.get(address)
  code.i32(far - 2)
  code.op(Op.i32_shr_u)
  code.op(Op.i32_xor)
  code.i32(4 * SOFT_TLB_SLOTS)
  code.op(Op.i32_and)
  if (typeof base !== 'number') {
    code.get(base.local)
    code.op(Op.i32_add)
  }
  code.tee(entry)
  code.access(Op.i32_load, tag + (typeof base === 'number' ? base : 0))
  lastByte()
  code.i32(SOFT_PAGE)
  code.op(Op.i32_and)
  code.op(Op.i32_ne)
}

/** Where words of the state are. */
const reserved = (word: number): number => WORDS_OFFSET + 4 * word

/** What is found by nothing but a look into the soft TLB, one address at a time. */
export class SoftTlb {
  readonly #code: Code
  readonly #locals: Locals
  readonly #expressions: Expressions
  readonly #base: SoftTlbLook['base']
  /** Leaves before the instruction at hand if the stack holds anything but 0. */
  readonly #leaveIf: () => void

  constructor(code: Code, locals: Locals, expressions: Expressions, base: SoftTlbLook['base'], leaveIf: () => void) {
    this.#code = code
    this.#locals = locals
    this.#expressions = expressions
    this.#base = base
    this.#leaveIf = leaveIf
  }

  /**
   * Where an access goes in RAM, and the entry that says so: locals. What the soft TLB does not know leaves.
   * @param size bytes, or what writes that less one onto the stack
   */
  find(
    address: RtlExpression,
    tag: number,
    size: number | (() => void) = 1,
  ): { readonly place: number; readonly entry: number } {
    const code = this.#code
    const { place, entry } = this.#look(address, tag, size)
    code.get(place)
    code.get(entry)
    code.access(Op.i32_load, SoftTlbWord.ADDEND + (typeof this.#base === 'number' ? this.#base : 0))
    code.op(Op.i32_add)
    code.set(place)
    return { place, entry }
  }

  /** The same before it is known where in RAM: `place` is the address. */
  #look(
    address: RtlExpression,
    tag: number,
    size: number | (() => void),
  ): { readonly place: number; readonly entry: number } {
    const code = this.#code
    const [place, entry] = [this.#locals.forInsn(), this.#locals.forInsn()]
    this.#expressions.write(address)
    code.set(place)
    softTlbMisses(code, { address: place, entry, base: this.#base, tag }, () => {
      code.get(place)
      if (size === 1) return
      if (typeof size === 'number') code.i32(size - 1)
      else size()
      code.op(Op.i32_add)
    })
    this.#leaveIf()
    return { place, entry }
  }

  /** Cache management, which leaves where it may be more than nothing. */
  careForCache(name: FunctionName, address: RtlExpression): void {
    const code = this.#code
    this.#look(address, SoftTlbWord.READ, 1)
    if (name !== 'dcbf') return
    // With MSR[PR] and MMUCR[DULXE] it is a Data Storage interrupt.
    code.i32(0)
    code.access(Op.i32_load, reserved(Word.MSR))
    code.i32(MSR_PR)
    code.op(Op.i32_and)
    code.open(Op.if, I32)
    code.i32(0)
    code.access(Op.i32_load, SPR_OFFSET + 4 * Spr.MMUCR)
    code.i32(MMUCR_DULXE)
    code.op(Op.i32_and)
    code.op(Op.else)
    code.i32(0)
    code.end()
    this.#leaveIf()
  }

  /** isync, which leaves while there is a shadow entry for it to put out of force (Cpu.synchronise). */
  synchronise(): void {
    this.#code.i32(0)
    this.#code.access(Op.i32_load, TLB_OFFSET + 4 * tlbIndex(SHADOW_ENTRY))
    this.#leaveIf()
  }

  /** lwarx: the word onto the stack. */
  reserve(address: RtlExpression): void {
    const code = this.#code
    const { place } = this.find(address, SoftTlbWord.READ, 4)
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

  /** stwcx.: whether it has stored, onto the stack. `store` writes the word to the place in a local. */
  writeReserved(address: RtlExpression, store: (place: number) => void): void {
    const code = this.#code
    const { place } = this.find(address, SoftTlbWord.WRITE, 4)
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
    store(place)
    code.end()
    code.i32(0)
    code.i32(0)
    code.access(Op.i32_store, reserved(Word.RESERVED))
    code.get(held)
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
}
