// A machine that can run a program: a board, a virtual CPU on its core, and a program in its RAM.

import { type Core, createBamboo } from '../boards/bamboo.ts'
import type { Cpu } from '../cpu/cpu.ts'
import { Clock } from '../cpu/state.ts'
import type { Uart16550 } from '../devices/uart16550.ts'
import { type ElfFile, PT_LOAD, type Segment } from '../elf/types.ts'
import { KVM_RUN, type KvmRun } from '../kvm/abi.ts'
import { KvmVcpu } from '../kvm/vcpu.ts'
import { hex32 } from '../util/hex.ts'
import { UserError } from '../util/userError.ts'
import { applyBootState, applyColdReset } from './launchState.ts'

export interface MachineOptions {
  /** Bytes of RAM from real address 0. */
  readonly ramSize: number
  readonly core: Core
  /** `boot`: as a boot loader leaves the machine; `cold`: as the reset line does. */
  readonly reset: 'boot' | 'cold'
}

/** An input from outside the guest's world, and the cycle at which it arrived: enough to repeat a run exactly. */
export type Input = {
  readonly at: number
  readonly kind: 'uart'
  readonly uart: number
  readonly data: readonly number[]
}

export class Machine {
  readonly cpu: Cpu
  readonly vcpu: KvmVcpu
  readonly uarts: readonly Uart16550[]
  /** Everything that came from outside so far. The program and this log give the same run again. */
  readonly inputs: Input[] = []

  constructor(options: MachineOptions, program: ElfFile) {
    const { cpu, uarts } = createBamboo(options.ramSize, options.core)
    this.cpu = cpu
    this.uarts = uarts
    this.vcpu = new KvmVcpu(cpu)
    load(cpu, program)
    if (options.reset === 'cold') applyColdReset(cpu)
    else applyBootState(cpu, realEntry(program))
  }

  /** Instructions executed since the machine was switched on. */
  get retired(): number {
    return this.cpu.state.clock[Clock.RETIRED]
  }

  /** One KVM_RUN of at most `budget` instructions. */
  run(budget: number): KvmRun {
    this.vcpu.run.budget = budget
    this.vcpu.ioctl(KVM_RUN)
    return this.vcpu.run
  }

  /** Bytes typed into a UART. */
  uartInput(uart: number, data: readonly number[]): void {
    this.inputs.push({ at: this.cpu.now, kind: 'uart', uart, data })
    this.uarts[uart]?.receive(data)
  }
}

const loadable = (program: ElfFile): readonly Segment[] =>
  program.segments.filter(segment => segment.type === PT_LOAD && segment.memsz > 0)

/** Copies every PT_LOAD segment to its physical address. */
function load(cpu: Cpu, program: ElfFile): void {
  const { ramBytes } = cpu.state
  for (const segment of loadable(program)) {
    if (segment.paddr + segment.memsz > ramBytes.length)
      throw new UserError(
        'program-outside-ram',
        `the program has a segment at ${hex32(segment.paddr)}-${hex32(segment.paddr + segment.memsz)}, but RAM ends at ${hex32(ramBytes.length)}`,
        'link it lower, or give the machine more RAM with "memory"',
      )
    ramBytes.set(program.segmentContents(segment), segment.paddr)
  }
}

/** The entry as an address the launch state maps: a kernel linked at 0xC0000000 and loaded at 0 starts at 0. */
function realEntry(program: ElfFile): number {
  const { entry } = program.header
  const segment = loadable(program).find(s => entry >= s.vaddr && entry < s.vaddr + s.memsz)
  return segment === undefined ? entry : entry - segment.vaddr + segment.paddr
}
