// The registers of the PPC440x5 as data: numbers, access, bit fields, each with its page in the user's manual
// (SA14-2613-02). Bits are IBM's: 0 is the most significant. Masks are int32, so that `word & mask` is enough.

import { bit, type Register, type RegisterOptions, register, span } from './register.ts'

/** A register without fields. */
const plain = (name: string, number: number, page: string, text: string, options?: RegisterOptions): Register =>
  register(name, number, page, text, {}, options)

// ---- machine state ----------------------------------------------------------------------------------------------------

export const MSR = register('MSR', undefined, 'UM p.165', 'machine state register', {
  WE: bit(13, 'wait state enable'),
  CE: bit(14, 'critical interrupt enable'),
  EE: bit(16, 'external interrupt enable'),
  PR: span(17, 17, 'problem state', { 0: 'supervisor', 1: 'user' }),
  FP: bit(18, 'floating-point available'),
  ME: bit(19, 'machine check enable'),
  FE0: bit(20, 'floating-point exception mode 0'),
  DWE: bit(21, 'debug wait enable'),
  DE: bit(22, 'debug interrupt enable'),
  FE1: bit(23, 'floating-point exception mode 1'),
  IS: bit(26, 'instruction address space'),
  DS: bit(27, 'data address space'),
})
export const {
  WE: MSR_WE,
  CE: MSR_CE,
  EE: MSR_EE,
  PR: MSR_PR,
  FP: MSR_FP,
  ME: MSR_ME,
  FE0: MSR_FE0,
  DWE: MSR_DWE,
  DE: MSR_DE,
  FE1: MSR_FE1,
  IS: MSR_IS,
  DS: MSR_DS,
} = MSR.mask

const CR_FIELDS = Object.fromEntries(
  Array.from({ length: 8 }, (_, n) => [`CR${n}`, span(4 * n, 4 * n + 3, 'LT GT EQ SO')]),
)
export const CR = register('CR', undefined, 'UM p.62', 'condition register', CR_FIELDS)

export const XER = register('XER', 1, 'UM p.66', 'integer exception register', {
  SO: bit(0, 'summary overflow'),
  OV: bit(1, 'overflow'),
  CA: bit(2, 'carry'),
  TBC: span(25, 31, 'transfer byte count'),
})
export const { SO: XER_SO, OV: XER_OV, CA: XER_CA, TBC: XER_TBC } = XER.mask

export const FPSCR = register('FPSCR', undefined, 'PEM 2.1.4', 'floating-point status and control', {
  FX: bit(0, 'exception summary'),
  FEX: bit(1, 'enabled exception summary'),
  VX: bit(2, 'invalid operation summary'),
  OX: bit(3, 'overflow'),
  UX: bit(4, 'underflow'),
  ZX: bit(5, 'zero divide'),
  XX: bit(6, 'inexact'),
  VXSNAN: bit(7, 'invalid: signalling NaN'),
  VXISI: bit(8, 'invalid: infinity - infinity'),
  VXIDI: bit(9, 'invalid: infinity / infinity'),
  VXZDZ: bit(10, 'invalid: zero / zero'),
  VXIMZ: bit(11, 'invalid: infinity * zero'),
  VXVC: bit(12, 'invalid: compare'),
  FR: bit(13, 'fraction rounded'),
  FI: bit(14, 'fraction inexact'),
  FPRF: span(15, 19, 'result flags: C, FL, FG, FE, FU'),
  VXSOFT: bit(21, 'invalid: by software'),
  VXSQRT: bit(22, 'invalid: square root'),
  VXCVI: bit(23, 'invalid: conversion to integer'),
  VE: bit(24, 'invalid operation enable'),
  OE: bit(25, 'overflow enable'),
  UE: bit(26, 'underflow enable'),
  ZE: bit(27, 'zero divide enable'),
  XE: bit(28, 'inexact enable'),
  NI: bit(29, 'non-IEEE mode'),
  RN: span(30, 31, 'rounding', { 0: 'to nearest', 1: 'toward zero', 2: 'toward +infinity', 3: 'toward -infinity' }),
})

// ---- debug facility ---------------------------------------------------------------------------------------------------

const US = { 0: 'any', 1: 'reserved', 2: 'supervisor only', 3: 'user only' }
const ER = { 0: 'any space', 1: 'reserved', 2: 'space 0', 3: 'space 1' }
const IAC_MODE = { 0: 'exact', 1: 'reserved', 2: 'range inclusive', 3: 'range exclusive' }
const DAC_MODE = { 0: 'exact', 1: 'address bit mask', 2: 'range inclusive', 3: 'range exclusive' }
const DVC_MODE = { 0: 'reserved', 1: 'AND', 2: 'OR', 3: 'AND-OR' }
const RESET = { 0: 'none', 1: 'core', 2: 'chip', 3: 'system' }

