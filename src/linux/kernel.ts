// The kernel of a hosted core (`CpuOptions.hosted`): processes and their threads take turns on it, and it serves their
// system calls, page faults and signals. What the kernel of a real board would do for them, as far as programs without
// devices can tell.
//
// Everything that it does of itself depends on instructions and cycles alone and is done before the next instruction, so
// that a run is the same however it is cut.

import type { Cpu } from '../cpu/cpu.ts'
import { Word } from '../cpu/state.ts'
import { Ivor } from '../isa/interrupts.ts'
import { ESR_FP, ESR_PTR, ESR_ST, MSR_CE, MSR_DE, MSR_EE, MSR_FP, MSR_ME, MSR_PR, Spr } from '../isa/registers.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import { Errno, PAGE, Signal } from './abi.ts'
import { AddressSpace, type AddressSpaceState, type Hardware } from './addressSpace.ts'
import { CONTEXT_IS_SET, isWaiting, RESTART, RESTART_BLOCK, type Result } from './calls/call.ts'
import { absent, calls } from './calls/index.ts'
import { nanoseconds, onTheWall } from './calls/time.ts'
import { enterHandler } from './delivery.ts'
import { Descriptors } from './descriptors.ts'
import { emulateInstruction } from './emulate.ts'
import { FileSystem, type FileSystemState } from './fileSystem.ts'
import { floatCode } from './floatCode.ts'
import { Frames, Ram } from './frames.ts'
import type { HostAnswer, KernelExit } from './host.ts'
import { CallError } from './memory.ts'
import type { ProcessView } from './proc.ts'
import {
  type Beginning,
  CONTINUED,
  type Image,
  Process,
  type ProcessOptions,
  type ProcessState,
  STOPPED,
} from './process.ts'
import {
  bit,
  fromUser,
  type Info,
  infoOf,
  SA_NOCLDSTOP,
  SA_RESETHAND,
  SA_RESTART,
  SIG_IGN,
  STOPS,
  signalName,
} from './signals.ts'
import {
  type CallUnderWay,
  firstRegisters,
  registersOf,
  setRegisters,
  Thread,
  type ThreadState,
  type Wait,
} from './thread.ts'
import { FIRST_PID, LAST_PID, Translations } from './translations.ts'
import { FAILURE, SERVICE, Work } from './work.ts'

/** All that neither memory nor registers hold, as plain data. */
export interface KernelState {
  readonly fileSystem: FileSystemState
  readonly spaces: readonly AddressSpaceState[]
  readonly nextEntry: number
  readonly nextFrame: number
  readonly processes: readonly ProcessState[]
  readonly threads: readonly ThreadState[]
  readonly current: number
  readonly nextId: number
  readonly sliceEnd: number | undefined
  readonly turns: Turns
  /** Exit status of the run, if it is over. */
  readonly ended: number | undefined
  readonly seed: number
}

/** What has been done between two instructions, so many things. */
interface Turns {
  readonly retired: number
  readonly count: number
}

/** How far a run may go. */
export interface Limits {
  /** Instructions executed since the start. */
  readonly end: number
  /** In cycles. */
  readonly horizon: number
  /** A run ends when another thread goes on than before, or one whose call was waiting. */
  readonly stopAtSwitch?: boolean | undefined
  /** Signals before whose delivery a run ends. */
  readonly stopBeforeSignals?: ReadonlySet<number> | undefined
  /** A run ends where a signal has led to its handler. */
  readonly stopAtHandler?: boolean | undefined
}

/** Instructions that a thread executes while others could. */
const SLICE = 20_000
/** Linux has no call with a higher number, so a program cannot make us say more sentences than that. */
const NUMBERS = 512
const MOST_ERRNO = 4095
const SUMMARY_OVERFLOW = 1
const FIRST_ID = 1000
const LAST_ID = 32_767
/** Threads of all processes. */
const MOST_THREADS = 512

const SEGV_MAPERR = 1
const SEGV_ACCERR = 2
const ILL_ILLOPC = 1
const TRAP_BRKPT = 1
const BUS_ADRALN = 1
const BUS_ADRERR = 2

const OUT_OF_TIME: KernelExit = { kind: 'budget' }
const SWITCHED: KernelExit = { kind: 'switched' }

