// Forms the architecture calls invalid although no reserved bit is set (programming model 7.2): the same register would
// be loaded twice, an update would go to no register, or BO
// is none of those defined. The part executes them somehow; nobody writes them on purpose.

import type { Fields } from './form.ts'

const updatesNothing = ({ ra }: Fields): boolean => ra === 0
const updatesTarget = ({ ra, rt }: Fields): boolean => ra === 0 || ra === rt

/** BO values the architecture defines (manual p.46). */
const DEFINED_BO: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20])
const undefinedBo = ({ bo }: Fields): boolean => !DEFINED_BO.has(bo!)

const LOADS_WITH_UPDATE = ['lbzu', 'lbzux', 'lhau', 'lhaux', 'lhzu', 'lhzux', 'lwzu', 'lwzux']
const OTHERS_WITH_UPDATE = [
  ...['stbu', 'stbux', 'sthu', 'sthux', 'stwu', 'stwux'],
  ...['lfdu', 'lfdux', 'lfsu', 'lfsux', 'stfdu', 'stfdux', 'stfsu', 'stfsux'],
]

/** By mnemonic: whether these operands are ones an assembler refuses. */
export const INVALID: ReadonlyMap<string, (fields: Fields) => boolean> = new Map([
  ...LOADS_WITH_UPDATE.map(name => [name, updatesTarget] as const),
  ...OTHERS_WITH_UPDATE.map(name => [name, updatesNothing] as const),
  ...['bc', 'bca', 'bcl', 'bcla', 'bclr', 'bclrl', 'bcctr', 'bcctrl'].map(name => [name, undefinedBo] as const),
  ['lmw', ({ ra, rt }: Fields) => ra! >= rt!],
  ['lswi', ({ ra, rt }: Fields) => ra === rt],
  ['lswx', ({ ra, rb, rt }: Fields) => ra === rt || rb === rt],
])
