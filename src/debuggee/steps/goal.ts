// What a step is: a goal that is asked before every stretch of execution how far it may go, and says when it is reached.
// Goals are pure over a small view of the machine. They use the core's own stops, never one of the user's comparators.

import type { Stops } from '../../cpu/request.ts'
import type { Range } from '../../dwarf/ranges.ts'

/** A stretch of execution that a goal asks for. */
export type Stretch =
  /** Run freely, but not past any of these addresses. */
  | { readonly kind: 'until'; readonly stops: Stops }
  /** Run freely up to the next return from an interrupt. */
  | { readonly kind: 'return' }
  | { readonly kind: 'instruction' }

/** Which activation of which function. What is inlined into it shares it. */
export interface FrameId {
  /** Canonical frame address; undefined where nothing tells it. */
  readonly cfa: number | undefined
  /** First address of the function. */
  readonly entry: number
}

/** An activation on the call stack. */
export interface FrameView {
  readonly id: FrameId
  /** Where it stands, or where it goes on when what it has called returns. */
  readonly pc: number
}

/** A copy of a function that was inlined. */
export interface InlinedView {
  /** Tells it from every other copy. */
  readonly id: number
  /** Of the function. */
  readonly name: string
  readonly entry: number
  /** The line that calls it, in the code around it, and that line's code there. */
  readonly callSite: string
  callRanges(): readonly Range[]
}

/** A function, as far as steps care. */
export interface FunctionView {
  readonly entry: number
  /** The first address behind the prologue. */
  readonly body: number
  /** Of assembly language, where a branch to another function is a branch like any other. */
  readonly isAssembly: boolean
}

/** What a goal sees of the machine where it stands. */
export interface View {
  readonly pc: number
  /** r1, unsigned. */
  readonly sp: number
  /** The instruction word at an address, if there is memory. */
  word(address: number): number | undefined
  /**
   * So many of the innermost copies inlined at `pc` are not shown: the machine stands at their entry, and the person at
   * the line that calls them.
   */
  readonly hidden: number
  /** The code of the source line that `pc` belongs to; undefined where there is no line. */
  lineRanges(pc: number): readonly Range[] | undefined
  /** `pc` is the first instruction of a statement. */
  isStatement(pc: number): boolean
  functionAt(pc: number): FunctionView | undefined
  /** The first address of every statement of the function that begins at `entry`. */
  statementsOf(entry: number): readonly number[]
  /** What is inlined at `pc`, outermost first. */
  inlinedAt(pc: number): readonly InlinedView[]
  /** What is inlined by the line at which a person sees the machine stand. */
  copiesCalledHere(): readonly InlinedView[]
  /** The activations on the stack, innermost first, worked out as they are asked for. */
  frames(): Iterable<FrameView>
}

/** A part of the way to a goal. */
export interface Leg {
  /** Set where it ended otherwise than was asked for: a sentence. */
  readonly remark?: string | undefined
  /**
   * The next stretch, or undefined when it is done where the machine stands. `isThere`: the last stretch ended where it
   * was asked to, and not because its budget was spent.
   */
  next(view: View, isThere: boolean): Stretch | undefined
}

export interface Goal extends Leg {
  /** What a stop by this goal is called. */
  readonly description: string
  /** An interrupt on the way is run through to its return instead of ending the step in its handler. */
  readonly passesInterrupts: boolean
  /** The same for signals and their handlers, where it is another answer. */
  readonly passesSignals?: boolean
  /** An interrupt or a signal came before the instruction that was asked for last, and is run through to its return. */
  struck?(): void
  /** The program goes on in a copy of itself, so much further on, modulo 2^32. @returns whether the goal is one there, too */
  follow?(movedBy: number): boolean
  /** Set where it ended before what is inlined there: so many of the innermost copies are not entered yet. */
  readonly hides?: number
}

export const ONE: Stretch = { kind: 'instruction' }
const ON: Stretch = { kind: 'until', stops: { addresses: [] } }

/** Continue: run until something else stops the machine. */
export class Continue implements Goal {
  readonly description = 'Continue'
  readonly passesInterrupts = true

  next(): Stretch {
    return ON
  }
}

export const sameFrame = (a: FrameId, b: FrameId): boolean => a.cfa === b.cfa && a.entry === b.entry

/** Where nothing is known of a stack. */
export const NO_FRAME: FrameId = { cfa: undefined, entry: 0 }

/** The activation the machine stands in. */
export function frameHere(view: View): FrameId {
  for (const { id } of view.frames()) return id
  return NO_FRAME
}

/** The line that a person sees the machine stand at. */
export interface LineHere {
  /** Its code; undefined: there is no line. */
  readonly ranges: readonly Range[] | undefined
  /** What it is inlined in, outermost first. */
  readonly inlined: readonly InlinedView[]
}

export function lineHere(view: View): LineHere {
  const inlined = view.inlinedAt(view.pc)
  const shown = inlined.length - view.hidden
  return { inlined: inlined.slice(0, shown), ranges: inlined[shown]?.callRanges() ?? view.lineRanges(view.pc) }
}

/** No step looks further up the stack than this. */
const MOST_FRAMES = 64

export function framesHere(view: View): readonly FrameView[] {
  const frames: FrameView[] = []
  for (const frame of view.frames()) if (frames.push(frame) === MOST_FRAMES) break
  return frames
}