export const DBCR0 = register('DBCR0', 308, 'UM p.239', 'debug control register 0', {
  EDM: bit(0, 'external debug mode'),
  IDM: bit(1, 'internal debug mode'),
  RST: span(2, 3, 'reset', RESET),
  ICMP: bit(4, 'instruction completion event enable'),
  BRT: bit(5, 'branch taken event enable'),
  IRPT: bit(6, 'interrupt event enable'),
  TRAP: bit(7, 'trap event enable'),
  IAC1: bit(8, 'instruction address compare 1 enable'),
  IAC2: bit(9, 'instruction address compare 2 enable'),
  IAC3: bit(10, 'instruction address compare 3 enable'),
  IAC4: bit(11, 'instruction address compare 4 enable'),
  DAC1R: bit(12, 'data address compare 1 read enable'),
  DAC1W: bit(13, 'data address compare 1 write enable'),
  DAC2R: bit(14, 'data address compare 2 read enable'),
  DAC2W: bit(15, 'data address compare 2 write enable'),
  RET: bit(16, 'return event enable'),
  FT: bit(31, 'freeze timers on a debug event'),
})
export const {
  EDM: DBCR0_EDM,
  IDM: DBCR0_IDM,
  RST: DBCR0_RST,
  ICMP: DBCR0_ICMP,
  BRT: DBCR0_BRT,
  IRPT: DBCR0_IRPT,
  TRAP: DBCR0_TRAP,
  IAC1: DBCR0_IAC1,
  IAC2: DBCR0_IAC2,
  IAC3: DBCR0_IAC3,
  IAC4: DBCR0_IAC4,
  DAC1R: DBCR0_DAC1R,
  DAC1W: DBCR0_DAC1W,
  DAC2R: DBCR0_DAC2R,
  DAC2W: DBCR0_DAC2W,
  RET: DBCR0_RET,
  FT: DBCR0_FT,
} = DBCR0.mask

export const DBCR1 = register('DBCR1', 309, 'UM p.241', 'debug control register 1', {
  IAC1US: span(0, 1, 'IAC1 user/supervisor', US),
  IAC1ER: span(2, 3, 'IAC1 effective/real', ER),
  IAC2US: span(4, 5, 'IAC2 user/supervisor', US),
  IAC2ER: span(6, 7, 'IAC2 effective/real', ER),
  IAC12M: span(8, 9, 'IAC1/2 mode', IAC_MODE),
  IAC12AT: bit(15, 'IAC1/2 auto-toggle enable'),
  IAC3US: span(16, 17, 'IAC3 user/supervisor', US),
  IAC3ER: span(18, 19, 'IAC3 effective/real', ER),
  IAC4US: span(20, 21, 'IAC4 user/supervisor', US),
  IAC4ER: span(22, 23, 'IAC4 effective/real', ER),
  IAC34M: span(24, 25, 'IAC3/4 mode', IAC_MODE),
  IAC34AT: bit(31, 'IAC3/4 auto-toggle enable'),
})
export const {
  IAC1US: DBCR1_IAC1US,
  IAC1ER: DBCR1_IAC1ER,
  IAC2US: DBCR1_IAC2US,
  IAC2ER: DBCR1_IAC2ER,
  IAC12M: DBCR1_IAC12M,
  IAC12AT: DBCR1_IAC12AT,
  IAC3US: DBCR1_IAC3US,
  IAC3ER: DBCR1_IAC3ER,
  IAC4US: DBCR1_IAC4US,
  IAC4ER: DBCR1_IAC4ER,
  IAC34M: DBCR1_IAC34M,
  IAC34AT: DBCR1_IAC34AT,
} = DBCR1.mask

