import { Ivor } from '../cpu/interrupts.ts'

/** The manual's names (table 6-2), by IVOR number. */
const NAMES: readonly string[] = [
  'Critical Input',
  'Machine Check',
  'Data Storage',
  'Instruction Storage',
  'External Input',
  'Alignment',
  'Program',
  'Floating-Point Unavailable',
  'System Call',
  'Auxiliary Processor Unavailable',
  'Decrementer',
  'Fixed-Interval Timer',
  'Watchdog Timer',
  'Data TLB Error',
  'Instruction TLB Error',
  'Debug',
]

export const interruptName = (ivor: number): string => NAMES[ivor] ?? `IVOR${ivor}`

const RETURNING: ReadonlySet<number> = new Set([
  Ivor.CRITICAL_INPUT,
  Ivor.EXTERNAL_INPUT,
  Ivor.SYSTEM_CALL,
  Ivor.DECREMENTER,
  Ivor.FIXED_INTERVAL_TIMER,
  Ivor.WATCHDOG_TIMER,
  Ivor.DATA_TLB_ERROR,
  Ivor.INSTRUCTION_TLB_ERROR,
])

/** Interrupts whose handlers come back to where they were taken; the others usually end the program. */
export const returnsByItself = (ivor: number): boolean => RETURNING.has(ivor)
