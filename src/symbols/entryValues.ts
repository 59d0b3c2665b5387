// How functions were reached and with what arguments, from what their callers noted about each call (DWARF 5, §3.4).

import type { EntryItem } from '../dwarf/location.ts'
import { type StackEntry, word } from '../dwarf/stack.ts'
import type { CallSite, CallSites, DwarfExpression } from './callSites.ts'
import type { Functions } from './functions.ts'
import type { FrameReaders, Scopes } from './scopes.ts'

export class EntryValues {
  readonly #callSites: CallSites
  readonly #functions: Functions
  readonly #scopes: Scopes

  constructor(callSites: CallSites, functions: Functions, scopes: Scopes) {
    this.#callSites = callSites
    this.#functions = functions
    this.#scopes = scopes
  }

  /**
   * The call in `caller` that returns to `returnAddress`, and the jumps by which what it called has come to the function
   * at `pc`. Undefined where that is not known for certain.
   */
  callsTo(pc: number, returnAddress: number, caller: FrameReaders): readonly CallSite[] | undefined {
    const site = this.#callSites.returningTo(returnAddress)
    const entry = this.#functions.at(pc)?.low
    if (site === undefined || entry === undefined) return undefined
    const computed = this.#evaluate(this.#callSites.targetExpression(site), site, caller)
    const called = site.target ?? (computed && word(computed))
    const jumps = called === undefined ? undefined : this.#callSites.tailCalls(called, entry)
    return jumps && [site, ...jumps]
  }

  /** What something was worth when the function called at `site` was entered: DW_AT_call_value, in the caller's frame. */
  at(site: CallSite, what: EntryItem, caller: FrameReaders): StackEntry | undefined {
    return this.#evaluate(this.#callSites.valueExpression(site, what), site, caller)
  }

  #evaluate(expression: DwarfExpression | undefined, site: CallSite, frame: FrameReaders): StackEntry | undefined {
    return expression && this.#scopes.evaluate(expression.bytes, expression.die.unit, site.functionDie, frame)
  }
}
