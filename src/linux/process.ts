// A Linux process: its memory, its files, what it wants done about signals, its timers, its children. What it asks of the
// kernel is in calls/; its threads are on the core by turns (scheduler.ts).

import { LAST_CYCLE } from '../cpu/cpu.ts'
import { UserError } from '../util/userError.ts'
import { PAGE, Prot, Signal, UID } from './abi.ts'
import type { AddressSpace, MappedPages } from './addressSpace.ts'
import { isWaiting, LATER, type Result } from './calls/call.ts'
import type { Descriptors, DescriptorsState } from './descriptors.ts'
import type { FileSystem } from './fileSystem.ts'
import type { Kernel } from './kernel.ts'
import { firstLimits, type Limit, NO_LIMIT, Resource, type ResourceLimits } from './limits.ts'
import { CallError, UserMemory } from './memory.ts'
import type { ProcessView } from './proc.ts'
import { TRAMPOLINE } from './signalFrame.ts'
import {
  Actions,
  type ActionsState,
  fromUser,
  type Info,
  PendingSignals,
  SA_NOCLDWAIT,
  SI_KERNEL,
  SI_TIMER,
  SIG_IGN,
} from './signals.ts'
import { type Start, writeStack } from './stack.ts'
import type { CallUnderWay, Thread, Woke } from './thread.ts'
import { BYTES_PER_UNIT, FAILURE, type Work } from './work.ts'

/** A part of the executable, with the protection its pages get. */
export interface Part {
  readonly address: number
  readonly bytes: Uint8Array
  readonly memorySize: number
  readonly protection: number
}

export interface Image {
  readonly parts: readonly Part[]
  readonly entry: number
  /** Where the program headers are in memory, and how many. */
  readonly headers: number
  readonly headerCount: number
  readonly executableStack: boolean
}

export interface ProcessOptions {
  /** Absolute path of the program, which /proc/self/exe leads to. */
  readonly executable: string
  /** `args[0]` is the program's name. */
  readonly args: readonly string[]
  readonly environment: readonly string[]
  /** Absolute path of the working directory at first. */
  readonly directory: string
  /** What of the host's is visible: `/`, where that has a directory of its own to show as such, or else the working directory. */
  readonly visible?: string
}

/** A timer of a process: of setitimer, or of timer_create. */
export interface Timer {
  readonly id: number
  readonly clock: number
  /** 0: nothing is sent. */
  readonly signal: number
  readonly value: number
  /** The thread that is told, where it is not any of the process. */
  readonly thread: number | undefined
  /** In cycles: when it expires, where it is set, and after how many it does so again; 0: it does not. */
  readonly at: number | undefined
  readonly interval: number
  /** Of setitimer: what it sends tells nothing of a timer. */
  readonly isPlain: boolean
  /** So often has it expired again since the signal that still waits was sent; and at the last delivery. */
  readonly missed: number
  readonly overrun: number
}

/** All that neither memory nor registers hold, as plain data. */
export interface ProcessState {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  readonly executable: string
  readonly stackSize: number
  readonly firstStack: number
  readonly trampoline: number
  readonly space: number
  readonly descriptors: DescriptorsState
  readonly args: readonly string[]
  readonly environment: readonly string[]
  readonly actions: ActionsState
  readonly pending: readonly Info[]
  readonly timers: readonly Timer[]
  readonly status: number | undefined
  readonly isStopped: boolean
  readonly stoppedBy: number
  readonly isContinued: boolean
  readonly nice: number
  readonly limits: ResourceLimits
}

/** Largest page of the TLB entries that are used: the window begins at a multiple of it. */
const WINDOW = 16 << 20
const STACK = 8 << 20
/** Arguments have as much room whatever the limit is. */
const LEAST_STACK = 128 << 10
/** Bytes of one piece of a call that goes through much memory. */
const PIECE = 64 << 10
/** Beside its bytes. */
const PIECE_WORK = 30
const WORD = 4
/** Of a process that has ended. */
const NO_SPACE = 0

const CLD = { EXITED: 1, KILLED: 2, STOPPED: 5, CONTINUED: 6 } as const

