// Counting on a way through the past: hit counts are those of the moment it leads to.

import { compareMoments, type Moment } from '../../machine/moment.ts'
import { HitCounts } from './hitCounts.ts'
import type { Passage, PastContext, PastStretch } from './passage.ts'

export class Counting {
  readonly #context: PastContext
  readonly #passage: Passage
  readonly #hitCounts: HitCounts

  constructor(context: PastContext, passage: Passage) {
    this.#context = context
    this.#passage = passage
    this.#hitCounts = new HitCounts(context.breakpoints)
  }

  get isNeeded(): boolean {
    return this.#hitCounts.areAny
  }

  /** To a moment, from where hit counts are known: they are those of the moment then. */
  *to(to: Moment): Generator<void, void, void> {
    const { history, execution, breakpoints } = this.#context
    const counts = this.#hitCounts
    counts.beginAt(to)
    if (!counts.areAny) return
    const passed = history.stations.filter(({ moment }) => compareMoments(moment, to) <= 0)
    const from = passed.filter(station => counts.areKnownAt(station)).at(-1) ?? passed[0]!
    history.restore(from)
    // Only now are the counts those of where the machine stands.
    execution.beginSearch(breakpoints)
    const onTheWay = passed.slice(passed.indexOf(from) + 1).map(({ moment }) => moment)
    for (const next of [...onTheWay, ...counts.beginnings(from.moment, to), to].sort(compareMoments)) {
      yield* this.#passage.through(next, () => false)
      counts.beginHere(next)
      history.leaveStation()
    }
  }

  /** Stretches before `moment`: before a breakpoint was set, it is as if it had been set at the beginning. */
  *stretches(moment: Moment): Generator<PastStretch, void, void> {
    const { history } = this.#context
    let to = moment
    for (let station = history.before(to); station !== undefined; station = history.before(to)) {
      this.#hitCounts.beginAtBeginning(history.beginning, to)
      const from = this.#hitCounts.beginnings(station.moment, to).at(-1) ?? station.moment
      yield { from, to }
      to = from
    }
  }

  /** The way is given up. */
  undo(): void {
    this.#hitCounts.undo()
  }
}
