// The interrupts of Book E as the 440 numbers and names them (user's manual, table 6-2, p.175).

/** IVOR numbers. */
export const Ivor = {
  CRITICAL_INPUT: 0,
  MACHINE_CHECK: 1,
  DATA_STORAGE: 2,
  INSTRUCTION_STORAGE: 3,
  EXTERNAL_INPUT: 4,
  ALIGNMENT: 5,
  PROGRAM: 6,
  FP_UNAVAILABLE: 7,
  SYSTEM_CALL: 8,
  AP_UNAVAILABLE: 9,
  DECREMENTER: 10,
  FIXED_INTERVAL_TIMER: 11,
  WATCHDOG_TIMER: 12,
  DATA_TLB_ERROR: 13,
  INSTRUCTION_TLB_ERROR: 14,
  DEBUG: 15,
} as const

/** The numbers of all of them. */
export const INTERRUPTS: readonly number[] = Object.values(Ivor)

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
