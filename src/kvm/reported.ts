// What the next KVM_RUN must not report again. Whoever debugs a guest carries this from one run to the next.

import { attemptHere, type Reported, withReport } from '../cpu/request.ts'
import { ANY_IAC, DAC_BITS } from '../isa/comparators.ts'
import type { Vcpu } from './vcpuState.ts'

/** A DAC that has reported an instruction has done so for both kinds of access it makes. */
const comparatorsOf = (dbsr: number): number =>
  DAC_BITS.reduce((events, bits) => ((dbsr & bits) !== 0 ? events | bits : events), dbsr & ANY_IAC)

/** After a run of `vcpu`: what was reported before and has not executed since, and what that run has reported. */
export function reportedAfter({ cpu, run }: Vcpu): readonly Reported[] {
  const dbsr = run.debug?.arch.dbsr
  if (dbsr === undefined) return run.reported
  const events = comparatorsOf(dbsr)
  const soft = dbsr === 0
  if (events === 0 && !soft) return run.reported
  return withReport(run.reported, { ...attemptHere(cpu), events, soft })
}
