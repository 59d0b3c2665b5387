// KVM_SET_GUEST_DEBUG: from what user space wants to what the debug registers have to hold while the guest runs. Pure:
// a set that cannot be had changes nothing (I11).

import { DAC_READ_BITS, DAC_WRITE_BITS, IAC_BITS } from '../isa/comparators.ts'
import { DBCR0_ICMP, DBCR0_IDM } from '../isa/registers.ts'
import {
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_SINGLESTEP,
  KVM_GUESTDBG_USE_HW_BP,
  KVM_GUESTDBG_USE_SW_BP,
  KVMPPC_BOOKE_DAC_NUM,
  KVMPPC_BOOKE_IAC_NUM,
  KVMPPC_DEBUG_BREAKPOINT,
  KVMPPC_DEBUG_WATCH_READ,
  KVMPPC_DEBUG_WATCH_WRITE,
  type KvmBreakpoint,
  type KvmDebugGuest,
  type KvmGuestDebug,
} from './abi.ts'
import { modesOf } from './comparatorModes.ts'
import { clearDebugReg, type DebugReg } from './debugReg.ts'

const CONTROL = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP | KVM_GUESTDBG_USE_SW_BP | KVM_GUESTDBG_USE_HW_BP

const WATCH = KVMPPC_DEBUG_WATCH_READ | KVMPPC_DEBUG_WATCH_WRITE

/** 32 bits, signed or not. The field has 64, and what is cut off would be a breakpoint somewhere else. */
const isAddress = (addr: number): boolean => Number.isInteger(addr) && addr >= -(2 ** 31) && addr < 2 ** 32

/** The debug registers for `dbg`; undefined (-EINVAL) for too many entries, an unknown type or an unknown mode. */
export function kvmppc_guest_debug_regs(dbg: KvmGuestDebug): DebugReg | undefined {
  if ((dbg.control & ~CONTROL) !== 0) return undefined
  const reg = clearDebugReg()
  if ((dbg.control & KVM_GUESTDBG_ENABLE) === 0) return reg
  // With nothing armed too: the unconditional event has no enable, and must not wait in DBSR unheard (I2).
  reg.dbcr0 = DBCR0_IDM
  if ((dbg.control & KVM_GUESTDBG_SINGLESTEP) !== 0) reg.dbcr0 |= DBCR0_ICMP
  if ((dbg.control & KVM_GUESTDBG_USE_HW_BP) === 0) return reg
  const { bp, ext } = dbg.arch
  if (!bp.every(({ addr }) => isAddress(addr))) return undefined
  if (ext === undefined) return inOrder(reg, bp) ? reg : undefined
  const modes = modesOf(ext, bp)
  if (modes === undefined || !inPlace(reg, bp)) return undefined
  return { ...reg, dbcr1: modes.dbcr1, dbcr2: modes.dbcr2, dvc: modes.dvc }
}

/** The kernel's way: each entry takes the next comparator of its kind, and entries after the sixth are not looked at. */
function inOrder(reg: DebugReg, bp: readonly KvmBreakpoint[]): boolean {
  let iacs = 0
  let dacs = 0
  for (const { addr, type } of bp.slice(0, KVMPPC_BOOKE_IAC_NUM + KVMPPC_BOOKE_DAC_NUM)) {
    if (type === 0) continue
    if ((type & ~(WATCH | KVMPPC_DEBUG_BREAKPOINT)) !== 0) return false
    const added =
      (type & KVMPPC_DEBUG_BREAKPOINT) !== 0
        ? kvmppc_booke_add_breakpoint(reg, addr, iacs++)
        : kvmppc_booke_add_watchpoint(reg, addr, type, dacs++)
    if (!added) return false
  }
  return true
}

/** The extension's way: the place in the array is the comparator. An address counts even where the type is 0. */
function inPlace(reg: DebugReg, bp: readonly KvmBreakpoint[]): boolean {
  return bp.every(({ addr, type }, n) => {
    const dac = n - KVMPPC_BOOKE_IAC_NUM
    if (dac >= KVMPPC_BOOKE_DAC_NUM) return type === 0
    if (dac < 0) {
      reg.iac[n] = addr | 0
      return type === 0 || (type === KVMPPC_DEBUG_BREAKPOINT && kvmppc_booke_add_breakpoint(reg, addr, n))
    }
    reg.dac[dac] = addr | 0
    return type === 0 || ((type & ~WATCH) === 0 && kvmppc_booke_add_watchpoint(reg, addr, type, dac))
  })
}

function kvmppc_booke_add_breakpoint(reg: DebugReg, addr: number, index: number): boolean {
  if (index >= KVMPPC_BOOKE_IAC_NUM) return false
  reg.dbcr0 |= IAC_BITS[index]
  reg.iac[index] = addr | 0
  return true
}

function kvmppc_booke_add_watchpoint(reg: DebugReg, addr: number, type: number, index: number): boolean {
  if (index >= KVMPPC_BOOKE_DAC_NUM) return false
  if ((type & KVMPPC_DEBUG_WATCH_READ) !== 0) reg.dbcr0 |= DAC_READ_BITS[index]
  if ((type & KVMPPC_DEBUG_WATCH_WRITE) !== 0) reg.dbcr0 |= DAC_WRITE_BITS[index]
  reg.dac[index] = addr | 0
  return true
}

/** KVM_DEBUG_GUEST in today's terms. Address 0 is an address like any other: a slot says by itself whether it is used. */
export function fromKvmDebugGuest({ enabled, breakpoints, singlestep }: KvmDebugGuest): KvmGuestDebug {
  const step = singlestep !== 0 ? KVM_GUESTDBG_SINGLESTEP : 0
  return {
    control: enabled !== 0 ? KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP | step : 0,
    arch: {
      bp: breakpoints.map(one => ({ addr: one.address, type: one.enabled !== 0 ? KVMPPC_DEBUG_BREAKPOINT : 0 })),
      ext: {},
    },
  }
}
