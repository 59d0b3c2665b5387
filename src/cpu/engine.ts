// The seam between the run loop and what executes instructions. Every engine gives the same results at every instruction
// number; they differ in speed alone.

import type { Cpu } from './cpu.ts'
import { interpret } from './interpreter.generated.ts'

export interface Engine {
  /** What it has done besides executing, in instructions that take about as long: it only grows. */
  readonly work: number
  /** As whoever asks for it calls it. */
  readonly name: string
  /** Instructions that were executed as compiled code, those of a past that was run again among them. */
  readonly compiled: number
  /** A sentence for the user where this is not the engine that was asked for. */
  readonly remark?: string
  /**
   * Executes up to `budget` instructions from PC on, and fewer when attention is wanted or it chooses to return.
   * @returns how many were retired
   */
  execute(budget: number): number
  /** Effective addresses mean something else, or have to be looked at: translation, comparators, stops. */
  translationChanged(): void
  /** The same for the granule of code at `ea`. */
  granuleChanged(ea: number): void
  /** [real, real + bytes) of what is fetched from has been written, or is about to be. */
  codeChanged(real: number, bytes: number): void
  /** Nothing is known of any code any more. */
  forgetAll(): void
}

/** The reference: one instruction after the other. */
export class InterpretingEngine implements Engine {
  readonly name = 'interpreter'
  readonly work: number = 0
  readonly compiled: number = 0
  readonly remark?: string
  readonly #cpu: Cpu

  constructor(cpu: Cpu, remark?: string) {
    this.#cpu = cpu
    if (remark !== undefined) this.remark = remark
  }

  execute(budget: number): number {
    return interpret(this.#cpu, budget)
  }

  // It compares each word with what it knows of it at every fetch.
  translationChanged(): void {}
  granuleChanged(): void {}
  codeChanged(): void {}
  forgetAll(): void {}
}
