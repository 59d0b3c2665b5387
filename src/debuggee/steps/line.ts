// Steps of one source line: into what it calls, or over it.

import type { Range } from '../../dwarf/ranges.ts'
import { inRange } from '../../dwarf/ranges.ts'
import { directTarget, isCall, isReturn } from '../../isa/flow.ts'
import {
  type FrameView,
  type FunctionView,
  framesHere,
  type Goal,
  type InlinedView,
  type Leg,
  lineHere,
  NO_FRAME,
  ONE,
  type Stretch,
  type View,
} from './goal.ts'
import { RunBack, RunTo } from './runBack.ts'
import { Thunk } from './thunk.ts'

/** An instruction that has just been executed. */
interface LastInstruction {
  readonly pc: number
  readonly word: number
}

/** The one call of a line that a step enters. */
export interface Chosen {
  /** Its address, or of what is inlined, the first of the copy. */
  readonly at: number
  /** What it calls, as a person would say it. */
  readonly name: string
}

/**
 * Stays inside the line one instruction at a time. Calls are run over, or entered up to the end of the callee's
 * prologue; what is inlined counts as called. A jump into the middle of another statement goes on to its end.
 */
export class StepLine implements Goal {
  readonly description = 'Step'
  readonly passesInterrupts = true
  readonly #into: boolean | Chosen
  #hasEntered = false
  /** The code of the line, and of what it jumped into the middle of. Undefined: no line, and an instruction is a step. */
  #ranges: readonly Range[] | undefined
  #function: FunctionView | undefined
  /** What the line itself is inlined in. */
  #inlined: readonly InlinedView[] = []
  /** This activation and its callers, once one of them may have to be recognised. */
  #frames: readonly FrameView[] | undefined
  #before: LastInstruction | undefined
  #inner: Leg | undefined
  /** Where the inner goal ends, so does the step. */
  #isLast = false
  #begun = false
  hides = 0

  /** @param into whether calls are entered: all, none, or the one that is chosen */
  constructor(into: boolean | Chosen) {
    this.#into = into
  }

  get remark(): string | undefined {
    if (this.#inner?.remark !== undefined) return this.#inner.remark
    return typeof this.#into === 'boolean' || this.#hasEntered ? undefined : `${this.#into.name} was not entered`
  }

  /** The call at this address is one to enter. */
  #enters(at: number): boolean {
    return typeof this.#into === 'boolean' ? this.#into : this.#into.at === at
  }

  next(view: View, isThere: boolean): Stretch | undefined {
    if (!this.#begun) {
      this.#begin(view)
      // Into what is inlined here: it begins at this very instruction.
      if (view.hidden > 0 && this.#enters(view.pc)) {
        this.hides = view.hidden - 1
        this.#hasEntered = true
        return undefined
      }
    }
    if (this.#inner !== undefined) {
      const stretch = this.#inner.next(view, isThere)
      if (stretch !== undefined) return stretch
      if (this.#isLast || this.#inner.remark !== undefined) return undefined
      const before = this.#before!
      // A thunk that has come back has led to nothing.
      const ledOn = this.#inner instanceof Thunk && view.pc !== (before.pc + 4) >>> 0
      this.#inner = undefined
      if (ledOn) return this.#called(view, before, true)
    }
    return this.#decide(view)
  }

  #begin(view: View): void {
    this.#begun = true
    const { inlined, ranges } = lineHere(view)
    this.#inlined = inlined
    this.#ranges = ranges
    this.#function = view.functionAt(view.pc)
  }

  #decide(view: View): Stretch | undefined {
    const before = this.#before
    if (before !== undefined && view.pc !== before.pc) {
      const isNext = view.pc === (before.pc + 4) >>> 0
      if (!isNext && isCall(before.word) && !this.#isInside(view)) return this.#called(view, before, false)
      if (!isNext && isReturn(before.word)) return this.#returned(view)
      if (this.#ranges === undefined) return undefined
      if (this.#function !== undefined && !isOf(this.#function, view.functionAt(view.pc))) return this.#jumped(view)
      if (!this.#isWithin(view.pc) && this.#hasArrived(view)) return undefined
    }
    return this.#execute(view)
  }

  /** The instruction at `pc`. Whose activation this is has to be known where it leads to another. */
  #execute(view: View): Stretch {
    const word = view.word(view.pc) ?? 0
    if (isCall(word) || isReturn(word)) this.#frames ??= framesHere(view)
    this.#before = { pc: view.pc, word }
    return ONE
  }

  /** `bl` to an address of the same function that is not its entry calls nothing: code reads its own address so. */
  #isInside(view: View): boolean {
    const { pc } = view
    return this.#function !== undefined && pc !== this.#function.entry && isOf(this.#function, view.functionAt(pc))
  }

  #isWithin(pc: number): boolean {
    return this.#ranges!.some(range => inRange(range, pc))
  }

