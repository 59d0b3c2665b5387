// A goal carried out by a machine: one stretch after the other, and of each what it comes to.

import { attemptHere, NONE, type Reported, type Stops, withReport } from '../cpu/request.ts'
import { ANY_DAC_READ, ANY_DAC_WRITE, ANY_IAC } from '../isa/comparators.ts'
import { INTERRUPTS, interruptName, returnsByItself } from '../isa/interrupts.ts'
import type { KvmDebugExitArch, StorageAccess } from '../kvm/abi.ts'
import { reportedAfter } from '../kvm/reported.ts'
import type { HostRequest } from '../linux/host.ts'
import { signalName } from '../linux/signals.ts'
import type { FacilityOwner } from '../machine/inputs.ts'
import type { Machine, MachineExit, MachineRun, MachineRunRequest } from '../machine/machine.ts'
import { compareMoments, momentOf } from '../machine/moment.ts'
import { hex32 } from '../util/hex.ts'
import type { Breakpoint, Breakpoints, DataBreakpoint } from './breakpoints.ts'
import { ConditionContexts } from './conditionContexts.ts'
import { type Exceptions, judgeException, placeStop } from './exceptions.ts'
import { callStack } from './frames.ts'
import type { HitCount, Hits } from './hitCount.ts'
import { instructionAt } from './instructionAt.ts'
import type { Program } from './program.ts'
import type { RunClock } from './runClock.ts'
import { setGuestDebug } from './setGuestDebug.ts'
import { Continue, framesHere, type Goal, type Leg, NO_FRAME, ONE, type Stretch } from './steps/goal.ts'
import { createView } from './steps/machineView.ts'
import { HandlerReturn, RunBack } from './steps/runBack.ts'
import { type StepTarget, stepTargets } from './steps/targets.ts'
import { GO, stopped, type Verdict, waitFor } from './stop.ts'
import { type Activation, unwind } from './unwind.ts'
import {
  codeStop,
  dataStop,
  eventStop,
  type HitPlace,
  judgeFinalExit,
  signalStop,
  slotsOf,
  stopStateReached,
  wanting,
} from './verdicts.ts'
import { type AboutToChange, changeOf, mayWrite, remember, toldBefore, touches } from './watchedAccess.ts'

/** What carries out a run: the machine itself, or who keeps its history. */
export interface Runner {
  run(request: MachineRunRequest): MachineRun
  /** Whose the debug facility is to be, if `wanted` is what the breakpoints need. A search changes nothing about that. */
  ownerHere?(wanted: FacilityOwner, isSearch: boolean): FacilityOwner
  /** Told of an access to what is watched, whether it stops the program or not. */
  noteAccess?(text: string): void
}

/** What a run is about, whichever machine it is that runs. */
export interface ExecutionContext {
  /** The machine, where nobody keeps its history. */
  readonly runner?: Runner
  readonly program: Program
  readonly breakpoints: Breakpoints
  readonly exceptions: Exceptions
  /** Numbers of the Linux signals that somebody wants to stop at before they are delivered. */
  readonly signals?: () => ReadonlySet<number>
  /** Somebody can type: a program that waits for input is not at its end. */
  readonly interactive: boolean
  readonly clock: RunClock
  /** A sentence for the console. */
  readonly note: (text: string) => void
  /** The breakpoints are to be planned anew. */
  readonly replan: () => void
  /** Where the program has loaded code, or is about to lose some, or has moved itself. */
  readonly loadingPlaces?: () => readonly number[]
  /** Told there. @returns by how much the program has moved itself just now, modulo 2^32 */
  readonly loaded?: () => number | undefined
}

/** What goes back with the machine. */
export interface RunState {
  /** Reports of attempts at instructions that interrupts came in between. */
  readonly reported: readonly Reported[]
  readonly hits: ReadonlyMap<HitCount, Hits>
}

/** An instruction on a stack. */
type InstructionAttempt = ReturnType<typeof attemptHere>

interface Watched {
  readonly variables: readonly AboutToChange[]
  /** By which the comparators have told of the store. */
  readonly dbsr: number
}

const ALL_INTERRUPTS: ReadonlySet<number> = new Set(INTERRUPTS)
const ANY_DAC = ANY_DAC_READ | ANY_DAC_WRITE

