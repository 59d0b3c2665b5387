// A run again: its inputs are given in where they arrived the first time.

import { INTERRUPTS } from '../isa/interrupts.ts'
import type { Input } from './inputs.ts'
import type { Machine, MachineExit, MachineRun, MachineRunRequest } from './machine.ts'
import { compareMoments, type Moment, momentOf } from './moment.ts'

const ALL: ReadonlySet<number> = new Set(INTERRUPTS)
const NOT_ASKED_FOR: MachineExit = { kind: 'budget' }

/**
 * One run as it is asked for, which does not go past `to`. The last instruction before it goes by the smallest steps
 * there are, so that the machine stops also between two interrupts and within a system call.
 */
export function runTowards(machine: Machine, to: Moment, request: MachineRunRequest): MachineRun {
  const left = to.retired - machine.retired
  // An interrupt may strike instead of an instruction, which has to be tried for that: it does not come to its end.
  // Before an instruction threads have their turns.
  const here = momentOf(machine)
  const isBefore = (here.interrupts ?? 0) < (to.interrupts ?? 0) || (here.turns ?? 0) < (to.turns ?? 0)
  const isStruck = left === 0 && here.cycle === to.cycle && isBefore
  // Where all threads wait time passes, for runs that could execute something.
  const isIdle = left === 0 && here.cycle < to.cycle && machine.linux !== undefined
  const limits = {
    budget: isStruck || isIdle ? 1 : Math.min(request.budget, left > 1 ? left - 1 : left),
    horizon: Math.min(request.horizon ?? Number.POSITIVE_INFINITY, isStruck ? to.cycle + 1 : to.cycle),
  }
  if (left > 1) return machine.run({ ...request, ...limits })
  const run = machine.run({ ...request, ...limits, work: 1, stopBefore: ALL, stopAfter: ALL })
  const { core } = run
  const asked =
    (core.kind !== 'exception' || request.stopBefore?.has(core.ivor) === true) &&
    (core.kind !== 'interrupt' || request.stopAfter?.has(core.ivor) === true)
  return asked ? run : { ...run, core: NOT_ASKED_FOR }
}

/**
 * Runs `machine` to where each input arrived, and gives it in again. @throws when the run does not come to such a place:
 * the machine, its program or its options are not those of the log.
 */
export function replay(machine: Machine, inputs: readonly Input[]): void {
  for (const input of inputs) {
    runTo(machine, input)
    if (input.thread === undefined || machine.linux === undefined) machine.accept(input)
    else machine.linux.inThread(input.thread, () => machine.accept(input))
  }
}

/** Runs in a row after which nothing is other than before, as where the machine is stopped before an interrupt. */
export const MOST_MISSES = 64

/** @throws when the run does not come to that moment. */
export function runTo(machine: Machine, to: Moment): void {
  for (let misses = 0; misses < MOST_MISSES; ) {
    const before = momentOf(machine)
    const still = compareMoments(before, to)
    if (still === 0) return
    if (still > 0) break
    runTowards(machine, to, { budget: Number.MAX_SAFE_INTEGER })
    misses = compareMoments(momentOf(machine), before) === 0 ? misses + 1 : 0
  }
  throw new Error(
    `the run has no such moment after ${to.retired} instructions: it is not the run the log was written in`,
  )
}
