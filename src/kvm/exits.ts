// What becomes of an exit of the guest: the shape of the kernel's kvmppc_handle_exit and kvmppc_handle_debug.

import type { CpuExit } from '../cpu/exits.ts'
import {
  DBCR0_DAC1R,
  DBCR0_DAC1W,
  DBCR0_DAC2R,
  DBCR0_DAC2W,
  DBCR0_IAC1,
  DBCR0_IAC2,
  DBCR0_IAC3,
  DBCR0_IAC4,
  DBSR,
  DBSR_ICMP,
  DBSR_IDE,
} from '../isa/registers.ts'
import {
  EINTR,
  KVM_EXIT_DEBUG,
  KVM_EXIT_HLT,
  KVM_EXIT_HYPERCALL,
  KVM_EXIT_INTERNAL_ERROR,
  KVM_EXIT_INTR,
  KVM_EXIT_SYSTEM_EVENT,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_WATCH_READ,
  KVMPPC_DEBUG_WATCH_WRITE,
  type KvmDebugExitArch,
} from './abi.ts'
import { kvmppc_clear_dbsr } from './debugState.ts'
import type { KvmVcpu } from './vcpu.ts'

// The IAC and DAC bits of DBSR sit where their enables sit in DBCR0.
const IACS = DBCR0_IAC1 | DBCR0_IAC2 | DBCR0_IAC3 | DBCR0_IAC4
const DAC_WRITES = DBCR0_DAC1W | DBCR0_DAC2W
const DAC_READS = DBCR0_DAC1R | DBCR0_DAC2R

/** @returns what KVM_RUN returns: 0, or -EINTR when the run was only interrupted. */
export function kvmppc_handle_exit(vcpu: KvmVcpu, exit: CpuExit): number {
  const { run } = vcpu
  run.core = exit
  delete run.debug
  switch (exit.kind) {
    case 'debugInterrupt':
    case 'stopState':
      kvmppc_handle_debug(vcpu)
      return 0
    case 'budget':
    case 'requested':
    case 'stopAddress':
    case 'interrupt':
      run.exit_reason = KVM_EXIT_INTR
      return -EINTR
    case 'idle':
      run.exit_reason = KVM_EXIT_HLT
      return 0
    case 'reset':
      run.exit_reason = KVM_EXIT_SYSTEM_EVENT
      return 0
    case 'kernel':
      run.exit_reason = KVM_EXIT_HYPERCALL
      return 0
    case 'stuck':
      run.exit_reason = KVM_EXIT_INTERNAL_ERROR
      return 0
  }
}

/**
 * The cause comes from DBSR alone, and all of it is acknowledged by writing back exactly what was read. An IAC and a
 * DAC in one exit are both reported: the kernel's if/else would lose the watchpoint.
 */
export function kvmppc_handle_debug(vcpu: KvmVcpu): void {
  const { arch, cpu, run } = vcpu
  const dbsr = kvmppc_clear_dbsr(cpu)
  arch.dbsr = dbsr
  const armed = arch.dbg_reg.dbcr0 & (IACS | DAC_WRITES | DAC_READS)
  const expected = armed | DBSR_IDE | (arch.dbg_reg.dbcr0 & DBSR_ICMP)
  const unexpected = dbsr & ~expected & DBSR.defined
  if (unexpected !== 0) vcpu.report(`unexpected DBSR bits: ${DBSR.names(unexpected).join(', ')}`)
  run.exit_reason = KVM_EXIT_DEBUG
  run.debug = { arch: debugExit(vcpu, dbsr) }
}

function debugExit(vcpu: KvmVcpu, dbsr: number): KvmDebugExitArch {
  let status = 0
  if ((dbsr & IACS) !== 0) status |= KVMPPC_DEBUG_BREAKPOINT
  if ((dbsr & DAC_WRITES) !== 0) status |= KVMPPC_DEBUG_WATCH_WRITE
  if ((dbsr & DAC_READS) !== 0) status |= KVMPPC_DEBUG_WATCH_READ
  const watch = (status & ~KVMPPC_DEBUG_BREAKPOINT) !== 0
  const first = (dbsr & (DBCR0_DAC1R | DBCR0_DAC1W)) !== 0
  const address = watch ? vcpu.arch.dbg_reg.dac[first ? 0 : 1] : vcpu.cpu.pc
  return { address: address >>> 0, status, dbsr }
}
