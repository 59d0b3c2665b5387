import { type CfiRow, cfiRowAt } from '../dwarf/cfi.ts'
import { type Fde, readFrames } from '../dwarf/frames.ts'
import { lastAtOrBefore } from './lineTable.ts'
import type { UnitIndex } from './units.ts'

/** Call frame information by address. */
export class UnwindTable {
  readonly #units: UnitIndex
  #fdes: readonly Fde[] | undefined

  constructor(units: UnitIndex) {
    this.#units = units
  }

  /** How to unwind from `pc`. Undefined where nothing describes it: hand-written assembly, mostly. */
  at(pc: number): CfiRow | undefined {
    const { dwarf } = this.#units
    this.#fdes ??= readFrames(dwarf.sections, dwarf.problems)
    const fde = this.#fdes[lastAtOrBefore(this.#fdes, pc)]
    return fde !== undefined && pc < fde.high ? this.#units.tolerate(undefined, () => cfiRowAt(fde, pc)) : undefined
  }
}
