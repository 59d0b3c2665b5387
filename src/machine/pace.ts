// `pace: real`: execution is never ahead of the clock on the wall, so that a second the program waits is a second. What
// the guest computes, and when by its own clock, stays the same. A program that computes more than this emulator can in
// that time falls behind, and does not hurry afterwards to make up for it.

import { CLOCK_HZ } from '../cpu/timers.ts'

const CYCLES_PER_MS = CLOCK_HZ / 1000
/** Milliseconds that execution may be ahead, so that it need not be held up at every turn. */
const LEAD = 2
/** No wait is longer, in milliseconds: pauses and keys are noticed after it. */
const LONGEST_WAIT = 15

export class Pace {
  /** A moment at which both clocks were level. */
  #cycle: number
  #ms: number

  /** @param cycle of the machine, at the wall-clock time `ms` */
  constructor(cycle: number, ms: number) {
    this.#cycle = cycle
    this.#ms = ms
  }

  /** The cycle that may be reached at wall-clock time `ms`. */
  horizon(ms: number): number {
    return this.#cycle + Math.floor((ms - this.#ms + LEAD) * CYCLES_PER_MS)
  }

  /** Milliseconds to wait before going on, with the machine at `cycle`. */
  wait(cycle: number, ms: number): number {
    const ahead = (cycle - this.#cycle) / CYCLES_PER_MS - (ms - this.#ms)
    if (ahead < 0) {
      this.#cycle = cycle
      this.#ms = ms
    }
    return Math.min(Math.max(0, ahead), LONGEST_WAIT)
  }
}
