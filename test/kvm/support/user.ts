// The user's side of a run: going on until the end, and what was reported on the way.

import type { Reported } from '../../../src/cpu/request.ts'
import {
  KVM_EXIT_DEBUG,
  KVM_EXIT_INTR,
  KVM_GUESTDBG_USE_SW_BP,
  KVM_RUN,
  type KvmBreakpoint,
  type KvmGuestDebugExt,
} from '../../../src/kvm/abi.ts'
import { reportedAfter } from '../../../src/kvm/reported.ts'
import type { KvmVcpu } from '../../../src/kvm/vcpu.ts'
import { setDebug } from './guest.ts'
import type { Report } from './reference.ts'

const ICMP = 0x08000000

/** A debugger with modes: what has been reported of an instruction is not asked for again. Returns how to go on. */
export function stepping(vcpu: KvmVcpu, bp: readonly KvmBreakpoint[], ext: KvmGuestDebugExt): (budget: number) => void {
  let reported: readonly Reported[] = []
  if (setDebug(vcpu, bp, ext) !== 0) throw new Error('refused')
  return budget => {
    vcpu.run.request = { budget, reported }
    vcpu.ioctl(KVM_RUN)
    reported = reportedAfter(vcpu)
  }
}

/**
 * The same debugger, which passes reports where the guest runs. `answers`: whether it passes them, over and over; every
 * report is among `reports`, in the order in which they were made.
 */
export function passing(
  vcpu: KvmVcpu,
  bp: readonly KvmBreakpoint[],
  ext: KvmGuestDebugExt,
  answers: readonly boolean[],
): { readonly go: (budget: number) => void; readonly reports: readonly Report[] } {
  const reports: Report[] = []
  let reported: readonly Reported[] = []
  if (setDebug(vcpu, bp, ext, KVM_GUESTDBG_USE_SW_BP) !== 0) throw new Error('refused')
  const passes = ({ dbsr }: { dbsr: number }): boolean => {
    reports.push({ pc: vcpu.cpu.pc >>> 0, dbsr: dbsr >>> 0 })
    return answers[reports.length % answers.length]!
  }
  const go = (budget: number): void => {
    vcpu.run.request = { budget, reported, passes }
    vcpu.ioctl(KVM_RUN)
    reported = reportedAfter(vcpu)
  }
  return { go, reports }
}

/** Continues until `total` instructions are retired, with what was reported on the way. */
export function reportsOf(vcpu: KvmVcpu, go: (budget: number) => void, total: number): Report[] {
  const reports: Report[] = []
  while (vcpu.cpu.retired < total) {
    go(total - vcpu.cpu.retired)
    if (vcpu.run.exit_reason === KVM_EXIT_DEBUG) {
      const dbsr = vcpu.run.debug!.arch.dbsr >>> 0
      // The step off a breakpoint is none of its own.
      if (dbsr !== ICMP) reports.push({ pc: vcpu.cpu.pc >>> 0, dbsr })
    } else if (vcpu.run.exit_reason !== KVM_EXIT_INTR) break
  }
  return reports
}
