// The value of a field of an instruction word, as the language of meanings names it.

import type { Pattern } from '../pattern.ts'
import { FIELDS, type FieldName, type FieldReading } from './language.ts'

/** Ones from bit `mb` to bit `me`, wrapping round (manual p.254). */
export function rotateMask(mb: number, me: number): number {
  const from = 0xffffffff >>> mb
  const to = (0xffffffff << (31 - me)) | 0
  return mb <= me ? from & to : from | to
}

/** The value that `name` has in `word`, which `pattern` fits. */
export function fieldValue({ fields }: Pattern, name: FieldName, word: number): number {
  const reading: FieldReading = FIELDS[name]
  const bits = (field: string): number => {
    const { shift, width } = fields[field]!
    return (word >>> shift) & (2 ** width - 1)
  }
  if (reading.as === 'mask') return rotateMask(bits('mb'), bits('me'))
  const field = reading.fields.find(each => each in fields)!
  const value = bits(field)
  if (reading.as === 'halves') return ((value & 31) << 5) | (value >>> 5)
  if (reading.as === 'count') return value || 32
  if (reading.signed !== true) return value
  const free = 32 - fields[field]!.width
  return ((value << free) >> free) << (reading.shift ?? 0)
}
