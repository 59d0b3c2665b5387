// The swap of the debug facility around a run of the guest. One set of hardware registers, three parties: the host
// kernel, the user-space debugger and the guest. Only one of the last two has the facility while the guest runs.
//
// Of the host's instructions those are listed that touch the facility, and enough of the others to show what stands
// between them; loads and stores of vcpu->arch are left out.

import { DBSR_EVENTS } from '../cpu/debug.ts'
import { Hw, Word } from '../cpu/state.ts'
import { fieldsSet } from '../isa/register.ts'
import { DBSR, MSR_DE } from '../isa/registers.ts'
import { DEBUG_REGS, type DebugRegPlace, readDebugReg } from './debugReg.ts'
import { execute, type HostInsn, type HostRoutine, insn } from './hostCode.ts'
import { shadowOf } from './shadow.ts'
import type { Vcpu } from './vcpuState.ts'

const DBCR0 = DEBUG_REGS.find(place => place.name === 'DBCR0')!
const ALL_BUT_DBCR0 = DEBUG_REGS.filter(place => place !== DBCR0)

/** DE off: whatever matches from here on only latches in DBSR. */
const disableDebugInterrupts = insn('mtmsr   r5', ({ cpu }) => {
  cpu.state.words[Word.MSR] &= ~MSR_DE
})

/** No enable is live while addresses are exchanged beneath it (R15). */
const clearEnables: readonly HostInsn[] = [
  insn('li      r5,0'),
  insn('mtspr   DBCR0,r5', ({ cpu }) => {
    cpu.state.hw[Hw.DBCR0] = 0
  }),
]

const saveHost = (place: DebugRegPlace): HostInsn =>
  insn(`mfspr   r5,${place.name}`, ({ cpu, arch }) => place.set(arch.host_dbg_reg, cpu.state.hw[place.hw]))

const loadShadow = (place: DebugRegPlace): HostInsn =>
  insn(`mtspr   ${place.name},r5`, ({ cpu, arch }) => {
    cpu.state.hw[place.hw] = place.get(arch.shadow_dbg_reg)
  })

const restoreHost = (place: DebugRegPlace): HostInsn =>
  insn(`mtspr   ${place.name},r5`, ({ cpu, arch }) => {
    cpu.state.hw[place.hw] = place.get(arch.host_dbg_reg)
  })

const readDbsr = insn('mfspr   r3,DBSR', ({ cpu, host }) => {
  host.r3 = cpu.state.hw[Hw.DBSR]
})

/** The second half of kvmppc_clear_dbsr where what it finds is the host's own: cleared, and kept by name (R11). */
const discardDbsr: readonly HostInsn[] = [
  readDbsr,
  insn('mtspr   DBSR,r3', vcpu => {
    vcpu.cpu.debug.acknowledge(vcpu.host.r3)
    discarded(vcpu, vcpu.host.r3)
  }),
]

/** Before the guest: DE off, the host's whole set saved, used or not (R7), the owner's whole set written (R8). */
export const LOAD_GUEST_DEBUGSTATE: HostRoutine = {
  name: 'kvmppc_core_load_guest_debugstate',
  address: 0xc0001000,
  insns: [
    insn('mfmsr   r4', ({ cpu, arch }) => {
      arch.host_msr = cpu.state.words[Word.MSR]
    }),
    insn('rlwinm  r5,r4,0,23,21'),
    disableDebugInterrupts,
    ...DEBUG_REGS.map(saveHost),
    ...clearEnables,
    ...DEBUG_REGS.map(loadShadow),
    insn('blr'),
  ],
}

/** The last instructions before the guest (booke_interrupts.S). What latched in DBSR up to here is the host's (R10). */
export const LIGHTWEIGHT_EXIT: HostRoutine = {
  name: 'lightweight_exit',
  address: 0xc0001080,
  insns: [
    insn('mtspr   PID,r3'),
    insn('iccci   0,r0'),
    insn('mtspr   IVPR,r8'),
    insn('mtspr   SRR0,r3'),
    insn('mtspr   SRR1,r4'),
    ...discardDbsr,
    insn('lwz     r3,VCPU_GPR(r3)(r4)'),
    insn('lwz     r4,VCPU_GPR(r4)(r4)'),
    insn('rfi'),
  ],
}

/**
 * The Debug vector while a guest runs, for an event that is not the guest's: the real DE is 1 in the guest, so that a
 * guest's event is never imprecise. IDE tells of one that latched between the clearing of DBSR and rfi. Back at once.
 */
export const DEBUG_HANDLER: HostRoutine = {
  name: 'kvmppc_handler_15',
  address: 0xc0001100,
  insns: [...discardDbsr, insn('rfci')],
}

/** The way out as far as kvmppc_handle_exit, with the guest's values still in the registers. */
export const RESUME_HOST: HostRoutine = {
  name: 'kvmppc_resume_host',
  address: 0xc0001140,
  insns: [
    insn('mfspr   r5,CSRR0'),
    insn('mfspr   r6,CSRR1'),
    insn('mtspr   PID,r3'),
    insn('mtspr   IVPR,r4'),
    insn('bl      kvmppc_handle_exit'),
  ],
}

/** kvmppc_clear_dbsr at the beginning of kvmppc_handle_exit: the cause is DBSR, acknowledged as it was read (R1, R2). */
export const RESTART_INTERRUPT: HostRoutine = {
  name: 'kvmppc_restart_interrupt',
  address: 0xc0001180,
  insns: [readDbsr, insn('mtspr   DBSR,r3', ({ cpu, host }) => cpu.debug.acknowledge(host.r3)), insn('blr')],
}

/** After the guest: the host's set, DBCR0 last, then MSR (R15). A DBSR bit of a guest's comparator never outlives it. */
export const LOAD_HOST_DEBUGSTATE: HostRoutine = {
  name: 'kvmppc_core_load_host_debugstate',
  address: 0xc0001200,
  insns: [
    insn('mfmsr   r5'),
    insn('rlwinm  r5,r5,0,23,21'),
    disableDebugInterrupts,
    ...clearEnables,
    ...ALL_BUT_DBCR0.map(restoreHost),
    ...discardDbsr,
    restoreHost(DBCR0),
    insn('mtmsr   r4', ({ cpu, arch }) => {
      cpu.state.words[Word.MSR] = arch.host_msr
    }),
    insn('blr'),
  ],
}

export function kvmppc_core_load_guest_debugstate(vcpu: Vcpu): void {
  const { arch, cpu } = vcpu
  const owners = vcpu.guest_debug !== 0 ? arch.dbg_reg : readDebugReg(cpu.state.spr, 'spr')
  arch.shadow_dbg_reg = shadowOf(owners, arch)
  execute(vcpu, LOAD_GUEST_DEBUGSTATE)
}

export function kvmppc_core_load_host_debugstate(vcpu: Vcpu): void {
  execute(vcpu, LOAD_HOST_DEBUGSTATE)
}

/** What was in DBSR and cannot have come from the guest. */
function discarded(vcpu: Vcpu, dbsr: number): void {
  const events = dbsr & DBSR_EVENTS
  if (events === 0) return
  vcpu.arch.discarded_before_entry |= events
  vcpu.report(`discarded before entry, latched at ${vcpu.host.latchedAt}: ${fieldsSet(DBSR, dbsr).join(', ')}`)
}
