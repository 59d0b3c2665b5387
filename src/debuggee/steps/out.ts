// Step out: of a function to its caller, of what is inlined to the code around it.

import { isCall } from '../../isa/flow.ts'
import { Continue, framesHere, type Goal, ONE, type Stretch, type View } from './goal.ts'
import { NextInstruction } from './instruction.ts'
import { RunBack } from './runBack.ts'

export class StepOut implements Goal {
  readonly description = 'Step Out'
  readonly passesInterrupts = true
  #inner: Goal | undefined

  get remark(): string | undefined {
    return this.#inner?.remark
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    const copy = view.inlinedAt(view.pc).at(-1 - view.hidden)
    this.#inner ??= copy === undefined ? toCaller(view) : new LeaveInlined(view, copy.id, this.description)
    return this.#inner.next(view, isThere)
  }
}

/** The outermost function has no caller: it runs on. */
function toCaller(view: View): Goal {
  const [here, caller, ...others] = framesHere(view)
  if (caller === undefined) return new Continue()
  return new RunBack(view, [caller, ...others], here?.id.cfa ?? view.sp, 'Step Out')
}

/** Steps until an inlined copy is left, over what it calls, and on to a statement of the code around it. */
class LeaveInlined implements Goal {
  readonly description: string
  readonly passesInterrupts = true
  readonly #copy: number
  readonly #entry: number | undefined
  #call: Goal | undefined

  constructor(view: View, copy: number, description: string) {
    this.description = description
    this.#copy = copy
    this.#entry = view.functionAt(view.pc)?.entry
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    const stretch = this.#call?.next(view, isThere)
    if (stretch !== undefined) return stretch
    if (this.#call?.remark !== undefined) return undefined
    this.#call = undefined
    if (this.#isLeft(view)) return undefined
    if (!isCall(view.word(view.pc) ?? 0)) return ONE
    this.#call = new NextInstruction()
    return this.#call.next(view, isThere)
  }

  #isLeft(view: View): boolean {
    if (view.functionAt(view.pc)?.entry !== this.#entry) return true
    return view.inlinedAt(view.pc).every(({ id }) => id !== this.#copy) && view.isStatement(view.pc)
  }
}
