// The time of day of a machine: it goes with the cycles of the core from a time that the board says, so that a run is the
// same each time; and numbers as clock chips hold them, a decimal digit in four bits.

import type { Stateful } from '../bus/device.ts'

export interface CalendarState {
  /** Milliseconds since 1970, UTC, at a cycle of the machine. */
  readonly time: number
  readonly since: number
}

export class Calendar implements Stateful<CalendarState> {
  readonly #now: () => number
  readonly #cyclesOfSecond: number
  #is: CalendarState

  /** @param time milliseconds since 1970, UTC, when the machine starts @param now cycles of the machine */
  constructor(time: number, now: () => number, cyclesOfSecond: number) {
    this.#now = now
    this.#cyclesOfSecond = cyclesOfSecond
    this.#is = { time, since: now() }
  }

  date(): Date {
    const passed = ((this.#now() - this.#is.since) / this.#cyclesOfSecond) * 1000
    return new Date(Math.floor(this.#is.time + passed))
  }

  set(time: number): void {
    this.#is = { time, since: this.#now() }
  }

  save(): CalendarState {
    return this.#is
  }

  restore(state: CalendarState): void {
    this.#is = state
  }
}

/** 0 to 99 as two digits. */
export const toDigits = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10)

export const fromDigits = (digits: number): number => 10 * (digits >>> 4) + (digits & 15)
