// A Linux process on a core whose kernel this is (`CpuOptions.hosted`): system calls, page faults and signals of one
// static executable. What the kernel of a real board would do for it, as far as one thread without devices can tell.

import type { Cpu } from '../cpu/cpu.ts'
import { Word } from '../cpu/state.ts'
import { Ivor } from '../isa/interrupts.ts'
import { ESR_FP, ESR_PTR, MSR_CE, MSR_DE, MSR_EE, MSR_FP, MSR_ME, MSR_PR, Spr } from '../isa/registers.ts'
import { hex32 } from '../util/hex.ts'
import { Errno, PAGE, Prot, Signal } from './abi.ts'
import { AddressSpace, type AddressSpaceState } from './addressSpace.ts'
import { isRequest } from './calls/call.ts'
import { absent, calls } from './calls/index.ts'
import { emulateInstruction } from './emulate.ts'
import { Files, type FilesState } from './files.ts'
import type { HostEntry, ProcessExit } from './host.ts'
import { BadAddress, Memory } from './memory.ts'
import { Signals, type SignalsState } from './signals.ts'
import { writeStack } from './stack.ts'

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
  readonly files: FilesState
  readonly signals: SignalsState
  readonly seed: number
  readonly waiting: boolean
}

/** Largest page of the TLB entries that are used: the window begins at a multiple of it. */
const WINDOW = 16 << 20
const STACK = 8 << 20
/** `li r0, 172; sc`: rt_sigreturn. */
const SIGRETURN = [0x380000ac, 0x44000002]
const SUMMARY_OVERFLOW = 1
const MOST_ERRNO = 4095

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
  readonly memory: Memory
  readonly files: Files
  readonly signals: Signals
  /** Absolute path of the program. */
  readonly executable: string
  readonly stackSize: number
  /** Called with what the program writes to its standard output (1) and standard error (2). */
  onOutput: (stream: 1 | 2, bytes: Uint8Array) => void = () => {}

  readonly #cpu: Cpu
  /** State of the generator behind getrandom. */
  #seed = 440
  /** The system call under way lacks something from the host; it is made again when the process runs on. */
  #waiting = false
  #ended: number | undefined

  constructor(cpu: Cpu, image: Image, options: ProcessOptions) {
    this.#cpu = cpu
    const lowest = Math.min(...image.parts.map(part => part.address))
    this.space = new AddressSpace(cpu, lowest - (lowest % WINDOW))
    this.memory = new Memory(cpu, this.space)
    this.files = new Files(options.directory)
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
      this.memory.bytes(address, bytes.length).set(bytes)
    }
    this.space.startBreak(Math.max(...image.parts.map(part => part.address + part.memorySize)))
    this.space.map(trampoline, PAGE, Prot.READ | Prot.EXEC)
    for (const [i, word] of SIGRETURN.entries()) this.memory.setWord(trampoline + 4 * i, word)
    const top = trampoline - PAGE
    const stack = Prot.READ | Prot.WRITE | (image.executableStack ? Prot.EXEC : 0)
    this.space.map(top - this.stackSize, this.stackSize, stack)
    const { state, fpu } = this.#cpu
    state.gpr[1] = writeStack(this.memory, top, { ...image, args, environment, fpu })
    state.words[Word.MSR] = MSR_PR | MSR_CE | MSR_EE | MSR_ME | MSR_DE | (fpu ? MSR_FP : 0)
    this.#cpu.pc = image.entry
    this.#cpu.stateChanged()
  }

  // ---- running ------------------------------------------------------------------------------------------------------

  /** Before the core runs on: a call that was waiting is made again. */
  resume(): ProcessExit | undefined {
    if (this.#ended !== undefined) return { kind: 'exit', status: this.#ended }
    return this.#waiting ? this.#systemCall() : undefined
  }

  /** Serves the interrupt with which the core has left `run`. @returns why the process cannot go on, if it cannot. */
  serve(ivor: number): ProcessExit | undefined {
    const { spr, words } = this.#cpu.state
    const pc = words[Word.PC]
    switch (ivor) {
      case Ivor.SYSTEM_CALL:
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
    try {
      if (this.signals.fault(signal, { code, address })) return undefined
    } catch (error) {
      // There is no stack to put the handler's frame on.
      if (!(error instanceof BadAddress)) throw error
    }
    return this.#killed(signal, `, address ${hex32(address)}`)
  }

  #killed(signal: number, detail = ''): ProcessExit {
    const name = SIGNAL_NAMES[signal] ?? `signal ${signal}`
    return { kind: 'signal', signal, text: `the program was ended by ${name}${detail}` }
  }

  /** r0 is the number, r3 to r8 the arguments; r3 the result, with CR0[SO] set and a positive errno for a failure. */
  #systemCall(): ProcessExit | undefined {
    const { gpr, cr } = this.#cpu.state
    const number = gpr[0]
    this.#waiting = false
    const result = this.#call(number, gpr.slice(3, 9))
    if (this.#ended !== undefined) return { kind: 'exit', status: this.#ended }
    if (isRequest(result)) {
      this.#waiting = true
      return { kind: 'wants', request: result }
    }
    if (number !== RT_SIGRETURN) {
      const failed = result < 0 && result >= -MOST_ERRNO
      gpr[3] = failed ? -result : result
      cr[0] = failed ? cr[0] | SUMMARY_OVERFLOW : cr[0] & ~SUMMARY_OVERFLOW
    }
    const fatal = this.signals.deliverPending()
    return fatal === undefined ? undefined : this.#killed(fatal)
  }

  #call(number: number, args: Int32Array) {
    const call = calls[number]
    if (call === undefined) {
      const name = absent[number]
      this.#cpu.diagnoseOnce(`system call ${number}${name ? ` (${name})` : ''} does not exist here: ENOSYS`)
      return -Errno.ENOSYS
    }
    try {
      return call[1](this, ...args)
    } catch (error) {
      if (!(error instanceof BadAddress)) throw error
      return -Errno.EFAULT
    }
  }

  // ---- what calls ask for -------------------------------------------------------------------------------------------

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

  /** The answer to a request for a path. */
  provide(path: string, entry: HostEntry): void {
    this.files.provide(path, entry)
  }

  /** Bytes typed on standard input. */
  type(bytes: readonly number[]): void {
    this.files.type(bytes)
  }

  endInput(): void {
    this.files.endInput()
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): ProcessState {
    return {
      space: this.space.save(),
      files: this.files.save(),
      signals: this.signals.save(),
      seed: this.#seed,
      waiting: this.#waiting,
    }
  }

  restore(state: ProcessState): void {
    this.space.restore(state.space)
    this.files.restore(state.files)
    this.signals.restore(state.signals)
    this.#seed = state.seed
    this.#waiting = state.waiting
    this.#ended = undefined
  }
}

const RT_SIGRETURN = 172
