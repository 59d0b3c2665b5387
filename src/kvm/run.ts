// KVM_RUN: the host's registers make room for the guest's, the guest runs until something happens, and the host has its
// registers back before anybody hears of it.

import type { CpuExit } from '../cpu/exits.ts'
import type { RunRequest } from '../cpu/request.ts'
import { Hw, Word } from '../cpu/state.ts'
import { ANY_IAC } from '../isa/comparators.ts'
import { DBSR_IDE, MSR_CE, MSR_DE, MSR_ME, Spr } from '../isa/registers.ts'
import { readDebugReg, writeDebugReg } from './debugReg.ts'
import {
  DEBUG_HANDLER,
  kvmppc_core_load_guest_debugstate,
  kvmppc_core_load_host_debugstate,
  LIGHTWEIGHT_EXIT,
  RESUME_HOST,
} from './debugState.ts'
import { kvmppc_handle_exit } from './exits.ts'
import { execute } from './hostCode.ts'
import { reportedAfter } from './reported.ts'
import { KVMPPC_MSR_MASK, shadowOf } from './shadow.ts'
import type { Vcpu } from './vcpuState.ts'

/** @returns what KVM_RUN returns: 0, or -EINTR when the run was only interrupted. */
export function kvmppc_vcpu_run(vcpu: Vcpu): number {
  const { arch, cpu, host } = vcpu
  const { words } = cpu.state
  arch.pc = words[Word.PC]
  arch.msr = words[Word.MSR]
  words[Word.MSR] = host.msr
  host.watched = hostIsWatched(vcpu)
  host.latchedAt = 'an instruction before KVM_RUN'
  owner(vcpu, 'host')
  kvmppc_core_load_guest_debugstate(vcpu)
  const result = runGuest(vcpu)
  kvmppc_core_load_host_debugstate(vcpu)
  host.msr = words[Word.MSR]
  // Between runs PC and MSR are the guest's, for all who look at it.
  words[Word.PC] = arch.pc
  words[Word.MSR] = arch.msr
  return result
}

/** Something happens to the guest between two runs: what it does to the facility, it does to the guest's. */
export function asGuest(vcpu: Vcpu, happens: () => void): void {
  const { arch, cpu } = vcpu
  const { hw, words } = cpu.state
  const hosts = hw.slice()
  arch.pc = words[Word.PC]
  arch.msr = words[Word.MSR]
  enterGuest(vcpu)
  happens()
  leaveGuest(vcpu, { kind: 'requested' })
  hw.set(hosts)
  words[Word.MSR] = arch.msr
}

/** The host's own IACs, or with the qualifiers off the guest's, could match an instruction of the host's. */
function hostIsWatched({ arch, cpu }: Vcpu): boolean {
  const { hw } = cpu.state
  return (hw[Hw.DBCR0] & ANY_IAC) !== 0 || arch.unqualified
}

/** A request of which some has been done. */
type Rest = { -readonly [Name in keyof RunRequest]: RunRequest[Name] }

/** Until an exit is one for the host: a breakpoint that the request passes is left behind without a swap. */
function runGuest(vcpu: Vcpu): number {
  const { cpu, run } = vcpu
  const end = cpu.retired + run.request.budget
  const rest: Rest = { ...run.request }
  run.reported = run.request.reported ?? []
  for (;;) {
    execute(vcpu, LIGHTWEIGHT_EXIT)
    const exit = untilExit(vcpu, rest, end)
    execute(vcpu, RESUME_HOST)
    const result = kvmppc_handle_exit(vcpu, exit)
    if (!resumesGuest(vcpu)) return result
    run.reported = reportedAfter(vcpu)
  }
}

/** Whether the request passes the debug exit at hand. It is asked with PC and MSR those of the guest. */
function resumesGuest({ arch, cpu, run }: Vcpu): boolean {
  const { passes } = run.request
  if (run.debug === undefined || passes === undefined) return false
  const { words } = cpu.state
  const hosts = words[Word.MSR]
  words[Word.PC] = arch.pc
  words[Word.MSR] = arch.msr
  const resumes = passes(run.debug.arch)
  words[Word.MSR] = hosts
  return resumes
}

