// Going back: to where the program would have stopped, by a line, an instruction or out of a function, and to whoever
// wrote something last. Nothing runs backwards. A stretch of the past is run forward from a station of the history, what is
// looked for is remembered where it comes by, and the last of it is gone to; where there is none, the stretch before is
// searched.

import { compile } from '../../expr/compile.ts'
import { type Context, typesHere } from '../../expr/context.ts'
import type { Happening } from '../../history/happenings.ts'
import type { Station } from '../../history/history.ts'
import { type Moment, momentOf } from '../../machine/moment.ts'
import type { DataRequest } from '../breakpoints.ts'
import { answerOf } from '../conditions.ts'
import { contextHere } from '../evaluation.ts'
import type { FrameId } from '../steps/goal.ts'
import { becomingTrue, checkGranted, placesRead, requestsFor, type StopFilter } from './becameTrue.ts'
import { Counting } from './counting.ts'
import { Passage, type PastContext, type Travel } from './passage.ts'
import { RegisterSearch } from './registerSearch.ts'
import { StopSearch } from './stopSearch.ts'
import { Walks } from './walks.ts'

/** Stations are left where more instructions than this lie before a search. */
const FAR = 20_000
const ANY_HIT: StopFilter = { wants: ({ hit }) => hit.length > 0 }

export class Past {
  readonly #context: PastContext
  readonly #passage: Passage
  readonly #counting: Counting
  readonly #walks: Walks
  readonly #stops: StopSearch
  readonly #registers: RegisterSearch

  constructor(context: PastContext) {
    this.#context = context
    this.#passage = new Passage(context)
    this.#counting = new Counting(context, this.#passage)
    this.#walks = new Walks(context, this.#passage)
    this.#stops = new StopSearch(context, this.#passage, this.#counting, this.#walks)
    this.#registers = new RegisterSearch(context, this.#passage, this.#walks)
  }

  /** To the last place at which the program would have stopped by itself, had it run forward with what is set now. */
  reverseContinue(): Travel {
    return this.#search(origin => this.#stops.last(origin))
  }

  /** The same for gdb, which undoes the access that a data breakpoint stops at itself: to behind that. */
  reverseContinueBeyondAccess(): Travel {
    return this.#search(origin => this.#stops.beyondAccess(origin))
  }

  /** To the instruction that was executed last. */
  stepInstruction(): Travel {
    return this.#travel(origin => this.#walks.oneBack(origin.moment))
  }

  /** To the beginning of the line that was executed last, in this function or, from its beginning, in its caller. */
  stepLine(): Travel {
    return this.#search(origin => this.#walks.lineBack(origin.moment))
  }

  /** To the call that led into this function. */
  stepOut(): Travel {
    return this.#search(origin => this.#walks.callBack(origin.moment))
  }

  /** To the first instruction of an activation on the stack. */
  restart(frame: FrameId): Travel {
    return this.#search(() => this.#walks.frameBack(frame))
  }

  /** To where so many instructions have been executed. */
  goToInstruction(instruction: number, interrupts = 0): Travel {
    const struck = interrupts === 0 ? undefined : this.#interruptAt(instruction, interrupts)
    return this.#travel(() =>
      struck === undefined ? this.#walks.toInstruction(instruction) : this.#walks.toInterrupt(struck),
    )
  }

  /** To the first moment at or after a cycle. */
  goToCycle(cycle: number): Travel {
    return this.#travel(() => this.#walks.toCycle(cycle))
  }

  /** @param what names the moment: a sentence's beginning */
  goTo(moment: Moment, what: string): Travel {
    return this.#travel(() => this.#walks.to(moment, { reason: 'entry', description: what, hit: [] }))
  }

  goToBeginning(): Travel {
    return this.#travel(() => this.#walks.toBeginning('The first moment that is known.'))
  }

  /** To the end of the run. */
  goToPresent(): Travel {
    const { present } = this.#context.history
    return this.#travel(() => this.#walks.to(present, { reason: 'step', description: 'Back in the present', hit: [] }))
  }

  /** To the last instruction before here that wrote, or read, some bytes of memory. */
  lastAccess(request: Omit<DataRequest, 'kind' | 'raw'>): Travel {
    return this.#search(origin => this.#stops.watched(origin, [{ ...request, kind: 'data', raw: true }], ANY_HIT))
  }

  /** To the last instruction before here that gave a register, by its name, another value. */
  lastOfRegister(name: string): Travel {
    return this.#search(origin => this.#registers.lastChange(origin, name))
  }

  /** To where some bytes of memory changed last, just after that; with a condition, to where it became true by that. */
  lastChange(request: Omit<DataRequest, 'kind' | 'raw' | 'access'>): Travel {
    return this.#search(origin => this.#stops.watched(origin, [{ ...request, kind: 'data', access: 'write' }], ANY_HIT))
  }

  /**
   * To where an expression became true last, just after the change that made it so.
   * @throws UserError for one that has no value here, or reads more than can be watched
   */
  lastTrue(text: string): Travel {
    const { execution, program } = this.#context
    const here = (): Context => contextHere(execution.machine, program)
    const requests = requestsFor(placesRead(here(), text), text)
    checkGranted(this.#stops.watching(requests).all, text)
    const condition = compile(text, { types: typesHere(here()) })
    const filter = becomingTrue(() => answerOf(condition, here, text, () => {}) === true)
    return this.#search(origin => this.#stops.watched(origin, requests, filter))
  }

  #interruptAt(instruction: number, interrupts: number): Happening | undefined {
    const all = this.#context.history.happenings('interrupt')
    return all.find(({ moment }) => moment.retired === instruction && moment.interrupts === interrupts)
  }

  // ---- how they go ---------------------------------------------------------------------------------------------------

  *#travel(way: (origin: Station) => Travel): Travel {
    const { history, execution } = this.#context
    const origin = history.hold()
    let hasArrived = false
    try {
      const stop = yield* way(origin)
      if (!execution.isCounting) yield* this.#counting.to(momentOf(execution.machine))
      hasArrived = true
      return stop
    } finally {
      history.bound(undefined)
      execution.endSearch()
      if (!hasArrived) {
        this.#counting.undo()
        history.restore(origin)
      }
      history.release(origin)
    }
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
    if (before === undefined || origin.moment.retired - before.moment.retired < FAR) return
    this.#passage.withoutBreakpoints()
    history.restore(before)
    yield* history.advance(origin.moment.retired - 1, this.#passage.limits)
    history.restore(origin)
  }
}
