// Running until control is back: in a frame that has called something, or in code that an interrupt struck.

import type { FrameView, Goal, Leg, Stretch, View } from './goal.ts'
import { frameHere, sameFrame } from './goal.ts'

/**
 * Runs until `frames[0]` goes on at its `pc`. A call need not return there: longjmp, an exception or a switch of tasks
 * may lead elsewhere. Then it ends at the first statement that is reached in one of `frames`, which are that frame and
 * its callers; the same function in another activation does not count.
 */
export class RunBack implements Leg {
  remark: string | undefined
  readonly #frames: readonly FrameView[]
  readonly #sp: number
  readonly #stretch: Stretch
  #started = false

  /** @param sp what r1 is at least in all of `frames` when nothing they have called is left on the stack */
  constructor(view: View, frames: readonly [FrameView, ...FrameView[]], sp: number) {
    this.#frames = frames
    this.#sp = sp
    const entries = new Set(frames.map(({ id }) => id.entry))
    const statements = [...entries].flatMap(entry => view.statementsOf(entry))
    this.#stretch = { kind: 'until', stops: { addresses: [frames[0].pc, ...statements], sp } }
  }

  next(view: View): Stretch | undefined {
    if (this.#started && this.#isBack(view)) return undefined
    this.#started = true
    return this.#stretch
  }

  #isBack(view: View): boolean {
    const [first] = this.#frames
    const returns = view.pc === first!.pc
    if (!returns && !view.isStatement(view.pc)) return false
    // The stack is as high as it was. Of stripped code the frame before a call and behind it may not look the same.
    if (returns && view.sp === this.#sp) return true
    const here = frameHere(view)
    // Where nothing tells a frame's address, the height of the stack, by which stops are chosen, has to do.
    if (returns && first!.id.cfa === undefined) return true
    if (here.cfa === undefined || !this.#frames.some(({ id }) => sameFrame(here, id))) return false
    if (!returns) this.remark = 'what was called has not returned: the program went on here'
    return true
  }
}

/** Runs until an address is reached, in whatever frame. */
export class RunTo implements Goal {
  readonly description: string
  readonly passesInterrupts = true
  #addresses: readonly number[]
  #started = false

  constructor(addresses: readonly number[], description: string) {
    this.description = description
    this.#addresses = addresses
  }

  next(view: View): Stretch | undefined {
    if (this.#started && this.#addresses.includes(view.pc)) return undefined
    this.#started = true
    return { kind: 'until', stops: { addresses: this.#addresses } }
  }

  follow(movedBy: number): boolean {
    this.#addresses = this.#addresses.map(address => (address + movedBy) >>> 0)
    return true
  }
}

const RETURN: Stretch = { kind: 'return' }

/**
 * Runs through the handler of an interrupt until it has returned to the stack it came from, to whatever address: a
 * handler may well go on behind the instruction that it was about, or at a fix-up.
 */
export class HandlerReturn implements Leg {
  readonly #sp: number

  /** @param sp r1 when the interrupt was taken */
  constructor(sp: number) {
    this.#sp = sp
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    return isThere && view.sp === this.#sp ? undefined : RETURN
  }
}