export class Kernel {
  readonly cpu: Cpu
  readonly work = new Work()
  readonly fileSystem: FileSystem
  readonly frames: Frames
  readonly #hardware: Hardware
  /** Path of the program that the run began with. */
  readonly program: string
  readonly imageOf: (bytes: Uint8Array) => Image | undefined
  readonly processes = new Map<number, Process>()
  /** By their numbers, in the order in which they have been made. */
  readonly threads = new Map<number, Thread>()
  /** The process that the run is about: with its end it is over. */
  readonly first: Process
  /** Called with what programs write to their standard output (1) and standard error (2). */
  onOutput: (stream: 1 | 2, bytes: Uint8Array) => void = () => {}
  /** Called when a process has got another program, before its first instruction. */
  onProgram: () => void = () => {}
  /** The signal before whose delivery the run has ended: going on delivers it. */
  caught: Info | undefined

  /** By their numbers. */
  readonly #spaces = new Map<number, AddressSpace>()
  #current: Thread
  #nextId = FIRST_ID
  /** The number of instructions at which another thread has its turn; undefined while none waits for one. */
  #sliceEnd: number | undefined
  #turns: Turns = { retired: 0, count: 0 }
  /** State of the generator behind getrandom. */
  #seed = 440
  #ended: number | undefined
  /** The thread on the core, while another is looked at. */
  #home: Thread | undefined

  /** @param imageOf what is in the file of a program, undefined where that is none that can run here */
  constructor(cpu: Cpu, image: Image, options: ProcessOptions, imageOf: (bytes: Uint8Array) => Image | undefined) {
    this.cpu = cpu
    this.imageOf = imageOf
    this.program = options.executable
    this.frames = new Frames(this.ramSize, frame => this.fileSystem.mapped.freed(frame))
    const translations = new Translations(cpu, this.work)
    this.#hardware = { cpu, frames: this.frames, translations, work: this.work }
    const { directory, executable, visible = directory } = options
    this.fileSystem = new FileSystem({
      ...{ visible, executable, most: this.ramSize, work: this.work },
      clock: () => onTheWall(this),
      machine: () => ({ ramSize: this.ramSize, uptime: nanoseconds(this) }),
      processes: this,
      memory: new Ram(cpu),
      onEvent: () => this.#filesChanged(),
    })
    const id = this.newId()
    this.first = new Process(this, id, Descriptors.standard(this.fileSystem, directory, id))
    this.processes.set(id, this.first)
    this.#current = this.addThread(id, this.first)
    cpu.mmu.pageTable = ea => this.#current.process.space.real(ea >>> 0)
    const start = this.first.load(image, options)
    cpu.state.gpr[1] = start.sp
    cpu.state.words[Word.MSR] = this.msr
    cpu.pc = start.pc
    this.first.space.enter()
    cpu.stateChanged()
  }

  /** Of a process that begins. */
  get msr(): number {
    return MSR_PR | MSR_CE | MSR_EE | MSR_ME | MSR_DE | (this.cpu.fpu ? MSR_FP : 0)
  }

  /** The thread on the core. */
  get current(): Thread {
    return this.#current
  }

  /** Cycles since the start. */
  get now(): number {
    return this.cpu.now
  }

  get ramSize(): number {
    return this.cpu.state.ramBytes.length
  }

  /** A system call has begun and is not at its end: the next run goes on with it. How far it got, in bytes. */
  get callUnderWay(): CallUnderWay | undefined {
    return (this.#home ?? this.#current).call
  }

  /** What has been done of itself since an instruction last completed: threads switched, signals delivered. */
  get turns(): number {
    return this.#turns.retired === this.cpu.retired ? this.#turns.count : 0
  }

  #turned(): void {
    this.work.charge(SERVICE)
    this.#turns = { retired: this.cpu.retired, count: this.turns + 1 }
  }

  // ---- address spaces -----------------------------------------------------------------------------------------------

  /** One in which nothing is mapped. @throws CallError where there are too many */
  newSpace(base: number): AddressSpace {
    return this.#keep(new AddressSpace(this.#hardware, this.#freePid(), base))
  }

  /** What a process that forks has. @throws CallError */
  copySpace(space: AddressSpace): AddressSpace {
    return this.#keep(space.fork(this.#freePid()))
  }

