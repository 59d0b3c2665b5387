// Going back: to where the program would have stopped, by a line, an instruction or out of a function, and to whoever
// wrote something last. Nothing runs backwards. A stretch of the past is run forward from a station of the history, what is
// looked for is remembered where it comes by, and the last of it is gone to; where there is none, the stretch before is
// searched. So what is found is what a run forward would have found.

import type { Stops } from '../../cpu/request.ts'
import { compile } from '../../expr/compile.ts'
import { type Context, typesHere } from '../../expr/context.ts'
import type { Happening } from '../../history/happenings.ts'
import type { History, Station } from '../../history/history.ts'
import { INTERRUPTS, interruptName } from '../../isa/interrupts.ts'
import type { MachineRunRequest } from '../../machine/machine.ts'
import { compareMoments, type Moment, momentOf } from '../../machine/moment.ts'
import { readRegister } from '../../machine/registers.ts'
import { hex32 } from '../../util/hex.ts'
import { Breakpoints, type DataRequest } from '../breakpoints.ts'
import { answerOf } from '../conditions.ts'
import { contextHere } from '../evaluation.ts'
import type { Execution } from '../execution.ts'
import { instructionAt } from '../instructionAt.ts'
import type { Program } from '../program.ts'
import type { RunClock } from '../runClock.ts'
import { Continue } from '../steps/goal.ts'
import { createView } from '../steps/machineView.ts'
import type { Stop } from '../stop.ts'
import { becomingTrue, checkGranted, placesRead, requestsFor, type StopFilter } from './becameTrue.ts'
import { HitCounts } from './hitCounts.ts'
import { frameWalked, LineSearch, type Visit, type WalkedFrame } from './lines.ts'

/** A way through the past, in pieces: between two of them others have their turn. Given up, it leads back to where it began. */
export type Travel = Generator<void, Stop, void>

export interface PastContext {
  readonly history: History
  readonly execution: Execution
  readonly program: Program
  readonly breakpoints: Breakpoints
  readonly clock: RunClock
}

/** A stretch of the past. */
interface PastStretch {
  readonly from: Moment
  readonly to: Moment
}

const ANY_STOP: StopFilter = { wants: () => true }
/** Nothing to stop at. */
const NOTHING = new Breakpoints(() => ({ kind: 'nowhere', why: '' }))
const ALL_INTERRUPTS: ReadonlySet<number> = new Set(INTERRUPTS)
/** Instructions that are searched at once in no time. */
const CLOSE = 20_000

export class Past {
  readonly #context: PastContext
  readonly #hitCounts: HitCounts

  constructor(context: PastContext) {
    this.#context = context
    this.#hitCounts = new HitCounts(context.breakpoints)
  }

  // ---- ways ----------------------------------------------------------------------------------------------------------

  /** To the last place at which the program would have stopped by itself, had it run forward with what is set now. */
  reverseContinue(): Travel {
    return this.#search(origin => this.#lastStop(origin, this.#context.breakpoints, ANY_STOP))
  }

  /** The same for gdb, which undoes the access that a data breakpoint stops at itself: to behind that. */
  reverseContinueBeyondAccess(): Travel {
    return this.#search(origin => this.#beyondAccess(origin))
  }

  /** To the instruction that was executed last. */
  stepInstruction(): Travel {
    return this.#travel(origin => this.#oneBack(origin.moment))
  }

  /** To the beginning of the line that was executed last, in this function or, from its beginning, in its caller. */
  stepLine(): Travel {
    return this.#search(origin => this.#lineBack(origin.moment))
  }

  /** To the call that led into this function. */
  stepOut(): Travel {
    return this.#search(origin => this.#callBack(origin.moment))
  }

  /** To where so many instructions have been executed. */
  goToInstruction(instruction: number, interrupts = 0): Travel {
    const struck = interrupts === 0 ? undefined : this.#interruptAt(instruction, interrupts)
    return this.#travel(() => (struck === undefined ? this.#toInstruction(instruction) : this.#toInterrupt(struck)))
  }

  /** To the first moment at or after a cycle. */
  goToCycle(cycle: number): Travel {
    return this.#travel(() => this.#toCycle(cycle))
  }

