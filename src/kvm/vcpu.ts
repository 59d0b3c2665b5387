import type { Cpu } from '../cpu/cpu.ts'
import {
  clearDebugReg,
  type DebugReg,
  EINVAL,
  KVM_EXIT_UNKNOWN,
  KVM_GUESTDBG_ENABLE,
  KVM_RUN,
  KVM_SET_GUEST_DEBUG,
  type KvmGuestDebug,
  type KvmRun,
} from './abi.ts'
import { kvmppc_core_load_guest_debugstate, kvmppc_core_load_host_debugstate } from './debugState.ts'
import { kvmppc_handle_exit } from './exits.ts'
import { kvmppc_guest_debug_regs } from './guestDebug.ts'

export interface VcpuArch {
  /** What the user-space debugger wants in the registers while the guest runs. */
  dbg_reg: DebugReg
  /** The host kernel's own set, saved while the guest runs. */
  host_dbg_reg: DebugReg
  host_msr: number
  /** DBSR of the last debug exit. */
  dbsr: number
  /** Every event that latched before the guest was entered and was therefore the host's (R10, R11). */
  discarded_before_entry: number
}

/**
 * A virtual CPU on the emulated core. The core executes the guest's privileged instructions directly; what is virtual
 * is the debug facility, which `KVM_RUN` takes from the host and gives back on every return.
 */
export class KvmVcpu {
  readonly cpu: Cpu
  readonly run: KvmRun = { exit_reason: KVM_EXIT_UNKNOWN, budget: Number.MAX_SAFE_INTEGER }
  /** The control word of KVM_SET_GUEST_DEBUG; 0: the guest owns the facility. */
  guest_debug = 0
  readonly arch: VcpuArch = {
    dbg_reg: clearDebugReg(),
    host_dbg_reg: clearDebugReg(),
    host_msr: 0,
    dbsr: 0,
    discarded_before_entry: 0,
  }
  /** The host kernel, as far as the debug facility can tell. */
  readonly host = { msr: 0 }
  /** What a kernel would printk. */
  readonly log: string[] = []

  constructor(cpu: Cpu) {
    this.cpu = cpu
  }

  ioctl(request: typeof KVM_SET_GUEST_DEBUG, dbg: KvmGuestDebug): number
  ioctl(request: typeof KVM_RUN): number
  ioctl(request: number, dbg?: KvmGuestDebug): number {
    if (request === KVM_SET_GUEST_DEBUG && dbg !== undefined) return kvm_arch_vcpu_ioctl_set_guest_debug(this, dbg)
    if (request === KVM_RUN) return kvmppc_vcpu_run(this)
    return -EINVAL
  }

  report(text: string): void {
    if (this.log.at(-1) !== text) this.log.push(text)
  }
}

/** All or nothing: on -EINVAL the previous settings stay in force (I11). */
function kvm_arch_vcpu_ioctl_set_guest_debug(vcpu: KvmVcpu, dbg: KvmGuestDebug): number {
  const reg = kvmppc_guest_debug_regs(dbg)
  if (reg === undefined) return -EINVAL
  vcpu.arch.dbg_reg = reg
  vcpu.guest_debug = (dbg.control & KVM_GUESTDBG_ENABLE) !== 0 ? dbg.control : 0
  return 0
}

function kvmppc_vcpu_run(vcpu: KvmVcpu): number {
  kvmppc_core_load_guest_debugstate(vcpu)
  const exit = vcpu.cpu.run(vcpu.run.budget)
  const result = kvmppc_handle_exit(vcpu, exit)
  kvmppc_core_load_host_debugstate(vcpu)
  return result
}
