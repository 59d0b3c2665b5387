// The language a unit is written in, and its compiler.

import { DW_AT } from '../dwarf/constants.ts'
import type { DieUnit } from '../dwarf/die.ts'

/** DW_LANG_Mips_Assembler, which is what GNU as writes for every processor. */
const DW_LANG_assembler = 0x8001

/** DW_LANG_C_plus_plus and its later editions (DWARF 5, §7.12). */
const cxx: ReadonlySet<number | undefined> = new Set([0x04, 0x1a, 0x21, 0x2b, 0x3a])

const languageOf = (unit: DieUnit): number | undefined => unit.root.number(DW_AT.language)

export const isAssembly = (unit: DieUnit): boolean => languageOf(unit) === DW_LANG_assembler
export const isCxx = (unit: DieUnit): boolean => cxx.has(languageOf(unit))

/** GCC calls itself `GNU C17 12.2.0` and the like. */
export const isByGcc = (unit: DieUnit): boolean => unit.root.string(DW_AT.producer)?.startsWith('GNU ') ?? false
