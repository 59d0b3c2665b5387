// The kernel's user interface for guest debugging, by its own names and numbers (include/uapi/linux/kvm.h and
// arch/powerpc/include/uapi/asm/kvm.h).

import type { CpuExit } from '../cpu/exits.ts'

/** _IOW(KVMIO, 0x9b, struct kvm_guest_debug) and _IO(KVMIO, 0x80): only their numbers matter here. */
export const KVM_SET_GUEST_DEBUG = 0x9b
export const KVM_RUN = 0x80

export const KVM_GUESTDBG_ENABLE = 0x00000001
export const KVM_GUESTDBG_SINGLESTEP = 0x00000002
export const KVM_GUESTDBG_USE_SW_BP = 0x00010000
export const KVM_GUESTDBG_USE_HW_BP = 0x00020000

export const KVMPPC_DEBUG_NONE = 0
export const KVMPPC_DEBUG_BREAKPOINT = 1 << 1
export const KVMPPC_DEBUG_WATCH_WRITE = 1 << 2
export const KVMPPC_DEBUG_WATCH_READ = 1 << 3

export const KVM_EXIT_UNKNOWN = 0
export const KVM_EXIT_HYPERCALL = 3
export const KVM_EXIT_DEBUG = 4
export const KVM_EXIT_HLT = 5
export const KVM_EXIT_INTR = 10
export const KVM_EXIT_INTERNAL_ERROR = 17
export const KVM_EXIT_SYSTEM_EVENT = 24

export const EINTR = 4
export const EINVAL = 22

export const KVMPPC_BOOKE_IAC_NUM = 4
export const KVMPPC_BOOKE_DAC_NUM = 2

/**
 * struct kvm_guest_debug. Breakpoints 0-3 are IAC1-4 and 4-5 DAC1-2 by position; type 0 leaves that comparator off
 * (the kernel closes such gaps, so that the numbering of the slots moves; ours must not).
 */
export interface KvmGuestDebug {
  readonly control: number
  readonly arch: { readonly bp: readonly { readonly addr: number; readonly type: number }[] }
}

/** struct kvm_debug_exit_arch, extended by the DBSR that caused the exit. */
export interface KvmDebugExitArch {
  /** The guest's PC, or the watched address for a watchpoint. */
  readonly address: number
  /** KVMPPC_DEBUG_*, or 0 for a single step. */
  readonly status: number
  readonly dbsr: number
}

/** The core's own record of why it stopped. */
export type CoreExit = CpuExit

/** struct kvm_run, as far as debugging goes. */
export interface KvmRun {
  exit_reason: number
  debug?: { readonly arch: KvmDebugExitArch }
  /** Extension: how many instructions KVM_RUN may execute before it returns with KVM_EXIT_INTR. */
  budget: number
  /** Extension: the core's own record of why it stopped. */
  core?: CoreExit
}

/** struct debug_reg: a set of values for the debug facility. */
export interface DebugReg {
  dbcr0: number
  dbcr1: number
  dbcr2: number
  iac: [number, number, number, number]
  dac: [number, number]
  dvc: [number, number]
}

export const clearDebugReg = (): DebugReg => ({
  dbcr0: 0,
  dbcr1: 0,
  dbcr2: 0,
  iac: [0, 0, 0, 0],
  dac: [0, 0],
  dvc: [0, 0],
})
