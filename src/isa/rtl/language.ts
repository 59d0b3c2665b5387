// The words of the language in which the `meaning` of an instruction is written: assignments and calls in TypeScript's
// expression syntax, separated by semicolons. It reads like the register transfers of the manual.
//
//   RT = RA + RB            every register holds 32 bits: what is computed is cut to them
//   a = RA                  a lower-case name is a temporary; `wide s = ...` computes exactly, in 64 bits
//   if (cond) statement     no temporary gets its value there; `if (TAKEN)`: whether the branch is taken, after counting CTR down if BO says so
//
// Places (readable and assignable)
//   RT RS RA RB             the general register that the field names; RA0: RA, or 0 for register 0 (readable only)
//   LR CTR MSR FPSCR TBC    MSR and FPSCR are readable only
//   CA OV SO                read as 0 or 1, assigned from a condition, or 0, or 1
//   CRF, CR[n]              the condition register field BF names, or field n: LT 8, GT 4, EQ 2, SO 1
//   CR0 = x                 records the comparison of x with 0
//   NIA, CIA                address of the next instruction (assignable only) and of this one (readable only)
// Values
//   SI D UI ...             fields of the word: FIELDS. LT GT EQ and INT_MIN are numbers
// Functions                 FUNCTIONS

import type { RtlType } from './tree.ts'

/** How the value of a field is found in the word. */
export interface FieldReading {
  /** Names that the field can have in the pattern. */
  readonly fields: readonly string[]
  readonly signed?: true
  /** Bits of zero behind it. */
  readonly shift?: number
  /** `halves`: SPR and DCR numbers have their halves exchanged. `mask`: the ones from MB to ME. `count`: 0 means 32. */
  readonly as?: 'halves' | 'mask' | 'count'
}

export const FIELDS = {
  ...{ SI: { fields: ['si'], signed: true }, D: { fields: ['d'], signed: true }, UI: { fields: ['ui'] } },
  ...{ LI: { fields: ['li'], signed: true, shift: 2 }, BD: { fields: ['bd'], signed: true, shift: 2 } },
  ...{ SH: { fields: ['sh'] }, MASK: { fields: ['mb', 'me'], as: 'mask' }, NB: { fields: ['nb'], as: 'count' } },
  ...{ BO: { fields: ['bo'] }, BI: { fields: ['bi'] }, TO: { fields: ['to'] } },
  ...{ BT: { fields: ['bt'] }, BA: { fields: ['ba'] }, BB: { fields: ['bb'] }, BC: { fields: ['bc'] } },
  ...{ BF: { fields: ['bf'] }, BFA: { fields: ['bfa'] }, FXM: { fields: ['fxm'] } },
  ...{ WS: { fields: ['ws'] }, E: { fields: ['e'] }, RC: { fields: ['rc'] }, U: { fields: ['u'] } },
  ...{ FLM: { fields: ['flm'] }, SPRN: { fields: ['spr', 'tbr', 'dcr'], as: 'halves' } },
  /** Numbers of general registers. */
  ...{ RTN: { fields: ['rt', 'rs'] }, RAN: { fields: ['ra'] }, RBN: { fields: ['rb'] } },
  /** Numbers of floating-point registers. */
  ...{ FRT: { fields: ['frt'] }, FRS: { fields: ['frs'] }, FRA: { fields: ['fra'] }, FRB: { fields: ['frb'] } },
  ...{ FRC: { fields: ['frc'] } },
} as const satisfies Readonly<Record<string, FieldReading>>

export type FieldName = keyof typeof FIELDS

export const NUMBERS: Readonly<Record<string, number>> = { LT: 8, GT: 4, EQ: 2, INT_MIN: -0x80000000 }

/** Names of general registers, and the field of the pattern that holds the number. */
export const GENERAL_REGISTERS = { RT: 'rt', RS: 'rs', RA: 'ra', RB: 'rb' } as const
export type RegisterField = (typeof GENERAL_REGISTERS)[keyof typeof GENERAL_REGISTERS]

export const PLACES = ['LR', 'CTR', 'MSR', 'FPSCR', 'CA', 'OV', 'SO', 'TBC', 'CIA'] as const
export type PlaceName = (typeof PLACES)[number]

