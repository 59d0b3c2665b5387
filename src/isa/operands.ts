// How GNU binutils writes operands, by the names the instruction rows use for them.

import type { FormFields } from './mnemonics/form.ts'

const CONDITION_BITS = ['lt', 'gt', 'eq', 'so']

const number = (value: number): string => String(value)
const gpr = (value: number): string => `r${value}`
const fpr = (value: number): string => `f${value}`
const crField = (value: number): string => `cr${value}`
const crBit = (value: number): string => `${value < 4 ? '' : `4*cr${value >> 2}+`}${CONDITION_BITS[value & 3]}`
const signed = (value: number): string => String((value << 16) >> 16)
const address = (value: number): string => `0x${(value >>> 0).toString(16)}`
/** SPR and DCR numbers lie in the word with their halves exchanged. */
export const splitNumber = (value: number): number => ((value & 31) << 5) | (value >> 5)

const split = (value: number): string => String(splitNumber(value))

/** Signed distance or absolute address of a branch: `li` has 24 bits, `bd` 14, both without the two zeroes at the end. */
const far = (value: number): number => (value << 8) >> 6
const near = (value: number): number => (value << 18) >> 16

/** Where the branch operand of that name leads from `pc`; undefined for every other operand. */
export function branchTarget(operand: string, value: number, pc: number): number | undefined {
  switch (operand) {
    case 'li':
      return (pc + far(value)) >>> 0
    case 'li_abs':
      return far(value) >>> 0
    case 'bd':
      return (pc + near(value)) >>> 0
    case 'bd_abs':
      return near(value) >>> 0
    default:
      return undefined
  }
}

const TEXT: Readonly<Record<string, (value: number) => string>> = {
  ...{ rt: gpr, rs: gpr, ra: gpr, rb: gpr },
  ra0: value => (value === 0 ? '0' : gpr(value)),
  ...{ frt: fpr, frs: fpr, fra: fpr, frb: fpr, frc: fpr },
  ...{ bf: crField, bfa: crField, bt: crBit, ba: crBit, bb: crBit, bi: crBit, bc: crBit },
  ...{ si: signed, d: signed, ui: number },
  nb: value => number(value || 32),
  '31-me': value => number(31 - value),
  ...{ spr: split, tbr: split, dcr: split },
}

/** The field that an operand shows, where its name is not the field's. */
const FIELD: Readonly<Record<string, string>> = {
  ra0: 'ra',
  li_abs: 'li',
  bd_abs: 'bd',
  '31-me': 'me',
  bff: 'bf',
  btf: 'bt',
}

/** One operand as binutils prints it: `d(ra0)` is a displacement and a register, `=n` that number itself. */
export function operandText(operand: string, fields: FormFields, pc: number): string {
  const [, displacement, base] = /^(\w+)\((\w+)\)$/.exec(operand) ?? []
  if (displacement && base) return `${operandText(displacement, fields, pc)}(${operandText(base, fields, pc)})`
  if (operand.startsWith('=')) return operand.slice(1)
  const value = fields[FIELD[operand] ?? operand]!
  const target = branchTarget(operand, value, pc)
  return target === undefined ? (TEXT[operand] ?? number)(value) : address(target)
}

/** The value of an operand's field: what a `?` operand is left out for when 0. */
export const operandValue = (operand: string, fields: FormFields): number => fields[FIELD[operand] ?? operand] ?? 0
