// Loads and stores in compiled code: how the address of a group of accesses is looked at, and what moves then. What needs
// more than a look leaves to the interpreter.

import { CODE_LINE_SHIFT, TOUCHED_SHIFT } from '../cpu/state.ts'
import { WatchedWord, WindowWord } from '../cpu/windows.ts'
import type { FunctionName } from '../isa/rtl/language.ts'
import type { RtlExpression } from '../isa/rtl/tree.ts'
import { type AccessGroup, INTEGER_ACCESSES, type LookUp, MULTIPLE, type PlannedAccess } from './accesses.ts'
import type { Expressions } from './expressions.ts'
import { type CodeContext, RAM_BASE, softTlbOf, windowOf } from './layout.ts'
import { type Locals, windowPart } from './locals.ts'
import { SoftTlb, SoftTlbWord, softTlbMisses } from './softTlb.ts'
import { type Code, Op } from './wasm.ts'

const LOADS = { 1: Op.i32_load8_u, 4: Op.i32_load } as const
const STORES = { 1: Op.i32_store8, 2: Op.i32_store16, 4: Op.i32_store } as const

/** The accesses of a block, by index of the instruction. */
export type AccessPlan = readonly (PlannedAccess | undefined)[]

export interface MemoryOptions {
  readonly context: CodeContext
  /** How it is found where the access of the instruction at `pc` goes; undefined: by the one large window. */
  readonly lookUp: (pc: number) => LookUp | undefined
  /** Where in the linear memory the map of compiled lines is (CpuState.codeLines). */
  readonly codeLines: number
  /** And that of lines that have been written (CpuState.touched). */
  readonly touched: number
}

export class MemoryAccesses {
  readonly #code: Code
  readonly #locals: Locals
  readonly #expressions: Expressions
  readonly #options: MemoryOptions
  /** Leaves before the instruction at hand if the stack holds anything but 0. */
  readonly #leave: () => void
  /** For what is no access of a group. */
  readonly softTlb: SoftTlb
  #plan: AccessPlan = []
  /** Of the instruction at hand, in the plan of its block. */
  index = 0
  /** Where in the linear memory the lowest byte of a group is: local by group. */
  readonly #places = new Map<AccessGroup, number>()

  constructor(code: Code, locals: Locals, expressions: Expressions, options: MemoryOptions, leave: () => void) {
    this.#code = code
    this.#locals = locals
    this.#expressions = expressions
    this.#options = options
    this.#leave = leave
    this.softTlb = new SoftTlb(code, locals, expressions, softTlbOf(options.context), leave)
  }

  /** A block begins, in which nothing has been looked at. */
  begin(plan: AccessPlan): void {
    this.#plan = plan
    if (this.#places.size > 0) this.#places.clear()
  }

  /** Where the access at `address` goes: a local that leads near there, and the bytes from there. */
  find(address: RtlExpression): { readonly place: number; readonly at: number } {
    const { group, offset } = this.#plan[this.index]!
    return { place: this.#place(group, offset, address), at: RAM_BASE + offset - group.low }
  }

  read(name: FunctionName, address: RtlExpression): void {
    const code = this.#code
    const { size } = INTEGER_ACCESSES[name]!
    const { place, at } = this.find(address)
    code.get(place)
    if (size !== 2) {
      code.access(LOADS[size], at)
      return this.#expressions.swap(size)
    }
    // Two bytes are put together faster than they are exchanged.
    code.access(Op.i32_load8_u, at)
    code.i32(8)
    code.op(Op.i32_shl)
    code.get(place)
    code.access(Op.i32_load8_u, at + 1)
    code.op(Op.i32_or)
  }

  write(name: FunctionName, address: RtlExpression, value: RtlExpression): void {
    const code = this.#code
    const { size } = INTEGER_ACCESSES[name]!
    const { place, at } = this.find(address)
    code.get(place)
    this.#expressions.write(value)
    this.#expressions.swap(size)
    code.access(STORES[size], at)
  }

  /** Several words to or from the registers from `first` on, by the indices of their locals. */
  multiple(name: FunctionName, address: RtlExpression, registers: readonly number[]): void {
    const code = this.#code
    const { place, at } = this.find(address)
    for (const [n, register] of registers.entries()) {
      code.get(place)
      if (MULTIPLE[name]!.write) {
        code.get(register)
        this.#expressions.swap(4)
        code.access(STORES[4], at + 4 * n)
      } else {
        code.access(LOADS[4], at + 4 * n)
        this.#expressions.swap(4)
        code.set(register)
      }
    }
  }

  /** Whether stwcx. has stored, onto the stack. */
  writeReserved(address: RtlExpression, value: RtlExpression): void {
    const code = this.#code
    this.softTlb.writeReserved(address, place => {
      code.get(place)
      this.#expressions.write(value)
      this.#expressions.swap(4)
      code.access(STORES[4], RAM_BASE)
      this.#touch(place)
    })
  }

  /** The local that leads to the lowest byte of a group; where that is not known yet, code that finds out, or leaves. */
  #place(group: AccessGroup, offset: number, address: RtlExpression): number {
    const known = this.#places.get(group)
    if (known !== undefined) return known
    const place = this.#locals.forInsn()
    this.#locals.keep()
    this.#places.set(group, place)
    this.#expressions.write(address)
    if (group.low !== offset) {
      this.#code.i32((group.low - offset) | 0)
      this.#code.op(Op.i32_add)
    }
    this.#code.set(place)
    if (group.pages) this.#throughPages(group, place)
    else this.#throughWindow(group, place)
    if (group.writes) this.#touch(place)
    return place
  }

  #throughWindow({ low, high, writes }: AccessGroup, place: number): void {
    const code = this.#code
    const local = (part: number): number => this.#locals.index(windowPart(part + (writes ? WindowWord.WRITE : 0)))
    code.get(place)
    code.get(local(WindowWord.LOW))
    code.op(Op.i32_sub)
    code.get(local(high - low <= 8 ? WindowWord.SMALL : WindowWord.LARGE))
    code.op(Op.i32_ge_u)
    this.#leave()
    code.get(place)
    code.get(local(WindowWord.ADDEND))
    code.op(Op.i32_add)
    code.set(place)
  }

