// Whoever hears of every instruction that is executed: coverage, profiles, traces. With one the core runs instruction by
// instruction; what it computes is the same.

export interface ExecutionObserver {
  /**
   * The instruction at `pc` has been executed, so many `times` in a row, and has left PC at `next`. Both are signed 32 bits.
   */
  executed(pc: number, next: number, times: number): void
  /** Interrupt `ivor` has been taken: at `from`, before the instruction there. PC is at its vector. */
  interrupted?(ivor: number, from: number): void
}
