// A guest on a virtual CPU: the core of test/support/core.ts with both address spaces mapped 1:1, and what a host and
// a debugger do with it, in the kernel's terms.

import type { Cpu } from '../../../src/cpu/cpu.ts'
import { Hw } from '../../../src/cpu/state.ts'
import {
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_USE_HW_BP,
  KVM_RUN,
  KVM_SET_GUEST_DEBUG,
  type KvmBreakpoint,
  type KvmDebugExitArch,
  type KvmGuestDebugExt,
} from '../../../src/kvm/abi.ts'
import { KvmVcpu } from '../../../src/kvm/vcpu.ts'
import { createCore, requestOf } from '../../support/core.ts'

/** Types of breakpoints, as the kernel numbers them (arch/powerpc/include/uapi/asm/kvm.h). */
export const BREAKPOINT = 2
export const WATCH_WRITE = 4
export const WATCH_READ = 8

export const OFF: KvmBreakpoint = { addr: 0, type: 0 }

export function createGuest(cpu: Cpu = createCore()): KvmVcpu {
  mapSpaceOne(cpu)
  return new KvmVcpu(cpu)
}

/** Space 1 is mapped like space 0, so that a guest may set IS and DS without losing sight of itself. */
export function mapSpaceOne(cpu: Cpu): void {
  const { tlb } = cpu.state
  const TS = 0x100
  for (let entry = 0; entry < 16; entry++)
    for (let word = 0; word < 4; word++) tlb[4 * entry + word] = tlb[4 * (48 + entry) + word] | (word === 0 ? TS : 0)
  cpu.stateChanged()
}

/** The debug registers of the host, and its MSR: what has to be the same after every run (I1). */
export const HOST_REGS = [
  ...(['DBCR0', 'DBCR1', 'DBCR2', 'IAC1', 'IAC2', 'IAC3', 'IAC4', 'DAC1', 'DAC2', 'DVC1', 'DVC2'] as const),
]
export type HostState = Partial<Record<(typeof HOST_REGS)[number] | 'DBSR' | 'MSR', number>>

/** Host software writes its debug registers: between two runs they are the hardware's. */
export function setHost(vcpu: KvmVcpu, { MSR, ...regs }: HostState): void {
  for (const [name, value] of Object.entries(regs)) vcpu.cpu.state.hw[Hw[name as keyof typeof Hw]] = value | 0
  if (MSR !== undefined) vcpu.host.msr = MSR
}

export function readHost(vcpu: KvmVcpu): HostState {
  const values: HostState = { MSR: vcpu.host.msr >>> 0 }
  for (const name of HOST_REGS) values[name] = vcpu.cpu.state.hw[Hw[name]] >>> 0
  return values
}

/** KVM_SET_GUEST_DEBUG with breakpoints by position: bp[0-3] are IAC1-4, bp[4-5] DAC1-2. */
export const setDebug = (
  vcpu: KvmVcpu,
  bp: readonly KvmBreakpoint[],
  ext: KvmGuestDebugExt = {},
  control = 0,
): number =>
  vcpu.ioctl(KVM_SET_GUEST_DEBUG, {
    control: control | KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
    arch: { bp, ext },
  })

export const iac = (...addresses: number[]): KvmBreakpoint[] => addresses.map(addr => ({ addr, type: BREAKPOINT }))
export const dac = (addr: number, type: number): KvmBreakpoint[] => [OFF, OFF, OFF, OFF, { addr, type }]

export const detach = (vcpu: KvmVcpu): number => vcpu.ioctl(KVM_SET_GUEST_DEBUG, { control: 0, arch: { bp: [] } })

/** One KVM_RUN of at most `budget` instructions: the debug exit, or the number of any other exit. */
export function runFor(vcpu: KvmVcpu, budget = 1000): KvmDebugExitArch | number {
  vcpu.run.request = requestOf(vcpu.cpu, budget)
  vcpu.ioctl(KVM_RUN)
  return vcpu.run.debug?.arch ?? vcpu.run.exit_reason
}

/** DBSR of the hardware: whatever stands there between runs is the host's. */
export const hardwareDbsr = (vcpu: KvmVcpu): number => vcpu.cpu.state.hw[Hw.DBSR] >>> 0

/** Real address of a device that lets a test act in the middle of a run: a store to it calls `during`. */
export const PROBE = 0x3000_0000

/** Maps the probe; the guest has to store to PROBE. */
export function probe(vcpu: KvmVcpu, during: () => void): void {
  const write = during
  vcpu.cpu.bus.map(PROBE, { name: 'probe', text: '', registers: [], size: 4, read: () => 0, peek: () => 0, write })
}