  /** @param what names the moment: a sentence's beginning */
  goTo(moment: Moment, what: string): Travel {
    return this.#travel(() => this.#to(moment, { reason: 'entry', description: what, hit: [] }))
  }

  goToBeginning(): Travel {
    return this.#travel(() => this.#toBeginning('The first moment that is known.'))
  }

  /** To the end of the run. */
  goToPresent(): Travel {
    const { present } = this.#context.history
    return this.#travel(() => this.#to(present, { reason: 'step', description: 'Back in the present', hit: [] }))
  }

  /** To the last instruction before here that wrote, or read, some bytes of memory. */
  lastAccess(request: Omit<DataRequest, 'kind' | 'raw'>): Travel {
    return this.#search(origin => this.#watched(origin, { ...request, kind: 'data', raw: true }))
  }

  /** To the last instruction before here that gave a register, by its name, another value. */
  lastOfRegister(name: string): Travel {
    return this.#search(origin => this.#registerChange(origin, name))
  }

  /** To where some bytes of memory changed last, just after that; with a condition, to where it became true by that. */
  lastChange(request: Omit<DataRequest, 'kind' | 'raw' | 'access'>): Travel {
    return this.#search(origin => this.#watched(origin, { ...request, kind: 'data', access: 'write' }))
  }

  /**
   * To where an expression became true last, just after the change that made it so.
   * @throws UserError for one that has no value here, or reads more than can be watched
   */
  lastTrue(text: string): Travel {
    const { execution, program } = this.#context
    const here = (): Context => contextHere(execution.machine, program)
    const requests = requestsFor(placesRead(here(), text), text)
    checkGranted(this.#watching(requests).all, text)
    const condition = compile(text, { types: typesHere(here()) })
    const filter = becomingTrue(() => answerOf(condition, here, text, () => {}) === true)
    return this.#search(origin => this.#watchedAll(origin, requests, filter))
  }

  // ---- how they go ---------------------------------------------------------------------------------------------------

  *#travel(way: (origin: Station) => Travel): Travel {
    const { history, execution } = this.#context
    const origin = history.hold()
    let hasArrived = false
    try {
      const stop = yield* way(origin)
      if (!execution.isCounting) yield* this.#count(momentOf(execution.machine))
      hasArrived = true
      return stop
    } finally {
      history.bound(undefined)
      execution.endSearch()
      if (!hasArrived) {
        this.#hitCounts.undo()
        history.restore(origin)
      }
      history.release(origin)
    }
  }

  // ---- counting ------------------------------------------------------------------------------------------------------

