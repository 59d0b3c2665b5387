// What becomes of an exit of the guest: the shape of the kernel's kvmppc_handle_exit and kvmppc_handle_debug.

import { DBSR_EVENTS } from '../cpu/debug.ts'
import type { CpuExit } from '../cpu/exits.ts'
import { ANY_DAC_READ, ANY_DAC_WRITE, ANY_IAC, DAC_BITS } from '../isa/comparators.ts'
import { fieldsSet } from '../isa/register.ts'
import { DBCR0_ICMP, DBSR } from '../isa/registers.ts'
import {
  EINTR,
  KVM_EXIT_DEBUG,
  KVM_EXIT_HLT,
  KVM_EXIT_HYPERCALL,
  KVM_EXIT_INTERNAL_ERROR,
  KVM_EXIT_INTR,
  KVM_EXIT_SYSTEM_EVENT,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_NONE,
  KVMPPC_DEBUG_WATCH_READ,
  KVMPPC_DEBUG_WATCH_WRITE,
} from './abi.ts'
import { RESTART_INTERRUPT } from './debugState.ts'
import { execute } from './hostCode.ts'
import type { Vcpu } from './vcpuState.ts'

/** @returns what KVM_RUN returns: 0, or -EINTR when the run was only interrupted. */
export function kvmppc_handle_exit(vcpu: Vcpu, exit: CpuExit): number {
  const { arch, host, run } = vcpu
  execute(vcpu, RESTART_INTERRUPT)
  const dbsr = host.r3
  run.core = exit
  run.access = exit.kind === 'debugInterrupt' ? exit.access : undefined
  delete run.debug
  if (exit.kind === 'debugInterrupt') return kvmppc_handle_debug(vcpu, dbsr)
  // Latched by the last instruction, but left for another reason: no exit has reported it yet (I2).
  arch.queued_dbsr |= dbsr & DBSR_EVENTS
  switch (exit.kind) {
    case 'softBreakpoint':
      return reportDebug(vcpu, KVMPPC_DEBUG_NONE, 0)
    case 'budget':
    case 'requested':
    case 'returned':
    case 'stopAddress':
    case 'interrupt':
    case 'exception':
      run.exit_reason = KVM_EXIT_INTR
      return -EINTR
    case 'idle':
    case 'stopState':
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
 * The cause comes from DBSR alone (R1). An IAC and a DAC in one exit are both reported: the kernel's if/else would lose
 * the watchpoint. Bits nobody asked for are named, and the exit is one like any other (R4).
 */
export function kvmppc_handle_debug(vcpu: Vcpu, dbsr: number): number {
  const { dbcr0 } = vcpu.arch.dbg_reg
  const programmed = dbcr0 & (ANY_IAC | ANY_DAC_WRITE | ANY_DAC_READ | DBCR0_ICMP)
  const unexpected = dbsr & DBSR_EVENTS & ~programmed
  if (unexpected !== 0) vcpu.report(`unexpected DBSR bits: ${fieldsSet(DBSR, unexpected).join(', ')}`)
  let status = KVMPPC_DEBUG_NONE
  if ((dbsr & ANY_IAC) !== 0) status |= KVMPPC_DEBUG_BREAKPOINT
  if ((dbsr & ANY_DAC_WRITE) !== 0) status |= KVMPPC_DEBUG_WATCH_WRITE
  if ((dbsr & ANY_DAC_READ) !== 0) status |= KVMPPC_DEBUG_WATCH_READ
  return reportDebug(vcpu, status, dbsr)
}

function reportDebug(vcpu: Vcpu, status: number, dbsr: number): number {
  const { arch, run } = vcpu
  arch.dbsr = dbsr
  run.exit_reason = KVM_EXIT_DEBUG
  run.debug = { arch: { address: address(vcpu, status, dbsr) >>> 0, status, dbsr } }
  return 0
}

/** The PC of a breakpoint or step; for a watchpoint alone, as the kernel has it, its DAC. */
function address({ arch }: Vcpu, status: number, dbsr: number): number {
  const watchpoint = (status & (KVMPPC_DEBUG_WATCH_READ | KVMPPC_DEBUG_WATCH_WRITE)) !== 0
  if (!watchpoint || (status & KVMPPC_DEBUG_BREAKPOINT) !== 0) return arch.pc
  return arch.dbg_reg.dac[(dbsr & DAC_BITS[0]) !== 0 ? 0 : 1]
}
