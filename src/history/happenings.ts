// What has happened in a run and is worth seeing beside its instruction numbers: stops, interrupts, events of the debug
// facility, accesses to watched places, lines that were put out, new futures. Of each kind the older ones are kept less
// finely when there are many: two neighbours become one that counts both.

import { compareMoments, type Moment } from '../machine/moment.ts'
import { countUpTo, NumberedHappenings } from './numberedHappenings.ts'

export const HAPPENING_KINDS = ['stop', 'future', 'access', 'interrupt', 'debug', 'line'] as const

export type HappeningKind = (typeof HAPPENING_KINDS)[number]

export interface Happening {
  readonly kind: HappeningKind
  /** Going there stands where it is about to happen; after an interrupt, at the first instruction of its handler. */
  readonly moment: Moment
  /**
   * Of an interrupt its IVOR, of a debug event the bits of DBSR it has set, of a line the stream it came out of: a UART
   * of the board, or standard output (0) and standard error (1) of a process.
   */
  readonly what: number
  /** PC, unsigned: of an interrupt where it struck. */
  readonly pc: number
  /** A debug event on behalf of a debugger. */
  readonly isDebuggers?: boolean
  /** Of a stop, its reason; of an access, what it is to; of a line, its bytes as characters, the first of them. */
  text: string
  /** It stands for so many, of which it is the first; the last was at this instruction. About, after a new future. */
  count: number
  last: number
}

/** A kind of which there may be so many that each has to cost next to nothing: without text. */
type NumberedKind = 'interrupt' | 'debug'
type TextKind = Exclude<HappeningKind, NumberedKind>

/** Of each kind, at most. */
const MOST_OF_A_KIND = 16_384

export class Happenings {
  readonly interrupt = new NumberedHappenings('interrupt', MOST_OF_A_KIND)
  readonly debug = new NumberedHappenings('debug', MOST_OF_A_KIND)
  readonly #texts: Readonly<Record<TextKind, Happening[]>> = { stop: [], future: [], access: [], line: [] }

  /** What happens now. */
  add(kind: TextKind, moment: Moment, pc: number, what: number, text: string): Happening {
    const all = this.#texts[kind]
    const added = { kind, moment, what, pc: pc >>> 0, text, count: 1, last: moment.retired }
    all.push(added)
    if (all.length > MOST_OF_A_KIND) thin(all)
    return added
  }

  /** The oldest first. */
  of(kind: HappeningKind): readonly Happening[] {
    return kind === 'interrupt' || kind === 'debug' ? this[kind].all : this.#texts[kind]
  }

  /** What came after `moment` has not happened. */
  forgetAfter(moment: Moment): void {
    for (const numbered of [this.interrupt, this.debug]) numbered.forgetAfter(moment)
    for (const all of Object.values(this.#texts)) {
      while (all.length > 0 && compareMoments(all[all.length - 1]!.moment, moment) > 0) all.pop()
      const last = all[all.length - 1]
      if (last === undefined || last.last <= moment.retired) continue
      last.count = countUpTo(last.moment.retired, last.last, last.count, moment.retired)
      last.last = moment.retired
    }
  }

  /** Lines that have not begun to come out. */
  removeLines(isGone: (line: Happening) => boolean): void {
    const lines = this.#texts.line
    while (lines.length > 0 && isGone(lines[lines.length - 1]!)) lines.pop()
  }
}

/** The older half becomes a quarter. */
function thin(all: Happening[]): void {
  const half = (all.length >>> 2) * 2
  let to = 0
  for (let from = 0; from < half; from += 2) {
    const first = all[from]!
    const second = all[from + 1]!
    first.count += second.count
    first.last = second.last
    all[to++] = first
  }
  for (let from = half; from < all.length; from++) all[to++] = all[from]!
  all.length = to
}