export const DBCR2 = register('DBCR2', 310, 'UM p.243', 'debug control register 2', {
  DAC1US: span(0, 1, 'DAC1 user/supervisor', US),
  DAC1ER: span(2, 3, 'DAC1 effective/real', ER),
  DAC2US: span(4, 5, 'DAC2 user/supervisor', US),
  DAC2ER: span(6, 7, 'DAC2 effective/real', ER),
  DAC12M: span(8, 9, 'DAC1/2 mode', DAC_MODE),
  DAC12A: span(10, 10, 'DAC1/2 processing', { 0: 'synchronous', 1: 'asynchronous' }),
  DVC1M: span(12, 13, 'DVC1 mode', DVC_MODE),
  DVC2M: span(14, 15, 'DVC2 mode', DVC_MODE),
  DVC1BE: span(20, 23, 'DVC1 byte enables'),
  DVC2BE: span(28, 31, 'DVC2 byte enables'),
})
export const { DAC1US: DBCR2_DAC1US, DAC1ER: DBCR2_DAC1ER, DAC2US: DBCR2_DAC2US, DAC2ER: DBCR2_DAC2ER } = DBCR2.mask

export const DBSR = register(
  'DBSR',
  304,
  'UM p.244',
  'debug status register',
  {
    IDE: bit(0, 'imprecise debug event'),
    UDE: bit(1, 'unconditional debug event'),
    MRR: span(2, 3, 'most recent reset', RESET),
    ICMP: bit(4, 'instruction completion'),
    BRT: bit(5, 'branch taken'),
    IRPT: bit(6, 'interrupt taken'),
    TRAP: bit(7, 'trap'),
    IAC1: bit(8, 'instruction address compare 1'),
    IAC2: bit(9, 'instruction address compare 2'),
    IAC3: bit(10, 'instruction address compare 3'),
    IAC4: bit(11, 'instruction address compare 4'),
    DAC1R: bit(12, 'data address compare 1, read'),
    DAC1W: bit(13, 'data address compare 1, write'),
    DAC2R: bit(14, 'data address compare 2, read'),
    DAC2W: bit(15, 'data address compare 2, write'),
    RET: bit(16, 'return'),
    IAC12ATS: bit(30, 'IAC1/2 auto-toggle status'),
    IAC34ATS: bit(31, 'IAC3/4 auto-toggle status'),
  },
  { write: 'oneToClear' },
)
export const {
  IDE: DBSR_IDE,
  UDE: DBSR_UDE,
  MRR: DBSR_MRR,
  ICMP: DBSR_ICMP,
  BRT: DBSR_BRT,
  IRPT: DBSR_IRPT,
  TRAP: DBSR_TRAP,
  IAC1: DBSR_IAC1,
  IAC2: DBSR_IAC2,
  IAC3: DBSR_IAC3,
  IAC4: DBSR_IAC4,
  RET: DBSR_RET,
  IAC12ATS: DBSR_IAC12ATS,
  IAC34ATS: DBSR_IAC34ATS,
} = DBSR.mask

// ---- interrupts -------------------------------------------------------------------------------------------------------

export const ESR = register('ESR', 62, 'UM p.172', 'exception syndrome register', {
  MCI: bit(0, 'machine check: instruction fetch'),
  PIL: bit(4, 'program: illegal instruction'),
  PPR: bit(5, 'program: privileged instruction'),
  PTR: bit(6, 'program: trap'),
  FP: bit(7, 'floating-point operation'),
  ST: bit(8, 'store operation'),
  DLK: span(10, 11, 'data storage: cache locking', { 1: 'dcbf', 2: 'icbi' }),
  AP: bit(12, 'auxiliary processor operation'),
  PUO: bit(13, 'program: unimplemented operation'),
  BO: bit(14, 'data storage: byte ordering'),
  PIE: bit(15, 'program: imprecise'),
  PCRE: bit(27, 'program: condition register enable'),
  PCMP: bit(28, 'program: compare'),
  PCRF: span(29, 31, 'program: condition register field'),
})
export const {
  MCI: ESR_MCI,
  PIL: ESR_PIL,
  PPR: ESR_PPR,
  PTR: ESR_PTR,
  FP: ESR_FP,
  ST: ESR_ST,
  PUO: ESR_PUO,
  PIE: ESR_PIE,
  PCRE: ESR_PCRE,
  PCMP: ESR_PCMP,
} = ESR.mask

export const MCSR = register(
  'MCSR',
  572,
  'UM p.174',
  'machine check status register',
  {
    MCS: bit(0, 'machine check summary'),
    IB: bit(1, 'instruction bus error'),
    DRB: bit(2, 'data read bus error'),
    DWB: bit(3, 'data write bus error'),
    TLBP: bit(4, 'TLB parity error'),
    ICP: bit(5, 'instruction cache parity error'),
    DCSP: bit(6, 'data cache search parity error'),
    DCFP: bit(7, 'data cache flush parity error'),
    IMPE: bit(8, 'imprecise machine check'),
  },
  { write: 'oneToClear' },
)
export const { MCS: MCSR_MCS, IB: MCSR_IB, DRB: MCSR_DRB, DWB: MCSR_DWB } = MCSR.mask

