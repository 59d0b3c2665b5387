// The thing being debugged: a machine with a program in it, run in slices, stopped by breakpoints, steps and pauses.

import type { RecordedRun } from '../history/capsule.ts'
import type { Happening, HappeningKind } from '../history/happenings.ts'
import { History } from '../history/history.ts'
import { tracedEvent } from '../kvm/traceText.ts'
import { type DebugViews, debugViews } from '../kvm/views.ts'
import type { Machine } from '../machine/machine.ts'
import { peekMemory, pokeable } from '../machine/memory.ts'
import { type Moment, momentOf } from '../machine/moment.ts'
import { readRegister } from '../machine/registers.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import { type Breakpoint, Breakpoints } from './breakpoints.ts'
import { Exceptions } from './exceptions.ts'
import { Execution } from './execution.ts'
import { savedStack } from './frames.ts'
import type { FrontEnd } from './frontEnd.ts'
import type { TargetHost } from './host.ts'
import type { Travel } from './past/passage.ts'
import { Past } from './past/past.ts'
import type { Program } from './program.ts'
import { RunClock } from './runClock.ts'
import type { Goal } from './steps/goal.ts'
import type { StepTarget } from './steps/targets.ts'
import { type Awaited, type End, GO, type Stop, stopped, type Verdict } from './stop.ts'
import type { ProgramMove } from './systems/system.ts'
import { learnLoaded, loadingPlaces, pageTableOf, processOf } from './systems/systems.ts'
import { currentThread, idOf, savedState } from './threads.ts'
import type { ActivationState } from './unwind.ts'

export interface TargetSettings {
  /** Somebody can type: a program that waits for input is not at its end. */
  readonly interactive: boolean
  /** `real`: execution is never ahead of the clock on the wall. */
  readonly pace: 'max' | 'real'
  /** Bytes that the history may take, through which one can go back; 0 or nothing: none is kept. */
  readonly history?: number
}

/** A program, how a machine with it is made, and how it is run. */
export interface Debuggee {
  readonly program: Program
  readonly createMachine: () => Machine
  readonly settings: TargetSettings
  /** The run that it is to have, instead of one of its own: of a capsule. */
  readonly recorded?: RecordedRun
}

export class Target {
  readonly breakpoints: Breakpoints
  readonly exceptions = new Exceptions()
  readonly #host: TargetHost
  readonly #clock: RunClock
  readonly #frontEnds = new Set<FrontEnd>()
  #debuggee: Debuggee
  #execution: Execution
  #history: History | undefined
  /** The number of the task that is looked at, of a system. */
  #task: number | undefined
  /** A way through the past that is being gone. */
  #travel: Travel | undefined
  /** The run has come back to where it was when the first step back was made. */
  #isBack = false
  readonly #wantedSignals = new Map<string, ReadonlySet<number>>()
  #signals: ReadonlySet<number> = new Set()
  state: 'stopped' | 'running' | 'ended' = 'stopped'
  /** Counts stops, so that whatever was read at one of them can be told from the next. */
  stops = 0
  #pause = false
  /** Nothing can go on before something arrives from outside: the answer about a file, or a key. */
  #waiting: 'file' | 'input' | undefined
  /** Counts resumes, so that a slice scheduled for an earlier one does nothing. */
  #generation = 0
  /** What was typed while a way through the past was gone: it arrives when the program stands in the present. */
  #typedAhead: (() => void)[] = []

  constructor(debuggee: Debuggee, host: TargetHost) {
    this.#debuggee = debuggee
    this.#host = host
    this.#clock = new RunClock(() => host.now())
    this.breakpoints = new Breakpoints(request => this.program.resolve(request))
    this.#execution = this.#createExecution()
  }

