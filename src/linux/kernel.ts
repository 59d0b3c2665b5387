// The kernel of a hosted core (`CpuOptions.hosted`): its processes and their threads, their memory and files, how they
// begin and end. What the kernel of a real board would do for them, as far as programs without devices can tell. Turns are
// in scheduler.ts, signals in signalling.ts, interrupts in traps.ts, system calls in systemCall.ts.

import type { Cpu } from '../cpu/cpu.ts'
import { Word } from '../cpu/state.ts'
import { MSR_CE, MSR_DE, MSR_EE, MSR_FE0, MSR_FE1, MSR_FP, MSR_ME, MSR_PR, Spr } from '../isa/registers.ts'
import { UserError } from '../util/userError.ts'
import { Errno, PAGE, Signal } from './abi.ts'
import { AddressSpace, type AddressSpaceState, type Hardware } from './addressSpace.ts'
import { nanoseconds, onTheWall } from './calls/time.ts'
import { Descriptors } from './descriptors.ts'
import { FileSystem, type FileSystemState } from './fileSystem.ts'
import { Frames, Ram } from './frames.ts'
import type { HostAnswer, KernelExit } from './host.ts'
import { Ipc, type IpcState, type SharedSegment } from './ipc.ts'
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
import { type Limits, Scheduler, type SchedulerState } from './scheduler.ts'
import { Signalling } from './signalling.ts'
import { SA_NOCLDSTOP } from './signals.ts'
import { type CallUnderWay, firstRegisters, registersOf, setRegisters, Thread, type ThreadState } from './thread.ts'
import { leaveMemory } from './threadEnd.ts'
import { FIRST_PID, LAST_PID, Translations } from './translations.ts'
import { serve } from './traps.ts'
import { Work } from './work.ts'

/** All that neither memory nor registers hold, as plain data. */
export interface KernelState {
  readonly fileSystem: FileSystemState
  readonly spaces: readonly AddressSpaceState[]
  readonly nextEntry: number
  readonly nextFrame: number
  readonly processes: readonly ProcessState[]
  readonly threads: readonly ThreadState[]
  readonly scheduler: SchedulerState
  readonly ipc: IpcState
  readonly nextId: number
  /** Exit status of the run, if it is over. */
  readonly ended: number | undefined
  readonly seed: number
}

const FIRST_ID = 1000
const LAST_ID = 32_767
/** Threads of all processes. */
const MOST_THREADS = 512

export class Kernel {
  readonly cpu: Cpu
  readonly work = new Work()
  readonly fileSystem: FileSystem
  readonly frames: Frames
  readonly ipc: Ipc
  readonly #hardware: Hardware
  readonly scheduler = new Scheduler(this)
  readonly signals = new Signalling(this)
  /** With which status the first process has ended. */
  ended: number | undefined
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

  /** By their numbers. */
  readonly #spaces = new Map<number, AddressSpace>()
  #nextId = FIRST_ID
  /** State of the generator behind getrandom. */
  #seed = 440
  /** The thread on the core, while another is looked at. */
  #home: Thread | undefined

