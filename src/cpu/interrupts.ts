// Interrupts (user's manual chapter 6): what is saved where, what the MSR becomes, which one goes first.

import { Ivor } from '../isa/interrupts.ts'
import {
  ESR_MCI,
  MSR_CE,
  MSR_DE,
  MSR_EE,
  MSR_ME,
  Spr,
  TCR_DIE,
  TCR_FIE,
  TCR_WIE,
  TSR_DIS,
  TSR_FIS,
  TSR_WIS,
} from '../isa/registers.ts'
import { type CpuState, Word } from './state.ts'

/** A synchronous exception of the instruction at PC. `esr`, `dear`: undefined where the type leaves them alone. */
export interface Fault {
  ivor: number
  esr: number | undefined
  dear: number | undefined
}

/** `Fault.ivor` of a precise debug event: nothing is taken for it, DBSR already says all. */
export const DEBUG_EVENT = -1

/** Types that own ESR: they clear every bit but MCI that is not theirs (p.172). */
const SETS_ESR: ReadonlySet<number> = new Set([
  Ivor.DATA_STORAGE,
  Ivor.INSTRUCTION_STORAGE,
  Ivor.ALIGNMENT,
  Ivor.PROGRAM,
  Ivor.DATA_TLB_ERROR,
])

export const isCritical = (ivor: number): boolean =>
  ivor === Ivor.CRITICAL_INPUT || ivor === Ivor.WATCHDOG_TIMER || ivor === Ivor.DEBUG || ivor === Ivor.MACHINE_CHECK

/** Where interrupt `ivor` begins: IVPR holds the upper 16 bits, IVORn bits 16-27 (p.198). */
export const vector = (spr: Int32Array, ivor: number): number =>
  (spr[Spr.IVPR] & 0xffff0000) | (spr[Spr.IVOR0 + ivor] & 0x0000fff0)

/** What MSR is at the beginning of a handler. */
export function msrAfter(ivor: number, msr: number): number {
  if (ivor === Ivor.MACHINE_CHECK) return 0
  return msr & (isCritical(ivor) ? MSR_ME : MSR_CE | MSR_ME | MSR_DE)
}

/** Takes interrupt `ivor`: saves `pc` and MSR in the pair of its class, masks MSR, and goes to its vector. */
export function enterInterrupt(state: CpuState, ivor: number, pc: number, fault?: Fault): void {
  const { words, spr } = state
  const msr = words[Word.MSR]
  if (isCritical(ivor)) {
    // A machine check is written to both pairs (docs/decisions/0021-machine-checks-of-the-440ep.md).
    spr[Spr.CSRR0] = pc
    spr[Spr.CSRR1] = msr
    if (ivor === Ivor.MACHINE_CHECK) {
      spr[Spr.MCSRR0] = pc
      spr[Spr.MCSRR1] = msr
    }
  } else {
    spr[Spr.SRR0] = pc
    spr[Spr.SRR1] = msr
  }
  words[Word.MSR] = msrAfter(ivor, msr)
  noteCause(state, ivor, fault)
  words[Word.PC] = vector(spr, ivor)
}

/** ESR and DEAR of interrupt `ivor` (p.172). */
export function noteCause({ spr }: CpuState, ivor: number, fault?: Fault): void {
  if (fault !== undefined && SETS_ESR.has(ivor)) spr[Spr.ESR] = (spr[Spr.ESR] & ESR_MCI) | (fault.esr ?? 0)
  if (fault?.dear !== undefined) spr[Spr.DEAR] = fault.dear
}

/** Levels of the asynchronous inputs that are not in a register of the core. */
export interface InterruptLines {
  external: boolean
  critical: boolean
  /** The MSR bits, EE and CE, with which something from outside could still come: waiting is not waiting forever then. */
  possible: number
  /** Those with which something that a device has planned could. */
  planned: number
}

/** The bit of MSR that lets an input of the core in. */
export const MSR_OF_INPUT = { external: MSR_EE, critical: MSR_CE } as const

/**
 * The asynchronous interrupt that goes next after machine check and debug, or -1: critical input, watchdog, external,
 * FIT, decrementer, in that order (p.201).
 */
export function pendingInterrupt(state: CpuState, lines: InterruptLines): number {
  const { words, spr } = state
  const msr = words[Word.MSR]
  const tcr = spr[Spr.TCR]
  const tsr = spr[Spr.TSR]
  if ((msr & MSR_CE) !== 0) {
    if (lines.critical) return Ivor.CRITICAL_INPUT
    if ((tcr & TCR_WIE) !== 0 && (tsr & TSR_WIS) !== 0) return Ivor.WATCHDOG_TIMER
  }
  if ((msr & MSR_EE) !== 0) {
    if (lines.external) return Ivor.EXTERNAL_INPUT
    if ((tcr & TCR_FIE) !== 0 && (tsr & TSR_FIS) !== 0) return Ivor.FIXED_INTERVAL_TIMER
    if ((tcr & TCR_DIE) !== 0 && (tsr & TSR_DIS) !== 0) return Ivor.DECREMENTER
  }
  return -1
}