export const IVPR = register('IVPR', 63, 'UM p.170', 'interrupt vector prefix register', {
  IVP: span(0, 15, 'upper half of every vector'),
})

// ---- timers -----------------------------------------------------------------------------------------------------------

export const TCR = register('TCR', 340, 'UM p.214', 'timer control register', {
  WP: span(0, 1, 'watchdog period', { 0: '2^21', 1: '2^25', 2: '2^29', 3: '2^33' }),
  WRC: span(2, 3, 'watchdog reset control', RESET),
  WIE: bit(4, 'watchdog interrupt enable'),
  DIE: bit(5, 'decrementer interrupt enable'),
  FP: span(6, 7, 'fixed interval timer period', { 0: '2^13', 1: '2^17', 2: '2^21', 3: '2^25' }),
  FIE: bit(8, 'fixed interval timer interrupt enable'),
  ARE: bit(9, 'decrementer auto-reload enable'),
})
export const { WP: TCR_WP, WRC: TCR_WRC, WIE: TCR_WIE, DIE: TCR_DIE, FP: TCR_FP, FIE: TCR_FIE, ARE: TCR_ARE } = TCR.mask

export const TSR = register(
  'TSR',
  336,
  'UM p.215',
  'timer status register',
  {
    ENW: bit(0, 'enable next watchdog'),
    WIS: bit(1, 'watchdog interrupt status'),
    WRS: span(2, 3, 'watchdog reset status', RESET),
    DIS: bit(4, 'decrementer interrupt status'),
    FIS: bit(5, 'fixed interval timer interrupt status'),
  },
  { write: 'oneToClear' },
)
export const { ENW: TSR_ENW, WIS: TSR_WIS, WRS: TSR_WRS, DIS: TSR_DIS, FIS: TSR_FIS } = TSR.mask

// ---- storage control --------------------------------------------------------------------------------------------------

export const MMUCR = register('MMUCR', 946, 'UM p.148', 'memory management unit control register', {
  SWOA: bit(7, 'store without allocate'),
  U1TE: bit(9, 'U1 transient enable'),
  U2SWOAE: bit(10, 'U2 store without allocate enable'),
  DULXE: bit(12, 'data cache unlock exception enable'),
  IULXE: bit(13, 'instruction cache unlock exception enable'),
  STS: bit(15, 'search translation space'),
  STID: span(24, 31, 'search translation ID'),
})
export const { DULXE: MMUCR_DULXE, IULXE: MMUCR_IULXE, STS: MMUCR_STS, STID: MMUCR_STID } = MMUCR.mask

export const CCR0 = register(
  'CCR0',
  947,
  'UM p.109',
  'core configuration register 0',
  {
    PRE: bit(1, 'parity recoverability enable'),
    CRPE: bit(4, 'cache read parity enable'),
    DSTG: bit(10, 'disable store gathering'),
    DAPUIB: bit(11, 'disable APU instruction broadcast'),
    DTB: bit(16, 'disable trace broadcast'),
    GICBT: bit(17, 'guaranteed icbt'),
    GDCBT: bit(18, 'guaranteed dcbt'),
    FLSTA: bit(23, 'force load/store alignment'),
    ICSLC: span(28, 29, 'instruction cache speculative line count'),
    ICSLT: span(30, 31, 'instruction cache speculative line threshold'),
  },
  { defined: -1 },
)
export const { FLSTA: CCR0_FLSTA, CRPE: CCR0_CRPE } = CCR0.mask

/** The fields that inject parity errors are not described: nothing here has parity. */
const CCR1 = register(
  'CCR1',
  888,
  'UM p.111',
  'core configuration register 1',
  {
    DPC: bit(23, 'disable parity checking'),
    TCS: span(24, 24, 'timer clock select', { 0: 'CPU clock', 1: 'external' }),
  },
  { defined: -1 },
)

const SIZES = { 0: '1 KB', 1: '4 KB', 2: '16 KB', 3: '64 KB', 4: '256 KB', 5: '1 MB', 7: '16 MB', 9: '256 MB' }

