// What the real registers hold for a guest. Two things must never follow from the owner's own values: an event of host
// code (the host runs through the last instructions before the guest with them loaded), and a change of the host itself.

import {
  DBCR0_EDM,
  DBCR0_FT,
  DBCR0_IRPT,
  DBCR0_RET,
  DBCR0_RST,
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
  MSR_CE,
  MSR_DE,
  MSR_DS,
  MSR_EE,
  MSR_IS,
  MSR_ME,
  MSR_PR,
} from '../isa/registers.ts'
import type { DebugReg } from './debugReg.ts'

/** MSR bits that are 1 while a guest runs, whatever the guest's own MSR says (booke_interrupts.S). */
export const KVMPPC_MSR_MASK = MSR_CE | MSR_EE | MSR_PR | MSR_DE | MSR_ME | MSR_IS | MSR_DS

/**
 * Every IAC and DAC qualified "user state only" and "address space 1 only": the guest always runs with PR = IS = DS = 1
 * and the host with 0, so a guest's breakpoint can never match host code, whatever its address (I8).
 */
const GUEST_ONLY_DBCR1 =
  DBCR1_IAC1US | DBCR1_IAC1ER | DBCR1_IAC2US | DBCR1_IAC2ER | DBCR1_IAC3US | DBCR1_IAC3ER | DBCR1_IAC4US | DBCR1_IAC4ER
const GUEST_ONLY_DBCR2 = DBCR2_DAC1US | DBCR2_DAC1ER | DBCR2_DAC2US | DBCR2_DAC2ER

/**
 * Enables that reach beyond the guest: the host's own rfi into the guest would be a RET event, its interrupts IRPT
 * events; EDM and RST stop or reset the host, FT stops its timers (I14).
 */
const HOST_AFFECTING = DBCR0_EDM | DBCR0_RST | DBCR0_IRPT | DBCR0_RET | DBCR0_FT

/**
 * The owner's set as it may stand in the hardware while host code still, or again, executes. `unqualified`: as it was
 * done in 2008, when nothing kept a guest's breakpoint from matching host code.
 */
export function shadowOf(reg: DebugReg, { unqualified }: { readonly unqualified: boolean }): DebugReg {
  if (unqualified) return reg
  return {
    ...reg,
    dbcr0: reg.dbcr0 & ~HOST_AFFECTING,
    dbcr1: reg.dbcr1 | GUEST_ONLY_DBCR1,
    dbcr2: reg.dbcr2 | GUEST_ONLY_DBCR2,
  }
}