  /** To a moment, from where hit counts are known: they are those of the moment then. */
  *#count(to: Moment): Generator<void, void, void> {
    const { history, execution, breakpoints } = this.#context
    const counts = this.#hitCounts
    counts.beginAt(to)
    if (!counts.areAny) return
    const passed = history.stations.filter(({ moment }) => compareMoments(moment, to) <= 0)
    const from = passed.filter(station => counts.areKnownAt(station)).at(-1) ?? passed[0]!
    history.restore(from)
    // Only now are the counts those of where the machine stands.
    execution.beginSearch(breakpoints)
    const onTheWay = passed.slice(passed.indexOf(from) + 1).map(({ moment }) => moment)
    for (const next of [...onTheWay, ...counts.beginnings(from.moment, to), to].sort(compareMoments)) {
      yield* this.#through(next, () => false)
      counts.beginHere(next)
      history.leaveStation()
    }
  }

  /** Runs up to `to`, with the breakpoints of the search. @param ends asked at each stop: whether that is far enough */
  *#through(to: Moment, ends: (stop: Stop, here: Moment) => boolean): Generator<void, void, void> {
    const { history, execution } = this.#context
    history.bound(to)
    let at: Moment | undefined
    while (compareMoments(momentOf(execution.machine), to) < 0) {
      const verdict = execution.next()
      const here = momentOf(execution.machine)
      if (verdict.kind === 'stop') {
        // Who stands still for ever stops at the same moment again.
        if (at !== undefined && compareMoments(at, here) === 0) break
        at = here
        if (ends(verdict.stop, here)) break
        execution.begin(new Continue())
        execution.stands()
      } else if (verdict.kind !== 'go') break
      yield
    }
    history.bound(undefined)
  }

  /** A search: what lies just before here is run through once, so that there are stations close by. */
  #search(way: (origin: Station) => Travel): Travel {
    const { history } = this.#context
    const leaveStations = this.#leaveStations.bind(this)
    return this.#travel(function* (origin) {
      yield* leaveStations(history.before(origin.moment), origin)
      return yield* way(origin)
    })
  }

  *#leaveStations(before: Station | undefined, origin: Station): Generator<void, void, void> {
    const { history } = this.#context
    if (before === undefined || origin.moment.retired - before.moment.retired < CLOSE) return
    this.#withoutBreakpoints()
    history.restore(before)
    yield* history.advance(origin.moment.retired - 1, this.#limits)
    history.restore(origin)
  }

  readonly #limits = (): MachineRunRequest => this.#context.clock.limits()

  /** Nothing stops the program where it is only led somewhere. */
  #withoutBreakpoints(): void {
    this.#context.execution.beginSearch(NOTHING)
  }

  *#to(moment: Moment, stop: Stop): Travel {
    const { history, execution } = this.#context
    this.#withoutBreakpoints()
    yield* history.goTo(moment, this.#limits)
    execution.settle()
    return stop
  }

  #interruptAt(instruction: number, interrupts: number): Happening | undefined {
    const all = this.#context.history.happenings('interrupt')
    return all.find(({ moment }) => moment.retired === instruction && moment.interrupts === interrupts)
  }

  #toInterrupt({ moment, what }: Happening): Travel {
    const description = `At the ${interruptName(what)} interrupt after ${moment.retired} instructions`
    return this.#to(moment, { reason: 'step', description, hit: [] })
  }

  *#toCycle(cycle: number): Travel {
    const { history, execution } = this.#context
    const { machine } = execution
    this.#withoutBreakpoints()
    history.restore(history.beforeCycle(cycle))
    while (momentOf(machine).cycle < cycle) {
      const asked = this.#limits()
      const left = cycle - momentOf(machine).cycle
      history.run({ ...asked, budget: Math.min(asked.budget, left), horizon: cycle })
      yield
    }
    execution.settle()
    return { reason: 'step', description: `At cycle ${momentOf(machine).cycle}`, hit: [] }
  }

  *#toInstruction(instruction: number): Travel {
    const { history, execution } = this.#context
    this.#withoutBreakpoints()
    history.restore(history.before({ retired: instruction, cycle: 0 }, true) ?? history.stations[0]!)
    yield* history.advance(instruction, this.#limits)
    execution.settle()
    return { reason: 'step', description: `At instruction ${instruction}`, hit: [] }
  }

  /** To the beginning of what is known. */
  // biome-ignore lint/correctness/useYield: a way like the others, of no length
  *#toBeginning(why: string): Travel {
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

  /** Stretches of the past, the latest first, that end before or at `moment`. */
  *#stretches(moment: Moment): Generator<PastStretch, void, void> {
    const { history } = this.#context
    let to = moment
    for (let from = history.before(to); from !== undefined; from = history.before(to)) {
      yield { from: from.moment, to }
      to = from.moment
    }
  }

  /** The same for what counts hits: before a breakpoint was set, it is as if it had been set at the beginning. */
  *#countedStretches(moment: Moment): Generator<PastStretch, void, void> {
    const { history } = this.#context
    let to = moment
    for (let station = history.before(to); station !== undefined; station = history.before(to)) {
      this.#hitCounts.beginAtBeginning(history.beginning, to)
      const from = this.#hitCounts.beginnings(station.moment, to).at(-1) ?? station.moment
      yield { from, to }
      to = from
    }
  }

  // ---- stops that would have been ------------------------------------------------------------------------------------

  *#lastStop(
    origin: Station,
    breakpoints: Breakpoints,
    filter: StopFilter,
    isPossible: (stretch: PastStretch) => boolean = () => true,
  ): Travel {
    const isOwn = breakpoints !== this.#context.breakpoints
    for (const stretch of isOwn ? this.#stretches(origin.moment) : this.#countedStretches(origin.moment)) {
      if (!isPossible(stretch)) continue
      for (;;) {
        const first = yield* this.#stops(stretch, origin.moment, breakpoints, filter, 1)
        if (first.count === 0) break
        // Hits would be counted again from the beginning of the stretch each time.
        const isNarrowed = isOwn || !this.#hitCounts.areAny
        const end = isNarrowed ? yield* this.#narrowed(stretch, origin.moment, breakpoints, filter) : stretch
        const { count } = yield* this.#stops(end, origin.moment, breakpoints, filter)
        if (count === 0) continue
        const again = yield* this.#stops(end, origin.moment, breakpoints, filter, count)
        // Fewer where breakpoints were taken away meanwhile: it stands at none of them.
        if (again.count === count) return again.last!
      }
    }
    return yield* this.#toBeginning('Nothing has stopped the program before.')
  }

  /**
   * A short stretch in which the last of the stops is that there are in a stretch: what comes by a million times is
   * stopped at only a few times.
   */
  *#narrowed(
    stretch: PastStretch,
    origin: Moment,
    breakpoints: Breakpoints,
    filter: StopFilter,
  ): Generator<void, PastStretch, void> {
    const { history } = this.#context
    let { from, to } = stretch
    while (to.retired - from.retired > CLOSE) {
      this.#withoutBreakpoints()
      history.restore(history.before(from, true)!)
      yield* history.advance(from.retired + Math.floor((to.retired - from.retired) / 2), this.#limits)
      const station = history.hold()
      const middle = station.moment
      const { count } = yield* this.#stops({ from: middle, to }, origin, breakpoints, filter, 1)
      history.release(station)
      if (count > 0) from = middle
      else to = middle
    }
    return { from, to }
  }

  *#beyondAccess(origin: Station): Travel {
    const { history, execution } = this.#context
    const stop = yield* this.#lastStop(origin, this.#context.breakpoints, ANY_STOP)
    if (stop.accessed === undefined) return stop
    this.#withoutBreakpoints()
    const { retired } = execution.machine
    while (execution.machine.retired === retired && history.isInPast) {
      history.run({ budget: 1 })
      yield
    }
    execution.settle()
    return stop
  }

  /** Runs through a stretch, up to the nth stop that is wanted. Stops at `origin` are those that have been seen. */
  *#stops(
    { from, to }: PastStretch,
    origin: Moment,
    breakpoints: Breakpoints,
    filter: StopFilter,
    nth = Number.POSITIVE_INFINITY,
  ): Generator<void, { readonly count: number; readonly last: Stop | undefined }, void> {
    const { history, execution } = this.#context
    if (breakpoints === this.#context.breakpoints && this.#hitCounts.areAny) yield* this.#count(from)
    else history.restore(history.before(from, true)!)
    execution.beginSearch(breakpoints)
    filter.begins?.()
    let count = 0
    let last: Stop | undefined
    yield* this.#through(to, (stop, here) => {
      if (!filter.wants(stop) || compareMoments(here, origin) >= 0) return false
      last = stop
      return ++count === nth
    })
    return { count, last }
  }

  #watched(origin: Station, request: DataRequest): Travel {
    return this.#watchedAll(origin, [request], { wants: ({ hit }) => hit.length > 0 })
  }

  *#watchedAll(origin: Station, requests: readonly DataRequest[], filter: StopFilter): Travel {
    const { history } = this.#context
    const isPossible = ({ from, to }: PastStretch): boolean =>
      requests.some(({ access, address, size }) => access !== 'write' || !history.isUntouched(from, to, address, size))
    return yield* this.#lastStop(origin, this.#watching(requests), filter, isPossible)
  }

  /** Data breakpoints of a search's own. */
  #watching(requests: readonly DataRequest[]): Breakpoints {
    const { program } = this.#context
    const breakpoints = new Breakpoints(each => program.resolve(each))
    breakpoints.settled = true
    breakpoints.replace({ owner: 'past', list: 'data' }, requests)
    breakpoints.replan()
    return breakpoints
  }

  // ---- registers -----------------------------------------------------------------------------------------------------

  *#registerChange(origin: Station, name: string): Travel {
    const { history } = this.#context
    for (const { from, to } of this.#stretches(origin.moment)) {
      this.#withoutBreakpoints()
      history.restore(history.before(from, true)!)
      const change = yield* this.#lastChangeOf(name, to)
      if (change === undefined) continue
      const { moment, text } = change
      const stop = yield* this.#oneBack(moment)
      return { ...stop, description: `Before the last change of ${name}: ${text}` }
    }
    return yield* this.#toBeginning(`${name} has not changed before.`)
  }

  /** From where the machine stands up to `to`: just after the last instruction, or interrupt, that changed the register. */
  *#lastChangeOf(
    name: string,
    to: Moment,
  ): Generator<void, { readonly moment: Moment; readonly text: string } | undefined, void> {
    const { history, execution } = this.#context
    const { cpu, vcpu } = execution.machine
    const read = (): number => readRegister(vcpu, name) ?? 0
    let value = read()
    let change: { readonly moment: Moment; readonly text: string } | undefined
    const look = (): void => {
      const now = read()
      if (now === value) return
      change = { moment: momentOf(execution.machine), text: `${hex32(value)} → ${hex32(now)}` }
      value = now
    }
    cpu.observer = { executed: look, interrupted: look }
    history.bound(to)
    try {
      for (; compareMoments(momentOf(execution.machine), to) < 0; history.run(this.#limits())) yield
    } finally {
      cpu.observer = undefined
      history.bound(undefined)
    }
    return change
  }

  // ---- steps ---------------------------------------------------------------------------------------------------------

  /** One step of an instruction before `moment`: an interrupt that was taken instead is one, too. */
  *#oneBack(moment: Moment): Travel {
    const { history, execution } = this.#context
    const station = history.before(moment)
    if (station === undefined) return yield* this.#toBeginning('There is nothing before.')
    this.#withoutBreakpoints()
    history.restore(station)
    yield* history.advance(moment.retired - 1, this.#limits)
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

  *#lineBack(moment: Moment): Travel {
    const { execution, program } = this.#context
    const view = createView(execution.machine, program, 0)
    const frame = frameWalked(view)
    if (frame === undefined || view.lineRanges(view.pc) === undefined) return yield* this.#oneBack(moment)
    const search = new LineSearch(frame, program.symbols)
    for (const stretch of this.#stretches(moment)) {
      const found = search.before(yield* this.#visits(stretch, frame, search.addresses))
      if (found === undefined) continue
      if (found.is === 'line') return yield* this.#to(found.moment, stepped())
      // The call, and then the beginning of its line.
      const stop = yield* this.#oneBack(found.moment)
      const caller = createView(execution.machine, program, 0)
      const isShown = caller.lineRanges(caller.pc) !== undefined && caller.functionAt(caller.pc)?.entry !== frame.entry
      return isShown && !caller.isStatement(caller.pc) ? yield* this.#lineBack(found.moment) : stop
    }
    return yield* this.#toBeginning('There is no line before.')
  }

  *#callBack(moment: Moment): Travel {
    const { execution, program } = this.#context
    const frame = frameWalked(createView(execution.machine, program, 0))
    if (frame === undefined) return yield* this.#oneBack(moment)
    for (const stretch of this.#stretches(moment)) {
      const visits = yield* this.#visits(stretch, frame, [frame.entry])
      const last = visits[visits.length - 1]
      if (last !== undefined) return yield* this.#oneBack(last.moment)
    }
    return yield* this.#toBeginning('Nothing has called this function.')
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
    this.#withoutBreakpoints()
    history.restore(history.before(from, true)!)
    history.bound(to)
    for (;;) {
      const moment = momentOf(machine)
      const pc = machine.cpu.pc >>> 0
      if (compareMoments(moment, to) >= 0) break
      const last = visits[visits.length - 1]
      const isNew = last === undefined || compareMoments(last.moment, moment) !== 0
      if (isNew && all.has(pc) && frame.isHere(createView(machine, program, 0))) visits.push({ moment, pc })
      history.run({ ...this.#limits(), stops })
      yield
    }
    history.bound(undefined)
    return visits
  }
}

const stepped = (text?: string): Stop => ({
  reason: 'step',
  description: 'Paused after Step Back',
  ...(text !== undefined && { text }),
  hit: [],
})
