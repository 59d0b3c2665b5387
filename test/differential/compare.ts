// What two machines made of the same case, compared; and where QEMU 7.2 is known to be wrong or the architecture leaves
// the answer open.

import type { Case } from './cases.ts'
import type { Image } from './image.ts'
import * as layout from './layout.ts'
import type { Outcome } from './machines.ts'

export interface Difference {
  /** Number of the case in its image. */
  readonly at: number
  readonly case: Case
  /** `r3`, `cr`, `fpscr`, `f2`, `memory`. */
  readonly places: readonly string[]
}

interface Situation extends Difference {
  readonly ours: (offset: number) => number
  readonly theirs: (offset: number) => number
  readonly before: (offset: number) => number
}

interface Known {
  readonly why: string
  readonly of: RegExp
  /** Everything about the case is left out where this holds. */
  readonly when?: (situation: Situation) => boolean
  /** Or only these bits of FPSCR, and these places. */
  readonly fpscr?: number
  readonly place?: RegExp
  /** Met once in a million cases: a small run need not meet it. */
  readonly rare?: boolean
}

const roundsDirected = ({ before }: Situation): boolean => (before(layout.FPSCR + 4) & 2) !== 0
const divides = ({ case: { word }, before }: Situation): boolean => {
  const a = before(4 * ((word >>> 16) & 31))
  const b = before(4 * ((word >>> 11) & 31))
  return b === 0 || (a === 0x80000000 && b === 0xffffffff)
}
const crosses16 = ({ ours }: Situation): boolean => ours(layout.EXCEPTION) === 6

const ESR_FP = 0x01000000
const [ESR_PIL, ESR_PPR] = [0x08000000, 0x04000000]
/** The machines differ in these bits of ESR and in nothing else. */
const onlyEsr =
  (bits: number) =>
  ({ ours, theirs, places }: Situation): boolean =>
    places.join() === 'esr' && (ours(layout.ESR) ^ theirs(layout.ESR)) === bits
const lineInDear = ({ ours, theirs, places }: Situation): boolean =>
  places.join() === 'dear' && (ours(layout.DEAR) & ~31) >>> 0 === theirs(layout.DEAR)
const faultsHalfway = ({ ours, places }: Situation): boolean =>
  ours(layout.EXCEPTION) !== 0 && places.every(place => /^r\d+$/.test(place))

const VXSNAN = 0x01000000
const VXIMZ = 0x00100000
/** The product is 0 times infinity and the addend a signalling NaN: both are invalid, of which QEMU tells the first. */
const twiceInvalid = ({ ours, theirs, places }: Situation): boolean => {
  const [mine, other] = [ours(layout.FPSCR + 4), theirs(layout.FPSCR + 4)]
  return places.join() === 'fpscr' && (mine & VXIMZ) !== 0 && (mine ^ other) === VXSNAN && (mine & VXSNAN) !== 0
}

export const KNOWN: readonly Known[] = [
  {
    why: 'QEMU 7.2 does not set VXSNAN beside VXIMZ in a multiply-add whose addend is a signalling NaN (PEM 3.3.6.1)',
    of: /^fn?m(add|sub)/,
    when: twiceInvalid,
    rare: true,
  },
  { why: 'isel: QEMU 7.2 has none for the 440; the manual has, p.60', of: /^isel$/, when: () => true },
  {
    why: 'multiply-accumulate: QEMU 7.2 leaves RT unwritten in the plain forms, and takes the sign of an operand for that of the product when it looks for an overflow; manual chapter 9. test/cpu/exec/mac.test.ts judges these',
    of: /^n?mac/,
    when: () => true,
  },
  { why: 'a quotient that does not exist is undefined (programming model 7.1)', of: /^divw/, when: divides },
  {
    why: 'the 440 takes an Alignment interrupt for a floating-point operand across 16 bytes (p.186), QEMU does not',
    of: /^(l|st)f/,
    when: crosses16,
  },
  {
    why: 'QEMU 7.2 never sets ESR[FP] of a floating-point access (p.183, 187)',
    of: /^(l|st)f/,
    when: onlyEsr(ESR_FP),
  },
  { why: 'dcbi is checked as a store (p.144), QEMU 7.2 begins with a load', of: /^dcbi$/, when: () => true },
  { why: 'DEAR is the address, QEMU 7.2 gives that of its line', of: /^(dcbz|icbi)$/, when: lineInDear },
  {
    why: 'what was loaded before the fault may be in its registers; QEMU 7.2 looks at the whole first',
    of: /^(lmw|lsw[ix])$/,
    when: faultsHalfway,
  },
  {
    why: 'an SPR of user state that does not exist is illegal (p.187), to QEMU 7.2 it is privileged',
    of: /^m[ft]spr$/,
    when: onlyEsr(ESR_PIL ^ ESR_PPR),
  },
  {
    why: 'the time base is written by privileged numbers (p.454), by which QEMU 7.2 lets user state read it',
    of: /^mfspr$/,
    when: ({ case: { word } }) => (word & 0x001ff800) >>> 0 === 0x001c4000 || (word & 0x001ff800) >>> 0 === 0x001d4000,
    rare: true,
  },
  {
    why: 'bits 3 to 24 of XER do not exist (p.72), in QEMU 7.2 they hold what is written',
    of: /^mtspr$/,
    when: ({ ours, theirs, places }) =>
      places.join() === 'xer' && ours(layout.XER) === (theirs(layout.XER) & 0xe000007f) >>> 0,
    rare: true,
  },
  {
    why: 'RT is undefined where tlbsx finds nothing (p.479): unchanged here, -1 in QEMU 7.2',
    of: /^tlbsx/,
    when: ({ theirs, places, case: { word } }) =>
      places.join() === `r${(word >>> 21) & 31}` && theirs(4 * ((word >>> 21) & 31)) === 0xffffffff,
  },
  {
    why: 'word 2 of a TLB entry has E (p.150), QEMU 7.2 drops it',
    of: /^tlbre$/,
    when: ({ ours, theirs, places, case: { word } }) => {
      const rt = 4 * ((word >>> 21) & 31)
      return places.join() === `r${rt / 4}` && (ours(rt) & ~0x80) === theirs(rt)
    },
  },
  { why: 'QEMU 7.2 never sets FPSCR[FR]', of: /^f/, fpscr: 0x00040000 },
  {
    why: 'FPRF and the upper word are undefined after a conversion to integer (PEM)',
    of: /^fctiw/,
    fpscr: 0x0001f000,
    place: /^f\d upper$/,
  },
  { why: 'the upper word is undefined (PEM mffs)', of: /^mffs/, place: /^f\d upper$/ },
  {
    why: 'QEMU 7.2 does not set FX, VX and FEX for bits that mtfsb1 sets, and drops NI',
    of: /^mtfs(b1|b0|fi|f)/,
    fpscr: 0xe0000004,
    place: /^cr$/,
  },
  {
    why: 'fres and frsqrte are estimates: every part has its own, ours is correctly rounded',
    of: /^(fres|frsqrte)/,
    when: () => true,
  },
  { why: 'compares leave FPRF[C] alone (PEM fcmpo), QEMU 7.2 sets it beside a NaN', of: /^fcmp/, fpscr: 0x00010000 },
  { why: 'QEMU 7.2 calls a denormal single a normal number', of: /^f\w+s\.?$|^frsp/, fpscr: 0x0001f000 },
  {
    why: 'QEMU 7.2 rounds fnmadd and fnmsub after the negation in the directed modes',
    of: /^fnm/,
    when: roundsDirected,
  },
]

