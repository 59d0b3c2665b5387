// The bits of each address comparator. DBCR0, which enables them, and DBSR, which tells of their events, have them at the
// same places (user's manual p.239, p.244).

import {
  DBCR0_DAC1R,
  DBCR0_DAC1W,
  DBCR0_DAC2R,
  DBCR0_DAC2W,
  DBCR0_IAC1,
  DBCR0_IAC2,
  DBCR0_IAC3,
  DBCR0_IAC4,
} from './registers.ts'

/** IAC1 to IAC4. */
export const IAC_BITS = [DBCR0_IAC1, DBCR0_IAC2, DBCR0_IAC3, DBCR0_IAC4] as const
/** DAC1 and DAC2, of reads and of writes. */
export const DAC_READ_BITS = [DBCR0_DAC1R, DBCR0_DAC2R] as const
export const DAC_WRITE_BITS = [DBCR0_DAC1W, DBCR0_DAC2W] as const
export const DAC_BITS = [DBCR0_DAC1R | DBCR0_DAC1W, DBCR0_DAC2R | DBCR0_DAC2W] as const

const all = (bits: readonly number[]): number => bits.reduce((mask, bit) => mask | bit, 0)

export const ANY_IAC = all(IAC_BITS)
export const ANY_DAC_READ = all(DAC_READ_BITS)
export const ANY_DAC_WRITE = all(DAC_WRITE_BITS)