  #keep(space: AddressSpace): AddressSpace {
    this.#spaces.set(space.id, space)
    return space
  }

  #freePid(): number {
    for (let pid = FIRST_PID; pid <= LAST_PID; pid++) if (!this.#spaces.has(pid)) return pid
    throw new CallError(Errno.EAGAIN)
  }

  /** By its number. */
  space(id: number): AddressSpace {
    return this.#spaces.get(id)!
  }

  /** A process does not need it any more. */
  leaveSpace(space: AddressSpace): void {
    if ([...this.processes.values()].some(process => process.status === undefined && process.space === space)) return
    space.release()
    this.#spaces.delete(space.id)
  }

  // ---- threads ------------------------------------------------------------------------------------------------------

  /** A number that no process and no thread has. */
  newId(): number {
    for (;;) {
      const id = this.#nextId
      this.#nextId = id >= LAST_ID ? FIRST_ID : id + 1
      if (!this.processes.has(id) && !this.threads.has(id)) return id
    }
  }

  get hasRoomForThread(): boolean {
    return this.threads.size < MOST_THREADS && this.processes.size < MOST_THREADS
  }

  addThread(id: number, process: Process): Thread {
    const thread = new Thread(this.cpu, id, process)
    this.threads.set(id, thread)
    process.threads.push(thread)
    this.#share()
    return thread
  }

  addProcess(pid: number, descriptors: Descriptors): Process {
    const process = new Process(this, pid, descriptors)
    this.processes.set(pid, process)
    return process
  }

  /** The process, whose thread is on the core, goes on with another program. @throws CallError for want of memory */
  exec(process: Process, image: Image, options: Omit<ProcessOptions, 'directory'>): void {
    const { space, thread } = process
    const { pc, sp } = this.#load(process, image, options)
    for (const { id } of process.threads) this.threads.delete(id)
    process.threads = []
    const only = this.addThread(process.pid, process)
    only.blocked = thread.blocked
    only.pending = thread.pending
    only.name = options.executable.slice(options.executable.lastIndexOf('/') + 1)
    this.#current = only
    this.leaveSpace(space)
    process.execs()
    this.wake(wait => wait.on === 'vfork' && wait.pid === process.pid)
    setRegisters(this.cpu, firstRegisters(pc, sp, this.msr))
    process.space.enter()
    this.onProgram()
  }

  /** Without memory for it everything stays. */
  #load(process: Process, image: Image, options: Omit<ProcessOptions, 'directory'>): Beginning {
    const { space, executable, args, environment, stackSize, firstStack, trampoline } = process
    try {
      return process.load(image, options)
    } catch (error) {
      const isLack = error instanceof CallError || error instanceof UserError
      if (!isLack) throw error
      if (process.space !== space) this.leaveSpace(process.space)
      process.use(space)
      Object.assign(process, { executable, args, environment, stackSize, firstStack, trampoline })
      throw new CallError(Errno.ENOMEM)
    }
  }

  #canRun({ process, wait }: Thread): boolean {
    return !process.isStopped && wait === undefined
  }

  /** Somebody else can run, or could: the one on the core has its slice. */
  #share(): void {
    this.#sliceEnd ??= this.cpu.retired + SLICE
  }

  /** The thread after the present one that can run, the present one last. */
  #next(): Thread | undefined {
    const all = [...this.threads.values()]
    const later = all.filter(({ id }) => id > this.#current.id)
    const before = all.filter(({ id }) => id <= this.#current.id)
    return [...later, ...before].find(thread => this.#canRun(thread))
  }

  #switchTo(thread: Thread): void {
    const before = this.#current
    this.#sliceEnd = this.cpu.retired + SLICE
    if (before === thread) return
    if (this.threads.has(before.id)) before.registers = registersOf(this.cpu)
    this.#current = thread
    setRegisters(this.cpu, thread.registers!)
    thread.registers = undefined
    if (before.process.space !== thread.process.space) thread.process.space.enter()
  }

  /** The thread on the core lets others have their turn. */
  yield(): void {
    this.#sliceEnd = this.cpu.retired
  }

  /** The wait of those that `is` says is over. @returns how many there were, at most `most` */
  wake(is: (wait: Wait, thread: Thread) => boolean, most = Number.POSITIVE_INFINITY): number {
    let count = 0
    for (const thread of this.threads.values()) {
      if (count >= most) break
      const { wait } = thread
      if (wait === undefined || !is(wait, thread)) continue
      thread.wake('event')
      this.#share()
      count++
    }
    return count
  }

  /** The thread ends, and with the last one its process. */
  endThread(thread: Thread, status: number): void {
    const { process } = thread
    process.leaveRobustLocks(thread)
    if (thread.clearTid !== 0) process.clearTid(thread.clearTid)
    this.threads.delete(thread.id)
    process.threads = process.threads.filter(each => each !== thread)
    if (process.threads.length === 0) this.#ends(process, status << 8)
    if (this.#current !== thread || this.#ended !== undefined) return
    this.#turned()
    const next = this.#next() ?? this.threads.values().next().value
    if (next !== undefined) this.#switchTo(next)
  }

  /** All threads of the process end. @param status as wait tells it: `exit` status shifted by 8, or a signal */
  endProcess(process: Process, status: number): void {
    for (const thread of process.threads) this.threads.delete(thread.id)
    const { threads } = process
    process.threads = []
    this.#ends(process, status)
    if (!threads.includes(this.#current) || this.#ended !== undefined) return
    this.#turned()
    const next = this.#next() ?? this.threads.values().next().value
    if (next !== undefined) this.#switchTo(next)
  }

  #ends(process: Process, status: number): void {
    if (process === this.first) {
      this.#ended = status >> 8
      return
    }
    process.ends(status)
    this.leaveSpace(process.space)
    for (const child of this.processes.values()) {
      if (child.parent !== process.pid) continue
      child.parent = 1
      if (child.status !== undefined) this.processes.delete(child.pid)
    }
    this.wake(wait => wait.on === 'vfork' && wait.pid === process.pid)
    const parent = this.processes.get(process.parent)
    if (parent === undefined || parent.reapsByItself) this.processes.delete(process.pid)
    if (parent !== undefined) this.tellParent(process, parent, status)
  }

  /** SIGCHLD, and who waits for a child is woken. */
  tellParent(child: Process, parent: Process, status: number): void {
    const isStop = (status & 0xff) === STOPPED || status === CONTINUED
    const isWanted = (parent.actions.of(Signal.SIGCHLD).flags & SA_NOCLDSTOP) === 0
    if (isWanted || !isStop) this.post(parent, child.childInfo(status))
    this.wake((wait, { process }) => wait.on === 'child' && process === parent)
  }

  // ---- running ------------------------------------------------------------------------------------------------------

  /** Instructions and cycles up to which a run needs nothing from here. */
  limits({ end, horizon }: Limits): { readonly budget: number; readonly horizon: number } {
    const { retired } = this.cpu
    const budget = Math.min(end, this.#sliceEnd ?? Number.POSITIVE_INFINITY) - retired
    return { budget: Math.max(0, budget), horizon: Math.min(horizon, this.#nextMoment) }
  }

  /** The cycle at which the next wait is over, or the next timer expires. */
  get #nextMoment(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { wait } of this.threads.values()) next = Math.min(next, wait?.until ?? next)
    for (const { timers } of this.processes.values()) for (const { at } of timers) next = Math.min(next, at ?? next)
    return next
  }

  /** Whether there is something to do before the next instruction, after a run that nothing else has ended. */
  get isDue(): boolean {
    return this.cpu.retired >= (this.#sliceEnd ?? Number.POSITIVE_INFINITY) || this.now >= this.#nextMoment
  }

  /**
   * All that comes before the next instruction: waits that are over, timers, turns, signals, and calls that are made
   * again. Where the run may execute nothing any more, only the call that is under way where it stands.
   * @param hasServed some of the work of the run has been done already
   * @returns why no instruction can be executed, if none can
   */
  proceed(limits: Limits, hasServed = false): KernelExit | undefined {
    const mayTurn = this.cpu.retired < limits.end && this.now < limits.horizon
    const isBlocked = !this.#canRun(this.#current)
    for (let first = !hasServed; ; first = false) {
      if (this.#ended !== undefined) return { kind: 'exit', status: this.#ended }
      if (!first && this.work.over) return OUT_OF_TIME
      const step = this.#proceed(limits, mayTurn)
      if (step !== 'again') return step
      if (isBlocked && limits.stopAtSwitch === true && this.#canRun(this.#current)) return SWITCHED
    }
  }

  #proceed(limits: Limits, mayTurn: boolean): KernelExit | 'again' | undefined {
    const thread = this.#current
    const { call } = thread
    if (call !== undefined && this.#canRun(thread)) {
      if (call.isAfterSignal === true && this.#due(thread) !== undefined) return this.#deliver(limits)
      thread.takeCall()
      if (call.woke !== undefined) this.#turned()
      return this.#systemCall(call) ?? 'again'
    }
    if (!mayTurn) return OUT_OF_TIME
    if (this.#expire()) return 'again'
    if (!this.#canRun(thread)) return this.#turnToAnother(limits)
    if (this.cpu.retired >= (this.#sliceEnd ?? Number.POSITIVE_INFINITY)) {
      const next = this.#next()
      if (next === undefined || next === thread) {
        this.#sliceEnd = undefined
      } else {
        this.#turned()
        this.#switchTo(next)
        return limits.stopAtSwitch === true ? SWITCHED : 'again'
      }
    }
    return this.#deliver(limits)
  }

  #turnToAnother(limits: Limits): KernelExit | 'again' {
    const next = this.#next()
    if (next === undefined) return this.#idle(limits)
    this.#turned()
    this.#switchTo(next)
    return limits.stopAtSwitch === true ? SWITCHED : 'again'
  }

  /** Nobody can run: time passes until the next moment at which somebody can. */
  #idle({ horizon }: Limits): KernelExit | 'again' {
    const next = this.#nextMoment
    if (next < Number.POSITIVE_INFINITY) {
      this.work.charge(SERVICE)
      if (this.now < Math.min(next, horizon)) this.cpu.skip(Math.min(next, horizon) - this.now)
      return next <= horizon ? 'again' : OUT_OF_TIME
    }
    const waits = [...this.threads.values()].flatMap(({ wait }) => wait ?? [])
    if (waits.some(({ on }) => on === 'input')) return { kind: 'wants', request: { wants: 'stdin' } }
    return { kind: 'deadlock', text: this.#whoWaits() }
  }

  #whoWaits(): string {
    const all = [...this.threads.values()].map(({ id, process, wait }) => {
      const who = id === process.pid ? `process ${id}` : `thread ${id}`
      return process.isStopped ? `${who} is stopped` : `${who} waits for ${wait?.what ?? 'nothing'}`
    })
    return all.join(', ')
  }

  /** Waits and timers whose time has come. @returns whether there was one */
  #expire(): boolean {
    const { now } = this
    if (now < this.#nextMoment) return false
    this.#turned()
    for (const thread of this.threads.values())
      if ((thread.wait?.until ?? Number.POSITIVE_INFINITY) <= now) {
        thread.wake('time')
        this.#share()
      }
    for (const process of this.processes.values()) process.expireTimers(now)
    return true
  }

  /** Serves the interrupt with which the core has left `run`. @returns why the run cannot go on, if it cannot. */
  serve(ivor: number): KernelExit | undefined {
    const { spr, words } = this.cpu.state
    const { space } = this.#current.process
    this.work.charge(SERVICE)
    const pc = words[Word.PC]
    switch (ivor) {
      case Ivor.SYSTEM_CALL:
        return this.#systemCall(undefined)
      case Ivor.DATA_TLB_ERROR:
        return this.#paged(space.refill(spr[Spr.DEAR] >>> 0), spr[Spr.DEAR])
      case Ivor.INSTRUCTION_TLB_ERROR:
        return this.#paged(space.refill(pc >>> 0), pc)
      case Ivor.DATA_STORAGE:
        return this.#paged(
          (spr[Spr.ESR] & ESR_ST) !== 0 ? space.allowStore(spr[Spr.DEAR] >>> 0) : 'denied',
          spr[Spr.DEAR],
        )
      case Ivor.INSTRUCTION_STORAGE:
        return this.fault(Signal.SIGSEGV, SEGV_ACCERR, pc)
      case Ivor.ALIGNMENT:
        return this.fault(Signal.SIGBUS, BUS_ADRALN, spr[Spr.DEAR])
      case Ivor.PROGRAM:
        return this.#program(spr[Spr.ESR], pc)
      case Ivor.MACHINE_CHECK:
        return this.fault(Signal.SIGBUS, BUS_ADRERR, pc)
      default:
        return this.fault(Signal.SIGILL, ILL_ILLOPC, pc)
    }
  }

  #paged(outcome: 'done' | 'unmapped' | 'denied' | 'full', address: number): undefined {
    if (outcome === 'done') return
    if (outcome === 'full') return this.#outOfMemory()
    this.fault(Signal.SIGSEGV, outcome === 'denied' ? SEGV_ACCERR : SEGV_MAPERR, address)
  }

  /** There is no frame for a page that is mapped: the process ends, as Linux chooses one then. */
  #outOfMemory(): undefined {
    const { process } = this.#current
    this.cpu.diagnoseOnce('memory is used up: the process that has touched more ends. Give the machine more "memory"')
    this.#kill(process, { signal: Signal.SIGKILL, code: 0, fields: [] })
  }

  #program(esr: number, pc: number): undefined {
    if ((esr & ESR_PTR) !== 0) return this.fault(Signal.SIGTRAP, TRAP_BRKPT, pc)
    if ((esr & ESR_FP) !== 0) return this.fault(Signal.SIGFPE, floatCode(this.cpu.state.words[Word.FPSCR]), pc)
    if (emulateInstruction(this.cpu, this.#current.process.memory.word(pc))) return undefined
    return this.fault(Signal.SIGILL, ILL_ILLOPC, pc)
  }

  // ---- system calls -------------------------------------------------------------------------------------------------

  /**
   * r0 is the number, r3 to r8 the arguments; r3 the result, with CR0[SO] set and a positive errno for a failure.
   * @param call the same call, which could not go on before
   */
  #systemCall(call: CallUnderWay | undefined): KernelExit | undefined {
    const thread = this.#current
    const { process } = thread
    const { gpr } = this.cpu.state
    process.beginCall(call)
    const result = this.#call(gpr[0], gpr.slice(3, 9))
    if (this.#ended !== undefined) return { kind: 'exit', status: this.#ended }
    if (this.#current !== thread || result === CONTEXT_IS_SET) return undefined
    if (isWaiting(result)) {
      const { progress, until } = process
      if (result.wants === 'event') {
        thread.putCall({ progress, until: result.until ?? until, wait: { ...result, until: result.until ?? until } })
        // It may have unblocked a signal that has come before.
        if (result.on !== 'vfork' && this.#due(thread) !== undefined) thread.wake('signal')
        return undefined
      }
      if (result.wants === 'stdin') {
        thread.putCall({ progress, wait: { on: 'input', what: 'its standard input' } })
        return undefined
      }
      thread.putCall({ progress, until })
      return result.wants === 'time' ? OUT_OF_TIME : { kind: 'wants', request: result }
    }
    if (result === RESTART || result === RESTART_BLOCK) this.#interrupted(thread, result === RESTART)
    else this.#setResult(result)
    return undefined
  }

  #setResult(result: number): void {
    const { gpr, cr } = this.cpu.state
    const failed = result < 0 && result >= -MOST_ERRNO
    gpr[3] = failed ? -result : result
    cr[0] = failed ? cr[0] | SUMMARY_OVERFLOW : cr[0] & ~SUMMARY_OVERFLOW
  }

  /**
   * A signal has ended the wait of a call. Where a handler runs, the call fails, or is made again after it if the handler
   * allows that; where none does, it waits on.
   */
  #interrupted(thread: Thread, mayRestart: boolean): void {
    const info = this.#due(thread)
    const { actions, progress, until } = thread.process
    if (info === undefined || actions.byDefault(info.signal) !== undefined) {
      thread.putCall({ progress, until, isAfterSignal: true })
    } else if (mayRestart && (actions.of(info.signal).flags & SA_RESTART) !== 0) this.cpu.pc = this.cpu.pc - 4
    else this.#setResult(-Errno.EINTR)
  }

  #call(number: number, args: Int32Array): Result {
    const { process } = this.#current
    const call = calls[number]
    if (call === undefined) {
      const name = absent[number]
      const which = number >= 0 && number < NUMBERS ? `${number}${name ? ` (${name})` : ''}` : `beyond ${NUMBERS}`
      this.cpu.diagnoseOnce(`system call ${which} does not exist here: ENOSYS`)
      return -Errno.ENOSYS
    }
    try {
      return call[1](process, ...args)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.work.charge(FAILURE)
      return -error.errno
    }
  }

  // ---- signals ------------------------------------------------------------------------------------------------------

  /** Sends a signal to a process, or to a thread of it. @returns 0, or an error */
  post(to: Process | Thread, info: Info): number {
    const process = to instanceof Process ? to : to.process
    const { signal } = info
    if (process.status !== undefined) return 0
    if (signal === Signal.SIGKILL) return this.#kill(process, info)
    if (signal === Signal.SIGCONT) this.#continue(process)
    if (STOPS.includes(signal)) process.forgetPending([Signal.SIGCONT])
    const takers = to instanceof Process ? process.threads : [to]
    const waits = takers.filter(({ wait }) => wait?.on === 'signal' && ((wait.set ?? 0n) & bit(signal)) !== 0n)
    const isBlocked = takers.every(({ blocked }) => (blocked & bit(signal)) !== 0n)
    if (process.actions.byDefault(signal) === 'ignore' && !isBlocked && waits.length === 0) return 0
    if (!to.pending.add(info)) return -Errno.EAGAIN
    const taker = waits[0] ?? takers.find(({ blocked }) => (blocked & bit(signal)) === 0n)
    if (waits[0] !== undefined) waits[0].wake('event')
    else if (taker !== undefined && taker.wait?.on !== 'vfork') taker.wake('signal')
    this.#share()
    return 0
  }

  #kill(process: Process, info: Info): number {
    process.isStopped = false
    for (const thread of process.threads) thread.wake('signal')
    process.pending.add(info)
    this.#share()
    return 0
  }

  #continue(process: Process): void {
    process.forgetPending(STOPS)
    if (!process.isStopped) return
    process.isStopped = false
    process.isContinued = true
    this.#share()
    const parent = this.processes.get(process.parent)
    if (parent !== undefined) this.tellParent(process, parent, CONTINUED)
  }

  /** The signal of a fault, which cannot wait: the process has to handle it. */
  fault(signal: number, code: number, address: number): undefined {
    const thread = this.#current
    const { actions } = thread.process
    if ((thread.blocked & bit(signal)) !== 0n || actions.of(signal).handler === SIG_IGN) {
      actions.reset(signal)
      thread.blocked &= ~bit(signal)
    }
    thread.pending.forget([signal])
    thread.pending.add({ signal, code, fields: [address], isFault: true })
  }

  /** The signal that the thread is given before its next instruction. */
  #due(thread: Thread): Info | undefined {
    return thread.pending.first(thread.blocked) ?? thread.process.pending.first(thread.blocked)
  }

  /** Delivers what is due to the thread on the core. @returns undefined where it goes on with its next instruction */
  #deliver(limits: Limits): KernelExit | 'again' | undefined {
    const thread = this.#current
    const { process } = thread
    if (thread.pending.isEmpty && process.pending.isEmpty) return undefined
    const info = this.#due(thread)
    if (info === undefined) return undefined
    if (limits.stopBeforeSignals?.has(info.signal) === true && this.caught !== info) {
      this.caught = info
      return { kind: 'signalDue', info, thread: thread.id }
    }
    this.caught = undefined
    this.#turned()
    thread.pending.take(info)
    process.pending.take(info)
    return this.#take(thread, process.withOverruns(info), limits) ?? 'again'
  }

  /** The thread on the core gets another signal, or none, instead of the one that is due, or one more where none is. */
  replaceCaught(signal: number): void {
    const thread = this.#current
    const caught = this.caught ?? this.#due(thread)
    if (signal === (caught?.signal ?? 0)) return
    this.#putForCaught(caught, signal === 0 ? undefined : fromUser(signal, thread.process.pid))
  }

  /** What the signal that is due tells is other than it was: the bytes of struct siginfo. */
  tellCaught(bytes: ArrayLike<number>): void {
    const caught = this.caught ?? this.#due(this.#current)
    if (caught !== undefined) this.#putForCaught(caught, { ...caught, ...infoOf(bytes), signal: caught.signal })
  }

  #putForCaught(caught: Info | undefined, info: Info | undefined): void {
    const thread = this.#current
    if (caught !== undefined) {
      thread.pending.take(caught)
      thread.process.pending.take(caught)
    }
    this.caught = info
    if (info !== undefined) thread.pending.add(info)
  }

  #take(thread: Thread, info: Info, { stopAtHandler }: Limits): KernelExit | undefined {
    const { process } = thread
    const action = process.actions.of(info.signal)
    switch (process.actions.byDefault(info.signal)) {
      case 'ignore':
      case 'continue':
        return undefined
      case 'stop':
        return this.#stop(process, info.signal)
      case 'end':
        return this.#killedBy(process, info)
      case undefined:
        break
    }
    try {
      enterHandler({ cpu: this.cpu, memory: process.memory, thread, trampoline: process.trampoline }, info, action)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return this.#killedBy(process, { signal: Signal.SIGSEGV, code: 0, fields: [] })
    }
    if ((action.flags & SA_RESETHAND) !== 0) process.actions.reset(info.signal)
    return stopAtHandler === true ? { kind: 'handler', signal: info.signal } : undefined
  }

  #stop(process: Process, signal: number): undefined {
    process.isStopped = true
    process.stoppedBy = signal
    const parent = this.processes.get(process.parent)
    if (parent !== undefined) this.tellParent(process, parent, (signal << 8) | STOPPED)
  }

  #killedBy(process: Process, { signal, isFault, fields }: Info): KernelExit | undefined {
    if (process !== this.first) return void this.endProcess(process, signal)
    const detail = isFault === true ? `, address ${hex32(fields[0] ?? 0)}` : ''
    return { kind: 'signal', signal, text: `the program was ended by ${signalName(signal)}${detail}` }
  }

  // ---- what comes from the host -------------------------------------------------------------------------------------

  /** The answer to a request about files. */
  provide(answer: HostAnswer): void {
    this.fileSystem.answers.add(answer)
  }

  /** Bytes typed on standard input. */
  type(bytes: ArrayLike<number>): void {
    this.fileSystem.input.add(bytes)
    this.#filesChanged()
  }

  endInput(): void {
    this.fileSystem.inputEnded = true
    this.#filesChanged()
  }

  /** Something has come or gone that a call may have been waiting for. */
  #filesChanged(): void {
    this.wake(({ on }) => on === 'input' || on === 'files')
  }

  get pids(): readonly number[] {
    return [...this.processes.keys()]
  }

  view(pid: number): ProcessView | undefined {
    return this.processes.get(pid)
  }

  /** A debugger writes to the memory of the process on the core: what is shared or not there yet becomes its own. */
  prepareWrite(ea: number, length: number): void {
    const { memory } = this.#current.process
    for (let at = ea; at < ea + length; at += PAGE - (at % PAGE)) {
      try {
        memory.bytes(at, 1)
      } catch (error) {
        if (!(error instanceof CallError)) throw error
      }
    }
  }

  /** The thread that is looked at instead of the one on the core. */
  get lookedAt(): number | undefined {
    return this.#home === undefined ? undefined : this.#current.id
  }

  /**
   * Looks at another thread than that on the core, as if it were: its registers, and the memory of its process. What is
   * written to its registers is its own afterwards. @returns what `look` returns
   */
  inThread<T>(id: number | undefined, look: () => T): T {
    const here = this.#current
    const there = id === undefined ? undefined : this.threads.get(id)
    // What is asked of within a look is about the thread that is looked at.
    if (there === undefined || there === here || this.#home !== undefined) return look()
    const { cpu } = this
    const { words, spr } = cpu.state
    const [attention, reserved] = [words[Word.ATTENTION], words[Word.RESERVED]]
    here.registers = registersOf(cpu)
    setRegisters(cpu, there.registers!)
    there.registers = undefined
    this.#current = there
    this.#home = here
    spr[Spr.PID] = there.process.space.id
    try {
      return look()
    } finally {
      there.registers = registersOf(cpu)
      setRegisters(cpu, here.registers)
      here.registers = undefined
      this.#current = here
      this.#home = undefined
      spr[Spr.PID] = here.process.space.id
      words[Word.ATTENTION] = attention
      words[Word.RESERVED] = reserved
    }
  }

  /** A byte of a linear congruential sequence: the same in every run. */
  random(): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) | 0
    return this.#seed >>> 24
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): KernelState {
    return {
      fileSystem: this.fileSystem.save(),
      spaces: [...this.#spaces.values()].map(space => space.save()),
      nextEntry: this.#hardware.translations.next,
      nextFrame: this.frames.from,
      processes: [...this.processes.values()].map(process => process.save()),
      threads: [...this.threads.values()].map(thread => thread.save()),
      current: this.#current.id,
      nextId: this.#nextId,
      sliceEnd: this.#sliceEnd,
      turns: this.#turns,
      ended: this.#ended,
      seed: this.#seed,
    }
  }

  restore(state: KernelState): void {
    this.fileSystem.restore(state.fileSystem)
    this.frames.clear()
    this.#spaces.clear()
    for (const each of state.spaces) {
      const space = new AddressSpace(this.#hardware, each.id, each.base)
      space.restore(each)
      this.#spaces.set(each.id, space)
    }
    this.#hardware.translations.next = state.nextEntry
    this.frames.from = state.nextFrame
    this.processes.clear()
    this.threads.clear()
    for (const each of state.processes) {
      const isFirst = each.pid === this.first.pid
      const process = isFirst
        ? this.first
        : new Process(this, each.pid, new Descriptors(this.fileSystem, '/', each.pid))
      process.restore(each)
      this.processes.set(each.pid, process)
    }
    for (const each of state.threads) this.addThread(each.id, this.processes.get(each.process)!).restore(each)
    // At the end of the run its last thread is none of them any more.
    this.#current = this.threads.get(state.current) ?? new Thread(this.cpu, state.current, this.first)
    this.#nextId = state.nextId
    this.#sliceEnd = state.sliceEnd
    this.#turns = state.turns
    this.#seed = state.seed
    this.#ended = state.ended
    this.caught = undefined
  }
}
