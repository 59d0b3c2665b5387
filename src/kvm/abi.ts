// The kernel's user interface for guest debugging, by its own names and numbers (include/uapi/linux/kvm.h and
// arch/powerpc/include/uapi/asm/kvm.h).

import type { StorageAccess } from '../cpu/debug.ts'
import type { CpuExit } from '../cpu/exits.ts'
import type { Reported, RunRequest } from '../cpu/request.ts'

/** The numbers of the calls within KVMIO; what _IO and _IOW add to them says nothing here. */
export const KVM_RUN = 0x80
/** The call of 2008, before there was one interface for every architecture; its number has been retired since. */
export const KVM_DEBUG_GUEST = 0x87
export const KVM_SET_GUEST_DEBUG = 0x9b

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

export const ENOENT = 2
export const EINTR = 4
export const EBUSY = 16
export const EEXIST = 17
export const EINVAL = 22
export const ENOSYS = 38
export const ENOBUFS = 105

export const KVMPPC_BOOKE_IAC_NUM = 4
export const KVMPPC_BOOKE_DAC_NUM = 2

/** An illegal opcode that stands for a breakpoint in memory (arch/powerpc/include/asm/kvm_ppc.h). */
export const KVMPPC_INST_SW_BREAKPOINT = 0x00dddd00

export interface KvmBreakpoint {
  readonly addr: number
  /** KVMPPC_DEBUG_*; 0 for an entry that says nothing. */
  readonly type: number
}

/**
 * struct kvm_guest_debug. As in the kernel, each breakpoint takes the next free IAC and each watchpoint the next free
 * DAC, in the order of the array, of which the first six entries count. With `ext` an entry has its place instead:
 * bp[0-3] are IAC1-4 and bp[4-5] DAC1-2, so that a slot keeps its number when another becomes free.
 */
export interface KvmGuestDebug {
  readonly control: number
  readonly arch: { readonly bp: readonly KvmBreakpoint[]; readonly ext?: KvmGuestDebugExt }
}

/** Extension: what the comparators can do and the kernel's interface cannot say. Pairs are exact where not named. */
export interface KvmGuestDebugExt {
  /** bp[0].addr <= EA < bp[1].addr, or outside of it; the types of the two say which of IAC1 and IAC2 report it. */
  readonly iac12?: 'inclusive' | 'exclusive'
  readonly iac34?: 'inclusive' | 'exclusive'
  /** As a range, or (EA & bp[5].addr) == (bp[4].addr & bp[5].addr). */
  readonly dac12?: 'mask' | 'inclusive' | 'exclusive'
  /** Values that DAC1 and DAC2 additionally ask for. */
  readonly dvc?: readonly [KvmDataValue | undefined, KvmDataValue | undefined]
}

export interface KvmDataValue {
  readonly value: number
  /** DVCnBE: 8 for the byte at address ...0 of the aligned word, 4, 2, 1 for those after it. */
  readonly bytes: number
  readonly mode: 'and' | 'or' | 'andOr'
}

/** struct kvm_debug_guest, the argument of KVM_DEBUG_GUEST. */
export interface KvmDebugGuest {
  readonly enabled: number
  readonly breakpoints: readonly { readonly enabled: number; readonly address: number }[]
  readonly singlestep: number
}

/** struct kvm_debug_exit_arch, extended by the DBSR that caused the exit. */
export interface KvmDebugExitArch {
  /** The guest's PC; for a watchpoint alone, the value of its DAC. */
  readonly address: number
  /** KVMPPC_DEBUG_*; 0 for a single step, a software breakpoint and any other event. */
  readonly status: number
  /** Extension: every event of this exit, and the qualifiers that stood beside them. */
  readonly dbsr: number
}

export type { StorageAccess }

/** The core's own record of why it stopped. */
export type CoreExit = CpuExit

/** Extension: what a KVM_RUN is asked for. */
export interface KvmRunRequest extends RunRequest {
  /**
   * Asked of every debug exit, with the guest as it stands between two runs: whether it goes on (RESUME_GUEST) as if
   * KVM_RUN had returned and been called again with what was reported. It may end the run by `Cpu.requestStop`.
   */
  readonly passes?: ((exit: KvmDebugExitArch) => boolean) | undefined
}

/** struct kvm_run, as far as debugging goes. */
export interface KvmRun {
  exit_reason: number
  debug?: { readonly arch: KvmDebugExitArch }
  request: KvmRunRequest
  /** Extension: the storage access that a DAC has seen in this run. */
  access?: StorageAccess | undefined
  /** Extension: of what the request said had been reported, what has not been executed since. */
  reported: readonly Reported[]
  /** Extension: the core's own record of why it stopped. */
  core?: CoreExit
}