/**
 * What a function touches besides its arguments:
 *   nothing    it only computes
 *   condition  the condition register
 *   memory     translation, permission, watchpoints, devices: it may fault, and then nothing further is done
 *   float      registers and status of the floating-point unit, and memory; it may fault as `memory` does
 *   core       anything; it may fault as `memory` does, and asks for the exact place and time
 */
export type FunctionEffect = 'nothing' | 'condition' | 'memory' | 'float' | 'core'

export interface FunctionSignature {
  readonly args: readonly RtlType[]
  readonly returns: RtlType | 'void'
  readonly effect: FunctionEffect
  /**
   * General registers that it loads, from the one that its first argument numbers: up to 31 (`toLast`), or, going round,
   * as many as hold the bytes that its last argument counts (`byBytes`).
   */
  readonly fills?: 'toLast' | 'byBytes'
  /** Where in src/cpu it is; none: it is written out where it is used. */
  readonly file?: string
}

const i32 = 'i32'
const rows = <Name extends string>(
  names: readonly Name[],
  args: readonly RtlType[],
  returns: RtlType | 'void',
  effect: FunctionEffect,
  file?: string,
  fills?: FunctionSignature['fills'],
): Readonly<Record<Name, FunctionSignature>> =>
  Object.fromEntries(
    names.map(name => [name, { args, returns, effect, ...(file && { file }), ...(fills && { fills }) }]),
  ) as Record<Name, FunctionSignature>

const INTEGER = 'exec/integer'
const CR = 'exec/cr'
const CACHE = 'exec/cache'
const MULTIPLE = 'exec/multiple'
const SYSTEM = 'exec/system'
const TLB = 'exec/tlb'
const ARITHMETIC = 'exec/float/arithmetic'
const COMPARE = 'exec/float/compare'
const MOVES = 'exec/float/moves'
const STORAGE = 'exec/float/storage'

