// Invalid forms (user's manual p.53, and at the end of each instruction's page): words that are instructions and yet
// not ones anybody may write. They are no exception, their results are undefined.

import { decode } from './decode.ts'
import { BO } from './flow.ts'
import { type Form, type FormFields, parseForm, readForm } from './mnemonics/form.ts'
import { LATER_ARCHITECTURES } from './mnemonics/laterArchitectures.ts'
import { fieldsOf, type Pattern } from './pattern.ts'

/** Operands that make a form invalid although no reserved bit is set. */
interface Rule {
  readonly because: string
  readonly when: (fields: FormFields) => boolean
  /** Which of GNU's tools take such a word for a good one. */
  readonly unknownTo?: 'objdump' | 'objdump and as'
  /** What later architectures ask for by it is a hint, and the instruction the same without it. */
  readonly isHint?: (fields: FormFields) => boolean
}

const ZERO_BASE: Rule = { because: 'RA = 0', when: ({ ra }) => ra === 0 }
const SAME_TARGET: Rule = { because: 'RA = RT', when: ({ ra, rt }) => ra === rt }

/** Table 2-23 (p.65): a z in BO is a mandatory zero. */
const DEFINED_BO: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20])
/** 001at and 011at of Power ISA 2: how likely the branch is. Here a is a z, and t the y of the 440. */
const LIKELY_BO: ReadonlySet<number> = new Set([6, 7, 14, 15])
const UNDEFINED_BO: Rule = {
  because: 'BO is none of the defined values',
  when: ({ bo }) => !DEFINED_BO.has(bo!),
  isHint: ({ bo }) => LIKELY_BO.has(bo!),
}
/** CTR cannot be counted and be the target at once (p.275). */
const COUNTS_TARGET: Rule = { because: 'BO[2] = 0', when: ({ bo }) => (bo! & BO.KEEPS_CTR) === 0, unknownTo: 'objdump' }

/** Whether register `r` is among those that `bytes` from memory fill, from `rt` on and from r31 on to r0. */
export const isLoaded = (r: number, rt: number, bytes: number): boolean => ((r - rt) & 31) < (bytes + 3) >> 2

const OVERLAP = 'RA is among the registers loaded'
const OVERLAPS: Rule = { because: OVERLAP, when: ({ ra, rt }) => ra! >= rt! }
const LSWI_TARGET: Rule = { because: OVERLAP, when: ({ ra, rt }) => ra === rt }
const LSWI_OVERLAPS: Rule = {
  because: OVERLAP,
  when: ({ ra, rt, nb }) => isLoaded(ra!, rt!, nb || 32),
  unknownTo: 'objdump',
}
/** How many registers lswx fills is known when it executes: exec/multiple.ts. GNU refuses what can never be right. */
const LSWX_TARGET: Rule = { because: 'RA = RT or RB = RT', when: ({ ra, rb, rt }) => ra === rt || rb === rt }

const NO_TLB_WORD: Rule = { because: 'WS > 2', when: ({ ws }) => ws! > 2, unknownTo: 'objdump and as' }

const LOADS_WITH_UPDATE = ['lbzu', 'lbzux', 'lhau', 'lhaux', 'lhzu', 'lhzux', 'lwzu', 'lwzux']
const OTHERS_WITH_UPDATE = [
  ...['stbu', 'stbux', 'sthu', 'sthux', 'stwu', 'stwux'],
  ...['lfdu', 'lfdux', 'lfsu', 'lfsux', 'stfdu', 'stfdux', 'stfsu', 'stfsux'],
]

const RULES: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ...LOADS_WITH_UPDATE.map(name => [name, [ZERO_BASE, SAME_TARGET]] as const),
  ...OTHERS_WITH_UPDATE.map(name => [name, [ZERO_BASE]] as const),
  ...['bc', 'bca', 'bcl', 'bcla', 'bclr', 'bclrl'].map(name => [name, [UNDEFINED_BO]] as const),
  ...['bcctr', 'bcctrl'].map(name => [name, [UNDEFINED_BO, COUNTS_TARGET]] as const),
  ['lmw', [OVERLAPS]],
  ['lswi', [LSWI_TARGET, LSWI_OVERLAPS]],
  ['lswx', [LSWX_TARGET]],
  ['tlbre', [NO_TLB_WORD]],
  ['tlbwe', [NO_TLB_WORD]],
])

/** Whether these operands of `name` are ones for which objdump takes a word for no instruction. */
export const refused = (name: string, fields: FormFields): boolean =>
  RULES.get(name)?.some(({ when, unknownTo }) => unknownTo === undefined && when(fields)) === true

/** Why GNU as does not take these operands of `name`, or undefined where it does. */
export const refusal = (name: string, fields: FormFields): string | undefined =>
  RULES.get(name)?.find(({ when, unknownTo }) => unknownTo !== 'objdump and as' && when(fields))?.because

/** What later architectures write so that older parts, which ignore the bits, do the right thing all the same. */
const COMPATIBLE = (
  [
    ...LATER_ARCHITECTURES.filter(({ name }) => /^(lwsync|m[ft]ocrf)$/.test(name)),
    { name: 'ptesync', pattern: '011111 /// 10 ////////// 1001010110 /', operands: '' },
    { name: 'mffsl', pattern: '111111 frt:5 11000 ///// 1001000111 /', operands: 'frt' },
  ] satisfies readonly Form[]
).map(parseForm)

const isCompatible = (word: number): boolean =>
  COMPATIBLE.some(form => (word & form.pattern.reserved) === 0 && readForm(form, word, 0) !== undefined)

/** What makes `word` an invalid form, or undefined. lswx may be one besides, by what XER holds. */
export function invalidForm(word: number): string | undefined {
  const variant = decode(word)
  if (variant === undefined) return undefined
  const { insn, pattern } = variant
  const stray = strayBits(pattern, word)
  if (stray !== 0 && !isCompatible(word)) return reservedField(stray)
  const rules = RULES.get(insn.name)
  if (rules === undefined) return undefined
  const fields = fieldsOf(pattern, word)
  return rules.find(({ when, isHint }) => when(fields) && isHint?.(fields) !== true)?.because
}

/** Bits of `word` that are not what the pattern says. */
const strayBits = ({ mask, match, reserved }: Pattern, word: number): number =>
  ((word ^ match) & mask) | (word & reserved)

const reservedField = (stray: number): string => {
  const bits = Array.from({ length: 32 }, (_, bit) => bit).filter(bit => (stray & (0x80000000 >>> bit)) !== 0)
  return `reserved bit${bits.length === 1 ? '' : 's'} ${bits.join(', ')} not 0`
}
