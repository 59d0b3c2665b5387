// The thing being debugged: a machine with a program in it, run in slices, stopped by breakpoints, steps and pauses.

import { NONE, type Reported, type RunRequest, type Stops, withReport } from '../cpu/request.ts'
import { ANY_DAC_READ, ANY_DAC_WRITE, ANY_IAC } from '../isa/comparators.ts'
import { INTERRUPTS, interruptName, returnsByItself } from '../isa/interrupts.ts'
import type { Access, KvmDebugExitArch } from '../kvm/abi.ts'
import { reportedAfter } from '../kvm/reported.ts'
import { traceLine } from '../kvm/traceText.ts'
import { type DebugViews, debugViews } from '../kvm/views.ts'
import type { HostRequest } from '../linux/host.ts'
import type { Machine, MachineExit, MachineRun } from '../machine/machine.ts'
import { peekMemory, pokeable } from '../machine/memory.ts'
import { Pace } from '../machine/pace.ts'
import { readRegister } from '../machine/registers.ts'
import { hex32 } from '../util/hex.ts'
import type { Breakpoint } from './breakpoints.ts'
import { Breakpoints } from './breakpoints.ts'
import { ConditionContexts } from './conditionContexts.ts'
import { Exceptions, judgeException } from './exceptions.ts'
import { callStack } from './frames.ts'
import type { FrontEnd } from './frontEnd.ts'
import type { TargetHost } from './host.ts'
import { instructionAt } from './instructionAt.ts'
import type { ExceptionExit } from './interruptCauses.ts'
import type { Program } from './program.ts'
import { setGuestDebug } from './setGuestDebug.ts'
import { Continue, type Goal, type Stretch } from './steps/goal.ts'
import { createView } from './steps/machineView.ts'
import { HandlerReturn } from './steps/runBack.ts'
import { type StepTarget, stepTargets } from './steps/targets.ts'
import { type End, GO, type Stop, stopped, type Verdict, WAIT } from './stop.ts'
import {
  codeStop,
  dataStop,
  eventStop,
  judgeFinalExit,
  type Place,
  slotsOf,
  stopStateReached,
  wanting,
} from './verdicts.ts'
import { type AboutToChange, changeOf, type DataBreakpoint, mayWrite, reads, remember } from './watchedAccess.ts'

export interface TargetSettings {
  /** Somebody can type: a program that waits for input is not at its end. */
  readonly interactive: boolean
  /** `real`: execution is never ahead of the clock on the wall. */
  readonly pace: 'max' | 'real'
}

/** Host milliseconds between two looks at the message queue. */
const SLICE_MS = 8
/** One KVM_RUN is sized to take about this long, so that slices end in time. */
const RUN_MS = 2
/** Nothing of the interpreter has been compiled yet where a program begins. */
const FIRST_BUDGET = 2_000
const SMALLEST_BUDGET = 1_000
/** Loops that do nothing cost nothing, and are no measure of what comes after them. */
const LARGEST_BUDGET = 1_000_000
const ALL_INTERRUPTS: ReadonlySet<number> = new Set(INTERRUPTS)

interface Watched {
  readonly variables: readonly AboutToChange[]
  /** By which the comparators have told of the store. */
  readonly dbsr: number
}

export class Target {
  readonly program: Program
  readonly breakpoints: Breakpoints
  readonly exceptions = new Exceptions()
  readonly #host: TargetHost
  readonly #frontEnds = new Set<FrontEnd>()
  readonly #createMachine: () => Machine
  machine: Machine
  state: 'stopped' | 'running' | 'ended' = 'stopped'
  /** Counts stops, so that whatever was read at one of them can be told from the next. */
  stops = 0

  /** Of what is inlined where the program stands, so many of the innermost copies are not entered yet. */
  #hidden = 0
  #goal: Goal = new Continue()
  #place: Place
  /** Watched variables that the instruction at PC may change. */
  #watched: Watched | undefined
  /** Where the calls whose variables are watched end. */
  #lifetimes: readonly Stops[] = []
  /** An interrupt taken in the middle of a line step: run through its handler first. */
  #detour: Goal | undefined
  /** The goal asked for a single instruction last. */
  #single = false
  /** The last stretch ended where it was asked to. */
  #isThere = false
  #pause = false
  /** What has been reported of instructions that have not executed yet, and is not reported again. */
  #reported: readonly Reported[] = []
  #budget = FIRST_BUDGET
  /** When the run under way began. */
  #started = 0
  /** The breakpoints on the instruction of the last debug exit that want to stop. */
  #hit: readonly Breakpoint[] = []
  /** Nothing can go on before something arrives from outside: the answer about a file, or a key. */
  #waiting: 'file' | 'input' | undefined
  readonly #settings: TargetSettings
  /** Since the last resume, where the settings ask for it. */
  #pace: Pace | undefined
  /** Counts resumes, so that a slice scheduled for an earlier one does nothing. */
  #generation = 0

