// The names of registers in operands: r3, f1, cr7, the bits of a CR field, and SPRs as the manual writes them.

import type { OperandKind } from '../isa/operands.ts'
import { SPRS } from '../isa/registers.ts'

const series = (pattern: RegExp, most: number) => (name: string) => {
  const digits = pattern.exec(name)?.[1]
  return digits === undefined || Number(digits) > most ? undefined : Number(digits)
}
const CR_BITS: Readonly<Record<string, number>> = { lt: 0, gt: 1, eq: 2, so: 3, un: 3 }
const gprNumber = series(/^r(\d{1,2})$/, 31)
const crNumber = series(/^cr(\d)$/, 7)
const gpr = (name: string): number | undefined => (name === 'sp' ? 1 : gprNumber(name))

let sprs: ReadonlyMap<string, number> | undefined
const sprNumber = (name: string): number | undefined => (sprs ??= sprNumbers()).get(name)

function sprNumbers(): Map<string, number> {
  const numbers = new Map<string, number>()
  for (const { name, number } of SPRS) if (number !== undefined) numbers.set(name.toLowerCase(), number)
  return numbers
}

const BY_KIND: Readonly<Record<OperandKind, (name: string) => number | undefined>> = {
  gpr,
  'gpr or 0': gpr,
  fpr: series(/^f(\d{1,2})$/, 31),
  crField: crNumber,
  crBit: name => CR_BITS[name] ?? crNumber(name),
  spr: sprNumber,
  dcr: () => undefined,
  number: () => undefined,
  branch: () => undefined,
  'branch absolute': () => undefined,
}

/** The number that `name` (with or without %) has where an operand of that kind is wanted. */
export const registerNumber = (kind: OperandKind, name: string): number | undefined =>
  BY_KIND[kind](name.replace('%', '').toLowerCase())