export function compare(
  image: Image,
  ours: Outcome,
  theirs: Outcome,
): { unexplained: Difference[]; needed: Set<string> } {
  const unexplained: Difference[] = []
  const needed = new Set<string>()
  image.cases.forEach((one, at) => {
    const places = differing(image, ours, theirs, at)
    if (places.length === 0) return
    const reader = (view: DataView) => (offset: number) => view.getUint32(at * layout.SIZE + offset)
    const situation: Situation = {
      ...{ at, case: one, places },
      ...{ ours: reader(ours.results), theirs: reader(theirs.results), before: reader(image.table) },
    }
    const known = KNOWN.filter(({ of }) => of.test(one.variant.name))
    const left = explain(situation, known, needed)
    if (left.length > 0) unexplained.push({ at, case: one, places: left })
  })
  return { unexplained, needed }
}

/** @returns the places that none of the known differences accounts for. */
function explain(situation: Situation, known: readonly Known[], needed: Set<string>): readonly string[] {
  const whole = known.find(({ when }) => when?.(situation))
  if (whole !== undefined) {
    needed.add(whole.why)
    return []
  }
  const bits = situation.ours(layout.FPSCR + 4) ^ situation.theirs(layout.FPSCR + 4)
  const masked = known.filter(({ fpscr = 0 }) => (bits & fpscr) !== 0)
  for (const { why } of masked) needed.add(why)
  const open = bits & ~masked.reduce((mask, { fpscr = 0 }) => mask | fpscr, 0)
  return situation.places.filter(place => {
    if (place === 'fpscr') return open !== 0
    const reason = known.find(row => row.place?.test(place))
    if (reason !== undefined) needed.add(reason.why)
    return reason === undefined
  })
}

const WORDS: readonly (readonly [offset: number, name: string])[] = [
  ...Array.from({ length: 32 }, (_, r) => [4 * r, `r${r}`] as const),
  ...([
    [layout.CR, 'cr'],
    [layout.XER, 'xer'],
    [layout.CTR, 'ctr'],
    [layout.LR, 'lr'],
  ] as const),
  ...([
    [layout.EXCEPTION, 'exception'],
    [layout.ESR, 'esr'],
    [layout.FPSCR + 4, 'fpscr'],
  ] as const),
  ...Array.from({ length: 8 }, (_, f) => [layout.FPR + 8 * f, `f${f} upper`] as const),
  ...Array.from({ length: 8 }, (_, f) => [layout.FPR + 8 * f + 4, `f${f} lower`] as const),
  ...([
    [layout.SRR0, 'srr0'],
    [layout.DEAR, 'dear'],
  ] as const),
]

function differing({ table }: Image, ours: Outcome, theirs: Outcome, at: number): string[] {
  const start = at * layout.SIZE
  const places = WORDS.filter(([o]) => ours.results.getInt32(start + o) !== theirs.results.getInt32(start + o))
  const names = places.map(([, name]) => name)
  for (let o = start; o < start + layout.SIZE && o < table.byteLength; o += 4)
    if (ours.table.getInt32(o) !== theirs.table.getInt32(o)) return [...names, 'memory']
  return names
}
