// A machine that can run a program: a board, a virtual CPU on its core, and a program in its RAM. A Linux executable
// gets no board but a process, whose kernel is ours.

import { buildBoard } from '../boards/build.ts'
import { BAMBOO } from '../boards/builtIn.ts'
import type { Core } from '../boards/cores.ts'
import type { BoardDescription } from '../boards/description.ts'
import { createHosted } from '../boards/hosted.ts'
import type { Stateful } from '../bus/device.ts'
import type { EngineName } from '../compiler/engines.ts'
import type { Cpu } from '../cpu/cpu.ts'
import type { CpuExit } from '../cpu/exits.ts'
import { Clock } from '../cpu/state.ts'
import type { SerialPort } from '../devices/serialPort.ts'
import type { ElfFile, Segment } from '../elf/types.ts'
import { variants } from '../isa/decode.ts'
import { KVM_RUN, type KvmRun, type KvmRunRequest } from '../kvm/abi.ts'
import { KvmVcpu } from '../kvm/vcpu.ts'
import type { KernelExit } from '../linux/host.ts'
import { Kernel } from '../linux/kernel.ts'
import type { Process, ProcessOptions } from '../linux/process.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import { applyInput, type Input, type InputEvent, sizeOf } from './inputs.ts'
import { KeptFlash } from './keptFlash.ts'
import { applyKernelBoot, type KernelFiles } from './kernelBoot.ts'
import { applyBootState, applyColdReset } from './launchState.ts'
import { pokeMemory } from './memory.ts'
import { momentOf } from './moment.ts'
import { imageIn, imageOf } from './process.ts'
import { writeRegister } from './registers.ts'
import { type FirstState, firstStateOf, type ResetParts, restart } from './restart.ts'

export type { ProcessOptions } from '../linux/process.ts'

export interface MachineOptions {
  /** What is around the core; the bamboo where nothing is said. A process has none of it. */
  readonly board?: BoardDescription
  /** Bytes of RAM from real address 0. */
  readonly ramSize: number
  readonly core: Core
  /** `boot`: as a boot loader leaves the machine; `cold`: as the reset line does. */
  readonly reset: 'boot' | 'cold'
  /** What a reset by the program does: `end`: the run ends; `restart`: the board starts again, which wants `reset: 'cold'`. */
  readonly onReset?: 'end' | 'restart'
  /** As exact as the part where that hinders programs: changed code needs icbi, a cold reset has one translation. */
  readonly strict?: boolean
  /** What executes the instructions; `auto` where nothing is said. */
  readonly engine?: EngineName
  /** The program is a kernel, which gets these. */
  readonly kernel?: KernelFiles
  /** The program is a Linux executable, which runs as this process. */
  readonly process?: ProcessOptions
}

/** Why a run returned: the core's reasons and the kernel's, who keeps the interrupts of a hosted core to itself. */
export type MachineExit = Exclude<CpuExit, { kind: 'kernel' }> | KernelExit

export interface MachineRun extends Omit<KvmRun, 'core'> {
  readonly core: MachineExit
}

export interface MachineRunRequest extends KvmRunRequest {
  /** What the kernel of a process may do at most, as instructions would count; otherwise as much as the program itself. */
  readonly work?: number
  /** Ends when another thread goes on than before, or one whose system call was waiting. */
  readonly stopAtSwitch?: boolean
  /** Linux signals before whose delivery the run ends. */
  readonly stopBeforeSignals?: ReadonlySet<number>
  /** Ends at the first instruction of a signal's handler. */
  readonly stopAtHandler?: boolean
}

/** Bytes of inputs that are kept in any case. */
const LEAST_LOG = 16 << 20

/** A single instruction, too, may need pages and a system call. */
const LEAST_WORK = 40_000

/** Hears of what goes into the log of inputs. */
export interface Recorder {
  /** Something is about to arrive from outside. */
  beforeInput(): void
  /** The log was full, and holds only what has arrived last. */
  logBegunAnew(): void
}

export class Machine {
  readonly options: MachineOptions
  readonly cpu: Cpu
  readonly vcpu: KvmVcpu
  readonly uarts: readonly SerialPort[]
  /** What of the board a snapshot takes along, by name. */
  readonly devices: ReadonlyMap<string, Stateful<unknown>>
  /** The kernel of Linux processes, if the program is one. */
  readonly linux: Kernel | undefined
  /** Flash of the board that is kept in files. */
  readonly keptFlash: KeptFlash | undefined
  /** Everything that came from outside so far. The program and this log give the same run again, if it `isLogWhole`. */
  readonly inputs: Input[] = []
  /** False once the log had taken as much memory as the machine has, and was begun anew. */
  isLogWhole = true
  /** Who keeps a history of it. */
  recorder: Recorder | undefined
  #logged = 0
  /** Where a reset starts the machine again; absent: it ends the run. */
  readonly #first: FirstState | undefined

  constructor(options: MachineOptions, program: ElfFile) {
    // The decoder's tables are built now: no pause of the running program waits for them.
    variants()
    this.options = options
    const { ramSize, core, board = BAMBOO } = options
    const boardOptions = { ramSize, core, cached: options.strict === true, engine: options.engine ?? 'auto' } as const
    const cold = options.reset === 'cold'
    const { cpu, uarts, devices } = options.process
      ? createHosted(boardOptions)
      : buildBoard(board, { ...boardOptions, cold })
    this.cpu = cpu
    this.uarts = uarts
    this.devices = devices
    this.vcpu = new KvmVcpu(cpu)
    if (cpu.engine.remark !== undefined) this.vcpu.log.push(cpu.engine.remark)
    if (options.process !== undefined) {
      this.linux = new Kernel(cpu, imageOf(program, ramSize), options.process, bytes => imageIn(bytes, ramSize))
      return
    }
    this.keptFlash = KeptFlash.of(board, cpu)
    load(cpu, program)
    if (options.reset === 'cold') applyColdReset(cpu, options.strict === true)
    else applyBootState(cpu, realEntry(program))
    if (options.kernel !== undefined) applyKernelBoot(cpu, options.kernel, board.clock)
    if (options.onReset === 'restart' && cold) this.#first = firstStateOf(this.#resetParts)
  }

