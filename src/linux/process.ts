// A Linux process on a core whose kernel this is (`CpuOptions.hosted`): system calls, page faults and signals of one
// static executable. What the kernel of a real board would do for it, as far as one thread without devices can tell.

import type { Cpu } from '../cpu/cpu.ts'
import { Word } from '../cpu/state.ts'
import { Ivor } from '../isa/interrupts.ts'
import { ESR_FP, ESR_PTR, MSR_CE, MSR_DE, MSR_EE, MSR_FP, MSR_ME, MSR_PR, Spr } from '../isa/registers.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import { Errno, PAGE, Prot, Signal } from './abi.ts'
import { AddressSpace, type AddressSpaceState } from './addressSpace.ts'
import { isWaiting, LATER, type Result } from './calls/call.ts'
import { absent, calls } from './calls/index.ts'
import { Descriptors, type DescriptorsState } from './descriptors.ts'
import { emulateInstruction } from './emulate.ts'
import { FileSystem, type FileSystemState } from './fileSystem.ts'
import type { HostAnswer, ProcessExit } from './host.ts'
import { CallError, UserMemory } from './memory.ts'
import { RT_SIGRETURN, TRAMPOLINE } from './signalFrame.ts'
import { Signals, type SignalsState } from './signals.ts'
import { type Start, writeStack } from './stack.ts'
import { BYTES_PER_UNIT, FAILURE, SERVICE, Work } from './work.ts'

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
  /** Absolute path; nothing outside it exists for the program. */
  readonly directory: string
}

/** All that neither memory nor registers hold, as plain data. */
export interface ProcessState {
  readonly space: AddressSpaceState
  readonly fileSystem: FileSystemState
  readonly descriptors: DescriptorsState
  readonly signals: SignalsState
  readonly seed: number
  readonly waiting: readonly CallUnderWay[]
  readonly progress: number
}

/**
 * A system call that lacks something from the host, or time: it is made again when the process runs on from there. A
 * debugger may have it run from elsewhere first, as gdb does that calls a function.
 */
interface CallUnderWay {
  readonly pc: number
  readonly sp: number
  readonly progress: number
}

/** Largest page of the TLB entries that are used: the window begins at a multiple of it. */
const WINDOW = 16 << 20
const STACK = 8 << 20
const SUMMARY_OVERFLOW = 1
const MOST_ERRNO = 4095
/** Calls within functions that a debugger calls within others: more are no person's. */
const MOST_WAITING = 16
/** Linux has no call with a higher number, so a program cannot make us say more sentences than that. */
const NUMBERS = 512
/** Bytes of one piece of a call that goes through much memory. */
const PIECE = 64 << 10
/** Beside its bytes. */
const PIECE_WORK = 30

const SIGNAL_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(Signal).map(([name, number]) => [number, name]),
)
const SEGV_MAPERR = 1
const SEGV_ACCERR = 2
const ILL_ILLOPC = 1
const TRAP_BRKPT = 1
const BUS_ADRALN = 1
const BUS_ADRERR = 2
const FPE_FLTINV = 7

export class Process {
  readonly space: AddressSpace
  readonly memory: UserMemory
  readonly fileSystem: FileSystem
  readonly descriptors: Descriptors
  readonly signals: Signals
  readonly work = new Work()
  /** Absolute path of the program. */
  readonly executable: string
  readonly stackSize: number
  /** r1 at the first instruction, where the number of arguments stands. */
  firstStack = 0
  /** Called with what the program writes to its standard output (1) and standard error (2). */
  onOutput: (stream: 1 | 2, bytes: Uint8Array) => void = () => {}

  readonly #cpu: Cpu
  /** State of the generator behind getrandom. */
  #seed = 440
  /** The last one is the innermost. */
  #waiting: readonly CallUnderWay[] = []
  /** Bytes that the call under way has dealt with. */
  #progress = 0
  #ended: number | undefined

  constructor(cpu: Cpu, image: Image, options: ProcessOptions) {
    this.#cpu = cpu
    const lowest = Math.min(...image.parts.map(part => part.address))
    this.space = new AddressSpace(cpu, lowest - (lowest % WINDOW), this.work)
    this.memory = new UserMemory(this.space)
    this.fileSystem = new FileSystem(options.directory, this.ramSize, this.work)
    this.descriptors = Descriptors.standard(this.fileSystem, options.directory)
    this.executable = options.executable
    this.stackSize = Math.min(STACK, this.ramSize >>> 2)
    const trampoline = this.space.end - PAGE
    this.signals = new Signals(cpu, this.memory, trampoline)
    this.#load(image, options, trampoline)
  }

