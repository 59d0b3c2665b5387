// Call frame information by address.

import { type CfiRow, cfiRowAt } from '../dwarf/cfi.ts'
import { type Fde, readFrames } from '../dwarf/frames.ts'
import { lastAtOrBefore } from './lineTable.ts'
import type { UnitIndex } from './units.ts'

const keptRows = 1000

/** Call frame information by address. */
export class UnwindTable {
  readonly #units: UnitIndex
  #fdes: readonly Fde[] | undefined
  /** The rows of the last addresses asked for: a recursion asks for the same one at every frame. */
  readonly #rows = new Map<number, CfiRow | undefined>()

  constructor(units: UnitIndex) {
    this.#units = units
  }

  /** How to unwind from `pc`. Undefined where nothing describes it: hand-written assembly, mostly. */
  at(pc: number): CfiRow | undefined {
    const { dwarf } = this.#units
    this.#fdes ??= readFrames(dwarf.sections, dwarf.problems)
    const fde = this.#fdes[lastAtOrBefore(this.#fdes, pc)]
    if (fde === undefined || pc >= fde.high) return undefined
    if (!this.#rows.has(pc)) {
      if (this.#rows.size >= keptRows) this.#rows.clear()
      this.#rows.set(
        pc,
        this.#units.tolerate(undefined, () => cfiRowAt(fde, pc)),
      )
    }
    return this.#rows.get(pc)
  }
}
