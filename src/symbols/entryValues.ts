import { type EntryItem, entryKey } from '../dwarf/location.ts'
import type { CallSite, CallSites, Expression } from './callSites.ts'
import type { Functions } from './functions.ts'
import type { FrameReaders, Scopes } from './scopes.ts'

/** What arguments were when a function was entered, from what its callers noted (DWARF 5, §3.4.2: DW_AT_call_value). */
export class EntryValues {
  readonly #callSites: CallSites
  readonly #functions: Functions
  readonly #scopes: Scopes

  constructor(callSites: CallSites, functions: Functions, scopes: Scopes) {
    this.#callSites = callSites
    this.#functions = functions
    this.#scopes = scopes
  }

  at(pc: number, what: EntryItem, returnAddress: number, caller: FrameReaders): number | undefined {
    const site = this.#callSites.returningTo(returnAddress)
    const entry = this.#functions.at(pc)?.low
    if (site === undefined || entry === undefined) return undefined
    const called = site.target ?? this.#evaluate(this.#callSites.targetExpression(site), site, caller)
    if (called === entry) return this.#argument(site, what, caller)
    // What was called has jumped on: each jump noted the next one's arguments.
    const jumps = called === undefined ? undefined : this.#callSites.tailCalls(called, entry)
    if (jumps === undefined) return undefined
    let frame = caller
    let last = site
    for (const jump of jumps) {
      const [before, at] = [frame, last]
      // The frame is gone; its caller's registers are back, all but those that no call preserves.
      const entryValue = remembered(inner => this.#argument(at, inner, before))
      frame = { ...caller, pc: jump.returnAddress - 1, entryValue }
      last = jump
    }
    return this.#argument(last, what, frame)
  }

  #argument(site: CallSite, what: EntryItem, frame: FrameReaders): number | undefined {
    return this.#evaluate(this.#callSites.valueExpression(site, what), site, frame)
  }

  #evaluate(expression: Expression | undefined, site: CallSite, frame: FrameReaders): number | undefined {
    return expression && this.#scopes.evaluate(expression.bytes, expression.die.unit, site.functionDie, frame)
  }
}

type EntryValue = (what: EntryItem) => number | undefined

/** An argument is often computed from the same one twice, and that from another twice: each is asked for once. */
function remembered(compute: EntryValue): EntryValue {
  const known = new Map<string, number | undefined>()
  return what => {
    const key = entryKey(what)
    if (!known.has(key)) known.set(key, compute(what))
    return known.get(key)
  }
}