  #createExecution(): Execution {
    const { program, breakpoints, exceptions } = this
    const { createMachine, settings } = this.#debuggee
    const machine = createMachine()
    program.process = () => processOf(machine, program)
    program.begin()
    if (machine.linux === undefined) machine.cpu.mmu.pageTable = pageTableOf(machine, program)
    const history = this.#createHistory(machine)
    this.#history = history
    program.symbols.memory = (address, length) => peekMemory(machine.cpu, address, length)
    const loading = loadingPlaces(program)
    const execution = new Execution(machine, {
      ...(history && { runner: history }),
      program,
      breakpoints,
      exceptions,
      interactive: settings.interactive,
      signals: () => this.#signals,
      clock: this.#clock,
      note: text => this.#note(text),
      replan: () => this.replan(),
      loadingPlaces: () => (program.move?.isDone === false ? [...loading, ...program.move.begins] : loading),
      loaded: () => this.#learnLoaded(),
    })
    if (history !== undefined) history.companion = execution
    return execution
  }

  #createHistory(machine: Machine): History | undefined {
    const { history: budget = 0 } = this.#debuggee.settings
    if (budget === 0) return undefined
    const history = new History(machine, { budget, now: () => this.#host.now() })
    const { recorded } = this.#debuggee
    if (recorded !== undefined) history.load(recorded.inputs, recorded.end)
    history.onSettingsLost = () => this.#execution.setGuestDebug()
    history.onPresent = () => {
      this.#isBack = this.#travel === undefined
    }
    history.onNewFuture = () => this.#note(NEW_FUTURE)
    return history
  }

  get program(): Program {
    return this.#debuggee.program
  }

  get machine(): Machine {
    return this.#execution.machine
  }

  get pc(): number {
    return this.machine.cpu.pc >>> 0
  }

  // ---- threads and signals of Linux -----------------------------------------------------------------------------------

  /** Before these signals are delivered the program stops, for that front end. */
  stopAtSignals(by: FrontEnd, signals: ReadonlySet<number>): void {
    this.#wantedSignals.set(by.name, signals)
    this.#signals = new Set([...this.#wantedSignals.values()].flatMap(each => [...each]))
  }

  /**
   * Looks at a thread by its number (threads.ts): a thread of a Linux process as if it were on the core, a task of a system
   * through what the system has saved of it. Undefined: what is on the core.
   */
  inThread<T>(thread: number | undefined, look: () => T): T {
    const { linux } = this.machine
    if (this.state === 'running' || thread === undefined || thread === currentThread(this.machine)) return look()
    if (linux !== undefined) return linux.inThread(idOf(thread), look)
    const before = this.#task
    this.#task = thread
    try {
      return look()
    } finally {
      this.#task = before
    }
  }

  /** Where the registers of the task that is looked at are kept, or why nobody knows; undefined: on the core. */
  get lookedAt(): ActivationState | string | undefined {
    return this.#task === undefined ? undefined : savedState(this.machine, this.program, this.#task)
  }

  // ---- front ends -----------------------------------------------------------------------------------------------------

  join(frontEnd: FrontEnd): void {
    this.#frontEnds.add(frontEnd)
  }

  /** It hears nothing any more, and takes its breakpoints with it. */
  leave(frontEnd: FrontEnd): void {
    this.#frontEnds.delete(frontEnd)
    this.stopAtSignals(frontEnd, new Set())
    this.breakpoints.removeOwner(frontEnd.name)
    this.replan()
  }

  /** @param but who knows already */
  #tell(news: (frontEnd: FrontEnd) => void, but?: FrontEnd): void {
    for (const frontEnd of [...this.#frontEnds]) if (frontEnd !== but) news(frontEnd)
  }

  #note(text: string): void {
    this.#tell(frontEnd => frontEnd.note(text))
  }

  // ---- run control ----------------------------------------------------------------------------------------------------

  /** @param by who has asked, and is not told of it @param thread of a Linux process that the goal is about, by its number */
  resume(goal: Goal, by?: FrontEnd, thread?: number): void {
    if (this.state !== 'stopped') return
    this.#execution.begin(goal, by?.stepsOff === true ? by.name : undefined, thread && idOf(thread))
    this.#run(by)
  }

  #run(by: FrontEnd | undefined): void {
    this.#isBack = false
    this.#history?.begin()
    // A way through the past is no time that passes.
    const pace = this.#travel === undefined ? this.#debuggee.settings.pace : 'max'
    this.#clock.begin(pace, this.machine.cpu.now)
    this.#pause = false
    this.state = 'running'
    this.#generation++
    this.#goOn()
    this.#tell(frontEnd => frontEnd.continued(), by)
  }

  /**
   * Goes through the past. @param by who has asked, and is not told of it
   * @throws UserError where no history is kept
   */
  travel(way: (past: Past) => Travel, by?: FrontEnd): void {
    if (this.state !== 'stopped') return
    const past = this.#past()
    this.#travel = way(past)
    this.#run(by)
  }

  #past(): Past {
    const { program, breakpoints } = this
    return new Past({ history: this.#kept, execution: this.#execution, program, breakpoints, clock: this.#clock })
  }

  /** The run of the capsule that is debugged. */
  get recorded(): RecordedRun | undefined {
    return this.#debuggee.recorded
  }

  /** Whether one can go back. */
  get hasHistory(): boolean {
    return this.#history !== undefined
  }

  /**
   * Which moments can be gone to: how many instructions had been executed at the first and at the last, and their cycles.
   * @throws UserError where no history is kept
   */
  get reach(): Record<'first' | 'last' | 'firstCycle' | 'lastCycle', number> {
    const { beginning, present } = this.#kept
    return {
      ...{ first: beginning.retired, last: present.retired },
      ...{ firstCycle: beginning.cycle, lastCycle: present.cycle },
    }
  }

  get keepsHistory(): boolean {
    return this.#history !== undefined
  }

  /** What has happened so far of a kind, the oldest first. @throws UserError where no history is kept */
  happenings(kind: HappeningKind): readonly Happening[] {
    return this.#kept.happenings(kind)
  }

  get #kept(): History {
    if (this.#history !== undefined) return this.#history
    throw new UserError('no-history', 'no history of this run is kept', 'set "history" in launch.json to more than 0')
  }

  /**
   * The run up to now, and where the program stands in it.
   * @throws UserError where something of it is not kept
   */
  get recordedRun(): RecordedRun & { readonly position: Moment } {
    const history = this.#kept
    const { machine } = this
    if (!machine.isLogWhole)
      throw new UserError('no-log', 'more has come from outside than is kept', 'record a shorter run')
    return { inputs: machine.inputs, end: history.present, position: momentOf(machine) }
  }

  /** A way through the past is being gone: the machine is at moments that nobody has asked for. */
  get isSearching(): boolean {
    return this.#travel !== undefined
  }

  /** Whoever looks or writes means where the program stands. @throws UserError while the past is searched */
  checkStands(): void {
    if (this.isSearching)
      throw new UserError('searching', 'the past is being searched', 'wait for its end, or pause it to give it up')
  }

  /** Whether the program stands before the end of what it has run. */
  get isInPast(): boolean {
    return this.#history?.isInPast === true
  }

  #goOn(ms = 0): void {
    const generation = this.#generation
    this.#host.schedule(() => this.#slice(generation), ms)
  }

  /** Stops at the next boundary between slices; at once where the program waits for something. */
  pause(): void {
    this.#pause = true
    if (this.#waiting !== undefined && this.state === 'running') this.#goOn()
  }

  /** Keys were typed: into a UART, or on a process's standard input. */
  type(uart: number, data: readonly number[]): void {
    const { machine } = this
    if (this.#travel !== undefined) return void this.#typedAhead.push(() => this.type(uart, data))
    if (machine.process === undefined) machine.uartInput(uart, data)
    else machine.accept({ kind: 'stdin', data })
    if (this.#waiting === 'input') this.#arrived()
  }

  /** Nobody types any more: a process reads the end of its standard input. */
  endInput(): void {
    if (this.machine.process === undefined) return
    if (this.#travel !== undefined) return void this.#typedAhead.push(() => this.endInput())
    this.machine.accept({ kind: 'stdinEnd' })
    if (this.#waiting === 'input') this.#arrived()
  }

  #arrived(): void {
    this.#waiting = undefined
    if (this.state === 'running') this.#goOn()
  }

  /** Nothing runs from here on, and nobody is told: a restart follows. */
  hold(): void {
    this.#generation++
    this.#waiting = undefined
    this.#giveUp()
    this.#typedAhead = []
    this.state = 'stopped'
  }

  /**
   * A fresh machine, stopped at its first instruction. Breakpoints stay, and go with their lines and functions where the
   * program is another one now.
   */
  restart(debuggee = this.#debuggee): void {
    const isOther = debuggee !== this.#debuggee
    this.#debuggee = debuggee
    this.hold()
    const isTraced = this.machine.cpu.debug.trace !== undefined
    this.#execution = this.#createExecution()
    this.trace(isTraced)
    if (isOther) {
      this.breakpoints.resolveAgain()
      this.exceptions.compileAgain(this.program)
      this.breakpoints.replan()
    }
    this.breakpoints.countAgain()
    this.#beginCounting()
    this.#execution.setGuestDebug()
    if (!isOther) return
    this.#tell(frontEnd => frontEnd.replanned(this.breakpoints.all))
  }

  /** Nothing runs any more. @param by who has put an end to it, and is not told */
  dispose(by?: FrontEnd): void {
    if (this.state === 'ended') return
    this.#generation++
    this.#giveUp()
    this.state = 'ended'
    this.#tell(frontEnd => frontEnd.ended(PUT_AN_END_TO), by)
  }

  /**
   * Breakpoints go where their lines and functions are, in code that has been loaded meanwhile, or gone, or moved.
   * @returns by how much the program has moved itself just now
   */
  #learnLoaded(): number | undefined {
    const { program } = this
    const before = program.symbols.copy
    if (!learnLoaded(this.machine, program)) return undefined
    this.breakpoints.resolveAgain()
    this.replan()
    const { move, symbols } = program
    if (move?.isDone !== true || symbols.copy === before) return undefined
    if (!this.isInPast) this.#note(movedText(move))
    return move.by
  }

  /** The program stands, and everybody is told why. */
  reportStop(stop: Stop): void {
    this.state = 'stopped'
    this.#learnLoaded()
    this.stops++
    if (!this.isInPast) for (const type of this.#typedAhead.splice(0)) type()
    this.#history?.noteStop(stop.description)
    const hit = [...stop.hit, ...this.#execution.stands()]
    const description = this.isInPast ? `In the past: ${stop.description}` : stop.description
    this.#tell(frontEnd => frontEnd.stopped({ ...stop, description, hit }))
    this.#tellTrace()
  }

  /**
   * Everything wanted is planned anew; what gained or lost its slot or got another message is told, but for those of
   * `introduced`: the answer to the request for them tells of them first. Never changes run state.
   */
  replan(introduced: readonly Breakpoint[] = []): void {
    const changed = this.breakpoints.replan()
    this.#beginCounting()
    this.#execution.setGuestDebug()
    const untold = new Set(introduced)
    const told = changed.filter(breakpoint => !untold.has(breakpoint))
    this.#tell(frontEnd => frontEnd.replanned(told))
  }

  /** Hits of what has been set since are counted from where the program stands. */
  #beginCounting(): void {
    // A search is somewhere, which nobody has asked for.
    if (this.#travel !== undefined) return
    // What is set where the program stands is for the next time; but its first instruction may be the first hit.
    const countsFirst = this.machine.retired === 0 && !this.#execution.isSeen
    for (const { count } of this.breakpoints.counted)
      if (count.since === undefined) count.begin(momentOf(this.machine), countsFirst)
  }

  #slice(generation: number): void {
    if (generation !== this.#generation || this.state !== 'running') return
    if (this.#waiting !== undefined && !this.#pause) return
    this.#waiting = undefined
    this.#clock.beginSlice()
    let verdict: Verdict
    let ahead: number
    do {
      verdict = this.#next()
      ahead = Math.max(this.#clock.ahead(this.machine.cpu.now), this.#host.outputWait())
    } while (verdict.kind === 'go' && ahead < 1 && !this.#clock.isSliceOver)
    this.#tellNotes()
    switch (verdict.kind) {
      case 'go':
        this.#goOn(ahead)
        return
      case 'wait':
        this.#wait(verdict.what)
        return
      case 'stop':
        this.reportStop(verdict.stop)
        return
      case 'end':
        this.state = 'ended'
        this.#tellTrace()
        this.#tell(frontEnd => frontEnd.ended(verdict.end))
    }
  }

  #next(): Verdict {
    const travel = this.#travel
    if (travel !== undefined) return this.#along(travel)
    if (this.#pause) return PAUSED
    const verdict = this.#execution.next()
    if (verdict.kind !== 'go') return verdict
    this.#history?.record()
    return this.#isBack ? BACK : verdict
  }

  /** A pause gives the way up, and the program stands where it stood. */
  #along(travel: Travel): Verdict {
    const step = this.#pause ? undefined : travel.next()
    if (step !== undefined && step.done !== true) return GO
    if (step === undefined) this.#giveUp()
    this.#travel = undefined
    this.#beginCounting()
    // What the facility did on the way it has done before.
    this.trace(this.machine.cpu.debug.trace !== undefined)
    return stopped(step === undefined ? GIVEN_UP : step.value)
  }

  /** The program stands where the way through the past began. */
  #giveUp(): void {
    this.#travel?.return(GIVEN_UP)
    this.#travel = undefined
  }

  #wait(what: Awaited): void {
    this.#waiting = what === 'input' ? what : 'file'
    if (what === 'input') return
    const { machine } = this
    void this.#host.answer(what).then(answer => {
      // In the past it is not awaited; in the present it is asked for again.
      if (this.isInPast || this.#travel !== undefined) return
      machine.accept(answer)
      if (machine === this.machine && this.#waiting === 'file') this.#arrived()
    })
  }

  /** What the core and the debug layer noticed since the last time, for the console. */
  #tellNotes(): void {
    const { cpu, vcpu } = this.machine
    if (this.#travel !== undefined || this.isInPast) {
      // It has been said.
      cpu.diagnostics.length = 0
      vcpu.log.length = 0
      return
    }
    for (const { pc, text } of cpu.diagnostics.splice(0)) this.#note(`${this.program.describe(pc >>> 0)}: ${text}`)
    for (const text of vcpu.log.splice(0)) this.#note(text)
  }

  /** The call stack, innermost first, as far as it is looked at. */
  *callStack(): ReturnType<Execution['callStack']> {
    const saved = this.lookedAt
    if (saved === undefined) yield* this.#execution.callStack()
    else if (typeof saved === 'string') yield { why: saved }
    else yield* savedStack(this.machine, this.program, saved)
  }

  /** What a step into this line can be told to enter. */
  stepTargets(): StepTarget[] {
    return this.#execution.stepTargets()
  }

  // ---- looking and writing ---------------------------------------------------------------------------------------------

  register(name: string): number | undefined {
    return readRegister(this.machine.vcpu, name)
  }

  /** The registers of the debug facility as guest, debugger, comparators and host see them. */
  parties(): DebugViews['rows'] {
    return debugViews(this.machine.vcpu).rows
  }

  /** Keeps a record of what the debug facility does, or no longer. Every stop tells it. */
  trace(on: boolean): void {
    const { cpu } = this.machine
    if (on) cpu.traceDebug()
    else cpu.debug.trace = undefined
  }

  #tellTrace(): void {
    const { cpu } = this.machine
    const entries = cpu.debug.trace?.entries ?? []
    if (entries.length === 0) return
    cpu.traceDebug()
    this.#tell(frontEnd => frontEnd.traced(entries.map(tracedEvent)))
  }

  /** Bytes from `address` on, as many of `length` as there is memory for. Looking has no side effect. */
  readMemory(address: number, length: number): Uint8Array {
    return peekMemory(this.machine.cpu, address, length)
  }

  /**
   * Runs what may write into the program; where something was written, everybody is told.
   * @throws UserError while the past is searched
   */
  writing<T>(action: () => T): T {
    this.checkStands()
    const { pc, machine } = this
    const before = machine.inputs.length
    const result = action()
    // What was only looked at is as it was, and what shows it too.
    if (machine.inputs.length > before) this.#tell(frontEnd => frontEnd.written(this.pc === pc ? 'variables' : 'all'))
    return result
  }

  /** How many of `length` bytes from `address` on can be written: those before the first that is not RAM. */
  writable(address: number, length: number): number {
    return pokeable(this.machine.cpu, address, length)
  }

  /** @returns false, with nothing written, where some of it is not RAM. */
  writeMemory(address: number, bytes: Uint8Array): boolean {
    return this.machine.poke(address, bytes)
  }
}

const movedText = ({ to, by }: ProgramMove): string =>
  `The program has moved itself to ${hex32(to)}, ${hex32(by)} further on than it is linked: so have its breakpoints, lines and variables.`

const PUT_AN_END_TO: End = { text: 'The debug session was ended.', exitCode: 0, killed: true }
const PAUSED = stopped({ reason: 'pause', description: 'Paused', hit: [] })
const BACK = stopped({
  reason: 'step',
  description: 'Back in the present',
  text: 'This is as far as the program has run. It goes on from here.',
  hit: [],
  edge: 'present',
})
const GIVEN_UP: Stop = { reason: 'pause', description: 'Paused', text: 'Going back was given up.', hit: [] }
const NEW_FUTURE =
  'Something was changed in the past: what came after has been given up, and the program goes on from here.'