export class Process implements ProcessView {
  readonly kernel: Kernel
  readonly pid: number
  space!: AddressSpace
  memory!: UserMemory
  descriptors: Descriptors
  actions = new Actions()
  pending = new PendingSignals()
  timers: readonly Timer[] = []
  threads: Thread[] = []
  parent = 1
  group: number
  session: number
  /** Absolute path of the program. */
  executable = ''
  args: readonly string[] = []
  environment: readonly string[] = []
  stackSize = 0
  /** r1 at the first instruction, where the number of arguments stands. */
  firstStack = 0
  /** Where signal handlers return to. */
  trampoline = 0
  /** As wait tells it, once it has ended: `exit` status shifted by 8, or a signal. */
  status: number | undefined
  isStopped = false
  stoppedBy = 0
  isContinued = false
  /** From -20 to 19: what setpriority has said. */
  nice = 0
  limits: ResourceLimits

  #progress = 0
  #call: CallUnderWay | undefined

  constructor(kernel: Kernel, pid: number, descriptors: Descriptors) {
    this.kernel = kernel
    this.pid = pid
    this.group = pid
    this.session = pid
    this.descriptors = descriptors
    this.limits = firstLimits(Math.min(STACK, this.ramSize >>> 2))
  }

  mappings(): readonly MappedPages[] {
    return this.space.mappings()
  }

  get ramSize(): number {
    return this.kernel.ramSize
  }

  /** Cycles since the start. */
  get now(): number {
    return this.kernel.now
  }

  get fileSystem(): FileSystem {
    return this.kernel.fileSystem
  }

  get work(): Work {
    return this.kernel.work
  }

  /** The thread that makes a call. */
  get thread(): Thread {
    return this.kernel.current
  }

  /** Its memory is that space. */
  use(space: AddressSpace): void {
    this.space = space
    this.memory = new UserMemory(space)
  }

  /** Its program is another one than that which the run began with. */
  get isOther(): boolean {
    return this.executable !== this.kernel.program
  }

  /** It has got another program: what was the old one's alone is gone. */
  execs(): void {
    this.actions.forgetHandlers()
    this.descriptors.exec()
    this.timers = this.timers.filter(({ isPlain }) => isPlain)
  }

  /** It goes on with the program of another, at the same place. */
  runs({ executable, args, environment, stackSize, firstStack, trampoline }: Process): void {
    this.executable = executable
    this.args = args
    this.environment = environment
    this.stackSize = stackSize
    this.firstStack = firstStack
    this.trampoline = trampoline
  }

  // ---- its program --------------------------------------------------------------------------------------------------

  /** Puts a program into a memory of its own. @returns where it begins */
  load(image: Image, { executable, args, environment }: Omit<ProcessOptions, 'directory'>): Beginning {
    this.executable = executable
    this.args = args
    this.environment = environment
    const lowest = Math.min(...image.parts.map(part => part.address))
    this.use(this.kernel.newSpace(lowest - (lowest % WINDOW)))
    this.stackSize = this.#stackSize
    for (const { address, bytes, memorySize, protection } of image.parts) {
      this.space.add(address, address + memorySize, protection)
      this.memory.write(address, bytes.subarray(0, memorySize))
    }
    this.space.startBreak(Math.max(...image.parts.map(part => part.address + part.memorySize)))
    this.trampoline = this.space.end - PAGE
    this.space.protect(this.trampoline, PAGE, Prot.READ | Prot.EXEC)
    for (const [i, word] of TRAMPOLINE.entries()) this.memory.setWord(this.trampoline + WORD * i, word)
    const top = this.trampoline - PAGE
    const stack = Prot.READ | Prot.WRITE | (image.executableStack ? Prot.EXEC : 0)
    this.space.protect(top - this.stackSize, this.stackSize, stack)
    this.firstStack = this.#writeStack(top, { ...image, args, environment, fpu: this.kernel.cpu.fpu })
    return { pc: image.entry, sp: this.firstStack }
  }

