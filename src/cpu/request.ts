// What a run of the core is asked for. It is a value: nothing of it stays in the core when the run has returned.

import { Spr } from '../isa/registers.ts'
import type { Cpu } from './cpu.ts'

/** Addresses at which a run returns before the instruction there executes, once something has happened in it. */
export interface Stops {
  readonly addresses: readonly number[]
  /** Only where r1 is at least this, unsigned: what the frames below do at these addresses does not count. */
  readonly sp?: number
}

/**
 * What has been reported of one attempt at an instruction, and is not reported of that attempt again: not when the run
 * goes on from there, and not when rfi leads back there from an interrupt that came in between.
 */
export interface Reported {
  /** Address of the instruction, unsigned. */
  readonly pc: number
  /** r1 at that moment, unsigned: the same instruction on another stack is another attempt. */
  readonly sp: number
  /** Of a hosted core the PID at that moment: after a fork two processes are at the same instruction. */
  readonly pid?: number | undefined
  /** DBSR bits of the comparators that have reported it. */
  readonly events: number
  /** A software breakpoint has. */
  readonly soft: boolean
  /** Interrupts taken since, before it had executed, that have not returned yet; 0: it is the attempt at hand. */
  readonly interrupts: number
}

/** Of a hosted core: whose instructions it executes. */
export const pidOf = ({ state, hosted }: Cpu): number | undefined => (hosted ? state.spr[Spr.PID] : undefined)

/** The attempt that the core is about to make. */
export const attemptHere = (cpu: Cpu): Pick<Reported, 'pc' | 'sp' | 'pid'> => ({
  ...{ pc: cpu.pc >>> 0, sp: cpu.state.gpr[1] >>> 0, pid: pidOf(cpu) },
})

export interface RunRequest {
  /** Instructions to execute at most. */
  readonly budget: number
  /** The cycle at which the run returns in any case: time that passes without instructions does not go beyond it. */
  readonly horizon?: number
  /** Asked every few thousand instructions: whether the run is to end as if its budget were spent. */
  readonly isOver?: () => boolean
  readonly stops?: readonly Stops[]
  /**
   * Where what a debugger's range of DACs is about begins. The range begins lower, as long accesses do; one that ends before
   * this address is not told.
   */
  readonly watchedFrom?: number | undefined
  /** It continues a run that has executed something: a stop at PC counts. */
  readonly goesOn?: boolean
  /** IVOR numbers after whose interrupt the run returns, at the vector. */
  readonly stopAfter?: ReadonlySet<number>
  /** IVOR numbers before whose interrupt the run returns, once: the next run takes it. */
  readonly stopBefore?: ReadonlySet<number>
  /** The run returns after rfi, rfci and rfmci. */
  readonly stopAtReturn?: boolean
  readonly reported?: readonly Reported[]
}

export const NO_STOPS: readonly Stops[] = []
export const NONE: ReadonlySet<number> = new Set()

/** So many attempts are remembered: interrupts can strike in the handlers of others. */
const MOST_REPORTED = 64

/** `before` with what has just been reported at an instruction; two reports of one attempt become one. */
export function withReport(
  before: readonly Reported[],
  { pc, sp, pid, events, soft }: Omit<Reported, 'interrupts'>,
): readonly Reported[] {
  if (before.length === 0) return [{ pc, sp, pid, events, soft, interrupts: 0 }]
  const same = before.find(each => each.interrupts === 0 && each.pc === pc && each.sp === sp && each.pid === pid)
  const report = {
    pc,
    sp,
    pid,
    interrupts: 0,
    events: events | (same?.events ?? 0),
    soft: soft || same?.soft === true,
  }
  return [...before.filter(each => each.interrupts > 0), report].slice(-MOST_REPORTED)
}
