// Random cases: one instruction each, from the rows of the instruction set, with registers that are interesting.
//
//   integer, float   what computes, in supervisor state
//   branch           branches and returns, to a stretch of `sc`: SRR0 tells where they led
//   user             everything but those in user state, with SPRs of any number
//   fault            what accesses memory, at the edges of pages with different permissions
//   tlb              the instructions of the TLB and MMUCR, on entries that map nothing in use

import { type Variant, variants } from '../../src/isa/decode.ts'
import { randomWords } from '../support/random.ts'
import * as layout from './layout.ts'

export const KINDS = ['integer', 'float', 'branch', 'user', 'fault', 'tlb'] as const
export type Kind = (typeof KINDS)[number]

export const SC = 0x44000002

export interface Case {
  readonly variant: Variant
  readonly word: number
}

const BASE = 27
const INDEX = 26
const MSR_FP = 0x2000
const MSR_PR = 0x4000

/** What the runner needs for itself, what has no result to compare, and what only the other tests can judge. */
const EXCLUDED =
  /^(b|ba|bl|bla|bc.*|rf.*|sc|mf(spr|tb|msr|dcr)|mt(spr|msr|dcr)|wrtee.*|tlb.*|[di]c(read|cci|bi)|iccci|dcci|lwarx|stwcx\.|msync|mbar|isync|nop\d+)$/

const isFloat = ({ insn }: Variant): boolean => insn.unit === 'float'
const computes = (variant: Variant): boolean => !EXCLUDED.test(variant.insn.name)
/** rfi would return to itself: SRR0 is how the case was entered. */
const BRANCH = /^(b|ba|bl|bla|bc.*|rfci|rfmci)$/
const MEMORY = /^(l[bhwfms]|st[bhwfms]|dcb[fzi]$|dcbst$|icbi$)/
/** Time goes by differently. */
const USER = /^(?!b|sc$|mftb$|lwarx|stwcx|nop\d)/

const CHOICES: Readonly<Record<Kind, (variant: Variant) => boolean>> = {
  integer: variant => computes(variant) && !isFloat(variant),
  float: variant => computes(variant) && isFloat(variant),
  branch: ({ insn }) => BRANCH.test(insn.name),
  user: ({ insn }) => USER.test(insn.name),
  tlb: ({ insn }) => /^(tlb(re|we|sx)|m[ft]spr)$/.test(insn.name),
  fault: ({ insn }) => MEMORY.test(insn.name) && !/^(lwarx|stwcx\.)$/.test(insn.name),
}

export const candidates = (kind: Kind): readonly Variant[] => variants().filter(CHOICES[kind])

const MMUCR = 946
/** What SIZE may hold (p.150), but for 256 MB, which would map every address there is here. */
const PAGE_SIZES = [0, 1, 2, 3, 4, 5, 7]

const PRIVILEGED_SPR = 0x10
/** Registers that user state reaches: reading the time base gives another time on every machine. */
const TIME = [0x10c, 0x10d]
const split = (number: number): number => ((number & 31) << 5) | (number >> 5)

/** What the manual defines (p.65). bcctr must not count. */
const BO = [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20]
const BO_OF_CTR = BO.filter(bo => (bo & 4) !== 0)
/** Where a branching case has its branch, words from its first. */
const MIDDLE = 16