  /** Something was called: it is entered where it has a line to show, or run over. */
  #called(view: View, { pc, word }: LastInstruction, throughThunk: boolean): Stretch | undefined {
    const enters = this.#enters(pc)
    const callee = enters ? view.functionAt(view.pc) : undefined
    if (callee !== undefined && view.lineRanges(callee.body) !== undefined) return this.#enter(view, callee.body)
    // Who has chosen a function without lines is shown its first instruction.
    if (enters && this.#into !== true && directTarget(word, pc) === view.pc) return this.#enter(view, view.pc)
    if (enters && !throughThunk) return this.#goFor(new Thunk(view, (pc + 4) >>> 0), view)
    return this.#runBack(view, 0, (pc + 4) >>> 0)
  }

  #enter(view: View, body: number): Stretch | undefined {
    this.#isLast = true
    this.#hasEntered = true
    return view.pc === body ? undefined : this.#goFor(new RunTo([body], this.description), view)
  }

  /** Back in the caller, often in the middle of a line of its, which is to be seen; of one without lines, in its caller. */
  #returned(view: View): Stretch | undefined {
    if (this.#ranges === undefined || view.lineRanges(view.pc) !== undefined) return undefined
    const shown = this.#frames!.findIndex(({ pc }, n) => n > 1 && view.lineRanges(pc - 4) !== undefined)
    this.#isLast = true
    return shown === -1 ? undefined : this.#runBack(view, shown)
  }

  /** A branch into another function: of a compiler, a call in its last place. Of assembly, just where the code goes on. */
  #jumped(view: View): Stretch | undefined {
    const other = view.functionAt(view.pc)
    if (this.#function!.isAssembly || other === undefined) return this.#goOn(view)
    const enters = this.#enters(this.#before!.pc)
    if (enters && view.pc === other.entry && view.lineRanges(other.body) !== undefined)
      return this.#enter(view, other.body)
    this.#frames ??= framesHere(view)
    this.#isLast = true
    // Its caller is ours. Where there is none, this is all that can be shown.
    return this.#frames.length > 1 ? this.#runBack(view, 1) : undefined
  }

  #goOn(view: View): Stretch | undefined {
    if (!this.#isWithin(view.pc) && this.#hasArrived(view)) return undefined
    return this.#execute(view)
  }

  /** Runs until the nth of this activation and its callers goes on: there, or at `pc`. */
  #runBack(view: View, n: number, pc?: number): Stretch | undefined {
    const frames = this.#frames!
    const { id, pc: itsPc } = frames[n] ?? { id: NO_FRAME, pc: 0 }
    const sp = frames[n - 1]?.id.cfa ?? view.sp
    return this.#goFor(new RunBack(view, [{ id, pc: pc ?? itsPc }, ...frames.slice(n + 1)], sp), view)
  }

  #goFor(leg: Leg, view: View): Stretch | undefined {
    this.#inner = leg
    return leg.next(view, true)
  }

  /** It is the line of the step that calls this copy. */
  #isCalledHere({ callRanges }: InlinedView): boolean {
    return callRanges().some(({ low }) => this.#isWithin(low))
  }

  /** Out of the line: at the start of a statement that is not of something inlined that is to be stepped over. */
  #hasArrived(view: View): boolean {
    const here = view.lineRanges(view.pc)
    if (here === undefined) return false
    const inlined = view.inlinedAt(view.pc)
    const isDeeper = inlined.length > this.#inlined.length && this.#inlined.every(({ id }, n) => inlined[n]!.id === id)
    const deeper = isDeeper ? inlined.slice(this.#inlined.length) : []
    // At the entry of what another line calls: that line is where the person is.
    if (deeper.length > 0 && deeper.every(({ entry }) => entry === view.pc) && !this.#isCalledHere(deeper[0]!)) {
      this.hides = deeper.length
      return true
    }
    if (isDeeper && !this.#enters(deeper[0]!.entry)) return false
    if (view.isStatement(view.pc)) {
      this.#hasEntered ||= isDeeper
      return true
    }
    if (!isDeeper) this.#ranges = [...this.#ranges!, ...here]
    return false
  }
}

const isOf = (one: FunctionView, other: FunctionView | undefined): boolean => one.entry === other?.entry
