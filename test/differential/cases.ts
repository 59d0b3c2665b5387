// Random cases: one instruction each, from the rows of the instruction set, with registers that are interesting.

import { type Variant, variants } from '../../src/isa/decode.ts'
import { randomWords } from '../isa/random.ts'
import * as layout from './layout.ts'

export type Kind = 'integer' | 'float'

export interface Case {
  readonly variant: Variant
  readonly word: number
}

const BASE = 27
const INDEX = 26
const MSR_FP = 0x2000

/** What the runner needs for itself, what has no result to compare, and what only the other tests can judge. */
const EXCLUDED =
  /^(b|ba|bl|bla|bc.*|rf.*|sc|mf(spr|tb|msr|dcr)|mt(spr|msr|dcr)|wrtee.*|tlb.*|[di]c(read|cci|bi)|iccci|dcci|lwarx|stwcx\.|msync|mbar|isync|nop\d+)$/

const isFloat = ({ insn }: Variant): boolean => insn.unit === 'float'
export const candidates = (kind: Kind): readonly Variant[] =>
  variants().filter(variant => !EXCLUDED.test(variant.insn.name) && isFloat(variant) === (kind === 'float'))

const EDGES = [
  ...[0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0x80000001],
  ...[0xfffffffe, 0xffffffff, 0xaaaaaaaa, 0x00ff00ff],
]
/** Zeroes, ones, infinities, NaNs, the ends of the ranges of both formats, halves and the ends of int32. */
const DOUBLE_EDGES = [
  ...[0n, 1n, 0x3ff0000000000000n, 0x7ff0000000000000n, 0x7ff8000000000000n, 0x7ff4000000000001n],
  ...[0x000fffffffffffffn, 0x0010000000000000n, 0x7fefffffffffffffn, 0x36a0000000000000n, 0x3690000000000000n],
  ...[0x47efffffe0000000n, 0x47effffff0000000n, 0x380fffffe0000000n, 0x3810000000000000n, 0x3fe0000000000000n],
  ...[0x41dfffffffc00000n, 0x41e0000000000000n, 0x41f0000000000000n, 0x4330000000000001n, 0x3ff0000010000000n],
]

export class Generator {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomWords(seed)
  }

  /** Fills `view` with one case at `offset`, which will lie at `address`. */
  write(view: DataView, offset: number, address: number, kind: Kind): Case {
    const choice = candidates(kind)
    const variant = choice[this.#random() % choice.length]!
    const word = this.#word(variant)
    for (let r = 0; r < 32; r++) view.setUint32(offset + 4 * r, this.#integer())
    view.setUint32(offset + 4 * BASE, address + layout.SCRATCH + 32)
    view.setInt32(offset + 4 * INDEX, (this.#random() % 56) - 32)
    view.setUint32(offset + layout.CR, this.#random())
    // TBC stays small: a string access must not reach the instruction.
    view.setUint32(offset + layout.XER, (this.#random() & 0xe000001f) >>> 0)
    view.setUint32(offset + layout.CTR, this.#random())
    view.setUint32(offset + layout.LR, this.#random())
    view.setUint32(offset + layout.MSR, MSR_FP)
    view.setUint32(offset + layout.FPSCR + 4, this.#random() % 4)
    for (let f = 0; f < 8; f++) view.setBigUint64(offset + layout.FPR + 8 * f, this.#double())
    for (let i = 0; i < layout.SCRATCH_BYTES; i += 4) view.setUint32(offset + layout.SCRATCH + i, this.#integer())
    view.setUint32(offset + layout.CODE, word)
    view.setUint32(offset + layout.CODE + 4, ((18 << 26) | layout.SAVED | 2) >>> 0)
    return { variant, word }
  }

  #integer(): number {
    return this.#random() % 5 < 2 ? EDGES[this.#random() % EDGES.length]! : this.#random()
  }

  #double(): bigint {
    const sign = BigInt(this.#random() & 1) << 63n
    const fraction = (BigInt(this.#random() & 0xfffff) << 32n) | BigInt(this.#random())
    switch (this.#random() % 4) {
      case 0:
        return sign | DOUBLE_EDGES[this.#random() % DOUBLE_EDGES.length]!
      case 1:
        // A single, some of them denormal there.
        return sign | (BigInt(870 + (this.#random() % 300)) << 52n) | (fraction & ~0x1fffffffn)
      case 2:
        return sign | (BigInt(1000 + (this.#random() % 50)) << 52n) | fraction
      default:
        return sign | (BigInt(this.#random() % 2047) << 52n) | fraction
    }
  }

  #word({ insn, pattern, oe, rc }: Variant): number {
    let word = pattern.match
    const memory = /d\(ra|ra0?, (rb|nb)/.test(insn.operands) && /^(l[bhwfsm]|st|dcb|icb)/.test(insn.name)
    const multiple = /^(lmw|stmw)$/.test(insn.name)
    for (const [name, { shift, width }] of Object.entries(pattern.fields)) {
      const value = memory ? this.#memoryField(name, multiple) : this.#field(name)
      const fixed = name === 'oe' ? Number(oe) : name === 'rc' ? Number(rc) : value
      word |= (fixed & (2 ** width - 1)) << shift
    }
    return word >>> 0
  }

  #field(name: string): number {
    return /^fr/.test(name) ? this.#random() % 8 : this.#random()
  }

  /** Memory operands stay in the scratch area; what is loaded stays out of the base register. */
  #memoryField(name: string, multiple: boolean): number {
    if (name === 'ra') return BASE
    if (name === 'rb') return INDEX
    if (name === 'd') return (this.#random() % 56) - 32
    if (name === 'rt' || name === 'rs') return multiple ? 28 + (this.#random() % 4) : this.#random() % 16
    return this.#field(name)
  }
}