/** Until the guest is left for a reason of its own. Events that the host's last instructions latched end here (R10). */
function untilExit(vcpu: Vcpu, rest: Rest, end: number): CpuExit {
  const { cpu, run } = vcpu
  const { hw } = cpu.state
  enterGuest(vcpu)
  for (;;) {
    rest.budget = end - cpu.retired
    rest.reported = run.reported
    const exit = cpu.run(rest)
    run.reported = cpu.reported
    leaveGuest(vcpu, exit)
    const ours = exit.kind === 'debugInterrupt' && (hw[Hw.DBSR] & DBSR_IDE) !== 0
    if (!ours) return exit
    execute(vcpu, DEBUG_HANDLER)
    enterGuest(vcpu)
  }
}

/** rfi: the core is the guest's. While user space owns the facility the guest's MSR is seen through KVM's mask. */
function enterGuest(vcpu: Vcpu): void {
  const { arch, cpu } = vcpu
  const { hw, spr, words } = cpu.state
  const owned = vcpu.guest_debug !== 0
  words[Word.PC] = arch.pc
  words[Word.MSR] = arch.msr
  hw[Hw.OWNED] = owned ? 1 : 0
  hw[Hw.SHADOW] = owned ? KVMPPC_MSR_MASK : 0
  hw[Hw.DBCR0_HINT] = owned ? vcpu.dbcr0_hint : 0
  if (!owned) {
    // Its own values without the shadow's qualifiers: from here on comparators see its own MSR. Events that were
    // pending when it lost the facility come back with it.
    writeDebugReg(hw, 'hw', readDebugReg(spr, 'spr'))
    hw[Hw.DBSR] = spr[Spr.DBSR]
  }
  owner(vcpu, owned ? 'debugger' : 'guest')
  if ((hw[Hw.DBSR] & DBSR_IDE) === 0 || !owned) bringBack(vcpu)
  cpu.debugChanged()
}

/** Events that wait for the guest; not while one of the host's is still there, whose fate they would share. */
function bringBack({ arch, cpu }: Vcpu): void {
  cpu.state.hw[Hw.DBSR] |= arch.queued_dbsr
  arch.queued_dbsr = 0
  if (arch.ude_requested) cpu.requestUnconditionalEvent()
  arch.ude_requested = false
}

/**
 * An interrupt into the host: what the guest changed of its own goes back to it. DE survives every interrupt but the
 * critical ones, of which Debug is one (p.195).
 */
function leaveGuest(vcpu: Vcpu, exit: CpuExit): void {
  const { arch, cpu } = vcpu
  const { hw, spr, words } = cpu.state
  arch.pc = words[Word.PC]
  arch.msr = words[Word.MSR]
  if (exit.kind === 'debugInterrupt' || exit.kind === 'softBreakpoint') arch.last_inst = cpu.fetch.peek(arch.pc)
  if (vcpu.guest_debug === 0) {
    const guests = readDebugReg(hw, 'hw')
    writeDebugReg(spr, 'spr', guests)
    spr[Spr.DBSR] = hw[Hw.DBSR]
    hw[Hw.DBSR] = 0
    writeDebugReg(hw, 'hw', shadowOf(guests, arch))
  }
  hw[Hw.OWNED] = 1
  hw[Hw.SHADOW] = 0
  words[Word.MSR] = exit.kind === 'debugInterrupt' ? MSR_ME : MSR_CE | MSR_ME | MSR_DE
  owner(vcpu, 'host')
}

/** The facility changes hands; whoever traces it wants to know on whose behalf what follows happens. */
function owner({ cpu }: Vcpu, next: 'guest' | 'debugger' | 'host'): void {
  const { trace } = cpu.debug
  if (trace !== undefined) trace.owner = next
}