export const TLB0 = register('TLB word 0', undefined, 'UM p.150', 'address part of a TLB entry', {
  EPN: span(0, 21, 'effective page number'),
  V: bit(22, 'valid'),
  TS: bit(23, 'translation space'),
  SIZE: span(24, 27, 'page size', SIZES),
  TPAR: span(28, 31, 'tag parity'),
})
export const TLB1 = register('TLB word 1', undefined, 'UM p.150', 'real address part of a TLB entry', {
  RPN: span(0, 21, 'real page number'),
  PAR1: span(22, 23, 'parity'),
  ERPN: span(28, 31, 'extended real page number'),
})
export const TLB2 = register('TLB word 2', undefined, 'UM p.150', 'attributes of a TLB entry', {
  PAR2: span(0, 1, 'parity'),
  U0: bit(16, 'user attribute 0'),
  U1: bit(17, 'user attribute 1'),
  U2: bit(18, 'user attribute 2'),
  U3: bit(19, 'user attribute 3'),
  W: bit(20, 'write-through'),
  I: bit(21, 'caching inhibited'),
  M: bit(22, 'memory coherence'),
  G: bit(23, 'guarded'),
  E: bit(24, 'little-endian'),
  UX: bit(26, 'user execute'),
  UW: bit(27, 'user write'),
  UR: bit(28, 'user read'),
  SX: bit(29, 'supervisor execute'),
  SW: bit(30, 'supervisor write'),
  SR: bit(31, 'supervisor read'),
})

export const PID = register('PID', 48, 'UM p.149', 'process ID', { PID: span(24, 31, 'process ID') })

// ---- the special purpose registers by number (manual p.454) -------------------------------------------------------------

const IVOR_NAMES = [
  ...['critical input', 'machine check', 'data storage', 'instruction storage', 'external input', 'alignment'],
  ...['program', 'floating-point unavailable', 'system call', 'auxiliary processor unavailable', 'decrementer'],
  ...['fixed interval timer', 'watchdog timer', 'data TLB error', 'instruction TLB error', 'debug'],
]

/** `count` registers NAMEfirst, NAMEfirst+1 ... at consecutive numbers. */
const series = (name: string, first: number, count: number, number: number, page: string, text: string): Register[] =>
  Array.from({ length: count }, (_, n) => plain(`${name}${first + n}`, number + n, page, `${text} ${first + n}`))

/** Every SPR of the 440. SPRG4-7 and the time base are read by these numbers and written by numbers 0x10 higher. */
export const SPRS: readonly Register[] = [
  XER,
  plain('LR', 8, 'UM p.60', 'link register'),
  plain('CTR', 9, 'UM p.60', 'count register'),
  plain('DEC', 22, 'UM p.211', 'decrementer'),
  plain('SRR0', 26, 'UM p.168', 'save/restore register 0: where a non-critical interrupt returns'),
  plain('SRR1', 27, 'UM p.168', 'save/restore register 1: MSR at a non-critical interrupt'),
  PID,
  plain('DECAR', 54, 'UM p.211', 'decrementer auto-reload'),
  plain('CSRR0', 58, 'UM p.168', 'critical save/restore register 0'),
  plain('CSRR1', 59, 'UM p.168', 'critical save/restore register 1'),
  plain('DEAR', 61, 'UM p.170', 'data exception address register'),
  ESR,
  IVPR,
  plain('USPRG0', 256, 'UM p.76', 'user SPR general 0'),
  ...series('SPRG', 4, 4, 0x104, 'UM p.76', 'SPR general').map(sprg => ({ ...sprg, writable: false })),
  plain('TBL', 0x10c, 'UM p.210', 'time base lower', { access: 'r' }),
  plain('TBU', 0x10d, 'UM p.210', 'time base upper', { access: 'r' }),
  ...series('SPRG', 0, 4, 0x110, 'UM p.76', 'SPR general'),
  plain('PIR', 0x11e, 'UM p.76', 'processor ID', { access: 'r' }),
  plain('PVR', 0x11f, 'UM p.75', 'processor version', { access: 'r' }),
  DBSR,
  DBCR0,
  DBCR1,
  DBCR2,
  ...series('IAC', 1, 4, 312, 'UM p.246', 'instruction address compare'),
  ...series('DAC', 1, 2, 316, 'UM p.247', 'data address compare'),
  ...series('DVC', 1, 2, 318, 'UM p.247', 'data value compare'),
  TSR,
  TCR,
  ...IVOR_NAMES.map((text, n) =>
    register(`IVOR${n}`, 400 + n, 'UM p.169', `interrupt vector offset: ${text}`, { IVO: span(16, 27, 'offset') }),
  ),
  plain('MCSRR0', 570, 'UM p.169', 'machine check save/restore register 0'),
  plain('MCSRR1', 571, 'UM p.169', 'machine check save/restore register 1'),
  MCSR,
  ...series('INV', 0, 4, 880, 'UM p.97', 'instruction cache normal victim'),
  ...series('ITV', 0, 4, 884, 'UM p.97', 'instruction cache transient victim'),
  CCR1,
  ...series('DNV', 0, 4, 912, 'UM p.97', 'data cache normal victim'),
  ...series('DTV', 0, 4, 916, 'UM p.97', 'data cache transient victim'),
  plain('DVLIM', 920, 'UM p.98', 'data cache victim limit'),
  plain('IVLIM', 921, 'UM p.98', 'instruction cache victim limit'),
  plain('RSTCFG', 923, 'UM p.78', 'reset configuration', { access: 'r' }),
  plain('DCDBTRL', 924, 'UM p.126', 'data cache debug tag, low', { access: 'r' }),
  plain('DCDBTRH', 925, 'UM p.126', 'data cache debug tag, high', { access: 'r' }),
  plain('ICDBTRL', 926, 'UM p.113', 'instruction cache debug tag, low', { access: 'r' }),
  plain('ICDBTRH', 927, 'UM p.113', 'instruction cache debug tag, high', { access: 'r' }),
  MMUCR,
  CCR0,
  plain('ICDBDR', 979, 'UM p.113', 'instruction cache debug data', { access: 'r' }),
  plain('DBDR', 1011, 'UM p.248', 'debug data register'),
]

