// Where compiled code finds the state of the core, and its own tables, in the linear memory (cpu/state.ts).

import {
  CODE_TABLES_OFFSET,
  RAM_BASE,
  SOFT_TLB_OFFSET,
  SPR_OFFSET,
  WINDOW_BYTES,
  WINDOWS_OFFSET,
  WORDS_OFFSET,
  Word,
} from '../cpu/state.ts'
import { Spr } from '../isa/registers.ts'

export const gprAt = (n: number): number => 4 * n
export const LR_AT = SPR_OFFSET + 4 * Spr.LR
export const CTR_AT = SPR_OFFSET + 4 * Spr.CTR
export const CA_AT = WORDS_OFFSET + 4 * Word.CA
export { RAM_BASE }

/**
 * While compiled code runs, field n of CR is an i64, so that a comparison is one subtraction: LT is bit 62, GT: it is
 * above 0, EQ: its low word is 0, SO is bit 63 unlike bit 61. Every one of the sixteen values can be written this way.
 */
export const crValueAt = (n: number): number => CODE_TABLES_OFFSET + 8 * n
/** The i64 of each of the sixteen values. */
export const CR_VALUES = CODE_TABLES_OFFSET + 0x40
/** Instructions left when compiled code has returned. */
export const LEFT_AT = CODE_TABLES_OFFSET + 0xc0

/** The time base, its lower half, as it will be when no instructions are left; and whether it stands still. */
export const TIME_AT = CODE_TABLES_OFFSET + 0xc4
export const TIME_STANDS_AT = CODE_TABLES_OFFSET + 0xc8
/** Its upper half; and whether that is not the same until then, or stands still. */
export const TIME_UPPER_AT = CODE_TABLES_OFFSET + 0xcc
export const TIME_CARRIES_AT = CODE_TABLES_OFFSET + 0xd0

/** Where a jump to an address known only at run time goes on: pairs of address and place in the table, by bits of the address. */
export const JUMPS = CODE_TABLES_OFFSET + 0x4000
export const JUMP_ENTRIES = 1024
export const JUMP_BYTES = 8 * JUMP_ENTRIES

/** What code is compiled for: MSR[PR] and MSR[DS] as the soft TLB numbers them, and XER[SO], which nothing compiled changes. */
export interface CodeContext {
  readonly number: number
  readonly summaryOverflow: 0 | 1
}

export const softTlbOf = ({ number }: CodeContext): number => SOFT_TLB_OFFSET + number * 0x4000
export const windowOf = ({ number }: CodeContext): number => WINDOWS_OFFSET + number * WINDOW_BYTES
export const jumpsOf = ({ number }: CodeContext): number => JUMPS + number * JUMP_BYTES
