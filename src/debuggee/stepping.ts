// Stepping as goals: a goal is asked before every stretch of execution how far it may go, and after it whether it is
// reached. Steps use the emulator's own stops and single instructions, never one of the user's four slots.

import { NO_STOPS, type Stops } from '../cpu/request.ts'
import { isCall, isReturn } from '../isa/flow.ts'

/** A stretch of execution a goal asks for. */
export type Stretch =
  /** Run freely, but not past any of these addresses. */
  | { readonly kind: 'until'; readonly stops: Stops }
  /** Exactly this many instructions. */
  | { readonly kind: 'instructions'; readonly count: number }

/** What a goal sees of the machine. */
export interface View {
  readonly pc: number
  /** r1, unsigned. */
  readonly sp: number
  /** The instruction word at an address, if there is memory. */
  word(address: number): number | undefined
  /** The instruction stretch [low, high) belongs to the same source line as pc; several for split lines. */
  lineRanges(pc: number): readonly { readonly low: number; readonly high: number }[] | undefined
  /** pc is the first instruction of a statement. */
  isStatement(pc: number): boolean
  /** First address of the function around pc, and the address after its prologue. */
  functionAt(pc: number): { readonly low: number; readonly high: number; readonly body: number } | undefined
  /** The caller's pc and its stack pointer, by the unwinder. */
  caller(): { readonly pc: number; readonly sp: number } | undefined
}

export interface Goal {
  /** What a stop by this goal is called. */
  readonly description: string
  /** An interrupt on the way is run through to its return instead of ending the step in its handler. */
  readonly passesInterrupts: boolean
  /** The next stretch, or undefined when the goal is reached where the machine stands. */
  next(view: View): Stretch | undefined
}

const ONE: Stretch = { kind: 'instructions', count: 1 }

/** Continue: run until something else stops the machine. */
export class Continue implements Goal {
  readonly description = 'Continue'
  readonly passesInterrupts = true

  next(): Stretch {
    return { kind: 'until', stops: NO_STOPS }
  }
}

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

/** Runs until an address is reached in a frame that is not deeper than `sp`. */
export class RunTo implements Goal {
  readonly description: string
  readonly passesInterrupts = true
  readonly #address: number
  readonly #sp: number
  readonly #stops: Stops
  #started = false

  constructor(address: number, sp: number, description: string) {
    this.#address = address
    this.#sp = sp
    this.#stops = { addresses: [address], sp }
    this.description = description
  }

  next(view: View): Stretch | undefined {
    if (this.#started && view.pc === this.#address && view.sp >= this.#sp) return undefined
    this.#started = true
    return { kind: 'until', stops: this.#stops }
  }
}

/** Step over one instruction: a call runs to its return. */
export class NextInstruction implements Goal {
  readonly description = 'Step'
  readonly passesInterrupts = false
  #inner: Goal | undefined

  next(view: View): Stretch | undefined {
    this.#inner ??= isCall(view.word(view.pc) ?? 0)
      ? new RunTo((view.pc + 4) >>> 0, view.sp, this.description)
      : new StepInstruction()
    return this.#inner.next(view)
  }
}

/** Step out: to the caller of the frame at hand. */
export class StepOut implements Goal {
  readonly description = 'Step Out'
  readonly passesInterrupts = true
  #inner: Goal | undefined

  next(view: View): Stretch | undefined {
    if (this.#inner === undefined) {
      const caller = view.caller()
      this.#inner = caller === undefined ? new Continue() : new RunTo(caller.pc, caller.sp, this.description)
    }
    return this.#inner.next(view)
  }
}

/**
 * Step by line. Stays inside the line's ranges one instruction at a time; calls are run through (`over`) or entered up
 * to the end of their prologue (`into`); a jump into the middle of another statement goes on to its end.
 */
export class StepLine implements Goal {
  readonly description = 'Step'
  readonly passesInterrupts = true
  readonly #into: boolean
  #ranges: readonly { low: number; high: number }[] | undefined
  #function: { low: number; high: number } | undefined
  #sp = 0
  #inner: Goal | undefined
  /** The inner goal leads into a called function: where it ends, so does the step. */
  #entered = false
  #before: { pc: number; word: number | undefined } | undefined

  constructor(into: boolean) {
    this.#into = into
  }

  next(view: View): Stretch | undefined {
    if (this.#inner !== undefined) {
      const stretch = this.#inner.next(view)
      if (stretch !== undefined) return stretch
      this.#inner = undefined
      if (this.#entered) return undefined
    } else if (this.#before === undefined) {
      this.#begin(view)
    }
    return this.#decide(view)
  }

  #begin(view: View): void {
    this.#ranges = view.lineRanges(view.pc)
    this.#function = view.functionAt(view.pc)
    this.#sp = view.sp
  }

  #decide(view: View): Stretch | undefined {
    const before = this.#before
    if (before !== undefined) {
      if (isCall(before.word ?? 0) && !this.#within(view.pc) && view.pc !== before.pc + 4)
        return this.#called(view, before.pc)
      if (!this.#within(view.pc) && this.#arrived(view, before.word)) return undefined
      // No line information at all: a line step is an instruction step.
      if (this.#ranges === undefined) return undefined
    }
    this.#before = { pc: view.pc, word: view.word(view.pc) }
    return ONE
  }

  #within(pc: number): boolean {
    return this.#ranges?.some(range => pc >= range.low && pc < range.high) ?? false
  }

  /** The line called something: run it, or enter it where it has a source line to show. */
  #called(view: View, from: number): Stretch | undefined {
    const callee = this.#into ? view.functionAt(view.pc) : undefined
    const known = callee !== undefined && view.lineRanges(callee.body) !== undefined
    this.#before = undefined
    if (known) {
      this.#entered = true
      if (view.pc === callee.body) return undefined
      this.#inner = new RunTo(callee.body, 0, this.description)
    } else {
      this.#before = { pc: from, word: undefined }
      this.#inner = new RunTo(from + 4, this.#sp, this.description)
    }
    return this.#inner.next(view)
  }

  /** Out of the line: at a statement's start, or in another function that has a line to show. */
  #arrived(view: View, last: number | undefined): boolean {
    const here = view.lineRanges(view.pc)
    const sameFunction = this.#function !== undefined && view.pc >= this.#function.low && view.pc < this.#function.high
    if (here === undefined) return !sameFunction && view.caller() === undefined
    if (view.isStatement(view.pc) || (!sameFunction && (isReturn(last ?? 0) || view.sp > this.#sp))) return true
    this.#ranges = [...(this.#ranges ?? []), ...here]
    return false
  }
}