/** Every function a meaning may call. Those that touch the core take it as a first argument that is not written. */
export const FUNCTIONS = {
  /** Unsigned less; carry out of r = a + b + c by (r, a, c); a right shift of s by n loses a 1. */
  ...rows(['ltu'], [i32, i32], 'bool', 'nothing'),
  ...rows(['carries'], [i32, i32, i32], 'bool', 'nothing', INTEGER),
  ...rows(['shiftedOut'], [i32, i32], 'bool', 'nothing', INTEGER),
  /** TO, a, b: whether a trap holds. */
  ...rows(['trapHolds'], [i32, i32, i32], 'bool', 'nothing', INTEGER),
  /** Rotation to the left; high words of the product; quotients, 0 where undefined. */
  ...rows(['rotl'], [i32, i32], i32, 'nothing'),
  ...rows(['mulhs', 'mulhu', 'divs', 'divu'], [i32, i32], i32, 'nothing', INTEGER),
  ...rows(['leftmostZeroByte', 'zeroByteIn'], [i32, i32], i32, 'nothing', INTEGER),
  /** Leading zeroes; halfwords of a word, with sign and without; bytes in reverse order. */
  ...rows(['clz', 'low', 'high'], [i32], i32, 'nothing'),
  ...rows(['lowU', 'highU', 'swap16', 'swap32'], [i32], i32, 'nothing', INTEGER),
  /** A register as a number without sign; the nearest a register can hold, with sign and without. */
  ...rows(['unsigned'], [i32], 'i64', 'nothing'),
  ...rows(['saturate', 'saturateUnsigned'], ['i64'], i32, 'nothing', INTEGER),
  ...rows(['fits', 'fitsUnsigned'], ['i64'], 'bool', 'nothing'),
  /** The four bits of a comparison, SO among them. */
  ...rows(['compare', 'compareUnsigned'], [i32, i32], i32, 'condition'),

  ...rows(['CRBIT'], [i32], i32, 'condition'),
  ...rows(['setCrBit'], [i32, i32], 'void', 'condition', CR),
  ...rows(['packCr'], [], i32, 'condition', CR),
  ...rows(['unpackCr'], [i32, i32], 'void', 'condition', CR),

  ...rows(['read8', 'read16', 'read32'], [i32], i32, 'memory', 'memory'),
  ...rows(['write8', 'write16', 'write32'], [i32, i32], 'void', 'memory', 'memory'),

  ...rows(['noteOverlap'], [i32, i32, i32], 'void', 'core', 'invalidForms'),
  ...rows(['mfspr'], [i32], i32, 'core', 'spr'),
  ...rows(['mtspr'], [i32, i32], 'void', 'core', 'spr'),
  ...rows(['dcbz', 'dcbf', 'dcbst', 'dcbi', 'dcbt', 'dcbtst', 'icbi', 'icbt'], [i32], 'void', 'core', CACHE),
  ...rows(['iccci'], [], 'void', 'core', CACHE),
  ...rows(['lwarx'], [i32], i32, 'core', CACHE),
  ...rows(['stwcx'], [i32, i32], i32, 'core', CACHE),
  ...rows(['loadMultiple'], [i32, i32], 'void', 'core', MULTIPLE, 'toLast'),
  ...rows(['storeMultiple'], [i32, i32], 'void', 'core', MULTIPLE),
  ...rows(['loadString'], [i32, i32, i32], 'void', 'core', MULTIPLE, 'byBytes'),
  ...rows(['storeString'], [i32, i32, i32], 'void', 'core', MULTIPLE),
  ...rows(['isync', 'syscall', 'trap'], [], 'void', 'core', SYSTEM),
  ...rows(['rfi', 'rfci', 'rfmci'], [], i32, 'core', SYSTEM),
  ...rows(['mtmsr', 'wrtee'], [i32], 'void', 'core', SYSTEM),
  ...rows(['mfdcr'], [i32], i32, 'core', SYSTEM),
  ...rows(['mtdcr'], [i32, i32], 'void', 'core', SYSTEM),
  ...rows(['mfdcrx'], [i32], i32, 'core', SYSTEM),
  ...rows(['mtdcrx'], [i32, i32], 'void', 'core', SYSTEM),
  ...rows(['tlbre'], [i32, i32], i32, 'core', TLB),
  ...rows(['tlbwe'], [i32, i32, i32], 'void', 'core', TLB),
  ...rows(['tlbsx'], [i32], i32, 'core', TLB),

  ...rows(
    ['fadd', 'fadds', 'fsub', 'fsubs', 'fmul', 'fmuls', 'fdiv', 'fdivs'],
    [i32, i32, i32],
    'void',
    'float',
    ARITHMETIC,
  ),
  ...rows(['fsqrt', 'fsqrts', 'fres', 'frsqrte', 'frsp'], [i32, i32], 'void', 'float', ARITHMETIC),
  ...rows(['fmadd', 'fmadds', 'fmsub', 'fmsubs'], [i32, i32, i32, i32], 'void', 'float', ARITHMETIC),
  ...rows(['fnmadd', 'fnmadds', 'fnmsub', 'fnmsubs'], [i32, i32, i32, i32], 'void', 'float', ARITHMETIC),
  ...rows(['fcmpo', 'fcmpu'], [i32, i32], i32, 'float', COMPARE),
  ...rows(['fctiw', 'fctiwz'], [i32, i32], 'void', 'float', COMPARE),
  ...rows(['fsel'], [i32, i32, i32, i32], 'void', 'float', COMPARE),
  ...rows(['fmr', 'fneg', 'fabs', 'fnabs'], [i32, i32], 'void', 'float', MOVES),
  ...rows(['mffs', 'mtfsb0', 'mtfsb1'], [i32], 'void', 'float', MOVES),
  ...rows(['mtfsf', 'mtfsfi'], [i32, i32], 'void', 'float', MOVES),
  ...rows(['mcrfs'], [i32], i32, 'float', MOVES),
  ...rows(
    ['loadDouble', 'loadSingle', 'storeDouble', 'storeSingle', 'storeWord'],
    [i32, i32],
    'void',
    'float',
    STORAGE,
  ),
} as const

export type FunctionName = keyof typeof FUNCTIONS
