// Operands by the names that the instruction rows use for them: each a codec between the fields of a word and the
// number that a person writes, in the syntax of GNU binutils. Disassembler and assembler read the same table.

import type { FormFields } from './mnemonics/form.ts'

/** What an operand is, and so how its number is written: `r3`, `cr7`, `4*cr1+eq`, `0x100`. */
export type OperandKind =
  | 'gpr'
  | 'gpr or 0'
  | 'fpr'
  | 'crField'
  | 'crBit'
  | 'spr'
  | 'dcr'
  | 'number'
  | 'branch'
  | 'branch absolute'

/** Whether an operand of that kind is where a branch leads. */
export const isTarget = (kind: OperandKind): boolean => kind === 'branch' || kind === 'branch absolute'

export interface OperandCodec {
  readonly kind: OperandKind
  /** The number that these fields stand for at address `pc`; undefined where they are not as it would have made them. */
  read(fields: FormFields, pc: number): number | undefined
  /** The fields for that number, or undefined where it has none. */
  write(number: number, pc: number): FormFields | undefined
  /** Whether it is 16 bits of an address or a constant, which a linker may fill. */
  readonly isHalf?: true
  /** The numbers it takes, in words for a message. */
  readonly takes: string
}

const between = (number: number, first: number, last: number): boolean => number >= first && number <= last

/** A field that holds the number itself. */
const plain = (kind: OperandKind, field: string, last: number, first = 0): OperandCodec => ({
  kind,
  takes: `${first} to ${last}`,
  read: fields => fields[field],
  write: number => (between(number, first, last) ? { [field]: number } : undefined),
})

/** A field that holds the number by a law of its own. `to` and `from` are each other's inverse on `first` to `last`. */
const by = (
  plainly: OperandCodec,
  field: string,
  to: (number: number) => number,
  from: (value: number) => number,
): OperandCodec => ({
  ...plainly,
  read: fields => from(fields[field]!),
  write: number => (plainly.write(number, 0) === undefined ? undefined : { [field]: to(number) }),
})

const low16 = (number: number): number => number & 0xffff
const signed16 = (value: number): number => (value << 16) >> 16

const half = (operand: OperandCodec): OperandCodec => ({ ...operand, isHalf: true })

/** `si` and `d`: 16 bits with a sign. Up to 0xffff where the sign does not matter to whoever writes it (addis). */
const signed = (field: string, last = 0x7fff): OperandCodec =>
  half(by(plain('number', field, last, -0x8000), field, low16, signed16))

/** SPR and DCR numbers lie in the word with their halves exchanged. */
export const splitNumber = (value: number): number => ((value & 31) << 5) | (value >> 5)

const split = (kind: OperandKind, field: string): OperandCodec =>
  by(plain(kind, field, 1023), field, splitNumber, splitNumber)

/** The number stands in two fields at once, as in a register moved to itself. */
const both = (kind: OperandKind, last: number, first: string, second: string): OperandCodec => ({
  kind,
  takes: `0 to ${last}`,
  read: fields => (fields[first] === fields[second] ? fields[first] : undefined),
  write: number => (between(number, 0, last) ? { [first]: number, [second]: number } : undefined),
})

/** Two fields of which the second follows from the first: the shifts that are made of a rotation. */
const derived = (shown: string, other: string, law: (number: number) => number): OperandCodec => ({
  kind: 'number',
  takes: '0 to 31',
  read: fields => (fields[other] === law(fields[shown]!) ? fields[shown] : undefined),
  write: number => (between(number, 0, 31) ? { [shown]: number, [other]: law(number) & 31 } : undefined),
})

/** Signed distance or absolute address of a branch, in words: `li` has 24 bits, `bd` 14. */
const branch = (field: string, bits: number, isAbsolute: boolean): OperandCodec => {
  const unused = 32 - bits
  const reach = 2 ** (bits + 1)
  return {
    kind: isAbsolute ? 'branch absolute' : 'branch',
    takes: `${isAbsolute ? 'addresses' : 'distances'} of -0x${reach.toString(16)} to 0x${(reach - 4).toString(16)}`,
    read: (fields, pc) => (((fields[field]! << unused) >> (unused - 2)) + (isAbsolute ? 0 : pc)) >>> 0,
    write(number, pc) {
      const distance = (number - (isAbsolute ? 0 : pc)) | 0
      if ((distance & 3) !== 0 || !between(distance, -reach, reach - 4)) return undefined
      return { [field]: (distance >> 2) & (2 ** bits - 1) }
    },
  }
}

const isOneBit = (n: number): boolean => n !== 0 && (n & (n - 1)) === 0

/** MB and ME of a rotation as the mask they make, which may wrap around (rlwinm with four operands). */
const mask: OperandCodec = {
  kind: 'number',
  takes: 'one run of ones, which may go round the ends',
  read: ({ mb, me }) => maskOf(mb!, me!),
  write(number) {
    for (let mb = 0; mb < 32; mb++)
      for (let me = 0; me < 32; me++) if (maskOf(mb, me) === number >>> 0) return { mb, me }
    return undefined
  },
}

/** The mask from bit `mb` to bit `me` (manual p.52), unsigned. */
function maskOf(mb: number, me: number): number {
  const from = 0xffffffff >>> mb
  const to = (0xffffffff << (31 - me)) >>> 0
  return (mb <= me ? from & to : from | to) >>> 0
}

const gpr = (field: string): OperandCodec => plain('gpr', field, 31)
const fpr = (field: string): OperandCodec => plain('fpr', field, 31)
const crField = (field: string): OperandCodec => plain('crField', field, 7)
const crBit = (field: string): OperandCodec => plain('crBit', field, 31)
const number = (field: string, last: number, first = 0): OperandCodec => plain('number', field, last, first)

