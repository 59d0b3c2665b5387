// What software must not ask of the debug facility: combinations with undefined results, and reserved encodings (user's
// manual p.223-234, p.241-244). They are no exception, so that whoever wrote them waits in vain for an event.

import { fieldsSet, fieldValue, type Register } from '../isa/register.ts'
import { DBCR0, DBCR1, DBCR2 } from '../isa/registers.ts'

/** What is wrong with these values of DBCR0, DBCR1 and DBCR2 as they stand; only what is enabled counts. */
export const debugErrors = (dbcr0: number, dbcr1: number, dbcr2: number): string[] => [
  ...pairErrors({ dbcr0, modes: dbcr1, register: DBCR1, kind: 'IAC', first: 1 }),
  ...pairErrors({ dbcr0, modes: dbcr1, register: DBCR1, kind: 'IAC', first: 3 }),
  ...pairErrors({ dbcr0, modes: dbcr2, register: DBCR2, kind: 'DAC', first: 1 }),
  ...autoToggleErrors(dbcr0, dbcr1),
  ...dataValueErrors(dbcr0, dbcr2),
]

/** Two comparators, and DBCR1 or DBCR2, which says how they work together. */
interface Pair {
  readonly dbcr0: number
  readonly modes: number
  readonly register: Register
  readonly kind: 'IAC' | 'DAC'
  readonly first: number
}

const RESERVED = 1
const [EXACT, RANGE_INCLUSIVE] = [0, 2]
const QUALIFIERS = ['US', 'ER']

function pairErrors({ dbcr0, modes, register, kind, first }: Pair): string[] {
  const names = [`${kind}${first}`, `${kind}${first + 1}`] as const
  const both = `${kind}${first}${first + 1}M`
  const mode = fieldValue(register, modes, both)
  const enabled = names.filter(name => isEnabled(dbcr0, name))
  if (enabled.length === 0)
    return kind === 'IAC' && mode >= RANGE_INCLUSIVE && facilityIsOn(dbcr0) ? [unused(both)] : []
  const value = (name: string, qualifier: string): number => fieldValue(register, modes, name + qualifier)
  const reserved = enabled.flatMap(name => QUALIFIERS.filter(q => value(name, q) === RESERVED).map(q => name + q))
  if (kind === 'IAC' && mode === RESERVED) reserved.push(both)
  const single = mode === EXACT || (kind === 'IAC' && mode === RESERVED)
  const differing = single ? [] : QUALIFIERS.filter(q => value(names[0], q) !== value(names[1], q))
  return [
    ...reserved.map(field => `${field} = 01 is reserved`),
    ...differing.map(q => `${both} makes a pair of them, so ${names[0]}${q} and ${names[1]}${q} must be equal`),
  ]
}

const unused = (mode: string): string => `${mode} is a range, and neither comparator of the pair is enabled`

const isEnabled = (dbcr0: number, name: string): boolean => fieldsSet(DBCR0, dbcr0).some(bit => bit.startsWith(name))

const facilityIsOn = (dbcr0: number): boolean => (dbcr0 & (DBCR0.mask.EDM | DBCR0.mask.IDM)) !== 0

/** There is nothing to toggle in exact mode (p.224). */
const autoToggleErrors = (dbcr0: number, dbcr1: number): string[] =>
  [
    ['IAC12', 'IAC1', 'IAC2'],
    ['IAC34', 'IAC3', 'IAC4'],
  ].flatMap(([pair, ...names]) =>
    fieldValue(DBCR1, dbcr1, `${pair}AT`) === 1 &&
    fieldValue(DBCR1, dbcr1, `${pair}M`) === EXACT &&
    names.some(name => isEnabled(dbcr0, name))
      ? [`${pair}AT asks for auto-toggle, and ${pair}M is exact`]
      : [],
  )

/** Byte enables switch the comparison on; it then needs a mode (p.243, D10). */
const dataValueErrors = (dbcr0: number, dbcr2: number): string[] =>
  [1, 2].flatMap(n =>
    fieldValue(DBCR2, dbcr2, `DVC${n}BE`) !== 0 &&
    fieldValue(DBCR2, dbcr2, `DVC${n}M`) === 0 &&
    isEnabled(dbcr0, `DAC${n}`)
      ? [`DVC${n}M = 00 is reserved while DVC${n}BE enables bytes: DAC${n} gives no event`]
      : [],
  )
