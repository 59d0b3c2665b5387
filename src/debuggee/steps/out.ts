// Step out: of a function to its caller, of what is inlined to the code around it.

import { Continue, framesHere, type Goal, type Leg, type Stretch, type View } from './goal.ts'
import { NextInstruction } from './instruction.ts'
import { RunBack } from './runBack.ts'

export class StepOut implements Goal {
  readonly description = 'Step Out'
  readonly passesInterrupts = true
  #inner: Leg | undefined

  get remark(): string | undefined {
    return this.#inner?.remark
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    const copy = view.inlinedAt(view.pc).at(-1 - view.hidden)
    this.#inner ??= copy === undefined ? toCaller(view) : new LeaveInlined(view, copy.id)
    return this.#inner.next(view, isThere)
  }
}

/** The outermost function has no caller: it runs on. */
function toCaller(view: View): Leg {
  const [here, caller, ...others] = framesHere(view)
  if (caller === undefined) return new Continue()
  return new RunBack(view, [caller, ...others], here!.id.cfa ?? view.sp)
}

/** Steps until an inlined copy is left, over what it calls, and on to a statement of the code around it. */
class LeaveInlined implements Leg {
  readonly #copy: number
  readonly #entry: number | undefined
  #step: Leg | undefined

  constructor(view: View, copy: number) {
    this.#copy = copy
    this.#entry = view.functionAt(view.pc)?.entry
  }

  get remark(): string | undefined {
    return this.#step?.remark
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    const stretch = this.#step?.next(view, isThere)
    if (stretch !== undefined) return stretch
    if (this.#step?.remark !== undefined || this.#isLeft(view)) return undefined
    this.#step = new NextInstruction()
    return this.#step.next(view, isThere)
  }

  #isLeft(view: View): boolean {
    if (view.functionAt(view.pc)?.entry !== this.#entry) return true
    return view.inlinedAt(view.pc).every(({ id }) => id !== this.#copy) && view.isStatement(view.pc)
  }
}