/** Every operand by its name in the rows. */
const OPERANDS: Readonly<Record<string, OperandCodec>> = {
  ...{ rt: gpr('rt'), rs: gpr('rs'), ra: gpr('ra'), rb: gpr('rb'), ra0: plain('gpr or 0', 'ra', 31) },
  'rs=rb': both('gpr', 31, 'rs', 'rb'),
  ...{ frt: fpr('frt'), frs: fpr('frs'), fra: fpr('fra'), frb: fpr('frb'), frc: fpr('frc') },
  ...{ bf: crField('bf'), bfa: crField('bfa'), bff: number('bf', 7), btf: number('bt', 31) },
  ...{ bt: crBit('bt'), ba: crBit('ba'), bb: crBit('bb'), bi: crBit('bi'), bc: crBit('bc') },
  'ba=bb': both('crBit', 31, 'ba', 'bb'),
  'bt=ba=bb': {
    ...crBit('bt'),
    read: ({ bt, ba, bb }) => (bt === ba && bt === bb ? bt : undefined),
    write: bit => (between(bit, 0, 31) ? { bt: bit, ba: bit, bb: bit } : undefined),
  },
  ...{ si: signed('si'), sih: signed('si', 0xffff), d: signed('d'), ui: half(number('ui', 0xffff)) },
  // An addition of the opposite: subi.
  nsi: by(
    number('si', 0x8000, -0x7fff),
    'si',
    n => low16(-n),
    value => -signed16(value),
  ),
  nsih: by(
    number('si', 0x8000, -0xffff),
    'si',
    n => low16(-n),
    value => -signed16(value),
  ),
  ...{ sh: number('sh', 31), mb: number('mb', 31), me: number('me', 31), mask },
  '31-me': by(
    number('me', 31),
    'me',
    n => 31 - n,
    value => 31 - value,
  ),
  '32-sh': by(
    number('sh', 31),
    'sh',
    n => (32 - n) & 31,
    value => (32 - value) & 31,
  ),
  'sh=31-me': derived('sh', 'me', n => 31 - n),
  'mb=32-sh': derived('mb', 'sh', n => 32 - n),
  nb: by(
    number('nb', 32),
    'nb',
    n => n & 31,
    value => value || 32,
  ),
  ...{
    spr: split('spr', 'spr'),
    tbr: split('number', 'tbr'),
    tb: by(plain('spr', 'spr', 269, 268), 'spr', splitNumber, splitNumber),
    dcr: split('dcr', 'dcr'),
  },
  ...{ li: branch('li', 24, false), li_abs: branch('li', 24, true) },
  ...{ bd: branch('bd', 14, false), bd_abs: branch('bd', 14, true) },
  ...{ bo: number('bo', 31), bh: number('bh', 3), to: number('to', 31), l: number('l', 3), ws: number('ws', 31) },
  ...{ fxm: number('fxm', 255), flm: number('flm', 255), u: number('u', 15), e: number('e', 1), mo: number('mo', 31) },
  ...{ lev: number('lev', 127), eh: number('eh', 1), ct: number('ct', 31) },
  // One field of CR: mtocrf.
  fxm1: {
    ...number('fxm', 255),
    takes: 'one bit of eight',
    read: ({ fxm }) => (isOneBit(fxm!) ? fxm : undefined),
    write: bits => (isOneBit(bits) && bits < 256 ? { fxm: bits } : undefined),
  },
}

/** One place of an operand list: the name of its codec, and whether it may be left out, which means 0. */
export interface OperandPlace {
  readonly operand: OperandCodec
  readonly optional: boolean
  /** `d(ra0)`: the register in parentheses behind it. */
  readonly base?: OperandCodec
}

/** A list as the rows have it: `bf?, ra, si`, `rt, d(ra0)`; `=4` stands for the number 4 and no field. */
export function placesOf(operands: string): OperandPlace[] {
  if (operands === '') return []
  return operands.split(', ').map(text => {
    const [, name, base, optional] = /^([^(?]+)(?:\((\w+)\))?(\?)?$/.exec(text)!
    return {
      operand: operandNamed(name!),
      optional: optional !== undefined,
      ...(base === undefined ? {} : { base: operandNamed(base) }),
    }
  })
}

/** @throws for a name that no row should have: a mistake in a table, found by its test. */
export function operandNamed(name: string): OperandCodec {
  if (/^=\d/.test(name)) return constant(Number(name.slice(1)))
  const operand = OPERANDS[name]
  if (operand === undefined) throw new Error(`no operand is called ${name}`)
  return operand
}

/** A number that belongs to the name of the instruction: `mfsprg r3,4`. */
const constant = (value: number): OperandCodec => ({
  kind: 'number',
  takes: String(value),
  read: () => value,
  write: written => (written === value ? {} : undefined),
})

const CONDITION_BITS = ['lt', 'gt', 'eq', 'so']

const address = (value: number): string => `0x${value.toString(16)}`

const TEXT: Readonly<Record<OperandKind, (value: number) => string>> = {
  gpr: value => `r${value}`,
  'gpr or 0': value => (value === 0 ? '0' : `r${value}`),
  fpr: value => `f${value}`,
  crField: value => `cr${value}`,
  crBit: value => `${value < 4 ? '' : `4*cr${value >> 2}+`}${CONDITION_BITS[value & 3]}`,
  spr: String,
  dcr: String,
  number: String,
  branch: address,
  'branch absolute': address,
}

/** A number as binutils writes it where an operand of that kind is wanted. */
export const operandText = (kind: OperandKind, value: number): string => TEXT[kind](value)