/** The numbers under which SPRG4-7 and the time base are written. */
const WRITE_NUMBERS: readonly Register[] = ['SPRG4', 'SPRG5', 'SPRG6', 'SPRG7', 'TBL', 'TBU'].map(name => {
  const read = SPRS.find(spr => spr.name === name)!
  return { ...read, number: read.number! + 0x10, readable: false, writable: true }
})

const byNumber: readonly (Register | undefined)[] = (() => {
  const table: (Register | undefined)[] = new Array(1024).fill(undefined)
  for (const spr of [...SPRS, ...WRITE_NUMBERS]) table[spr.number!] = spr
  return table
})()

/** The register that mfspr or mtspr reaches by this number, if the 440 has it. */
export const sprByNumber = (number: number): Register | undefined => byNumber[number & 1023]

type SprName =
  | 'XER'
  | 'LR'
  | 'CTR'
  | 'DEC'
  | 'SRR0'
  | 'SRR1'
  | 'PID'
  | 'DECAR'
  | 'CSRR0'
  | 'CSRR1'
  | 'DEAR'
  | 'ESR'
  | 'IVPR'
  | 'USPRG0'
  | 'SPRG0'
  | 'SPRG1'
  | 'SPRG2'
  | 'SPRG3'
  | 'SPRG4'
  | 'SPRG5'
  | 'SPRG6'
  | 'SPRG7'
  | 'TBL'
  | 'TBU'
  | 'PIR'
  | 'PVR'
  | 'DBSR'
  | 'DBCR0'
  | 'DBCR1'
  | 'DBCR2'
  | 'IAC1'
  | 'IAC2'
  | 'IAC3'
  | 'IAC4'
  | 'DAC1'
  | 'DAC2'
  | 'DVC1'
  | 'DVC2'
  | 'TSR'
  | 'TCR'
  | 'IVOR0'
  | 'MCSRR0'
  | 'MCSRR1'
  | 'MCSR'
  | 'CCR0'
  | 'CCR1'
  | 'MMUCR'
  | 'DBDR'

/** SPR numbers by name. */
export const Spr = Object.fromEntries(SPRS.map(spr => [spr.name, spr.number!])) as Readonly<Record<SprName, number>>

const byName = new Map<string, Register>([MSR, CR, FPSCR, ...SPRS].map(named => [named.name.toUpperCase(), named]))
const unnumbered = (name: string, page: string, text: string): Register => register(name, undefined, page, text, {})
for (const name of ['PC', 'NIP']) byName.set(name, unnumbered('PC', 'UM p.57', 'address of the next instruction'))
for (let n = 0; n < 32; n++) {
  byName.set(`R${n}`, unnumbered(`r${n}`, 'UM p.57', `general purpose register ${n}`))
  byName.set(`F${n}`, unnumbered(`f${n}`, 'PEM 2.1.2', `floating-point register ${n}`))
}

/** A register by the manual's name, in any case: `dbcr0`, `MSR`, `r3`, `f1`, `pc`. */
export const registerByName = (name: string): Register | undefined => byName.get(name.toUpperCase())