const EDGES = [
  ...[0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0x80000001],
  ...[0xfffffffe, 0xffffffff, 0xaaaaaaaa, 0x00ff00ff],
]
/** Zeroes, ones, infinities, NaNs, the ends of the ranges of both formats, halves and the ends of int32. */
const DOUBLE_EDGES = [
  ...[
    0n,
    1n,
    0x3ff0000000000000n,
    0x7ff0000000000000n,
    0x7ff8000000000000n,
    0x7ff4000000000001n,
    0x7ff7ffffffffffffn,
    0xfffffffffffffffen,
  ],
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
    const word = kind === 'branch' ? this.#branch(variant) : kind === 'tlb' ? this.#tlb(variant) : this.#word(variant)
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
    if (kind === 'tlb') this.#tlbOperands(view, offset, variant, word)
    if (kind === 'integer' || kind === 'float' || kind === 'tlb') return { variant, word }
    for (let at = 4; at < layout.CODE_BYTES; at += 4) view.setUint32(offset + layout.CODE + at, SC)
    if (kind === 'user') view.setUint32(offset + layout.MSR, MSR_FP | MSR_PR)
    else if (kind === 'fault') this.#atEdges(view, offset, variant)
    else this.#ready(view, offset, address, word)
    return { variant, word }
  }

  /** The base is where two pages meet, or the last one ends; the index is a few bytes to either side. */
  #atEdges(view: DataView, offset: number, { insn }: Variant): void {
    const pages = /^(st|dcb[zi])/.test(insn.name) ? layout.PAGES_TO_STORE : layout.PAGES
    view.setUint32(offset + layout.MSR, MSR_FP | (this.#random() % 2 === 0 ? MSR_PR : 0))
    view.setUint32(offset + 4 * BASE, pages + 0x1000 * (1 + (this.#random() % layout.PAGE_COUNT)))
    view.setInt32(offset + 4 * INDEX, (this.#random() % 56) - 40)
  }

  /** The branch stands in the middle of `sc`, and LR, CTR and CSRR0 point there, or CTR is about to run out. */
  #ready(view: DataView, offset: number, address: number, word: number): void {
    const landing = (): number => address + layout.CODE + 4 * (1 + (this.#random() % 15)) + (this.#random() % 4)
    view.setUint32(offset + layout.CODE, (18 << 26) | (4 * MIDDLE))
    view.setUint32(offset + layout.CODE + 4 * MIDDLE, word)
    view.setUint32(offset + layout.MSR, MSR_FP | (this.#random() % 2 === 0 ? MSR_PR : 0))
    view.setUint32(offset + layout.LR, landing())
    view.setUint32(offset + layout.CSRR0, landing())
    const countsDown = ((word >>> 1) & 0x3ff) !== 528 && this.#random() % 4 !== 0
    view.setUint32(offset + layout.CTR, countsDown ? this.#random() % 3 : landing())
  }

  #tlb({ pattern, rc }: Variant): number {
    const values: Readonly<Record<string, number>> = {
      ...{ rt: this.#random() % 16, rs: this.#random() % 16, ra: BASE, rb: INDEX },
      ...{ ws: this.#random() % 3, spr: split(MMUCR), rc: rc ? 1 : 0 },
    }
    let word = pattern.match
    for (const [name, { shift }] of Object.entries(pattern.fields)) word |= values[name]! << shift
    return word >>> 0
  }

  /** Entries 32 to 63, for addresses above 0x40000000 of a few processes. tlbsx adds what is in both registers. */
  #tlbOperands(view: DataView, offset: number, { insn }: Variant, word: number): void {
    const page = (): number => 0x40000000 + (this.#random() & 0x03fffc00)
    const searches = insn.name === 'tlbsx'
    view.setUint32(offset + 4 * BASE, searches ? page() : (this.#random() & ~0x3f) | 32 | (this.#random() % 32))
    view.setUint32(offset + 4 * INDEX, this.#random() & 0x3ff)
    const source = offset + 4 * ((word >>> 21) & 31)
    // QEMU does not look at TS when it searches: only entries that are not valid have it.
    const validity = this.#random() % 4 === 0 ? 0x100 * (this.#random() % 2) : 0x200
    const size = PAGE_SIZES[this.#random() % PAGE_SIZES.length]!
    // QEMU compares what lies below the page, too.
    const aligned = page() & -(1024 << (2 * size))
    if (insn.name === 'mtspr') view.setUint32(source, this.#random() % 4)
    if (insn.name === 'tlbwe' && (word & 0xf800) === 0) view.setUint32(source, aligned | validity | (size << 4))
  }

  #branch({ insn, pattern }: Variant): number {
    let word = pattern.match
    const target = layout.LANDING + 4 * (this.#random() % (layout.LANDING_BYTES / 4))
    const distance = 4 * (1 + (this.#random() % 15)) * (this.#random() % 2 === 0 ? 1 : -1)
    const choice = /^bcctr/.test(insn.name) ? BO_OF_CTR : BO
    const values: Readonly<Record<string, number>> = {
      ...{ bo: choice[this.#random() % choice.length]!, bi: this.#random() },
      ...{ li: (/a$/.test(insn.name) ? target : distance) >> 2, bd: (/a$/.test(insn.name) ? target : distance) >> 2 },
    }
    for (const [name, { shift, width }] of Object.entries(pattern.fields))
      word |= (values[name]! & (2 ** width - 1)) << shift
    return word >>> 0
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
    if (name === 'spr') return this.#spr()
    return /^fr/.test(name) ? this.#random() % 8 : this.#random()
  }

  /** Any number, half of them those of user state. */
  #spr(): number {
    const number = this.#random() & (this.#random() % 2 === 0 ? 0x3ff : 0x12f)
    return split(TIME.includes(number) ? number | PRIVILEGED_SPR : number)
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