  get ramSize(): number {
    return this.#cpu.state.ramBytes.length
  }

  /** Cycles since the start. */
  get now(): number {
    return this.#cpu.now
  }

  #load(image: Image, { args, environment }: ProcessOptions, trampoline: number): void {
    for (const { address, bytes, memorySize, protection } of image.parts) {
      this.space.add(address, address + memorySize, protection)
      this.memory.bytes(address, memorySize).set(bytes.subarray(0, memorySize))
    }
    this.space.startBreak(Math.max(...image.parts.map(part => part.address + part.memorySize)))
    this.space.protect(trampoline, PAGE, Prot.READ | Prot.EXEC)
    for (const [i, word] of TRAMPOLINE.entries()) this.memory.setWord(trampoline + 4 * i, word)
    const top = trampoline - PAGE
    const stack = Prot.READ | Prot.WRITE | (image.executableStack ? Prot.EXEC : 0)
    this.space.protect(top - this.stackSize, this.stackSize, stack)
    const { state, fpu } = this.#cpu
    this.firstStack = this.#writeStack(top, { ...image, args, environment, fpu })
    state.gpr[1] = this.firstStack
    state.words[Word.MSR] = MSR_PR | MSR_CE | MSR_EE | MSR_ME | MSR_DE | (fpu ? MSR_FP : 0)
    this.#cpu.pc = image.entry
    this.#cpu.stateChanged()
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

  // ---- running ------------------------------------------------------------------------------------------------------

  /** A system call has begun and is not at its end: the next run goes on with it. How far it got, in bytes. */
  get callUnderWay(): { readonly progress: number } | undefined {
    return this.#waitingHere
  }

