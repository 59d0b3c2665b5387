// The macros that are defined where a person is.

import { macrosOf } from '../dwarf/macro.ts'
import type { Unit } from '../dwarf/unit.ts'
import type { UnitIndex } from './units.ts'

/** What the preprocessor puts in the place of a name. */
export interface Macro {
  readonly name: string
  /** `a,b`: those of one that looks like a function. */
  readonly parameters: string | undefined
  readonly body: string
}

/** `NAME body`, `NAME(a,b) body`: there is a blank in between in any case (§6.3.2.1). */
const DEFINITION = /^([A-Za-z_$][\w$]*)(?:\(([^)]*)\))?(?: ([\s\S]*))?$/

/** The macros of the files a person is in. A program built without -g3 has none. */
export class Macros {
  readonly #units: UnitIndex
  /** Of the last unit asked: thousands of texts. */
  #last: { readonly unit: Unit; readonly byName: ReadonlyMap<string, Macro> } | undefined

  constructor(units: UnitIndex) {
    this.#units = units
  }

  /** The last definition in the file that `pc` is of, also where it is undefined again further down. */
  named(name: string, pc: number): Macro | undefined {
    const unit = this.#units.at(pc)
    if (unit === undefined) return undefined
    if (this.#last?.unit !== unit) this.#last = { unit, byName: this.#read(unit) }
    return this.#last.byName.get(name)
  }

  #read(unit: Unit): ReadonlyMap<string, Macro> {
    const byName = new Map<string, Macro>()
    this.#units.tolerate(undefined, () => {
      for (const { isDefinition, text } of macrosOf(unit)) {
        const [, name, parameters, body = ''] = (isDefinition && DEFINITION.exec(text)) || []
        if (name !== undefined) byName.set(name, { name, parameters, body })
      }
    })
    return byName
  }
}