  /** @param imageOf what is in the file of a program, undefined where that is none that can run here */
  constructor(cpu: Cpu, image: Image, options: ProcessOptions, imageOf: (bytes: Uint8Array) => Image | undefined) {
    this.cpu = cpu
    this.imageOf = imageOf
    this.program = options.executable
    this.frames = new Frames(this.ramSize, frame => this.fileSystem.mapped.freed(frame))
    const translations = new Translations(cpu, this.work)
    const ram = new Ram(cpu, this.frames, () => {
      for (const { id } of this.#spaces.values()) translations.forget(id)
    })
    this.ipc = new Ipc(this.frames, ram, segment => this.#usesOf(segment))
    this.#hardware = { cpu, frames: this.frames, translations, work: this.work }
    const { directory, executable, visible = directory } = options
    this.fileSystem = new FileSystem({
      ...{ visible, executable, most: this.ramSize, work: this.work },
      clock: () => onTheWall(this),
      machine: () => ({ ramSize: this.ramSize, uptime: nanoseconds(this) }),
      processes: this,
      memory: ram,
      onEvent: () => this.#filesChanged(),
    })
    const id = this.newId()
    this.first = new Process(this, id, Descriptors.standard(this.fileSystem, directory, id))
    this.processes.set(id, this.first)
    this.scheduler.current = this.addThread(id, this.first)
    cpu.mmu.pageTable = ea => this.current.process.space.real(ea >>> 0)
    const start = this.first.load(image, options)
    cpu.state.gpr[1] = start.sp
    cpu.state.words[Word.MSR] = this.msr
    cpu.pc = start.pc
    this.first.space.enter()
    cpu.stateChanged()
  }

  /** Of the first process: exceptions of floating point that a program enables come where they arise. */
  get msr(): number {
    return MSR_PR | MSR_CE | MSR_EE | MSR_ME | MSR_DE | (this.cpu.fpu ? MSR_FP | MSR_FE0 | MSR_FE1 : 0)
  }

  /** The thread on the core. */
  get current(): Thread {
    return this.scheduler.current
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
    return (this.#home ?? this.current).call
  }

  /** How often something has been done of itself since an instruction last completed. */
  get turns(): number {
    return this.scheduler.turns
  }

  // ---- running ------------------------------------------------------------------------------------------------------

  /** @returns as Scheduler does */
  limits(limits: Limits): { readonly budget: number; readonly horizon: number } {
    return this.scheduler.limits(limits)
  }

  get isDue(): boolean {
    return this.scheduler.isDue
  }

  proceed(limits: Limits, hasServed = false): KernelExit | undefined {
    return this.scheduler.proceed(limits, hasServed)
  }

  /** Serves the interrupt with which the core has left `run`. @returns why the run cannot go on, if it cannot. */
  serve(ivor: number): KernelExit | undefined {
    return serve(this, ivor)
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
    this.ipc.sweep()
  }

  /** How many times a segment of memory is somewhere, or in the making. */
  #usesOf({ id, frames, maker }: SharedSegment): number {
    if (maker !== undefined && this.threads.has(maker)) return 1
    const places = [...this.#spaces.values()].flatMap(space => [...space.attached].map(place => ({ space, place })))
    return places.filter(({ space, place: [at, segment] }) => segment === id && space.frameAt(at) === frames[0]).length
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
    this.scheduler.share()
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
    this.scheduler.current = only
    this.leaveSpace(space)
    process.execs()
    this.scheduler.wake(wait => wait.on === 'vfork' && wait.pid === process.pid)
    // What PR_SET_FPEXC has said holds for another program too.
    setRegisters(this.cpu, firstRegisters(pc, sp, this.cpu.state.words[Word.MSR]))
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

  /** The thread ends, and with the last one its process. */
  endThread(thread: Thread, status: number): void {
    const { process } = thread
    leaveMemory(thread)
    this.threads.delete(thread.id)
    process.threads = process.threads.filter(each => each !== thread)
    if (process.threads.length === 0) this.#ends(process, status << 8)
    if (this.current !== thread || this.ended !== undefined) return
    this.scheduler.leave()
  }

  /** All threads of the process end. @param status as wait tells it: `exit` status shifted by 8, or a signal */
  endProcess(process: Process, status: number): void {
    for (const thread of process.threads) this.threads.delete(thread.id)
    const { threads } = process
    process.threads = []
    this.#ends(process, status)
    if (!threads.includes(this.current) || this.ended !== undefined) return
    this.scheduler.leave()
  }

  #ends(process: Process, status: number): void {
    if (process === this.first) {
      this.ended = status >> 8
      return
    }
    process.ends(status)
    if (this.ipc.ends(process.pid)) this.scheduler.wake(({ on }) => on === 'ipc')
    this.leaveSpace(process.space)
    for (const child of this.processes.values()) {
      if (child.parent !== process.pid) continue
      child.parent = 1
      if (child.status !== undefined) this.processes.delete(child.pid)
    }
    this.scheduler.wake(wait => wait.on === 'vfork' && wait.pid === process.pid)
    const parent = this.processes.get(process.parent)
    if (parent === undefined || parent.reapsByItself) this.processes.delete(process.pid)
    if (parent !== undefined) this.tellParent(process, parent, status)
  }

  /** SIGCHLD, and who waits for a child is woken. */
  tellParent(child: Process, parent: Process, status: number): void {
    const isStop = (status & 0xff) === STOPPED || status === CONTINUED
    const isWanted = (parent.actions.of(Signal.SIGCHLD).flags & SA_NOCLDSTOP) === 0
    if (isWanted || !isStop) this.signals.post(parent, child.childInfo(status))
    this.scheduler.wake((wait, { process }) => wait.on === 'child' && process === parent)
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
    this.scheduler.wake(({ on }) => on === 'input' || on === 'files')
  }

  get pids(): readonly number[] {
    return [...this.processes.keys()]
  }

  view(pid: number): ProcessView | undefined {
    return this.processes.get(pid)
  }

  /** A debugger writes to the memory of the process on the core: what is shared or not there yet becomes its own. */
  prepareWrite(ea: number, length: number): void {
    const { memory } = this.current.process
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
    return this.#home === undefined ? undefined : this.current.id
  }

  /**
   * Looks at another thread than that on the core, as if it were: its registers, and the memory of its process. What is
   * written to its registers is its own afterwards. @returns what `look` returns
   */
  inThread<T>(id: number | undefined, look: () => T): T {
    const here = this.current
    const there = id === undefined ? undefined : this.threads.get(id)
    // What is asked of within a look is about the thread that is looked at.
    if (there === undefined || there === here || this.#home !== undefined) return look()
    const { cpu } = this
    const { words, spr } = cpu.state
    const [attention, reserved] = [words[Word.ATTENTION], words[Word.RESERVED]]
    here.registers = registersOf(cpu)
    setRegisters(cpu, there.registers!)
    there.registers = undefined
    this.scheduler.current = there
    this.#home = here
    spr[Spr.PID] = there.process.space.id
    try {
      return look()
    } finally {
      there.registers = registersOf(cpu)
      setRegisters(cpu, here.registers)
      here.registers = undefined
      this.scheduler.current = here
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
      scheduler: this.scheduler.save(),
      ipc: this.ipc.save(),
      nextId: this.#nextId,
      ended: this.ended,
      seed: this.#seed,
    }
  }

  restore(state: KernelState): void {
    this.frames.clear()
    this.fileSystem.restore(state.fileSystem)
    this.#spaces.clear()
    for (const each of state.spaces) {
      const space = new AddressSpace(this.#hardware, each.id, each.base)
      space.restore(each)
      this.#spaces.set(each.id, space)
    }
    this.ipc.restore(state.ipc)
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
    this.scheduler.restore(state.scheduler)
    this.#nextId = state.nextId
    this.#seed = state.seed
    this.ended = state.ended
    this.signals.caught = undefined
  }
}
