// Hit counts on a way through the past. Where the program comes to stand, the hits are those from where the breakpoint was
// set; it is as if it had been set where somebody stands before that.

import type { Station } from '../../history/history.ts'
import { compareMoments, type Moment } from '../../machine/moment.ts'
import type { Breakpoint, Breakpoints } from '../breakpoints.ts'
import type { RunState } from '../execution.ts'
import { HitCount } from '../hitCount.ts'

export class HitCounts {
  readonly #breakpoints: Breakpoints
  /** What has begun anew on this way, by what it is now. */
  readonly #replaced = new Map<HitCount, HitCount>()

  constructor(breakpoints: Breakpoints) {
    this.#breakpoints = breakpoints
  }

  /** Those that begin after `moment` begin there instead: somebody stands there. */
  beginAt(moment: Moment): void {
    for (const { breakpoint, since } of this.#counted)
      if (compareMoments(since, moment) > 0) this.#beginAnew(breakpoint, moment, false)
  }

  /** Those that begin at `moment` or after it count from the beginning of the history. */
  beginAtBeginning(beginning: Moment, moment: Moment): void {
    for (const { breakpoint, since } of this.#counted)
      if (compareMoments(since, moment) >= 0 && compareMoments(since, beginning) > 0)
        this.#beginAnew(breakpoint, beginning, true)
  }

  #beginAnew(breakpoint: Breakpoint, moment: Moment, countsFirst: boolean): void {
    const before = breakpoint.count
    breakpoint.count = new HitCount()
    breakpoint.count.begin(moment, countsFirst)
    this.#replaced.set(breakpoint.count, before)
  }

  /** The way is given up. */
  undo(): void {
    for (const breakpoint of this.#breakpoints.all) {
      let before = this.#replaced.get(breakpoint.count)
      for (; before !== undefined; before = this.#replaced.get(before)) breakpoint.count = before
    }
  }

  get areAny(): boolean {
    return this.#counted.length > 0
  }

  /** Whether a run from there on counts all of them as they have been counted. */
  areKnownAt({ moment, companion }: Station): boolean {
    const hits = (companion as RunState | undefined)?.hits
    return this.#counted.every(
      ({ breakpoint: { count }, since }) => compareMoments(since, moment) >= 0 || hits?.has(count) === true,
    )
  }

  /** Where counting begins, after `from` and up to `to`, in order. */
  beginnings(from: Moment, to: Moment): readonly Moment[] {
    return this.#counted
      .map(({ since }) => since)
      .filter(since => compareMoments(since, from) > 0 && compareMoments(since, to) <= 0)
      .sort(compareMoments)
  }

  /** Who begins where the program stands does so. */
  beginHere(moment: Moment): void {
    for (const { breakpoint, since } of this.#counted)
      if (compareMoments(since, moment) === 0) breakpoint.count.restore(undefined)
  }

  /** Those set while the way is gone are counted when it has come to its end. */
  get #counted(): readonly Counted[] {
    return this.#breakpoints.counted.flatMap(breakpoint => {
      const { since } = breakpoint.count
      return since === undefined ? [] : [{ breakpoint, since }]
    })
  }
}

interface Counted {
  readonly breakpoint: Breakpoint
  readonly since: Moment
}