export class Execution {
  readonly machine: Machine
  readonly #context: ExecutionContext
  readonly #runner: Runner
  readonly #place: HitPlace
  /** The user's, or in a search of the past those that are looked for there. */
  #breakpoints: Breakpoints
  /** The past is searched: nobody is told anything, and nothing about the breakpoints changes. */
  #isSearch = false
  #goal: Goal = new Continue()
  /** The thread that the goal is about: others run meanwhile, and it is asked for nothing there. */
  #thread: number | undefined
  /** An interrupt taken in the middle of a step: run through its handler first. */
  #detour: Leg | undefined
  /** Of what is inlined where the program stands, so many of the innermost copies are not entered yet. */
  #hidden = 0
  /** The goal asked for a single instruction last. */
  #single = false
  /** The last stretch ended where it was asked to. */
  #isThere = false
  /** What has been reported of instructions that have not executed yet, and is not reported again. */
  #reported: readonly Reported[] = []
  /** The breakpoints on the instruction of the last debug exit that want to stop. */
  #hit: readonly Breakpoint[] = []
  /** Watched variables that the instruction at PC may change. */
  #watched: Watched | undefined
  /** Where the calls whose variables are watched end. */
  #lifetimes: readonly Stops[] = []
  /** Where what a range of DACs is about begins. */
  #watchedFrom: number | undefined

  constructor(machine: Machine, context: ExecutionContext) {
    this.machine = machine
    this.#context = context
    this.#runner = context.runner ?? machine
    this.#breakpoints = context.breakpoints
    const { program } = context
    const note = (text: string): void => {
      if (!this.#isSearch) context.note(text)
    }
    this.#place = { machine, program, contexts: new ConditionContexts(machine, program), note }
  }

  /** From where the machine stands. @param stepsOff the owner whose breakpoints there stop a run that continues */
  begin(goal: Goal, stepsOff?: string, thread?: number): void {
    this.#goal = goal
    this.#thread = goal instanceof Continue ? undefined : (thread ?? this.machine.linux?.current.id)
    this.#detour = undefined
    if (stepsOff === undefined || !(goal instanceof Continue)) return
    const { pc } = this.#attempt
    if (!this.#context.breakpoints.at(pc).some(({ owner }) => owner === stepsOff)) return
    this.#reported = this.#reported.map(each =>
      each.interrupts === 0 && each.pc === pc ? { ...each, events: each.events & ~ANY_IAC, soft: false } : each,
    )
  }

  /** The machine has been put to another moment: what was going on here is over. */
  settle(): void {
    this.begin(new Continue())
    this.#hidden = 0
    this.#single = false
    this.#isThere = false
    this.#reported = []
    this.#hit = []
    this.#watched = undefined
  }

  /** What of a run belongs to the moment at which the machine stands; undefined where hits have not been counted. */
  save(): RunState | undefined {
    if (!this.isCounting) return undefined
    const here = momentOf(this.machine)
    const counts = this.#context.breakpoints.all.map(({ count }) => count)
    const begun = counts.filter(({ since }) => since === undefined || compareMoments(since, here) <= 0)
    return {
      reported: this.#reported.filter(({ interrupts }) => interrupts > 0),
      hits: new Map(begun.map(count => [count, count.before(here)])),
    }
  }

  /** The machine has been put to a moment for which this was saved. */
  restore(saved: unknown): void {
    const state = saved as RunState | undefined
    this.settle()
    this.#reported = state?.reported ?? []
    const { all, counted } = this.#context.breakpoints
    for (const { count } of state === undefined ? counted : all) count.restore(state?.hits.get(count))
  }

  /** Whether hits are counted as they are in a run forward. */
  get isCounting(): boolean {
    return this.#breakpoints === this.#context.breakpoints
  }

  /** The instruction at PC has been reported, or the program has been standing at it. */
  get isSeen(): boolean {
    const { pc, sp, pid } = this.#attempt
    const isHere = (each: Reported): boolean => each.pc === pc && each.sp === sp && each.pid === pid
    return this.#reported.some(each => each.interrupts === 0 && isHere(each) && hasReported(each))
  }

  /** The past is searched with these breakpoints, until `endSearch`. */
  beginSearch(breakpoints: Breakpoints): void {
    this.#breakpoints = breakpoints
    this.#isSearch = true
    this.setGuestDebug()
  }

  endSearch(): void {
    this.#breakpoints = this.#context.breakpoints
    this.#isSearch = false
    this.setGuestDebug()
  }

  /** Trap words are in every Linux process that runs the program, and in those that will. */
  #plantInProcesses(addresses: readonly number[]): void {
    const { linux, vcpu } = this.machine
    if (linux === undefined) return
    const plant = (): void => {
      const processes = [...linux.processes.values()].filter(({ isOther, status }) => !isOther && status === undefined)
      vcpu.plant(addresses.flatMap(address => processes.flatMap(({ space }) => space.real(address) ?? [])))
    }
    linux.onProgram = addresses.length > 0 ? plant : () => {}
    if (addresses.length > 0) plant()
  }