  /** The Linux process whose thread is on the core. */
  get process(): Process | undefined {
    return this.linux?.current.process
  }

  /** Instructions executed since the machine was switched on. */
  get retired(): number {
    return this.cpu.state.clock[Clock.RETIRED]
  }

  /** One KVM_RUN; for processes as many as their system calls and their turns make of it. */
  run({ work, stopAtSwitch, stopBeforeSignals, stopAtHandler, ...request }: MachineRunRequest): MachineRun {
    const { linux } = this
    const { budget, horizon = Number.POSITIVE_INFINITY } = request
    const limits = { end: this.retired + budget, horizon, stopAtSwitch, stopBeforeSignals, stopAtHandler }
    const { run } = this.vcpu
    run.reported = request.reported ?? []
    linux?.work.allow(work ?? Math.max(budget, LEAST_WORK))
    let core: MachineExit | undefined = linux?.proceed(limits)
    for (let goesOn = false; core === undefined; goesOn = true) {
      const left = linux?.limits(limits) ?? { budget: limits.end - this.retired, horizon }
      const reason = this.#kvmRun({ ...request, ...left, reported: run.reported, goesOn })
      if (reason.kind === 'reset' && this.#first !== undefined) restart(this.#resetParts, reason, this.#first)
      else if (reason.kind === 'kernel') core = linux!.serve(reason.ivor) ?? linux!.proceed(limits, true)
      else core = reason.kind === 'budget' && linux?.isDue === true ? linux.proceed(limits) : reason
    }
    return { ...this.vcpu.run, core }
  }

  get #resetParts(): ResetParts {
    return { cpu: this.cpu, devices: this.devices, strict: this.options.strict === true }
  }

  #kvmRun(request: KvmRunRequest): CpuExit {
    this.vcpu.run.request = request
    this.vcpu.ioctl(KVM_RUN)
    return this.vcpu.run.core!
  }

  /** Bytes typed into a UART. */
  uartInput(uart: number, data: ArrayLike<number>): void {
    this.accept({ kind: 'uart', uart, data })
  }

  /** A debugger's write to RAM. @returns false, with nothing written, where some of it is not RAM. */
  poke(ea: number, bytes: Uint8Array): boolean {
    this.#log({ kind: 'memory', ea, data: bytes.slice() })
    this.linux?.prepareWrite(ea, bytes.length)
    return pokeMemory(this.cpu, ea, bytes)
  }

  /** A debugger's write to a register. @returns false when there is none of that name, or it must not be written. */
  setRegister(name: string, value: number): boolean {
    this.#log({ kind: 'register', name, value })
    return writeRegister(this.vcpu, name, value)
  }

  /** Something arrives from outside, between two runs: it is logged, and takes effect. */
  accept(event: InputEvent): void {
    this.#log(event)
    applyInput(this, event)
  }

  /** Something that is in the log already arrives again. */
  repeat(event: InputEvent & { readonly thread?: number }): void {
    if (this.linux === undefined) applyInput(this, event)
    else this.linux.inThread(event.thread, () => applyInput(this, event))
  }

  #log(event: InputEvent): void {
    this.recorder?.beforeInput()
    this.#logged += sizeOf(event)
    const isFull = this.#logged > Math.max(this.cpu.state.ramBytes.length, LEAST_LOG)
    if (isFull) {
      this.inputs.length = 0
      this.#logged = 0
      this.isLogWhole = false
    }
    const thread = this.linux?.lookedAt
    this.inputs.push({ ...event, ...momentOf(this), ...(thread !== undefined && { thread }) })
    if (isFull) this.recorder?.logBegunAnew()
  }
}

const loadable = (program: ElfFile): readonly Segment[] => program.segments.filter(segment => segment.memsz > 0)

/** Copies every PT_LOAD segment to its physical address, in RAM or in a ROM. */
function load(cpu: Cpu, program: ElfFile): void {
  const { ramBytes, real } = cpu.state
  for (const segment of loadable(program)) {
    const place = real.placeOfLow(segment.paddr)
    if (place >= real.size || place + segment.memsz > real.around(place).end)
      throw new UserError(
        'program-outside-ram',
        `the program has a segment at ${hex32(segment.paddr)}-${hex32(segment.paddr + segment.memsz)}, but RAM ends at ${hex32(real.ramSize)}`,
        'link it lower, give the machine more RAM with "memory", or a board that has a ROM there (docs/boards.md); a ROM that is there after a cold reset only wants "reset": "cold"',
      )
    ramBytes.set(program.segmentContents(segment), place)
    cpu.written(place, segment.memsz)
  }
}

/** The entry as an address the launch state maps: a kernel linked at 0xC0000000 and loaded at 0 starts at 0. */
function realEntry(program: ElfFile): number {
  const { entry } = program.header
  const segment = loadable(program).find(s => entry >= s.vaddr && entry < s.vaddr + s.memsz)
  return segment === undefined ? entry : entry - segment.vaddr + segment.paddr
}
