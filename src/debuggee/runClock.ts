// How long a run may last: the message queue is looked at in time, and execution is not ahead of the wall where that is
// asked for. What the guest computes does not depend on it.

import type { RunRequest } from '../cpu/request.ts'
import { Pace } from '../machine/pace.ts'

/** Host milliseconds between two looks at the message queue. */
const SLICE_MS = 8
/** Host milliseconds after which a run ends, so that slices end in time. */
const RUN_MS = 2
/** Loops that do nothing cost nothing, and a run can have any number of their instructions. */
const LARGEST_BUDGET = 10_000_000
/** What the kernel of a process may do in a run, as instructions: it is not asked how long that takes. */
const KERNEL_WORK = 100_000

export class RunClock {
  /** Wall-clock milliseconds. */
  readonly #now: () => number
  #runEnd = 0
  #sliceEnd = 0
  #pace: Pace | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  /** The program goes on, with the machine at `cycle`. @param pace `real`: not ahead of the clock on the wall */
  begin(pace: 'max' | 'real', cycle: number): void {
    this.#pace = pace === 'real' ? new Pace(cycle, this.#now()) : undefined
  }

  beginSlice(): void {
    this.#sliceEnd = this.#now() + SLICE_MS
  }

  get isSliceOver(): boolean {
    return this.#now() >= this.#sliceEnd
  }

  /** Milliseconds that execution, at `cycle`, is ahead of the wall. */
  ahead(cycle: number): number {
    return this.#pace?.wait(cycle, this.#now()) ?? 0
  }

  /** What bounds a run that begins now. */
  limits(): Pick<RunRequest, 'budget' | 'horizon' | 'isOver'> & { readonly work: number } {
    const now = this.#now()
    this.#runEnd = now + RUN_MS
    const horizon = this.#pace?.horizon(now)
    return {
      budget: LARGEST_BUDGET,
      work: KERNEL_WORK,
      isOver: this.isOver,
      ...(horizon !== undefined && { horizon }),
    }
  }

  /** The run has lasted long enough. */
  readonly isOver = (): boolean => this.#now() >= this.#runEnd
}
