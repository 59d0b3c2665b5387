// Steps of one instruction: into what it calls, or over it.

import { isCall } from '../../isa/flow.ts'
import { frameHere, framesHere, type Goal, type Leg, ONE, type Stretch, type View } from './goal.ts'
import { exitsOf } from './rangeExits.ts'
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

/** So many instructions in a range are a loop. */
const MANY = 1000

/**
 * One instruction, and on while the program stands in the `range` given; interrupts on the way run through to their
 * return, as gdb cannot know of them. The range begins where it is told, and ends before `end`.
 */
export class StepRange implements Goal {
  readonly description = 'Step'
  readonly passesInterrupts = true
  readonly passesSignals = false
  readonly #start: number
  readonly #end: number
  #executed = 0
  /** It is a loop, which runs from now on. */
  #running: Stretch | undefined

  constructor(start = 0, end = 0) {
    this.#start = start
    this.#end = end
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    const isInside = view.pc >= this.#start && view.pc < this.#end
    // A slice of a run may end in the handler of an interrupt.
    if (this.#running !== undefined) return isThere && !isInside ? undefined : this.#running
    if (this.#executed > 0 && !isInside) return undefined
    if (++this.#executed % MANY === 0) {
      const exits = exitsOf(view, this.#start, this.#end)
      if (exits !== undefined) return (this.#running = { kind: 'until', stops: { addresses: exits } })
    }
    return ONE
  }

  struck(): void {
    this.#executed = 0
  }
}

/** Over one instruction: a call runs to its return. */
export class NextInstruction implements Goal {
  readonly description = 'Step'
  readonly passesInterrupts = false
  #inner: Leg | undefined

  get remark(): string | undefined {
    return this.#inner?.remark
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    this.#inner ??= isCall(view.word(view.pc) ?? 0) ? overCall(view) : new StepInstruction()
    return this.#inner.next(view, isThere)
  }
}

/** Runs over the call at `pc`, to the instruction after it. */
function overCall(view: View): Leg {
  const [, ...callers] = framesHere(view)
  return new RunBack(view, [{ id: frameHere(view), pc: (view.pc + 4) >>> 0 }, ...callers], view.sp)
}
