// No board at all: a core with RAM, whose kernel is outside the guest. For programs that only make system calls.

import { Bus, DcrSpace } from '../bus/bus.ts'
import { createEngine } from '../compiler/engines.ts'
import { Cpu } from '../cpu/cpu.ts'
import { type Board, type BoardOptions, PVR } from './bamboo.ts'

export function createHosted({ ramSize, core, cached, engine }: BoardOptions): Board {
  const cpu = new Cpu({
    ramSize,
    bus: new Bus(),
    dcr: new DcrSpace(),
    pvr: PVR[core],
    fpu: core === '440ep',
    hosted: true,
    cached,
    engine: cpu => createEngine(engine, cpu),
  })
  return { cpu, uarts: [], uics: [] }
}
