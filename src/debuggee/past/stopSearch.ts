// The last stop that there would have been. A stretch is run forward with breakpoints, and what stops the program there is
// counted: so what is found is what a run forward would have found.

import type { Station } from '../../history/history.ts'
import { compareMoments, type Moment } from '../../machine/moment.ts'
import { Breakpoints, type DataRequest } from '../breakpoints.ts'
import type { Stop } from '../stop.ts'
import type { StopFilter } from './becameTrue.ts'
import type { Counting } from './counting.ts'
import type { Passage, PastContext, PastStretch, Travel } from './passage.ts'
import type { Walks } from './walks.ts'

const ANY_STOP: StopFilter = { wants: () => true }
/** Instructions that are searched at once in no time. */
const CLOSE = 20_000

export class StopSearch {
  readonly #context: PastContext
  readonly #passage: Passage
  readonly #counting: Counting
  readonly #walks: Walks

  constructor(context: PastContext, passage: Passage, counting: Counting, walks: Walks) {
    this.#context = context
    this.#passage = passage
    this.#counting = counting
    this.#walks = walks
  }

  *last(
    origin: Station,
    breakpoints: Breakpoints = this.#context.breakpoints,
    filter: StopFilter = ANY_STOP,
    isPossible: (stretch: PastStretch) => boolean = () => true,
  ): Travel {
    const isOwn = breakpoints !== this.#context.breakpoints
    for (const stretch of isOwn ? this.#passage.stretches(origin.moment) : this.#counting.stretches(origin.moment)) {
      if (!isPossible(stretch)) continue
      for (;;) {
        const first = yield* this.#stops(stretch, origin.moment, breakpoints, filter, 1)
        if (first.count === 0) break
        // Hits would be counted again from the beginning of the stretch each time.
        const isNarrowed = isOwn || !this.#counting.isNeeded
        const end = isNarrowed ? yield* this.#narrowed(stretch, origin.moment, breakpoints, filter) : stretch
        const { count } = yield* this.#stops(end, origin.moment, breakpoints, filter)
        if (count === 0) continue
        const again = yield* this.#stops(end, origin.moment, breakpoints, filter, count)
        // Fewer where breakpoints were taken away meanwhile: it stands at none of them.
        if (again.count === count) return again.last!
      }
    }
    return yield* this.#walks.toBeginning('Nothing has stopped the program before.')
  }

  /**
   * A short stretch in which the last of the stops is that there are in a stretch: what comes by a million times is
   * stopped at only a few times.
   */
  *#narrowed(
    stretch: PastStretch,
    origin: Moment,
    breakpoints: Breakpoints,
    filter: StopFilter,
  ): Generator<void, PastStretch, void> {
    const { history } = this.#context
    let { from, to } = stretch
    while (to.retired - from.retired > CLOSE) {
      this.#passage.withoutBreakpoints()
      this.#passage.beginAt(from)
      yield* history.advance(from.retired + Math.floor((to.retired - from.retired) / 2), this.#passage.limits)
      const station = history.hold()
      const middle = station.moment
      const { count } = yield* this.#stops({ from: middle, to }, origin, breakpoints, filter, 1)
      history.release(station)
      if (count > 0) from = middle
      else to = middle
    }
    return { from, to }
  }

  *beyondAccess(origin: Station): Travel {
    const { history, execution } = this.#context
    const stop = yield* this.last(origin)
    if (stop.accessed === undefined) return stop
    this.#passage.withoutBreakpoints()
    const { retired } = execution.machine
    while (execution.machine.retired === retired && history.isInPast) {
      history.run({ budget: 1 })
      yield
    }
    execution.settle()
    return stop
  }

  /** Runs through a stretch, up to the nth stop that is wanted. Stops at `origin` are those that have been seen. */
  *#stops(
    { from, to }: PastStretch,
    origin: Moment,
    breakpoints: Breakpoints,
    filter: StopFilter,
    nth = Number.POSITIVE_INFINITY,
  ): Generator<void, { readonly count: number; readonly last: Stop | undefined }, void> {
    const { execution } = this.#context
    if (breakpoints === this.#context.breakpoints && this.#counting.isNeeded) yield* this.#counting.to(from)
    else this.#passage.beginAt(from)
    execution.beginSearch(breakpoints)
    filter.begins?.()
    let count = 0
    let last: Stop | undefined
    yield* this.#passage.through(to, (stop, here) => {
      if (!filter.wants(stop) || compareMoments(here, origin) >= 0) return false
      last = stop
      return ++count === nth
    })
    return { count, last }
  }

  *watched(origin: Station, requests: readonly DataRequest[], filter: StopFilter): Travel {
    const { history } = this.#context
    const isPossible = ({ from, to }: PastStretch): boolean =>
      requests.some(({ access, address, size }) => access !== 'write' || !history.isUntouched(from, to, address, size))
    return yield* this.last(origin, this.watching(requests), filter, isPossible)
  }

  /** Data breakpoints of a search's own. */
  watching(requests: readonly DataRequest[]): Breakpoints {
    const { program } = this.#context
    const breakpoints = new Breakpoints(each => program.resolve(each))
    breakpoints.settled = true
    breakpoints.replace({ owner: 'past', list: 'data' }, requests)
    breakpoints.replan()
    return breakpoints
  }
}
