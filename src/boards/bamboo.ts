// The 440EP reference board: which devices sit where, and which interrupt source each drives. Nothing else.

import { Bus, DcrSpace } from '../bus/bus.ts'
import { createEngine, type EngineName } from '../compiler/engines.ts'
import { Cpu } from '../cpu/cpu.ts'
import { Uart16550 } from '../devices/uart16550.ts'
import { Uic } from '../devices/uic.ts'

export interface Board {
  readonly cpu: Cpu
  readonly uarts: readonly Uart16550[]
  readonly uics: readonly Uic[]
}

/** PVR of the 440EP Rev. B, and of a 440GP, which has no floating-point unit. */
export const PVR = { '440ep': 0x422218d3, '440-nofpu': 0x40120481 } as const

export type Core = keyof typeof PVR

const UARTS = [
  { name: 'UART0', base: 0xef600300, source: 0 },
  { name: 'UART1', base: 0xef600400, source: 1 },
]
/** UIC1 is cascaded: its outputs, non-critical and critical, are sources of UIC0. */
const UIC1_OUTPUT = 30
const UIC1_CRITICAL = 31
const UIC0_SOURCES = {
  ...Object.fromEntries(UARTS.map(({ name, source }) => [source, name])),
  ...{ [UIC1_OUTPUT]: 'UIC1', [UIC1_CRITICAL]: 'UIC1C' },
}
const UIC0_DCR = 0x0c0
const UIC1_DCR = 0x0d0

export interface BoardOptions {
  /** Bytes of RAM from real address 0. */
  readonly ramSize: number
  readonly core: Core
  /** See `CpuOptions.cached`. */
  readonly cached: boolean
  readonly engine: EngineName
}

export function createBamboo({ ramSize, core, cached, engine }: BoardOptions): Board {
  const bus = new Bus()
  const dcr = new DcrSpace()
  const cpu = new Cpu({
    ramSize,
    bus,
    dcr,
    pvr: PVR[core],
    fpu: core === '440ep',
    cached,
    engine: cpu => createEngine(engine, cpu),
  })
  const uic0 = new Uic('UIC0', UIC0_DCR, UIC0_SOURCES)
  const uic1 = new Uic('UIC1', UIC1_DCR)
  dcr.map(uic0)
  dcr.map(uic1)
  uic1.onOutput = (external, critical) => {
    uic0.setInput(UIC1_OUTPUT, external)
    uic0.setInput(UIC1_CRITICAL, critical)
  }
  uic0.onOutput = (external, critical) => {
    cpu.lines.external = external
    cpu.lines.critical = critical
    cpu.lines.possible = UARTS.some(({ source }, n) => uarts[n]?.listens && uic0.enables(source))
    cpu.inputsChanged()
  }
  const uarts: readonly Uart16550[] = UARTS.map(({ name, base, source }) => {
    const uart = new Uart16550(name)
    uart.onInterrupt = level => uic0.setInput(source, level)
    bus.map(base, uart)
    return uart
  })
  return { cpu, uarts, uics: [uic0, uic1] }
}
