// The locals of a compiled function. Each register of the guest has one, so that blocks agree without asking; what is
// needed for a moment only is taken from a pool. A local is declared when it is first used: the frame of a function that
// V8 has not optimised yet has room for all of them.

import { I32, I64 } from './wasm.ts'

/** Parameters: the address the function begins at, instructions left, and calls that may still nest. */
export const ADDRESS = 0
export const LEFT = 1
export const DEPTH = 2
const PARAMETERS = 3

/** Names of locals, as numbers; `Locals.index` tells which they are. */
export const gpr = (n: number): number => n
export const LR_LOCAL = 32
export const CTR_LOCAL = 33
export const CA_LOCAL = 34
/** Where an indirect branch leads. */
export const TARGET = 35
/** What is compared in field n of CR, while it is not known yet whether anybody asks for the outcome. */
export const comparedLeft = (n: number): number => 36 + n
export const comparedRight = (n: number): number => 44 + n
/** The parts of a window (cpu/windows.ts), in their order. */
export const windowPart = (part: number): number => 52 + part
/** Those that hold an i64: fields of CR, and one for an exact sum. */
const FIRST_WIDE = 60
export const crValue = (n: number): number => FIRST_WIDE + n
export const WIDE_SCRATCH = FIRST_WIDE + 8
const NAMES = FIRST_WIDE + 9

export class Locals {
  readonly #indices = new Int16Array(NAMES).fill(-1)
  readonly #types: number[] = []
  /** Indices of the pool; the first `#inBlock` are taken until the block ends, others from `#inInsn` down. */
  readonly #pool: number[] = []
  #taken = 0
  #kept = 0

  /** The index of a local by its name. */
  index(name: number): number {
    const known = this.#indices[name]!
    return known >= 0 ? known : (this.#indices[name] = this.#declare(name < FIRST_WIDE ? I32 : I64))
  }

  #declare(type: number): number {
    this.#types.push(type)
    return PARAMETERS + this.#types.length - 1
  }

  /** An i32 that is free until the instruction ends. */
  forInsn(): number {
    if (this.#taken === this.#pool.length) this.#pool.push(this.#declare(I32))
    return this.#pool[this.#taken++]!
  }

  /** What has been taken for the instruction at hand stays taken until the block ends. */
  keep(): void {
    this.#kept = this.#taken
  }

  insnEnds(): void {
    this.#taken = this.#kept
  }

  blockEnds(): void {
    this.#taken = this.#kept = 0
  }

  /** As a function declares them: runs of the same type. */
  get declared(): readonly (readonly [count: number, type: number])[] {
    const runs: [number, number][] = []
    for (const type of this.#types) {
      const last = runs.at(-1)
      if (last !== undefined && last[1] === type) last[0]++
      else runs.push([1, type])
    }
    return runs
  }
}