  /** The plan of the breakpoints is in force. */
  setGuestDebug(): void {
    const { code, soft, watches, mortal } = this.#breakpoints
    const isWanted = code.grants.length + watches.length + soft.length > 0
    this.#watchedFrom = watches.find(({ grant }) => grant.mode === 'range')?.grant.addresses[0]
    const wanted = isWanted ? 'debugger' : 'guest'
    const owner = this.#runner.ownerHere?.(wanted, this.#isSearch) ?? wanted
    if (owner === 'guest') setGuestDebug(this.machine.vcpu, {})
    else setGuestDebug(this.machine.vcpu, { code: code.grants, watches, soft, isHeld: !isWanted })
    this.#plantInProcesses(soft)
    if (this.#isSearch) {
      this.#lifetimes = []
      return
    }
    this.#lifetimes = mortal.map(({ request: { lifetime } }) => ({
      addresses: [lifetime!.resume],
      sp: lifetime!.cfa,
    }))
  }

  /**
   * Whoever goes on from here has seen this instruction: a breakpoint set on it meanwhile is for the next time.
   * @returns the ids of those that something else has stopped the program at: going on leaves them behind
   */
  stands(): readonly number[] {
    const { pc, sp, pid } = this.#attempt
    const hit = this.isSeen ? [] : wanting(this.#breakpoints.at(pc), this.#place)
    this.#reported = withReport(this.#reported, { pc, sp, pid, events: ANY_IAC, soft: true })
    return hit.map(({ id }) => id)
  }

  /** The call stack, innermost first, as far as it is looked at. */
  callStack(): ReturnType<typeof callStack> {
    const isElsewhere = this.machine.linux?.lookedAt !== undefined
    return callStack(this.machine, this.#context.program, isElsewhere ? 0 : this.#hidden)
  }

  /** What a step into this line can be told to enter. */
  stepTargets(): StepTarget[] {
    return stepTargets(createView(this.machine, this.#context.program, this.#hidden))
  }

  /** The instruction at PC on this stack. */
  get #attempt(): InstructionAttempt {
    return attemptHere(this.machine.cpu)
  }

  /** One stretch of execution, as far as the goal allows, and what came of it. */
  next(): Verdict {
    const { machine } = this
    const elsewhere = this.#elsewhere()
    if (elsewhere !== undefined) return elsewhere
    // A system call belongs to the instruction before: it comes to its end before a goal is asked.
    if (machine.linux?.callUnderWay !== undefined && machine.linux.current.wait === undefined)
      return this.#judge(this.#runner.run({ budget: 0, reported: this.#reported }).core, undefined)
    if (this.#watched !== undefined) return this.#afterStore(this.#watched)
    const view = createView(machine, this.#context.program, this.#hidden)
    let stretch = this.#detour?.next(view, this.#isThere)
    if (stretch === undefined) {
      this.#detour = undefined
      stretch = this.#goal.next(view, this.#isThere)
    }
    if (stretch === undefined) return this.#reached()
    this.#hidden = 0
    this.#single = stretch.kind === 'instruction'
    const before = this.#attempt
    const { core, debug } = this.#run(stretch)
    this.#isThere = core.kind === (stretch.kind === 'return' ? 'returned' : 'stopAddress')
    return this.#struck(core, before) ?? this.#judge(core, debug?.arch)
  }

  /**
   * The thread that the goal is about is not on the core, or waits in a system call: the others run, and stop at what is
   * theirs. @returns undefined where the goal is to be asked
   */
  #elsewhere(): Verdict | undefined {
    const { linux } = this.machine
    const thread = this.#thread
    if (linux === undefined || thread === undefined) return undefined
    const own = linux.threads.get(thread)
    if (own === undefined) {
      this.#thread = undefined
      return stopped({ reason: 'step', description: 'Paused: the thread has ended', hit: [] })
    }
    if (linux.current === own && own.wait === undefined) return undefined
    this.#isThere = false
    const { core, debug } = this.#run({ kind: 'until', stops: { addresses: [] } })
    return this.#judge(core, debug?.arch)
  }

  #run(stretch: Stretch): MachineRun {
    const { clock, exceptions } = this.#context
    const single = stretch.kind === 'instruction'
    const run = this.#runner.run({
      // An instruction asked for is executed, whatever the clocks say.
      ...(single ? { budget: 1 } : clock.limits()),
      stops: [...(stretch.kind === 'until' ? [stretch.stops] : []), ...this.#lifetimes, ...this.#placeStops],
      stopAtReturn: stretch.kind === 'return',
      stopBefore: this.isCounting ? exceptions.wanted : NONE,
      stopAfter: single ? ALL_INTERRUPTS : NONE,
      reported: this.#reported,
      passes: this.#passes,
      watchedFrom: this.#watchedFrom,
      ...(this.machine.linux !== undefined && {
        stopAtSwitch: this.#thread !== undefined,
        stopAtHandler: single || this.#goal.passesSignals === false,
        ...(!this.#isSearch && { stopBeforeSignals: this.#context.signals?.() ?? NONE }),
      }),
    })
    this.#reported = reportedAfter(this.machine.vcpu)
    return run
  }

  /** Asked in the run: whether nobody wants to stop at the instruction that is reported. Whatever takes long ends it. */
  readonly #passes = ({ dbsr }: KvmDebugExitArch): boolean => {
    const { clock } = this.#context
    const { cpu } = this.machine
    this.#hit =
      isCode(dbsr) && this.machine.process?.isOther !== true
        ? wanting(this.#breakpoints.at(cpu.pc >>> 0), this.#place)
        : []
    const passes = this.#hit.length === 0 && isCode(dbsr) && !isData(dbsr)
    if (passes && clock.isOver()) cpu.requestStop()
    return passes
  }

  /**
   * Something came in the middle of a step, which was about to execute the instruction of `before`.
   * @returns undefined where nothing did
   */
  #struck(core: MachineExit, before: InstructionAttempt): Verdict | undefined {
    if (core.kind !== 'interrupt' && core.kind !== 'handler') return undefined
    if (this.#detour !== undefined || this.#goal instanceof Continue) return GO
    return core.kind === 'interrupt' ? this.#interrupted(core.ivor) : this.#signalled(core.signal, before)
  }

  /** The handler of a signal is run over as a call would be. */
  #signalled(signal: number, { pc, sp }: InstructionAttempt): Verdict {
    const { passesSignals, passesInterrupts } = this.#goal
    if (!(passesSignals ?? passesInterrupts))
      return stopped({ reason: 'step', description: `Step: in the handler of ${signalName(signal)}`, hit: [] })
    this.#goal.struck?.()
    const view = createView(this.machine, this.#context.program, 0)
    const [, struck, ...callers] = framesHere(view)
    this.#detour = new RunBack(view, [struck ?? { id: NO_FRAME, pc }, ...callers], sp)
    return GO
  }

  /** Most handlers of interrupts return, and the step goes on after them. */
  #interrupted(ivor: number): Verdict {
    if (!this.#goal.passesInterrupts)
      return stopped({ reason: 'step', description: `Step: ${interruptName(ivor)} interrupt taken`, hit: [] })
    if (!returnsByItself(ivor))
      return stopped({ reason: 'exception', description: `${interruptName(ivor)} interrupt while stepping`, hit: [] })
    this.#goal.struck?.()
    this.#detour = new HandlerReturn(this.machine.cpu.state.gpr[1] >>> 0)
    return GO
  }

  #judge(exit: MachineExit, debug: KvmDebugExitArch | undefined): Verdict {
    const { machine } = this
    const { program, exceptions, interactive } = this.#context
    switch (exit.kind) {
      case 'stopAddress':
        this.#expire()
        return this.#atPlace() ?? GO
      case 'budget':
      case 'requested':
      case 'returned':
      case 'interrupt':
      case 'switched':
      case 'handler':
        return this.#atPlace() ?? GO
      case 'debugInterrupt':
      case 'softBreakpoint':
      case 'stopState':
        return debug === undefined ? stopStateReached(machine) : this.#debugExit(debug)
      case 'exception':
        return judgeException(exit, machine, program, exceptions, this.#place.note)
      case 'wants':
        return this.#want(exit.request)
      case 'idle':
        if (exit.waitsForInput && interactive) return waitFor('input')
        return judgeFinalExit(exit, machine, program)
      case 'signalDue':
        return signalStop(exit, machine, program)
      case 'reset':
      case 'stuck':
      case 'deadlock':
      case 'exit':
      case 'signal':
        return judgeFinalExit(exit, machine, program)
    }
  }

  /** Nothing of the kind stops a search of the past. */
  get #placeStops(): readonly Stops[] {
    return this.isCounting ? [...this.#context.exceptions.stops, ...this.#loadingStops] : []
  }

  get #loadingStops(): readonly Stops[] {
    const addresses = this.#context.loadingPlaces?.() ?? []
    return addresses.length === 0 ? [] : [{ addresses }]
  }

  /** Where an operating system says that something is wrong, and has not been stopped before this instruction. */
  #atPlace(): Verdict | undefined {
    const { exceptions, program, loadingPlaces, loaded } = this.#context
    const pc = this.machine.cpu.pc >>> 0
    const movedBy = this.isCounting && loadingPlaces?.().includes(pc) === true ? loaded?.() : undefined
    if (movedBy !== undefined && !this.#follows(movedBy)) return this.#leftBehind()
    const place = this.isCounting ? exceptions.places.get(pc) : undefined
    return place === undefined || this.isSeen ? undefined : placeStop(place, this.machine, program)
  }

  /** Whether the goal is one of the copy that the program goes on in, too. */
  #follows(movedBy: number): boolean {
    return this.#goal instanceof Continue || this.#goal.follow?.(movedBy) === true
  }

  /** What a step would come back to, the program has left for good. */
  #leftBehind(): Verdict {
    const description = `Paused after ${this.#goal.description}: the program has moved itself`
    return stopped({ reason: 'step', description, text: 'It goes on here, in its copy.', hit: [] })
  }

  /** A process asks for something outside; its system call is made again when that has come. */
  #want(request: HostRequest): Verdict {
    if (request.wants !== 'stdin') return waitFor(request)
    if (this.#context.interactive) return waitFor('input')
    this.machine.accept({ kind: 'stdinEnd' })
    return GO
  }

  /** A comparator or a trap word: the breakpoints it is about, and what those want. */
  #debugExit(debug: KvmDebugExitArch): Verdict {
    const { dbsr } = debug
    const { access } = this.machine.vcpu.run
    if (!isCode(dbsr) && (!isData(dbsr) || access === undefined)) return eventStop(debug)
    if (this.#hit.length > 0) return codeStop(this.#hit, debug, this.machine)
    if (access === undefined) return GO
    const watching = this.#breakpoints.watching(slotsOf(dbsr)).filter(each => this.#isOfItsProcess(each))
    return this.#accessed(this.#isSearch ? watching.filter(each => this.#isOfItsCall(each)) : watching, access, dbsr)
  }

  /** At the same address others have something else, and so has the program that a process executes instead. */
  #isOfItsProcess({ request: { process } }: DataBreakpoint): boolean {
    const here = this.machine.process
    return process === undefined || here === undefined || (process === here.pid && !here.isOther)
  }

  /** In the past a local variable's place on the stack is also that of others: of calls before its own. */
  #isOfItsCall({ request: { lifetime } }: DataBreakpoint): boolean {
    if (lifetime === undefined) return true
    const { program } = this.#context
    let inner: Activation | undefined
    for (const activation of unwind(this.machine, program.symbols, program.codeFrames)) {
      const cfa = inner?.readers.cfa() ?? 0
      if (cfa >= lifetime.cfa) return cfa === lifetime.cfa && activation.pc === lifetime.resume
      inner = activation
    }
    return true
  }

  /** Reads are told before they happen, changes after. */
  #accessed(watching: readonly DataBreakpoint[], access: StorageAccess, dbsr: number): Verdict {
    const { machine } = this
    const { mnemonic, text } = instructionAt(machine, machine.cpu.pc >>> 0)
    const touched = watching.filter(each => touches(each, access, mnemonic))
    if (touched.length > 0)
      this.#runner.noteAccess?.(
        `${access.write ? 'Write to' : 'Read of'} ${touched.map(({ label }) => label).join(', ')}`,
      )
    const writers = watching.filter(each => each.request.raw !== true && mayWrite(each, access))
    if (writers.length > 0) this.#watch(writers, dbsr)
    const hit = wanting(
      watching.filter(each => toldBefore(each, access, mnemonic)),
      this.#place,
    )
    if (hit.length === 0) return GO
    const kind = access.write ? 'write to' : 'read of'
    const what = hit.map(({ label, request }) => `a ${kind} ${hex32(request.address)}: ${label}`).join('; ')
    return dataStop(hit, what, dbsr, { more: `. The instruction is ${text}.`, accessed: access.ea >>> 0 })
  }

  /** What the instruction at PC is about to change, besides what another comparator has told of already. */
  #watch(writers: readonly DataBreakpoint[], dbsr: number): void {
    const { machine } = this
    const { program } = this.#context
    const known = this.#watched ?? { variables: [], dbsr: 0 }
    const others = writers.filter(each => known.variables.every(({ breakpoint }) => breakpoint !== each))
    const variables = [...known.variables, ...others.map(each => remember(each, machine, program))]
    this.#watched = { variables, dbsr: known.dbsr | dbsr }
  }

  /** Executes the instruction that may change what is watched, and looks. */
  #afterStore(watched: Watched): Verdict {
    const { variables, dbsr } = watched
    const { machine } = this
    const { program } = this.#context
    const before = this.#attempt
    const { pc } = before
    const { retired } = machine
    const { text } = instructionAt(machine, pc)
    this.#watched = undefined
    const { core, debug } = this.#run(ONE)
    if (machine.retired === retired) {
      if (debug !== undefined && isData(debug.arch.dbsr)) {
        // The store goes on into what another comparator watches.
        this.#watched = watched
        return this.#judge(core, debug.arch)
      }
      // Something came first. The comparators tell of the store again when it is really made.
      this.#reported = this.#reported.map(each => (each.pc === pc ? { ...each, events: each.events & ~ANY_DAC } : each))
      const struck = this.#single ? this.#struck(core, before) : undefined
      return struck ?? this.#judge(core, debug?.arch)
    }
    const changes = variables.flatMap(each => {
      const change = changeOf(each, machine, program)
      return change === undefined ? [] : [{ breakpoint: each.breakpoint, change }]
    })
    const hit = wanting(
      changes.map(({ breakpoint }) => breakpoint),
      this.#place,
      'after',
    )
    if (hit.length > 0) {
      const told = changes.filter(({ breakpoint }) => hit.includes(breakpoint))
      const what = told.map(({ breakpoint, change }) => `a change of ${breakpoint.label}: ${change}`).join('; ')
      return dataStop(hit, what, dbsr, { more: `. ${text} at ${program.describe(pc)} wrote it.` })
    }
    return this.#judge(core, debug?.arch)
  }

  /** The calls that end here take their watched variables with them. */
  #expire(): void {
    const { pc, sp } = this.#attempt
    const { breakpoints, note, replan } = this.#context
    const gone = breakpoints.mortal.filter(({ request: { lifetime } }) => lifetime?.resume === pc && sp >= lifetime.cfa)
    if (gone.length === 0) return
    for (const { label } of gone) note(`${label} is not watched any more: the call it belongs to has returned.`)
    breakpoints.expire(gone)
    replan()
  }

  /** The goal is reached. */
  #reached(): Verdict {
    const { description, remark, hides } = this.#goal
    this.#hidden = hides ?? 0
    const text = remark === undefined ? {} : { text: `${remark[0]!.toUpperCase()}${remark.slice(1)}.` }
    const after = remark === undefined ? '' : `: ${remark}`
    return stopped({ reason: 'step', description: `Paused after ${description}${after}`, ...text, hit: [] })
  }
}

const hasReported = ({ soft, events }: Reported): boolean => soft || (events & ANY_IAC) !== 0

/** A comparator has matched the instruction, or it is a trap word. */
const isCode = (dbsr: number): boolean => dbsr === 0 || (dbsr & ANY_IAC) !== 0
/** A comparator has matched an access of the instruction. */
const isData = (dbsr: number): boolean => (dbsr & ANY_DAC) !== 0
