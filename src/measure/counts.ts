// How often each instruction was executed, and how often what came after it was not the one behind it: exact, and without
// anything in the program. By effective address: what several address spaces have at one address counts together.

import type { ExecutionObserver } from '../cpu/observer.ts'

/** Bytes whose counters are kept together. */
const PAGE = 1024
const WORDS = PAGE / 4

interface PageCounts {
  readonly executed: Float64Array
  readonly left: Float64Array
}

export class ExecutionCounts implements ExecutionObserver {
  readonly #pages = new Map<number, PageCounts>()
  /** Of the last instruction. */
  #va = 1
  #page: PageCounts = { executed: new Float64Array(0), left: new Float64Array(0) }

  executed(pc: number, next: number, times: number): void {
    if (((pc ^ this.#va) & -PAGE) !== 0 || this.#va === 1) this.#enter(pc & -PAGE)
    const i = (pc & (PAGE - 1)) >>> 2
    this.#page.executed[i]! += times
    if (next !== ((pc + 4) | 0)) this.#page.left[i]! += times
  }

  #enter(va: number): void {
    let page = this.#pages.get(va)
    if (page === undefined) {
      page = { executed: new Float64Array(WORDS), left: new Float64Array(WORDS) }
      this.#pages.set(va, page)
    }
    this.#va = va
    this.#page = page
  }

  /** How often the instruction at `address` was executed. */
  of(address: number): number {
    return this.#pages.get(address & -PAGE)?.executed[(address & (PAGE - 1)) >>> 2] ?? 0
  }

  /** How often the branch at `address` was taken. */
  taken(address: number): number {
    return this.#pages.get(address & -PAGE)?.left[(address & (PAGE - 1)) >>> 2] ?? 0
  }
}
