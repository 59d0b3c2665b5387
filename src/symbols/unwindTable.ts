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
    this.#fdes ??= readFrames(dwarf.sections, dwarf.problems).filter(fde => this.#units.hasFrame(fde))
    const { overlays } = this.#units
    if (overlays.isShared(pc)) {
      const fde = ofMapped(this.#fdes, pc, this.#units)
      return fde && this.#units.tolerate(undefined, () => cfiRowAt(fde, pc))
    }
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

/**
 * Where sections take turns, the description that is as long as the function in memory. Of functions of one length, each
 * unit's come in the order of the units: both are that in which files were linked.
 */
function ofMapped(fdes: readonly Fde[], pc: number, { overlays, dwarf }: UnitIndex): Fde | undefined {
  const section = overlays.mapped(pc)
  const fitting = fdes.filter(({ low, high }) => {
    const symbol = pc >= low && pc < high ? overlays.functionAt(low, section) : undefined
    return symbol !== undefined && low + symbol.size === high
  })
  const [first] = fitting
  if (first === undefined || section === undefined || fitting.length < 2) return first
  const sections = dwarf.units.flatMap(unit => overlays.sectionsOfFunctions(unit, first))
  return fitting[sections.indexOf(section)] ?? first
}