  /** As much as the limit says, in pages, and as there is memory for. */
  get #stackSize(): number {
    const most = Math.min(Number(this.limit(Resource.STACK).current), this.ramSize >>> 2)
    return Math.max(LEAST_STACK, most - (most % PAGE))
  }

  #writeStack(top: number, start: Start): number {
    try {
      return writeStack(this.memory, top, start)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      throw new UserError(
        'arguments-too-long',
        `the program's arguments need more than its stack of ${this.stackSize} bytes`,
        'give it fewer or shorter "args", or the machine more "memory"',
      )
    }
  }

  // ---- what calls ask for -------------------------------------------------------------------------------------------

  /** A call is made. @param call the same, which could not go on before */
  beginCall(call: CallUnderWay | undefined): void {
    this.#call = call
    this.#progress = call?.progress ?? 0
  }

  /** Bytes that the call has dealt with. */
  get progress(): number {
    return this.#progress
  }

  set progress(progress: number) {
    this.#progress = progress
  }

  /** Why the call does not wait any more, if it has waited. */
  get woke(): Woke | undefined {
    return this.#call?.woke
  }

  /** The cycle until which the call waits, if it has waited for that. */
  get until(): number | undefined {
    return this.#call?.until
  }

  /**
   * Deals with `length` bytes in pieces, as far as this run's work allows; the call is made again for the rest, and what
   * it sees of its arguments is to be the same then. An error after the first piece ends it early, as Linux has it.
   * @param each deals with bytes from `from` on, up to `to`, and says how many; none when there are no more
   * @param perByte how much dearer than copying a byte is
   * @returns how many bytes were dealt with
   */
  inPieces(length: number, each: (from: number, to: number) => Result, perByte = 1): Result {
    // At least one: a run in which nothing gets on would be followed by another.
    for (let pieces = 0; this.#progress < length; pieces++) {
      if (pieces > 0 && this.work.over) return LATER
      const from = this.#progress
      const done = this.#piece(each, from, Math.min(length, from + PIECE))
      if (isWaiting(done)) return done
      this.work.charge(PIECE_WORK + (Math.max(0, done) * perByte) / BYTES_PER_UNIT)
      if (done < 0) return from > 0 ? from : done
      if (done === 0) return from
      this.#progress = from + done
    }
    return length
  }

  #piece(each: (from: number, to: number) => Result, from: number, to: number): Result {
    try {
      return each(from, to)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.work.charge(FAILURE)
      return -error.errno
    }
  }

  /** A byte of a sequence that is the same in every run. */
  random(): number {
    return this.kernel.random()
  }

  limit(resource: number): Limit {
    return this.limits.get(resource) ?? NO_LIMIT
  }

  /** The limit that holds, as a number. */
  mostOf(resource: number): number {
    return Number(this.limit(resource).current)
  }

  setLimits(limits: ResourceLimits): void {
    this.limits = limits
    this.descriptors.most = Number(this.limit(Resource.NOFILE).current)
  }

  /** It gets a signal for what its call has done. */
  raise(signal: number): void {
    this.kernel.signals.post(this.thread, fromUser(signal, this.pid))
  }

  /** Called with what it writes to its standard output (1) and standard error (2). */
  onOutput(stream: 1 | 2, bytes: Uint8Array): void {
    this.kernel.onOutput(stream, bytes)
  }

  // ---- its end ------------------------------------------------------------------------------------------------------

  /** Nothing of it is left but what its parent waits for. */
  ends(status: number): void {
    this.status = status
    this.descriptors.closeAll()
    this.timers = []
    this.pending = new PendingSignals()
  }

  /** Its children go without anybody waiting for them. */
  get reapsByItself(): boolean {
    const { handler, flags } = this.actions.of(Signal.SIGCHLD)
    return handler === SIG_IGN || (flags & SA_NOCLDWAIT) !== 0
  }

  /** What its parent is told. */
  childInfo(status: number): Info {
    const { code, value } = childCode(status)
    return { signal: Signal.SIGCHLD, code, fields: [this.pid, UID, value, 0, 0] }
  }

  forgetPending(signals: readonly number[]): void {
    this.pending.forget(signals)
    for (const thread of this.threads) thread.pending.forget(signals)
  }

  // ---- timers -------------------------------------------------------------------------------------------------------

  timer(id: number): Timer | undefined {
    return this.timers.find(timer => timer.id === id)
  }

  /** It, or nothing, instead of the timer that has its number. */
  setTimer(id: number, timer: Timer | undefined): void {
    const others = this.timers.filter(each => each.id !== id)
    this.timers = timer === undefined ? others : [...others, timer]
  }

  /** Sends the signals of those that have expired. */
  expireTimers(now: number): void {
    for (const timer of this.timers) {
      if (timer.at === undefined || timer.at > now) continue
      const late = timer.interval > 0 ? Math.floor((now - timer.at) / timer.interval) : 0
      const at = timer.interval > 0 ? beforeTheEnd(timer.at + (late + 1) * timer.interval) : undefined
      const info = infoOf(timer)
      const thread = this.threads.find(({ id }) => id === timer.thread)
      const isSent = this.pending.timer(timer.id) || thread?.pending.timer(timer.id) === true
      if (!isSent && timer.signal !== 0) this.kernel.signals.post(thread ?? this, info)
      this.setTimer(timer.id, { ...timer, at, missed: timer.missed + late + (isSent ? 1 : 0) })
    }
  }

  /** The signal of a timer tells how often it has expired since it was sent. */
  withOverruns(info: Info): Info {
    const timer = info.timer === undefined ? undefined : this.timer(info.timer)
    if (timer === undefined) return info
    this.setTimer(timer.id, { ...timer, overrun: timer.missed, missed: 0 })
    return timer.isPlain ? info : { ...info, fields: [timer.id, timer.missed, timer.value] }
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): ProcessState {
    const { args, environment } = this
    const { pid, parent, group, session, executable, stackSize, firstStack, trampoline, timers, status } = this
    const { isStopped, stoppedBy, isContinued, nice, limits } = this
    return {
      ...{ pid, parent, group, session, executable, stackSize, firstStack, trampoline, timers, status },
      ...{ isStopped, stoppedBy, isContinued, nice, limits, args, environment },
      space: status === undefined ? this.space.id : NO_SPACE,
      descriptors: this.descriptors.save(),
      actions: this.actions.save(),
      pending: this.pending.save(),
    }
  }

  restore(state: ProcessState): void {
    this.parent = state.parent
    this.group = state.group
    this.session = state.session
    this.executable = state.executable
    this.args = state.args
    this.environment = state.environment
    this.stackSize = state.stackSize
    this.firstStack = state.firstStack
    this.trampoline = state.trampoline
    this.timers = state.timers
    this.status = state.status
    this.isStopped = state.isStopped
    this.stoppedBy = state.stoppedBy
    this.isContinued = state.isContinued
    this.nice = state.nice
    this.threads = []
    if (state.status === undefined) this.use(this.kernel.space(state.space))
    this.descriptors.restore(state.descriptors)
    this.setLimits(state.limits)
    this.actions = new Actions(state.actions)
    this.pending = new PendingSignals(state.pending)
  }
}

/** Where a program begins. */
export interface Beginning {
  readonly pc: number
  readonly sp: number
}

/** Time stands still at its end, where nothing expires again. */
export const beforeTheEnd = (cycle: number): number | undefined => (cycle < LAST_CYCLE ? cycle : undefined)

/** In the status that wait tells. */
export const STOPPED = 0x7f
export const CONTINUED = 0xffff

/** `si_code` and `si_status` of SIGCHLD, from a status as wait tells it. */
export function childCode(status: number): { readonly code: number; readonly value: number } {
  if (status === CONTINUED) return { code: CLD.CONTINUED, value: Signal.SIGCONT }
  if ((status & 0xff) === STOPPED) return { code: CLD.STOPPED, value: status >> 8 }
  return (status & STOPPED) === 0
    ? { code: CLD.EXITED, value: status >> 8 }
    : { code: CLD.KILLED, value: status & STOPPED }
}

const infoOf = ({ id, signal, isPlain, value }: Timer): Info => ({
  signal,
  code: isPlain ? SI_KERNEL : SI_TIMER,
  fields: isPlain ? [] : [id, 0, value],
  timer: id,
})
