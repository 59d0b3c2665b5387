// The value of a field of an instruction word, as the language of meanings names it.

import type { Pattern } from '../pattern.ts'
import { FIELDS, type FieldName, type FieldReading } from './language.ts'

/** Ones from bit `mb` to bit `me`, wrapping round (manual p.254). */
export function rotateMask(mb: number, me: number): number {
  const from = 0xffffffff >>> mb
  const to = (0xffffffff << (31 - me)) | 0
  return mb <= me ? from & to : from | to
}

type FieldReader = (word: number) => number

/** What has been asked for of each pattern. */
const readers = new WeakMap<Pattern, Partial<Record<FieldName, FieldReader>>>()

/** The value that `name` has in `word`, which `pattern` fits. */
export function fieldValue(pattern: Pattern, name: FieldName, word: number): number {
  let known = readers.get(pattern)
  if (known === undefined) readers.set(pattern, (known = {}))
  return (known[name] ??= readerOf(pattern, name))(word)
}

function readerOf({ fields }: Pattern, name: FieldName): FieldReader {
  const reading: FieldReading = FIELDS[name]
  const bits = (field: string): FieldReader => {
    const { shift, width } = fields[field]!
    const mask = 2 ** width - 1
    return word => (word >>> shift) & mask
  }
  if (reading.as === 'mask') {
    const [mb, me] = [bits('mb'), bits('me')]
    return word => rotateMask(mb(word), me(word))
  }
  const field = reading.fields.find(each => each in fields)!
  const value = bits(field)
  if (reading.as === 'halves') return word => ((value(word) & 31) << 5) | (value(word) >>> 5)
  if (reading.as === 'count') return word => value(word) || 32
  if (reading.signed !== true) return value
  const free = 32 - fields[field]!.width
  const shift = reading.shift ?? 0
  return word => ((value(word) << free) >> free) << shift
}
