// Where things lie in the test image, the same for every machine that runs it. Numbers in it are big-endian.
//
//   case     0 r0-r31   128 CR XER CTR LR   144 MSR CSRR0   152 FPSCR  160 f0-f7  256 scratch  384 instruction, ba saved
//   result   0 r0-r31   128 CR XER CTR LR   144 exception   148 ESR   152 FPSCR  160 f0-f7  224 SRR0 DEAR

export const ENTRY = 0x00100000
export const SAVED = ENTRY + 0x100
export const CASES = 0x02000000
export const RESULTS = 0x08000000
/** Bytes of a case, and of a result. */
export const SIZE = 512
/** Holds FINISHED when all cases have run. */
export const DONE = 0x00f00000
export const FINISHED = 0x600d

export const CR = 128
export const XER = 132
export const CTR = 136
export const LR = 140
export const MSR = 144
export const CSRR0 = 148
export const FPSCR = 152
export const FPR = 160
export const SCRATCH = 256
export const SCRATCH_BYTES = 128
export const CODE = 384
export const CODE_BYTES = 128
/** A stretch of `sc`, which absolute branches can reach. */
export const LANDING = 0x1000
export const LANDING_BYTES = 256
/**
 * Pages with different permissions, one behind the other, and nothing after the last (runner.S): some to load from, and
 * the same again to store to, so that what a fault left half done is not loaded by another case.
 */
export const PAGES = 0x20000000
export const PAGES_TO_STORE = 0x2000a000
export const PAGE_COUNT = 5
/** Where the former lie. */
export const PAGES_REAL = 0x00800000

export const EXCEPTION = 144
export const ESR = 148
export const SRR0 = 224
export const DEAR = 228

/** RAM of the machines, bytes: room for 100,000 cases and their results. */
export const RAM = 256 << 20
