// Ways to one place of the past: a moment, an instruction, the line before, the call that led here.

import type { Stops } from '../../cpu/request.ts'
import type { Happening } from '../../history/happenings.ts'
import { INTERRUPTS, interruptName } from '../../isa/interrupts.ts'
import { compareMoments, type Moment, momentOf } from '../../machine/moment.ts'
import { instructionAt } from '../instructionAt.ts'
import { type FrameId, frameHere, sameFrame } from '../steps/goal.ts'
import { createView } from '../steps/machineView.ts'
import type { Stop } from '../stop.ts'
import { frameWalked, LineSearch, type Visit, type WalkedFrame } from './lines.ts'
import type { Passage, PastContext, PastStretch, Travel } from './passage.ts'

const ALL_INTERRUPTS: ReadonlySet<number> = new Set(INTERRUPTS)

export class Walks {
  readonly #context: PastContext
  readonly #passage: Passage

  constructor(context: PastContext, passage: Passage) {
    this.#context = context
    this.#passage = passage
  }

  *to(moment: Moment, stop: Stop): Travel {
    const { history, execution } = this.#context
    this.#passage.withoutBreakpoints()
    yield* history.goTo(moment, this.#passage.limits)
    execution.settle()
    return stop
  }

  toInterrupt({ moment, what }: Happening): Travel {
    const description = `At the ${interruptName(what)} interrupt after ${moment.retired} instructions`
    return this.to(moment, { reason: 'step', description, hit: [] })
  }

  *toCycle(cycle: number): Travel {
    const { history, execution } = this.#context
    const { machine } = execution
    this.#passage.withoutBreakpoints()
    history.restore(history.beforeCycle(cycle))
    while (momentOf(machine).cycle < cycle) {
      const asked = this.#passage.limits()
      const left = cycle - momentOf(machine).cycle
      history.run({ ...asked, budget: Math.min(asked.budget, left), horizon: cycle })
      yield
    }
    execution.settle()
    return { reason: 'step', description: `At cycle ${momentOf(machine).cycle}`, hit: [] }
  }

  *toInstruction(instruction: number): Travel {
    const { history, execution } = this.#context
    this.#passage.withoutBreakpoints()
    history.restore(history.before({ retired: instruction, cycle: 0 }, true) ?? history.stations[0]!)
    yield* history.advance(instruction, this.#passage.limits)
    execution.settle()
    return { reason: 'step', description: `At instruction ${instruction}`, hit: [] }
  }

  /** To the beginning of what is known. */
  // biome-ignore lint/correctness/useYield: a way like the others, of no length
  *toBeginning(why: string): Travel {
    const { history, execution } = this.#context
    const { beginning } = history
    history.restore(history.before(beginning, true)!)
    execution.settle()
    const text =
      beginning.retired === 0
        ? `${why} This is where the program began.`
        : `${why} What came before instruction ${beginning.retired} is not kept any more: give the history more memory with "history".`
    return { reason: 'entry', description: 'The beginning of the history', text, hit: [], edge: 'beginning' }
  }

  /** One step of an instruction before `moment`: an interrupt that was taken instead is one, too. */
  *oneBack(moment: Moment): Travel {
    const { history, execution } = this.#context
    const station = history.before(moment)
    if (station === undefined) return yield* this.toBeginning('There is nothing before.')
    this.#passage.withoutBreakpoints()
    history.restore(station)
    yield* history.advance(moment.retired - 1, this.#passage.limits)
    const near = history.hold()
    try {
      let steps = 0
      let first = 0
      for (let here = near.moment; this.#stepTowards(moment) < 0; ) {
        steps++
        const before = here
        here = momentOf(execution.machine)
        // Where it comes to stand; a step may then end once more there, before an interrupt that is due.
        if (compareMoments(here, before) !== 0) first = steps
        yield
      }
      history.restore(near)
      for (; first > 0; first--) this.#stepTowards(moment)
    } finally {
      history.bound(undefined)
      history.release(near)
    }
    execution.settle()
    const { text } = instructionAt(execution.machine, execution.machine.cpu.pc >>> 0)
    return stepped(`The next instruction is ${text}.`)
  }

  /** @returns below 0 where that step ended before `moment`. */
  #stepTowards(moment: Moment): number {
    const { history, execution } = this.#context
    history.bound(moment)
    history.run({ budget: 1, stopAfter: ALL_INTERRUPTS, stopAtHandler: true })
    return compareMoments(momentOf(execution.machine), moment)
  }

  *lineBack(moment: Moment): Travel {
    const { execution, program } = this.#context
    const view = createView(execution.machine, program, 0)
    const frame = frameWalked(view)
    if (frame === undefined || view.lineRanges(view.pc) === undefined) {
      const stop = yield* this.oneBack(moment)
      return stop.edge === undefined
        ? { ...stop, text: `No line is known here: back by an instruction. ${stop.text}` }
        : stop
    }
    // Where an interrupt led to, there is no line before, whatever lies before it in the table of vectors.
    const isBeginning = view.pc === frame.entry || (moment.interrupts ?? 0) > 0
    if (isBeginning) return yield* this.#comingTo(frame, moment)
    const search = new LineSearch(frame, program.symbols)
    for (const stretch of this.#passage.stretches(moment)) {
      const found = search.before(yield* this.#visits(stretch, frame, search.addresses))
      if (found === undefined) continue
      if (found.is === 'line') return yield* this.to(found.moment, stepped())
      return yield* this.#comingTo(frame, found.moment)
    }
    return yield* this.toBeginning('There is no line before.')
  }

  /** To what led to the first instruction of a function at `moment`, a call or an interrupt: the beginning of its line. */
  *#comingTo({ entry }: WalkedFrame, moment: Moment): Travel {
    const { execution, program } = this.#context
    const stop = yield* this.oneBack(moment)
    const before = createView(execution.machine, program, 0)
    const isShown = before.lineRanges(before.pc) !== undefined && before.functionAt(before.pc)?.entry !== entry
    return isShown && !before.isStatement(before.pc) ? yield* this.lineBack(momentOf(execution.machine)) : stop
  }

  *callBack(moment: Moment): Travel {
    const entered = yield* this.#entering(moment)
    return entered === undefined ? yield* this.toBeginning(NOBODY) : yield* this.oneBack(entered)
  }

  /** To the first instruction of an activation on the stack: whatever it and what it called has done is undone. */
  *frameBack(wanted: FrameId): Travel {
    const { execution, program } = this.#context
    const { machine } = execution
    while (!sameFrame(frameHere(createView(machine, program, 0)), wanted)) {
      const stop = yield* this.callBack(momentOf(machine))
      if (stop.edge !== undefined) return stop
    }
    const entered = yield* this.#entering(momentOf(machine))
    if (entered === undefined) return yield* this.toBeginning(NOBODY)
    const text = 'Registers, memory and devices are as they were when this function was called.'
    return yield* this.to(entered, { reason: 'restart', description: 'Paused after Restart Frame', text, hit: [] })
  }

  /** When the function at `moment` was entered; undefined where that is not known. */
  *#entering(moment: Moment): Generator<void, Moment | undefined, void> {
    const { execution, program } = this.#context
    const view = createView(execution.machine, program, 0)
    const frame = frameWalked(view)
    if (frame === undefined || view.pc === frame.entry) return moment
    for (const stretch of this.#passage.stretches(moment)) {
      const visits = yield* this.#visits(stretch, frame, [frame.entry])
      const last = visits[visits.length - 1]
      if (last !== undefined) return last.moment
    }
    return undefined
  }

  /** Where an activation came by at some addresses, in order. */
  *#visits(
    { from, to }: PastStretch,
    frame: WalkedFrame,
    addresses: readonly number[],
  ): Generator<void, Visit[], void> {
    const { history, execution, program } = this.#context
    const { machine } = execution
    const all = new Set(addresses)
    const stops: readonly Stops[] = [{ addresses, sp: frame.sp }]
    const visits: Visit[] = []
    this.#passage.withoutBreakpoints()
    this.#passage.beginAt(from)
    history.bound(to)
    for (;;) {
      const moment = momentOf(machine)
      const pc = machine.cpu.pc >>> 0
      if (compareMoments(moment, to) >= 0) break
      const last = visits[visits.length - 1]
      const isNew = last === undefined || compareMoments(last.moment, moment) !== 0
      if (isNew && all.has(pc) && frame.isHere(createView(machine, program, 0))) visits.push({ moment, pc })
      history.run({ ...this.#passage.limits(), stops })
      yield
    }
    history.bound(undefined)
    return visits
  }
}

const NOBODY = 'Nothing has called this function.'

const stepped = (text?: string): Stop => ({
  reason: 'step',
  description: 'Paused after Step Back',
  ...(text !== undefined && { text }),
  hit: [],
})
