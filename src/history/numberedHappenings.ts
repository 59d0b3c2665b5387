// Happenings of a kind that may come by the million: numbers in columns. What is added costs no object.

import type { Moment } from '../machine/moment.ts'
import type { Happening } from './happenings.ts'

export class NumberedHappenings {
  readonly #kind: Happening['kind']
  readonly #most: number
  #length = 0
  /** Of its moment. */
  readonly #retired: Float64Array
  readonly #cycle: Float64Array
  readonly #interrupts: Uint8Array
  readonly #what: Int32Array
  readonly #pc: Uint32Array
  readonly #isDebuggers: Uint8Array
  readonly #count: Float64Array
  readonly #last: Float64Array
  readonly #columns: readonly (Float64Array | Int32Array | Uint32Array | Uint8Array)[]

  constructor(kind: Happening['kind'], most: number) {
    this.#kind = kind
    this.#most = most
    this.#columns = [
      (this.#retired = new Float64Array(most + 1)),
      (this.#cycle = new Float64Array(most + 1)),
      (this.#interrupts = new Uint8Array(most + 1)),
      (this.#what = new Int32Array(most + 1)),
      (this.#pc = new Uint32Array(most + 1)),
      (this.#isDebuggers = new Uint8Array(most + 1)),
      (this.#count = new Float64Array(most + 1)),
      (this.#last = new Float64Array(most + 1)),
    ]
  }

  /** The same at the same moment happens once. @param interrupts taken in a row, as in a moment */
  add(retired: number, cycle: number, interrupts: number, what: number, pc: number, isDebuggers = false): void {
    const at = this.#length
    const before = at - 1
    const isOld =
      at > 0 &&
      this.#retired[before] === retired &&
      this.#cycle[before] === cycle &&
      this.#interrupts[before] === interrupts &&
      this.#what[before] === what
    if (isOld) return
    this.#retired[at] = retired
    this.#cycle[at] = cycle
    this.#interrupts[at] = interrupts
    this.#what[at] = what
    this.#pc[at] = pc
    this.#isDebuggers[at] = isDebuggers ? 1 : 0
    this.#count[at] = 1
    this.#last[at] = retired
    this.#length = at + 1
    if (this.#length > this.#most) this.#thin()
  }

  /** The older half becomes a quarter. */
  #thin(): void {
    const quarter = this.#length >>> 2
    const half = 2 * quarter
    for (let to = 0; to < quarter; to++) {
      const from = 2 * to
      const count = this.#count[from]! + this.#count[from + 1]!
      for (const column of this.#columns) column[to] = column[from]!
      this.#count[to] = count
      this.#last[to] = this.#last[from + 1]!
    }
    for (const column of this.#columns) column.copyWithin(quarter, half, this.#length)
    this.#length -= quarter
  }

  forgetAfter({ retired, cycle, interrupts = 0 }: Moment): void {
    const isAfter = (at: number): boolean =>
      (this.#retired[at]! - retired || this.#cycle[at]! - cycle || this.#interrupts[at]! - interrupts) > 0
    while (this.#length > 0 && isAfter(this.#length - 1)) this.#length--
    const at = this.#length - 1
    if (at < 0 || this.#last[at]! <= retired) return
    this.#count[at] = countUpTo(this.#retired[at]!, this.#last[at]!, this.#count[at]!, retired)
    this.#last[at] = retired
  }

  /** The oldest first. */
  get all(): Happening[] {
    return Array.from({ length: this.#length }, (_, at): Happening => {
      const interrupts = this.#interrupts[at]!
      const moment = { retired: this.#retired[at]!, cycle: this.#cycle[at]! }
      return {
        kind: this.#kind,
        moment: interrupts === 0 ? moment : { ...moment, interrupts },
        what: this.#what[at]!,
        pc: this.#pc[at]!,
        isDebuggers: this.#isDebuggers[at] !== 0,
        text: '',
        count: this.#count[at]!,
        last: this.#last[at]!,
      }
    })
  }
}

/** Of `count` from `first` to `last`, how many have happened up to `end`, about. */
export const countUpTo = (first: number, last: number, count: number, end: number): number =>
  Math.max(1, Math.round((count * (end - first)) / (last - first)))