  constructor(createMachine: () => Machine, program: Program, settings: TargetSettings, host: TargetHost) {
    this.#settings = settings
    this.#createMachine = createMachine
    this.machine = createMachine()
    this.program = program
    this.#host = host
    this.#place = this.#placeOf(this.machine)
    this.breakpoints = new Breakpoints(request => program.resolve(request))
  }

  #placeOf(machine: Machine): Place {
    return { contexts: new ConditionContexts(machine, this.program), note: text => this.#note(text) }
  }

  get pc(): number {
    return this.machine.cpu.pc >>> 0
  }

  // ---- front ends -----------------------------------------------------------------------------------------------------

  join(frontEnd: FrontEnd): void {
    this.#frontEnds.add(frontEnd)
  }

  /** It hears nothing any more, and takes its breakpoints with it. */
  leave(frontEnd: FrontEnd): void {
    this.#frontEnds.delete(frontEnd)
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

  /** @param by who has asked, and is not told of it */
  resume(goal: Goal, by?: FrontEnd): void {
    if (this.state !== 'stopped') return
    this.#goal = goal
    this.#detour = undefined
    this.#pause = false
    this.state = 'running'
    this.#generation++
    this.#pace = this.#settings.pace === 'real' ? new Pace(this.machine.cpu.now, this.#host.now()) : undefined
    this.#goOn()
    this.#tell(frontEnd => frontEnd.continued(), by)
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
    if (machine.process === undefined) machine.uartInput(uart, data)
    else machine.accept({ kind: 'stdin', data })
    if (this.#waiting === 'input') this.#arrived()
  }

  #arrived(): void {
    this.#waiting = undefined
    if (this.state === 'running') this.#goOn()
  }

  /** A fresh machine with the same program, stopped at its first instruction. Breakpoints stay. */
  restart(): void {
    this.#generation++
    this.#waiting = undefined
    this.machine = this.#createMachine()
    this.#place = this.#placeOf(this.machine)
    this.#reported = []
    this.#hidden = 0
    this.#watched = undefined
    this.state = 'stopped'
    for (const breakpoint of this.breakpoints.all) breakpoint.hits = 0
    this.#setGuestDebug()
  }

  /** Nothing runs any more. @param by who has put an end to it, and is not told */
  dispose(by?: FrontEnd): void {
    if (this.state === 'ended') return
    this.#generation++
    this.state = 'ended'
    this.#tell(frontEnd => frontEnd.ended(PUT_AN_END_TO), by)
  }

  /** The program stands, and everybody is told why. */
  reportStop(stop: Stop): void {
    this.state = 'stopped'
    this.stops++
    const hit = [...stop.hit, ...this.#hitHere()]
    // Whoever goes on from here has seen this instruction: a breakpoint set on it meanwhile is for the next time.
    this.#reported = withReport(this.#reported, { ...this.#attempt, events: ANY_IAC, soft: true })
    this.#tell(frontEnd => frontEnd.stopped({ ...stop, hit }))
  }

  /** Breakpoints at a place where something else has stopped the program: going on leaves them behind. */
  #hitHere(): readonly number[] {
    const { pc, sp } = this.#attempt
    const isSeen = this.#reported.some(
      each => each.interrupts === 0 && each.pc === pc && each.sp === sp && (each.soft || (each.events & ANY_IAC) !== 0),
    )
    return isSeen ? [] : wanting(this.breakpoints.at(pc), this.#place).map(({ id }) => id)
  }

  /**
   * Everything wanted is planned anew; what gained or lost its slot or got another message is told, but for those of
   * `introduced`: the answer to the request for them tells of them first. Never changes run state.
   */
  replan(introduced: readonly Breakpoint[] = []): void {
    const changed = this.breakpoints.replan()
    this.#setGuestDebug()
    const untold = new Set(introduced)
    const told = changed.filter(breakpoint => !untold.has(breakpoint))
    this.#tell(frontEnd => frontEnd.replanned(told))
  }

  #setGuestDebug(): void {
    const { code, soft, watches, mortal } = this.breakpoints
    setGuestDebug(this.machine.vcpu, { code: code.grants, watches, soft })
    this.#lifetimes = mortal.map(({ request: { lifetime } }) => ({
      addresses: [lifetime!.resume],
      sp: lifetime!.cfa,
    }))
  }

  /** The instruction at PC on this stack. */
  get #attempt(): { readonly pc: number; readonly sp: number } {
    return { pc: this.pc, sp: this.machine.cpu.state.gpr[1] >>> 0 }
  }

  #slice(generation: number): void {
    if (generation !== this.#generation || this.state !== 'running') return
    if (this.#waiting !== undefined && !this.#pause) return
    this.#waiting = undefined
    const end = this.#host.now() + SLICE_MS
    let verdict: Verdict
    let ahead: number
    do {
      verdict = this.#stretch()
      ahead = Math.max(this.#pace?.wait(this.machine.cpu.now, this.#host.now()) ?? 0, this.#host.outputWait())
    } while (verdict.kind === 'go' && ahead < 1 && this.#host.now() < end)
    this.#tellNotes()
    switch (verdict.kind) {
      case 'go':
        this.#goOn(ahead)
        return
      case 'wait':
        return
      case 'stop':
        this.reportStop(verdict.stop)
        return
      case 'end':
        this.state = 'ended'
        this.#tell(frontEnd => frontEnd.ended(verdict.end))
    }
  }

  /** One stretch of execution, as far as the goal allows, and what came of it. */
  #stretch(): Verdict {
    if (this.#pause) return stopped({ reason: 'pause', description: 'Paused', hit: [] })
    // A system call belongs to the instruction before: it comes to its end before a goal is asked.
    if (this.machine.process?.callUnderWay !== undefined)
      return this.#judge(this.machine.run({ budget: 0, reported: this.#reported }).core, undefined)
    if (this.#watched !== undefined) return this.#afterStore(this.#watched)
    const view = createView(this.machine, this.program, this.#hidden)
    let stretch = this.#detour?.next(view, this.#isThere)
    if (stretch === undefined) {
      this.#detour = undefined
      stretch = this.#goal.next(view, this.#isThere)
    }
    if (stretch === undefined) return this.#reached()
    this.#hidden = 0
    this.#single = stretch.kind === 'instruction'
    const { core, debug } = this.#run(stretch)
    this.#isThere = core.kind === (stretch.kind === 'return' ? 'returned' : 'stopAddress')
    return core.kind === 'interrupt' ? this.#interrupted(core.ivor) : this.#judge(core, debug?.arch)
  }

  #run(stretch: Stretch): MachineRun {
    const single = stretch.kind === 'instruction'
    const run = this.#timed({
      budget: single ? 1 : this.#budget,
      stops: [...(stretch.kind === 'until' ? [stretch.stops] : []), ...this.#lifetimes],
      stopAtReturn: stretch.kind === 'return',
      stopBefore: this.exceptions.wanted,
      stopAfter: single ? ALL_INTERRUPTS : NONE,
      reported: this.#reported,
    })
    this.#reported = reportedAfter(this.machine.vcpu)
    return run
  }

  /** One KVM_RUN; the size of the next one follows from how long it took. */
  #timed(request: RunRequest): MachineRun {
    const { budget } = request
    this.#started = this.#host.now()
    // An instruction asked for is executed; a stretch ends where it would be ahead of the wall.
    const horizon = budget > 1 ? this.#pace?.horizon(this.#started) : undefined
    const { retired } = this.machine
    const run = this.machine.run({
      ...request,
      isOver: this.#isOver,
      passes: this.#passes,
      ...(horizon !== undefined && { horizon }),
    })
    // A run that ended early says nothing about a whole one.
    if (run.core.kind === 'budget' && budget > 1)
      this.#budget = sized(this.machine.retired - retired, this.#host.now() - this.#started)
    return run
  }

  readonly #isOver = (): boolean => this.#host.now() - this.#started >= RUN_MS

  /** Asked in the run: whether nobody wants to stop at the instruction that is reported. Whatever takes long ends it. */
  readonly #passes = ({ dbsr }: KvmDebugExitArch): boolean => {
    this.#hit = isCode(dbsr) ? wanting(this.breakpoints.at(this.pc), this.#place) : []
    const passes = this.#hit.length === 0 && isCode(dbsr) && !isData(dbsr)
    if (passes && this.#isOver()) this.machine.cpu.requestStop()
    return passes
  }

  /** An interrupt in the middle of a step: most handlers return, and the step goes on after them. */
  #interrupted(ivor: number): Verdict {
    if (this.#detour !== undefined || this.#goal instanceof Continue) return GO
    if (!this.#goal.passesInterrupts)
      return stopped({ reason: 'step', description: `Step: ${interruptName(ivor)} interrupt taken`, hit: [] })
    if (!returnsByItself(ivor))
      return stopped({ reason: 'exception', description: `${interruptName(ivor)} interrupt while stepping`, hit: [] })
    this.#detour = new HandlerReturn(this.machine.cpu.state.gpr[1] >>> 0)
    return GO
  }

  #judge(exit: MachineExit, debug: KvmDebugExitArch | undefined): Verdict {
    switch (exit.kind) {
      case 'stopAddress':
        this.#expire()
        return GO
      case 'budget':
      case 'requested':
      case 'returned':
      case 'interrupt':
        return GO
      case 'debugInterrupt':
      case 'softBreakpoint':
      case 'stopState':
        return debug === undefined ? stopStateReached(this.machine) : this.#debugExit(debug)
      case 'exception':
        return this.#exception(exit)
      case 'wants':
        return this.#want(exit.request)
      case 'idle':
        if (exit.waitsForInput && this.#settings.interactive) return this.#waitFor('input')
        return judgeFinalExit(exit, this.machine, this.program)
      case 'reset':
      case 'stuck':
      case 'exit':
      case 'signal':
        return judgeFinalExit(exit, this.machine, this.program)
    }
  }

  /** A comparator or a trap word: the breakpoints it is about, and what those want. */
  #debugExit(debug: KvmDebugExitArch): Verdict {
    const { dbsr } = debug
    const { access } = this.machine.vcpu.run
    if (!isCode(dbsr) && (!isData(dbsr) || access === undefined)) return eventStop(debug)
    if (this.#hit.length > 0) return codeStop(this.#hit, debug, this.machine)
    return access === undefined ? GO : this.#accessed(this.breakpoints.watching(slotsOf(dbsr)), access, dbsr)
  }

  /** Reads are told before they happen, changes after. */
  #accessed(watching: readonly DataBreakpoint[], access: Access, dbsr: number): Verdict {
    const { machine, program } = this
    const { mnemonic, text } = instructionAt(machine, this.pc)
    const writers = watching.filter(breakpoint => mayWrite(breakpoint, access))
    if (writers.length > 0) this.#watched = { variables: writers.map(each => remember(each, machine, program)), dbsr }
    const readers = watching.filter(breakpoint => reads(breakpoint, access, mnemonic))
    const hit = wanting(readers, this.#place)
    if (hit.length === 0) return GO
    const what = hit.map(({ label, request }) => `a read of ${hex32(request.address)}: ${label}`).join('; ')
    return dataStop(hit, what, dbsr, `. The instruction is ${text}.`)
  }

  /** Executes the instruction that may change what is watched, and looks. */
  #afterStore({ variables, dbsr }: Watched): Verdict {
    const { pc } = this
    const { retired } = this.machine
    const { text } = instructionAt(this.machine, pc)
    this.#watched = undefined
    const { core, debug } = this.#run({ kind: 'instruction' })
    if (this.machine.retired === retired) {
      // Something came first. The comparators tell of the store again when it is really made.
      this.#reported = this.#reported.filter(each => each.pc !== pc)
      if (core.kind !== 'interrupt') return this.#judge(core, debug?.arch)
      return this.#single ? this.#interrupted(core.ivor) : GO
    }
    const changes = variables.flatMap(each => {
      const change = changeOf(each, this.machine, this.program)
      return change === undefined ? [] : [{ breakpoint: each.breakpoint, change }]
    })
    const hit = wanting(
      changes.map(({ breakpoint }) => breakpoint),
      this.#place,
    )
    if (hit.length > 0) {
      const told = changes.filter(({ breakpoint }) => hit.includes(breakpoint))
      const what = told.map(({ breakpoint, change }) => `a change of ${breakpoint.label}: ${change}`).join('; ')
      return dataStop(hit, what, dbsr, `. ${text} at ${this.program.describe(pc)} wrote it.`)
    }
    return core.kind === 'budget' ? GO : this.#judge(core, debug?.arch)
  }

  /** The calls that end here take their watched variables with them. */
  #expire(): void {
    const { pc, sp } = this.#attempt
    const gone = this.breakpoints.mortal.filter(
      ({ request: { lifetime } }) => lifetime?.resume === pc && sp >= lifetime.cfa,
    )
    if (gone.length === 0) return
    for (const { label } of gone) this.#note(`${label} is not watched any more: the call it belongs to has returned.`)
    this.breakpoints.expire(gone)
    this.replan()
  }

  /** An interrupt the user asked about. What has been reported of its instruction is not reported again. */
  #exception(exit: ExceptionExit): Verdict {
    return judgeException(exit, this.machine, this.program, this.exceptions, text => this.#note(text))
  }

  /** A process asks for something outside; its system call is made again when that has come. */
  #want(request: HostRequest): Verdict {
    const { machine } = this
    if (request.wants !== 'stdin') {
      void this.#host.answer(request).then(answer => {
        machine.accept(answer)
        if (machine === this.machine && this.#waiting === 'file') this.#arrived()
      })
      return this.#waitFor('file')
    }
    if (this.#settings.interactive) return this.#waitFor('input')
    machine.accept({ kind: 'stdinEnd' })
    return GO
  }

  #waitFor(what: 'file' | 'input'): Verdict {
    this.#waiting = what
    return WAIT
  }

  /** The goal is reached. */
  #reached(): Verdict {
    const { description, remark, hides } = this.#goal
    this.#hidden = hides ?? 0
    const text = remark === undefined ? {} : { text: `${remark[0]!.toUpperCase()}${remark.slice(1)}.` }
    const after = remark === undefined ? '' : `: ${remark}`
    return stopped({ reason: 'step', description: `Paused after ${description}${after}`, ...text, hit: [] })
  }

  /** What the core and the debug layer noticed since the last time, for the console. */
  #tellNotes(): void {
    const { cpu, vcpu } = this.machine
    for (const { pc, text } of cpu.diagnostics.splice(0)) this.#note(`${this.program.describe(pc >>> 0)}: ${text}`)
    for (const text of vcpu.log.splice(0)) this.#note(text)
  }

  /** The call stack, innermost first, as far as it is looked at. */
  callStack(): ReturnType<typeof callStack> {
    return callStack(this.machine, this.program, this.#hidden)
  }

  /** What a step into this line can be told to enter. */
  stepTargets(): StepTarget[] {
    return stepTargets(createView(this.machine, this.program, this.#hidden))
  }

  // ---- looking and writing ---------------------------------------------------------------------------------------------

  register(name: string): number | undefined {
    return readRegister(this.machine.vcpu, name)
  }

  /** The registers of the debug facility as guest, debugger, comparators and host see them. */
  parties(): DebugViews['rows'] {
    return debugViews(this.machine.vcpu).rows
  }

  /** Keeps a record of what the debug facility does, or no longer. */
  trace(on: boolean): void {
    const { cpu } = this.machine
    if (on) cpu.traceDebug()
    else cpu.debug.trace = undefined
  }

  /** What the facility did since this was last asked, a line for each; nothing while no record is kept. */
  traceLines(): readonly string[] {
    const { cpu } = this.machine
    const entries = cpu.debug.trace?.entries ?? []
    if (entries.length > 0) cpu.traceDebug()
    return entries.map(traceLine)
  }

  /** Bytes from `address` on, as many of `length` as there is memory for. Looking has no side effect. */
  readMemory(address: number, length: number): Uint8Array {
    return peekMemory(this.machine.cpu, address, length)
  }

  /** Runs what may write into the stopped program; where something was written, everybody is told. */
  writing<T>(action: () => T): T {
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

const PUT_AN_END_TO: End = { text: 'The debug session was ended.', exitCode: 0 }

/** A comparator has matched the instruction, or it is a trap word. */
const isCode = (dbsr: number): boolean => dbsr === 0 || (dbsr & ANY_IAC) !== 0
/** A comparator has matched an access of the instruction. */
const isData = (dbsr: number): boolean => (dbsr & (ANY_DAC_READ | ANY_DAC_WRITE)) !== 0

/** The number of instructions that would have taken RUN_MS, where `budget` took `ms`; it changes step by step. */
function sized(budget: number, ms: number): number {
  const ideal = (budget * RUN_MS) / Math.max(0.05, ms)
  const next = Math.min(4 * budget, Math.max(budget / 4, ideal))
  return Math.round(Math.min(LARGEST_BUDGET, Math.max(SMALLEST_BUDGET, next)))
}
