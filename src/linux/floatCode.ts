// Which of the floating-point exceptions that FPSCR enables SIGFPE tells of (arch/powerpc/kernel/traps.c,
// __parse_fpscr).

/** By the bit of the exception and that which enables it, the most urgent first: `si_code`. */
const CODES = [
  [0x20000000, 0x80, 7],
  [0x10000000, 0x40, 4],
  [0x08000000, 0x20, 5],
  [0x04000000, 0x10, 3],
  [0x02000000, 0x08, 6],
] as const

/** `si_code` of SIGFPE: FPE_FLTINV and its kin, 0 where FPSCR tells of none. */
export const floatCode = (fpscr: number): number =>
  CODES.find(([is, enabled]) => (fpscr & is) !== 0 && (fpscr & enabled) !== 0)?.[2] ?? 0
