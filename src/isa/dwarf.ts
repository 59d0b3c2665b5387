// Numbers of the PowerPC's registers in DWARF, as GCC for SVR4 writes them. GPRn is n; SPRn is 100 + n, but for those
// with a number of their own.

export const DWARF_SP = 1
export const DWARF_FPR0 = 32
export const DWARF_CR = 64
export const DWARF_LR = 65
export const DWARF_CTR = 66
export const DWARF_XER = 76
export const DWARF_SPR0 = 100
