// Reading the 32-bit patterns of the instruction rows.

import type { Insn } from './insn.ts'

export interface BitField {
  /** Distance of its last bit from bit 31. */
  readonly shift: number
  readonly width: number
}

export interface Pattern {
  /** Bits that identify the instruction, and what they are; both unsigned. Fields and ignored bits are not among them. */
  readonly mask: number
  readonly match: number
  /** Bits that should be 0 and are ignored. */
  readonly reserved: number
  readonly fields: Readonly<Record<string, BitField>>
}

/** @throws for a pattern that does not have 32 bits: a mistake in a table, found by its test. */
export function parsePattern({ name, pattern }: Pick<Insn, 'name' | 'pattern'>): Pattern {
  let mask = 0
  let match = 0
  let reserved = 0
  let left = 32
  const fields: Record<string, BitField> = {}
  for (const part of pattern.split(' ')) {
    const [field, digits] = part.split(':')
    const width = digits === undefined ? part.length : Number(digits)
    left -= width
    const bits = (2 ** width - 1) * 2 ** left
    if (digits !== undefined) fields[field!] = { shift: left, width }
    else if (part.startsWith('/')) reserved += bits
    else if (!part.startsWith('.')) {
      mask += bits
      match += Number.parseInt(part, 2) * 2 ** left
    }
  }
  if (left !== 0) throw new Error(`the pattern of ${name} has ${32 - left} bits`)
  return { mask, match, reserved, fields }
}

/** The value of every field of `word`, right-aligned. */
export function fieldsOf({ fields }: Pattern, word: number): Record<string, number> {
  const values: Record<string, number> = {}
  for (const name in fields) {
    const { shift, width } = fields[name]!
    values[name] = (word >>> shift) & (2 ** width - 1)
  }
  return values
}