  get #waitingHere(): CallUnderWay | undefined {
    const last = this.#waiting.at(-1)
    return last?.pc === this.#cpu.pc >>> 0 && last.sp === this.#cpu.state.gpr[1] >>> 0 ? last : undefined
  }

  get progress(): number {
    return this.#progress
  }

  /** Before the core runs on: a call that was waiting is made again. */
  resume(): ProcessExit | OutOfTime | undefined {
    if (this.#ended !== undefined) return { kind: 'exit', status: this.#ended }
    const waiting = this.#waitingHere
    if (waiting === undefined) return undefined
    this.#waiting = this.#waiting.slice(0, -1)
    this.#progress = waiting.progress
    return this.#systemCall()
  }

  /** Serves the interrupt with which the core has left `run`. @returns why the process cannot go on, if it cannot. */
  serve(ivor: number): ProcessExit | OutOfTime | undefined {
    const { spr, words } = this.#cpu.state
    this.work.charge(SERVICE)
    const pc = words[Word.PC]
    switch (ivor) {
      case Ivor.SYSTEM_CALL:
        this.#progress = 0
        return this.#systemCall()
      case Ivor.DATA_TLB_ERROR:
        return this.space.refill(spr[Spr.DEAR] >>> 0)
          ? undefined
          : this.#fault(Signal.SIGSEGV, SEGV_MAPERR, spr[Spr.DEAR])
      case Ivor.INSTRUCTION_TLB_ERROR:
        return this.space.refill(pc >>> 0) ? undefined : this.#fault(Signal.SIGSEGV, SEGV_MAPERR, pc)
      case Ivor.DATA_STORAGE:
        return this.#fault(Signal.SIGSEGV, SEGV_ACCERR, spr[Spr.DEAR])
      case Ivor.INSTRUCTION_STORAGE:
        return this.#fault(Signal.SIGSEGV, SEGV_ACCERR, pc)
      case Ivor.ALIGNMENT:
        return this.#fault(Signal.SIGBUS, BUS_ADRALN, spr[Spr.DEAR])
      case Ivor.PROGRAM:
        return this.#program(spr[Spr.ESR], pc)
      case Ivor.MACHINE_CHECK:
        return this.#fault(Signal.SIGBUS, BUS_ADRERR, pc)
      default:
        return this.#fault(Signal.SIGILL, ILL_ILLOPC, pc)
    }
  }

  #program(esr: number, pc: number): ProcessExit | undefined {
    if ((esr & ESR_PTR) !== 0) return this.#fault(Signal.SIGTRAP, TRAP_BRKPT, pc)
    if ((esr & ESR_FP) !== 0) return this.#fault(Signal.SIGFPE, FPE_FLTINV, pc)
    if (emulateInstruction(this.#cpu, this.memory.word(pc))) return undefined
    return this.#fault(Signal.SIGILL, ILL_ILLOPC, pc)
  }

  #fault(signal: number, code: number, address: number): ProcessExit | undefined {
    const killer = this.signals.fault(signal, { code, address })
    return killer === undefined ? undefined : this.#killed(killer, `, address ${hex32(address)}`)
  }

  #killed(signal: number, detail = ''): ProcessExit {
    const name = SIGNAL_NAMES[signal] ?? `signal ${signal}`
    return { kind: 'signal', signal, text: `the program was ended by ${name}${detail}` }
  }

  /** r0 is the number, r3 to r8 the arguments; r3 the result, with CR0[SO] set and a positive errno for a failure. */
  #systemCall(): ProcessExit | OutOfTime | undefined {
    const { gpr, cr } = this.#cpu.state
    const number = gpr[0]
    const result = this.#call(number, gpr.slice(3, 9))
    if (this.#ended !== undefined) return { kind: 'exit', status: this.#ended }
    if (isWaiting(result)) {
      const waiting = { pc: this.#cpu.pc >>> 0, sp: gpr[1] >>> 0, progress: this.#progress }
      this.#waiting = [...this.#waiting, waiting].slice(-MOST_WAITING)
      return result.wants === 'time' ? OUT_OF_TIME : { kind: 'wants', request: result }
    }
    const failed = result < 0 && result >= -MOST_ERRNO
    if (number !== RT_SIGRETURN) {
      gpr[3] = failed ? -result : result
      cr[0] = failed ? cr[0] | SUMMARY_OVERFLOW : cr[0] & ~SUMMARY_OVERFLOW
    } else if (failed) {
      return this.#fault(Signal.SIGSEGV, SEGV_MAPERR, gpr[1])
    }
    const fatal = this.signals.deliverPending()
    return fatal === undefined ? undefined : this.#killed(fatal)
  }

  #call(number: number, args: Int32Array): Result {
    const call = calls[number]
    if (call === undefined) {
      const name = absent[number]
      const which = number >= 0 && number < NUMBERS ? `${number}${name ? ` (${name})` : ''}` : `beyond ${NUMBERS}`
      this.#cpu.diagnoseOnce(`system call ${which} does not exist here: ENOSYS`)
      return -Errno.ENOSYS
    }
    try {
      return call[1](this, ...args)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.work.charge(FAILURE)
      return -error.errno
    }
  }

  // ---- what calls ask for -------------------------------------------------------------------------------------------

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

  end(status: number): number {
    this.#ended = status
    return 0
  }

  /** Lets time pass in which nothing happens. */
  skip(cycles: number): void {
    this.#cpu.skip(cycles)
  }

  /** A byte of a linear congruential sequence: the same in every run. */
  random(): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) | 0
    return this.#seed >>> 24
  }

  // ---- what comes from the host -------------------------------------------------------------------------------------

  /** The answer to a request about files. */
  provide(answer: HostAnswer): void {
    this.fileSystem.answers.add(answer)
  }

  /** Bytes typed on standard input. */
  type(bytes: ArrayLike<number>): void {
    this.fileSystem.input.add(bytes)
  }

  endInput(): void {
    this.fileSystem.inputEnded = true
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): ProcessState {
    return {
      space: this.space.save(),
      fileSystem: this.fileSystem.save(),
      descriptors: this.descriptors.save(),
      signals: this.signals.save(),
      seed: this.#seed,
      waiting: this.#waiting,
      progress: this.#progress,
    }
  }

  restore(state: ProcessState): void {
    this.space.restore(state.space)
    this.fileSystem.restore(state.fileSystem)
    this.descriptors.restore(state.descriptors)
    this.signals.restore(state.signals)
    this.#seed = state.seed
    this.#waiting = state.waiting
    this.#progress = state.progress
    this.#ended = undefined
  }
}

/** The work that this run may do is done. */
interface OutOfTime {
  readonly kind: 'budget'
}
const OUT_OF_TIME: OutOfTime = { kind: 'budget' }
