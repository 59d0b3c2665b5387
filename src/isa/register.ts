// What a register is, of the core or of a device: width, access and bit fields as data. Bits are counted as the part's own
// manual counts them. Masks are int32, so that `word & mask` is enough.

/** `msb0`: bit 0 is the most significant, as IBM counts; `lsb0`: the least significant, as most others do. */
export type BitNumbering = 'msb0' | 'lsb0'

export interface Field {
  /** The most and the least significant bit, in the register's numbering. */
  readonly bits: readonly [first: number, last: number]
  readonly text: string
  /** Meaning of each value of the field, where they have names. */
  readonly values?: Readonly<Record<number, string>>
}

export type FieldTable = Readonly<Record<string, Field>>

/** Plain data: it can be sent to another program as it is. */
export interface Register<F extends FieldTable = FieldTable> {
  readonly name: string
  /** SPR number, or undefined for what is not an SPR. */
  readonly number: number | undefined
  /** Where its manual describes it. */
  readonly page: string
  readonly text: string
  readonly width: 8 | 16 | 32
  readonly numbering: BitNumbering
  readonly fields: F
  readonly readable: boolean
  readonly writable: boolean
  /** `oneToClear`: a write clears the bits written as 1; `oneToSet`: it sets them, and changes no other. */
  readonly write: 'plain' | 'oneToClear' | 'oneToSet'
  /** Bits that exist; the others read as 0. */
  readonly defined: number
  /** Mask of each field. */
  readonly mask: { readonly [K in keyof F]: number }
}

export interface RegisterOptions {
  readonly access?: 'r' | 'w' | 'rw'
  readonly write?: 'oneToClear' | 'oneToSet'
  readonly defined?: number
  readonly width?: Register['width']
  readonly numbering?: BitNumbering
}

/** Without options it has 32 bits, which IBM has counted, and is read and written. */
export function register<const F extends FieldTable>(
  name: string,
  number: number | undefined,
  page: string,
  text: string,
  fields: F,
  { access = 'rw', write, defined, width = 32, numbering = 'msb0' }: RegisterOptions = {},
): Register<F> {
  const mask = Object.fromEntries(
    Object.entries(fields).map(([key, { bits }]) => [key, maskOf(bits, width, numbering)]),
  ) as { [K in keyof F]: number }
  const all = Object.values<number>(mask).reduce((union, bits) => union | bits, 0)
  return {
    ...{ name, number, page, text, width, numbering, fields, mask },
    write: write ?? 'plain',
    readable: access !== 'w',
    writable: access !== 'r',
    defined: defined ?? (all === 0 ? ones(width) : all),
  }
}

export const bit = (at: number, text: string): Field => ({ bits: [at, at], text })
export const span = (first: number, last: number, text: string, values?: Readonly<Record<number, string>>): Field =>
  values === undefined ? { bits: [first, last], text } : { bits: [first, last], text, values }

const ones = (count: number): number => (2 ** count - 1) | 0

function maskOf([first, last]: Field['bits'], width: number, numbering: BitNumbering): number {
  const [high, low] = numbering === 'lsb0' ? [first, last] : [width - 1 - first, width - 1 - last]
  return ones(high + 1) & ~ones(low)
}

/** How far the field of `mask` is from the least significant bit. */
const shiftOf = (mask: number): number => 31 - Math.clz32(mask & -mask)

/** Bits in the field of `mask`. */
export const sizeOfField = (mask: number): number => 32 - Math.clz32(mask) - shiftOf(mask)

/** The value of the field of `mask` in `word`, right-aligned. */
export const fieldOf = (mask: number, word: number): number => (word & mask) >>> shiftOf(mask)

/** `value` where the field of `mask` is. */
export const inField = (mask: number, value: number): number => (value << shiftOf(mask)) & mask

/** The value of one field of a register's `value`, right-aligned. */
export const fieldValue = ({ mask }: Register, value: number, field: string): number => fieldOf(mask[field]!, value)

/** Names of the fields of which `value` has a bit set, in order. */
export const fieldsSet = ({ fields, mask }: Register, value: number): string[] =>
  Object.keys(fields).filter(name => (value & mask[name]!) !== 0)

/** The same of fields of one bit: what a register says at a glance. */
export const flagsSet = (register: Register, value: number): string[] =>
  fieldsSet(register, value).filter(name => isFlag(register.fields[name]!))

/** A field of one bit. */
export const isFlag = ({ bits: [first, last] }: Field): boolean => first === last
