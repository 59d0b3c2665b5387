// From instruction word to opcode: a small dense number per row and variant, the same that the interpreter switches on.

import type { Insn } from './insn.ts'
import { INSNS } from './insns/index.ts'
import { type Pattern, parsePattern } from './pattern.ts'

/** One way a row can be encoded: with or without `o` and `.`. */
export interface Variant {
  readonly opcode: number
  readonly insn: Insn
  readonly pattern: Pattern
  readonly oe: boolean
  readonly rc: boolean
  /** `addo.`: the row's name with the suffixes of the variant. */
  readonly name: string
}

/** What is not an instruction of the 440. */
export const ILLEGAL = 0

const LOW = 0x7ff
const OE = 0x400
const RC = 0x001

interface DecodeTables {
  readonly variants: readonly Variant[]
  /** Opcode by primary opcode and the low 11 bits, which hold every extended opcode. */
  readonly opcodes: Uint16Array
}

let tables: DecodeTables | undefined

/** Built at first use: an extension must not pay for it when it is merely activated. */
const built = (): DecodeTables => (tables ??= build())

function build(): DecodeTables {
  const variants: Variant[] = []
  for (const insn of INSNS) {
    const pattern = parsePattern(insn)
    for (const oe of 'oe' in pattern.fields ? [false, true] : [false])
      for (const rc of 'rc' in pattern.fields ? [false, true] : [false])
        variants.push({
          opcode: variants.length + 1,
          insn,
          pattern,
          oe,
          rc,
          name: insn.name + (oe ? 'o' : '') + (rc ? '.' : ''),
        })
  }
  return { variants, opcodes: index(variants) }
}

/** Bits above the low 11 never decide between instructions: where they are wrong the form is invalid, not illegal. */
function index(variants: readonly Variant[]): Uint16Array {
  const opcodes = new Uint16Array(64 << 11)
  for (const { opcode, pattern, oe, rc } of variants) {
    const { fields } = pattern
    let mask = pattern.mask & LOW
    let match = pattern.match & LOW
    if ('oe' in fields) mask |= OE
    if ('rc' in fields) mask |= RC
    if (oe) match |= OE
    if (rc) match |= RC
    const first = (pattern.match >>> 26) << 11
    for (let low = 0; low <= LOW; low++) if ((low & mask) === match) opcodes[first + low] = opcode
  }
  return opcodes
}

/** Every variant in opcode order; the opcode of the first is 1. */
export const variants = (): readonly Variant[] => built().variants

/** @returns the opcode of `word`, or `ILLEGAL`. Reserved bits are ignored (manual p.249: invalid forms do not trap). */
export const opcodeOf = (word: number): number => built().opcodes[((word >>> 26) << 11) | (word & LOW)]

/** The row and variant of `word`, or undefined for what is not an instruction. */
export function decode(word: number): Variant | undefined {
  const { variants, opcodes } = built()
  return variants[opcodes[((word >>> 26) << 11) | (word & LOW)] - 1]
}
