// No board at all: a core with RAM, whose kernel is outside the guest. For programs that only make system calls.

import { Bus, DcrSpace } from '../bus/bus.ts'
import { Cpu } from '../cpu/cpu.ts'
import { type Board, type Core, PVR } from './bamboo.ts'

export function createHosted(ramSize: number, core: Core, cached: boolean): Board {
  const cpu = new Cpu({
    ramSize,
    bus: new Bus(),
    dcr: new DcrSpace(),
    pvr: PVR[core],
    fpu: core === '440ep',
    hosted: true,
    cached,
  })
  return { cpu, uarts: [], uics: [] }
}
