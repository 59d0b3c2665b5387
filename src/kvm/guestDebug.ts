// KVM_SET_GUEST_DEBUG: from what user space wants to what the debug registers have to hold while the guest runs.

import {
  DBCR0_DAC1R,
  DBCR0_DAC1W,
  DBCR0_DAC2R,
  DBCR0_DAC2W,
  DBCR0_IAC1,
  DBCR0_IAC2,
  DBCR0_IAC3,
  DBCR0_IAC4,
  DBCR0_ICMP,
  DBCR0_IDM,
  DBCR1_IAC1ER,
  DBCR1_IAC1US,
  DBCR1_IAC2ER,
  DBCR1_IAC2US,
  DBCR1_IAC3ER,
  DBCR1_IAC3US,
  DBCR1_IAC4ER,
  DBCR1_IAC4US,
  DBCR2_DAC1ER,
  DBCR2_DAC1US,
  DBCR2_DAC2ER,
  DBCR2_DAC2US,
} from '../isa/registers.ts'
import {
  clearDebugReg,
  type DebugReg,
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_SINGLESTEP,
  KVM_GUESTDBG_USE_HW_BP,
  KVMPPC_BOOKE_DAC_NUM,
  KVMPPC_BOOKE_IAC_NUM,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_WATCH_READ,
  KVMPPC_DEBUG_WATCH_WRITE,
  type KvmGuestDebug,
} from './abi.ts'

/**
 * Every IAC and DAC qualified "user state only" and "address space 1 only": the guest always runs with PR = IS = DS = 1
 * and the host with 0, so a guest's breakpoint can never match host code, whatever its address (I8).
 */
const GUEST_ONLY_DBCR1 =
  DBCR1_IAC1US | DBCR1_IAC1ER | DBCR1_IAC2US | DBCR1_IAC2ER | DBCR1_IAC3US | DBCR1_IAC3ER | DBCR1_IAC4US | DBCR1_IAC4ER
const GUEST_ONLY_DBCR2 = DBCR2_DAC1US | DBCR2_DAC1ER | DBCR2_DAC2US | DBCR2_DAC2ER

const IAC_ENABLE = [DBCR0_IAC1, DBCR0_IAC2, DBCR0_IAC3, DBCR0_IAC4]
const DAC_READ = [DBCR0_DAC1R, DBCR0_DAC2R]
const DAC_WRITE = [DBCR0_DAC1W, DBCR0_DAC2W]

const WATCH = KVMPPC_DEBUG_WATCH_READ | KVMPPC_DEBUG_WATCH_WRITE

/** The debug registers for `dbg`; undefined (-EINVAL) for too many entries or a type in a wrong place. */
export function kvmppc_guest_debug_regs(dbg: KvmGuestDebug): DebugReg | undefined {
  const reg = clearDebugReg()
  if ((dbg.control & KVM_GUESTDBG_ENABLE) === 0) return reg
  reg.dbcr1 = GUEST_ONLY_DBCR1
  reg.dbcr2 = GUEST_ONLY_DBCR2
  if ((dbg.control & KVM_GUESTDBG_SINGLESTEP) !== 0) reg.dbcr0 |= DBCR0_IDM | DBCR0_ICMP
  if ((dbg.control & KVM_GUESTDBG_USE_HW_BP) === 0) return reg
  for (const [n, { addr, type }] of dbg.arch.bp.entries()) {
    if (type === 0) continue
    const added =
      type === KVMPPC_DEBUG_BREAKPOINT
        ? kvmppc_booke_add_breakpoint(reg, addr, n)
        : kvmppc_booke_add_watchpoint(reg, addr, type, n - KVMPPC_BOOKE_IAC_NUM)
    if (!added) return undefined
  }
  return reg
}

function kvmppc_booke_add_breakpoint(reg: DebugReg, addr: number, index: number): boolean {
  if (index >= KVMPPC_BOOKE_IAC_NUM) return false
  reg.dbcr0 |= DBCR0_IDM | IAC_ENABLE[index]
  reg.iac[index] = addr | 0
  return true
}

function kvmppc_booke_add_watchpoint(reg: DebugReg, addr: number, type: number, index: number): boolean {
  if (index < 0 || index >= KVMPPC_BOOKE_DAC_NUM || (type & ~WATCH) !== 0) return false
  reg.dbcr0 |= DBCR0_IDM
  if ((type & KVMPPC_DEBUG_WATCH_READ) !== 0) reg.dbcr0 |= DAC_READ[index]
  if ((type & KVMPPC_DEBUG_WATCH_WRITE) !== 0) reg.dbcr0 |= DAC_WRITE[index]
  reg.dac[index] = addr | 0
  return true
}
