// The user's side of a run: going on until the end, and what was reported on the way.

import { KVM_EXIT_DEBUG, KVM_EXIT_INTR, type KvmBreakpoint, type KvmGuestDebugExt } from '../../../src/kvm/abi.ts'
import type { KvmVcpu } from '../../../src/kvm/vcpu.ts'
import { runFor, setDebug } from './guest.ts'
import { DAC, IAC1, type Report } from './reference.ts'

const ICMP = 0x08000000

/**
 * A debugger with modes: what has reported an instruction is off while that executes, and only then: where it faults
 * instead, the core's own stop keeps the first instruction of the handler from slipping through a range that is off.
 * Returns how to go on.
 */
export function stepping(vcpu: KvmVcpu, bp: readonly KvmBreakpoint[], ext: KvmGuestDebugExt): (budget: number) => void {
  let standing = { pc: -1, retired: -1, off: 0 }
  const used = (left: readonly KvmBreakpoint[], n: number): boolean =>
    ((left[n]?.type ?? 0) | (left[n + 1]?.type ?? 0)) !== 0
  const arm = (off: number, control: number): void => {
    const left = bp.map((one, n) =>
      (n < 4 ? IAC1 >>> n : DAC.write[n - 4]! | DAC.read[n - 4]!) & off ? { ...one, type: 0 } : one,
    )
    const modes = {
      ...(ext.iac12 && used(left, 0) && { iac12: ext.iac12 }),
      ...(ext.iac34 && used(left, 2) && { iac34: ext.iac34 }),
      ...(ext.dac12 && used(left, 4) && { dac12: ext.dac12 }),
    }
    if (setDebug(vcpu, left, modes, control) !== 0) throw new Error('refused')
  }
  return budget => {
    const { cpu } = vcpu
    const here = standing.pc === cpu.pc && standing.retired === cpu.retired
    arm(here ? standing.off : 0, here ? 2 : 0)
    if (here) for (let ivor = 0; ivor < 16; ivor++) cpu.interruptStops.add(ivor)
    runFor(vcpu, here ? 1000 : budget)
    cpu.interruptStops.clear()
    const { pc, retired } = cpu
    const still = here && standing.pc === pc && standing.retired === retired ? standing.off : 0
    standing = { pc, retired, off: still | ((vcpu.run.debug?.arch.dbsr ?? 0) & ~ICMP) }
    if (standing.off === 0) standing.pc = -1
  }
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
