// Moments of a run, at which a machine can stand between two instructions. A run passes each once, so that a moment names
// the state of the machine: the same program and the same inputs come to it again.

import { Clock, Word } from '../cpu/state.ts'
import type { Machine } from './machine.ts'

export interface Moment {
  /** Instructions executed since the machine was switched on. */
  readonly retired: number
  /** Cycles since then: in a wait state time passes without instructions. */
  readonly cycle: number
  /** Interrupts taken since an instruction last completed, where there are some. */
  readonly interrupts?: number
  /** What the kernel of processes has done of itself since then, where it has: turns of threads, signals. */
  readonly turns?: number
  /** Where a system call is under way: how many bytes it has dealt with. */
  readonly progress?: number
}

/** Where the machine stands; in a run, as of the instruction that is being executed. */
export function momentOf({ cpu, linux }: Machine): Moment {
  const { words, clock } = cpu.state
  const { retired } = cpu
  // The count is from before the instructions that are not in the clocks yet.
  const interrupts = retired === clock[Clock.RETIRED] ? words[Word.INTERRUPTS_IN_A_ROW] : 0
  const turns = linux?.turns
  const progress = linux?.callUnderWay?.progress
  return {
    ...{ retired, cycle: cpu.now },
    ...(interrupts > 0 && { interrupts }),
    ...(turns !== undefined && turns > 0 && { turns }),
    ...(progress !== undefined && progress > 0 && { progress }),
  }
}

/** Below 0 where `a` comes before `b`, 0 where they are the same. */
export function compareMoments(a: Moment, b: Moment): number {
  return (
    a.retired - b.retired ||
    a.cycle - b.cycle ||
    (a.interrupts ?? 0) - (b.interrupts ?? 0) ||
    (a.turns ?? 0) - (b.turns ?? 0) ||
    (a.progress ?? 0) - (b.progress ?? 0)
  )
}
