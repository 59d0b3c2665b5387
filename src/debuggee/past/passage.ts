// Stretches of the past, and how one is run through.

import type { History } from '../../history/history.ts'
import type { MachineRunRequest } from '../../machine/machine.ts'
import { compareMoments, type Moment, momentOf } from '../../machine/moment.ts'
import { Breakpoints } from '../breakpoints.ts'
import type { Execution } from '../execution.ts'
import type { Program } from '../program.ts'
import type { RunClock } from '../runClock.ts'
import { Continue } from '../steps/goal.ts'
import type { Stop } from '../stop.ts'

export interface PastContext {
  readonly history: History
  readonly execution: Execution
  readonly program: Program
  readonly breakpoints: Breakpoints
  readonly clock: RunClock
}

/** A way through the past, in pieces: between two of them others have their turn. Given up, it leads back to where it began. */
export type Travel = Generator<void, Stop, void>

/** A stretch of the past. */
export interface PastStretch {
  readonly from: Moment
  readonly to: Moment
}

/** Nothing to stop at. */
const NOTHING = new Breakpoints(() => ({ kind: 'nowhere', why: '' }))

export class Passage {
  readonly #context: PastContext

  constructor(context: PastContext) {
    this.#context = context
  }

  readonly limits = (): MachineRunRequest => this.#context.clock.limits()

  /** Nothing stops the program where it is only led somewhere. */
  withoutBreakpoints(): void {
    this.#context.execution.beginSearch(NOTHING)
  }

  /** Puts the machine to a station at `from`, or before it. */
  beginAt(from: Moment): void {
    const { history } = this.#context
    history.restore(history.before(from, true)!)
  }

  /** Runs up to `to`, with the breakpoints of the search. @param ends asked at each stop: whether that is far enough */
  *through(to: Moment, ends: (stop: Stop, here: Moment) => boolean): Generator<void, void, void> {
    const { history, execution } = this.#context
    history.bound(to)
    let at: Moment | undefined
    while (compareMoments(momentOf(execution.machine), to) < 0) {
      const verdict = execution.next()
      const here = momentOf(execution.machine)
      if (verdict.kind === 'stop') {
        // Who stands still for ever stops at the same moment again.
        if (at !== undefined && compareMoments(at, here) === 0) break
        at = here
        if (ends(verdict.stop, here)) break
        execution.begin(new Continue())
        execution.stands()
      } else if (verdict.kind !== 'go') break
      yield
    }
    history.bound(undefined)
  }

  /** Stretches of the past, the latest first, that end before or at `moment`. */
  *stretches(moment: Moment): Generator<PastStretch, void, void> {
    const { history } = this.#context
    let to = moment
    for (let from = history.before(to); from !== undefined; from = history.before(to)) {
      yield { from: from.moment, to }
      to = from.moment
    }
  }
}