  /** As cpu/memory.ts does it: the entry of the page says whether the last byte lies in it, too. */
  #throughPages({ low, high, writes }: AccessGroup, place: number): void {
    const code = this.#code
    const entry = this.#locals.forInsn()
    const base = softTlbOf(this.#options.context)
    const tag = writes ? SoftTlbWord.WRITE_OF_CODE : SoftTlbWord.READ
    softTlbMisses(code, { address: place, entry, base, tag }, () => {
      code.get(place)
      code.i32(high - low - 1)
      code.op(Op.i32_add)
    })
    code.open(Op.if)
    this.#besideWatched(high - low, writes, place)
    code.get(place)
    this.#watchedWord(WatchedWord.ADDEND, writes)
    code.op(Op.i32_add)
    code.set(place)
    code.op(Op.else)
    code.get(place)
    code.get(entry)
    code.access(Op.i32_load, base + SoftTlbWord.ADDEND)
    code.op(Op.i32_add)
    code.set(place)
    code.end()
    if (writes) this.#besideCode(high - low, place)
  }

  /** Leaves unless the bytes lie in the page in which something is watched, and not over that. */
  #besideWatched(bytes: number, writes: boolean, place: number): void {
    const code = this.#code
    code.get(place)
    this.#watchedWord(WatchedWord.LOW, writes)
    code.op(Op.i32_sub)
    this.#watchedWord(bytes <= 8 ? WatchedWord.SMALL : WatchedWord.LARGE, writes)
    code.op(Op.i32_ge_u)
    code.get(place)
    this.#watchedWord(WatchedWord.FROM, writes)
    code.op(Op.i32_sub)
    code.i32(bytes - 1)
    code.op(Op.i32_add)
    this.#watchedWord(WatchedWord.BYTES, writes)
    code.i32(bytes - 1)
    code.op(Op.i32_add)
    code.op(Op.i32_lt_u)
    code.op(Op.i32_or)
    this.#leave()
  }

  #watchedWord(part: number, writes: boolean): void {
    this.#code.i32(0)
    this.#code.access(Op.i32_load, windowOf(this.#options.context) + 4 * (part + (writes ? WatchedWord.WRITE : 0)))
  }

  /** Leaves where a store may change what is compiled. A group reaches over two lines at most. */
  #besideCode(bytes: number, place: number): void {
    const code = this.#code
    const line = (offset: number): void => {
      code.get(place)
      if (offset > 0) {
        code.i32(offset)
        code.op(Op.i32_add)
      }
      code.i32(CODE_LINE_SHIFT)
      code.op(Op.i32_shr_u)
      code.access(Op.i32_load8_u, this.#options.codeLines)
    }
    line(0)
    if (bytes > 1) {
      line(bytes - 1)
      code.op(Op.i32_or)
    }
    this.#leave()
  }

  /** The group may reach into the next line, which is marked, too: to compare one more is cheaper than to ask. */
  #touch(place: number): void {
    const code = this.#code
    code.get(place)
    code.i32(TOUCHED_SHIFT)
    code.op(Op.i32_shr_u)
    code.i32(0x0101)
    code.access(Op.i32_store16, this.#options.touched)
  }

  /** At the beginning of a function: the windows that its accesses look into. */
  loadWindows(plans: readonly AccessPlan[]): void {
    const all = new Set<AccessGroup>()
    for (const plan of plans) for (const access of plan) if (access?.group.pages === false) all.add(access.group)
    for (const writes of [false, true]) {
      const groups = [...all].filter(group => group.writes === writes)
      if (groups.length === 0) continue
      for (const part of [WindowWord.LOW, WindowWord.SMALL, WindowWord.LARGE, WindowWord.ADDEND]) {
        if (part === WindowWord.SMALL && groups.every(({ low, high }) => high - low > 8)) continue
        if (part === WindowWord.LARGE && groups.every(({ low, high }) => high - low <= 8)) continue
        this.#code.i32(0)
        this.#code.access(Op.i32_load, windowOf(this.#options.context) + 4 * (part + (writes ? WindowWord.WRITE : 0)))
        this.#code.set(this.#locals.index(windowPart(part + (writes ? WindowWord.WRITE : 0))))
      }
    }
  }
}
