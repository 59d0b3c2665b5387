// Stepping into a function through code that has no line of its own and only leads on to it: the thunk of a virtual
// call, a stub of the linker.

import { isCall, isReturn } from '../../isa/flow.ts'
import { type Leg, ONE, type Stretch, type View } from './goal.ts'

/** Thunks adjust a pointer and branch; what is longer is a function that just has no lines. */
const LONGEST = 32

/** Reached at the entry of a function with lines; or where it is no thunk, from where a call can be run over. */
export class Thunk implements Leg {
  readonly #returnAddress: number
  readonly #sp: number
  #count = 0

  constructor(view: View, returnAddress: number) {
    this.#returnAddress = returnAddress
    this.#sp = view.sp
  }

  next(view: View): Stretch | undefined {
    const word = view.word(view.pc) ?? 0
    const leaves = view.pc === this.#returnAddress || view.sp !== this.#sp || isCall(word) || isReturn(word)
    const callee = view.functionAt(view.pc)
    const isThere = callee?.entry === view.pc && view.lineRanges(callee.body) !== undefined
    return leaves || isThere || ++this.#count > LONGEST ? undefined : ONE
  }
}
