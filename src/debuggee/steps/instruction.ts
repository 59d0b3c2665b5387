// Steps of one instruction: into what it calls, or over it.

import { isCall } from '../../isa/flow.ts'
import { framesHere, type Goal, ONE, type Stretch, type View } from './goal.ts'
import { RunBack } from './runBack.ts'

/** One instruction; an interrupt taken instead counts as one, so that nobody is carried past a handler. */
export class StepInstruction implements Goal {
  readonly description = 'Step'
  readonly passesInterrupts = false
  #done = false

  next(): Stretch | undefined {
    if (this.#done) return undefined
    this.#done = true
    return ONE
  }
}

/** Over one instruction: a call runs to its return. */
export class NextInstruction implements Goal {
  readonly description = 'Step'
  readonly passesInterrupts = false
  #inner: Goal | undefined

  get remark(): string | undefined {
    return this.#inner?.remark
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    this.#inner ??= isCall(view.word(view.pc) ?? 0) ? overCall(view, this.description) : new StepInstruction()
    return this.#inner.next(view, isThere)
  }
}

/** Runs over the call at `pc`, to the instruction after it. */
function overCall(view: View, description: string): Goal {
  const [here, ...callers] = framesHere(view)
  const pc = (view.pc + 4) >>> 0
  return new RunBack(view, [{ id: here?.id ?? { cfa: undefined, entry: 0 }, pc }, ...callers], view.sp, description)
}
