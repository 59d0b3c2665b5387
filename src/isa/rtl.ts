// The language of an instruction's `meaning`: assignments and calls in TypeScript's expression syntax, over the names
// below, separated by semicolons. It reads like the register transfers of the manual and is regular enough that a
// generator turns it into code: today the interpreter (scripts/generate.ts).
//
//   RT = RA + RB            every register holds 32 bits: what is stored is cut to them
//   a = RA                  a lower-case name is a temporary, 32 bits, signed; `wide s = ...` keeps all bits
//   if (cond) statement
//
// Places (readable and assignable)
//   RT RS RA RB             the general register the field names
//   LR CTR CA OV SO TBC     CA, OV, SO: read as 0 or 1, assigned from a condition
//   CRF, CR[n]              the condition register field BF names, or field n: LT 8, GT 4, EQ 2, SO 1
//   CR0 = x                 records the comparison of x with 0
//   NIA                     address of the next instruction
// Values
//   RA0                     RA, or 0 for register 0
//   SI UI D LI BD SH NB MB ME BI BO TO BF BFA FXM WS E SPRN    immediate fields
//   RTN RAN RBN             numbers of RT, RA and RB
//   FRT FRS FRA FRB FRC     numbers of floating-point registers; FLM BFF BTF U    fields of FPSCR
//   MASK                    the mask from MB to ME
//   CRBIT(n)                bit n of CR, 0 or 1
//   CIA MSR RC              current instruction address; machine state; the record bit
//   TAKEN                   whether the branch is taken, after counting CTR down if BO says so
//   LT GT EQ INT_MIN
// Calls of functions without effects: see PURE; of those that only touch the state: see PARTS; of those that reach out,
// may fault and then end the instruction with nothing further done: see CALLS.

/** Functions that only compute: of src/cpu/exec/integer.ts, or written out in place by the generator. */
export const PURE = [
  ...['ltu', 'carries', 'imul', 'mulhs', 'mulhu', 'divs', 'divu', 'clz', 'rotl', 'leftmostZeroByte', 'zeroByteIn'],
  ...['shiftedOut', 'trapHolds', 'swap16', 'swap32', 'low', 'high', 'lowU', 'highU', 'saturate'],
] as const

/** Functions of src/cpu/exec/cr.ts: they take the core first, and cannot fault. */
export const PARTS = ['setCrBit', 'packCr', 'unpackCr'] as const

/** By file of src/cpu: functions that take the core first and may fault. What they read of time and place is exact. */
export const CALLS = {
  memory: ['read8', 'read16', 'read32', 'write8', 'write16', 'write32'],
  spr: ['mfspr', 'mtspr'],
  invalidForms: ['noteOverlap'],
  'exec/cache': ['dcbz', 'dcbf', 'dcbst', 'dcbi', 'dcbt', 'dcbtst', 'icbi', 'icbt', 'iccci', 'lwarx', 'stwcx'],
  'exec/multiple': ['loadMultiple', 'storeMultiple', 'loadString', 'storeString'],
  'exec/system': ['isync', 'syscall', 'trap', 'rfi', 'rfci', 'rfmci', 'mtmsr', 'wrtee', 'mfdcr', 'mtdcr'],
  'exec/tlb': ['tlbre', 'tlbwe', 'tlbsx'],
  'exec/float/arithmetic': [
    ...['fadd', 'fadds', 'fsub', 'fsubs', 'fmul', 'fmuls', 'fdiv', 'fdivs'],
    ...['fsqrt', 'fsqrts', 'fres', 'frsqrte', 'frsp'],
    ...['fmadd', 'fmadds', 'fmsub', 'fmsubs', 'fnmadd', 'fnmadds', 'fnmsub', 'fnmsubs'],
  ],
  'exec/float/compare': ['fcmpo', 'fcmpu', 'fctiw', 'fctiwz', 'fsel'],
  'exec/float/moves': ['fmr', 'fneg', 'fabs', 'fnabs', 'mffs', 'mtfsf', 'mtfsfi', 'mtfsb0', 'mtfsb1', 'mcrfs'],
  'exec/float/storage': ['loadDouble', 'loadSingle', 'storeDouble', 'storeSingle', 'storeWord'],
} as const

export type Statement =
  | { readonly kind: 'assign'; readonly wide: boolean; readonly target: string; readonly value: string }
  | { readonly kind: 'call'; readonly value: string }
  | { readonly kind: 'if'; readonly condition: string; readonly body: Statement }

/** Takes a meaning apart into its statements. @throws for text that is none. */
export function parseMeaning(meaning: string): readonly Statement[] {
  return meaning === '' ? [] : meaning.split('; ').map(parseStatement)
}

function parseStatement(text: string): Statement {
  if (text.startsWith('if (')) {
    const end = closing(text, 3)
    return { kind: 'if', condition: text.slice(4, end), body: parseStatement(text.slice(end + 2)) }
  }
  const assignment = /^(wide )?([A-Za-z]\w*(?:\[\w+\])?) = (.*)$/.exec(text)
  if (assignment)
    return { kind: 'assign', wide: assignment[1] !== undefined, target: assignment[2]!, value: assignment[3]! }
  if (/^\w+\(.*\)$/.test(text)) return { kind: 'call', value: text }
  throw new Error(`not a statement: ${text}`)
}

/** Index of the parenthesis that closes the one at `open`. */
export function closing(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')' && --depth === 0) return i
  }
  throw new Error(`unbalanced: ${text}`)
}
