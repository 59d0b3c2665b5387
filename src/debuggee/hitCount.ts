// How often a breakpoint was reached with its condition true, up to where the program stands. It is a function of the
// moment: going back and forward, whichever way, leads to the same counts and so to the same stops.

import { compareMoments, type Moment } from '../machine/moment.ts'

/** Told before the instruction at PC, which it is about, or after one that has changed what is watched. */
export type HitTime = 'before' | 'after'

/** A count at one moment. */
export interface Hits {
  readonly hits: number
  /** When it was hit last, if that matters still. */
  readonly last?: { readonly moment: Moment; readonly time: HitTime }
}

const NONE: Hits = { hits: 0 }

export class HitCount {
  /** Where counting begins; undefined until it is known where the breakpoint was set. */
  since: Moment | undefined
  #first: Hits = NONE
  #here: Hits = NONE

  /** Counts from a moment on. @param countsFirst whether what is reached at that very moment is a hit */
  begin(moment: Moment, countsFirst: boolean): void {
    this.since = moment
    this.#first = countsFirst ? NONE : { hits: 0, last: { moment, time: 'before' } }
    this.#here = this.#first
  }

  /**
   * The breakpoint is reached: one hit, however often that is found out at the same moment.
   * @returns which it is, from 1 on; 0: none yet, for it has been set at this moment
   */
  hit(moment: Moment, time: HitTime): number {
    if (!this.#isLast(moment, time)) this.#here = { hits: this.#here.hits + 1, last: { moment, time } }
    return this.#here.hits
  }

  #isLast(moment: Moment, time: HitTime): boolean {
    const { last } = this.#here
    return last !== undefined && last.time === time && compareMoments(last.moment, moment) === 0
  }

  get hits(): number {
    return this.#here.hits
  }

  /** The count without what is about the instruction at PC, where the program stands at `moment`: that is found out again. */
  before(moment: Moment): Hits {
    const { hits } = this.#here
    return hits > 0 && this.#isLast(moment, 'before') ? { hits: hits - 1 } : this.#here
  }

  /** The program stands where the count was this, or where counting begins. */
  restore(hits: Hits | undefined): void {
    this.#here = hits ?? this.#first
  }
}
