// A reset after which the board starts again from its ROM, as it does with power on but for what outlasts a reset: RAM, general
// purpose registers, the time base, and parts that hold what they have without power.

import type { Stateful } from '../bus/device.ts'
import type { Cpu } from '../cpu/cpu.ts'
import type { CpuExit } from '../cpu/exits.ts'
import { Clock, Word } from '../cpu/state.ts'
import { DBSR_MRR, Spr, TSR_WRS } from '../isa/registers.ts'
import { applyColdReset } from './launchState.ts'

type Reset = CpuExit & { kind: 'reset' }

const RESETS = ['no', 'core', 'chip', 'system']

/** `system reset through DBCR0[RST]`. */
export const resetText = ({ type, cause }: Reset): string =>
  `${RESETS[type]} reset through ${cause === 'DBCR0' ? 'DBCR0[RST]' : 'the watchdog'}`

/** What a reset reaches. */
export interface ResetParts {
  readonly cpu: Cpu
  readonly devices: ReadonlyMap<string, Stateful<unknown>>
  readonly strict: boolean
}

/** What a machine begins with, and comes back to with each reset. */
export interface FirstState {
  readonly spr: Int32Array
  /** Of the board's devices that a reset reaches, by name. */
  readonly devices: ReadonlyMap<string, unknown>
}

/** @param parts of a machine that has not run yet */
export const firstStateOf = ({ cpu, devices }: ResetParts): FirstState => ({
  spr: cpu.state.spr.slice(),
  devices: new Map([...devices].flatMap(([name, each]) => (each.outlastsReset ? [] : [[name, each.save()] as const]))),
})

/**
 * The three resets of the core, the chip and the system are one here (440x5 manual, p.85 to p.91): DBSR[MRR] and TSR[WRS] say
 * which it was, and the program goes on at 0xfffffffc.
 */
export function restart({ cpu, devices, strict }: ResetParts, exit: Reset, first: FirstState): void {
  cpu.diagnose(`${resetText(exit)}: the board starts again`)
  const { spr, words, tlb, clock } = cpu.state
  const [dbsr, tsr] = [spr[Spr.DBSR] & DBSR_MRR, spr[Spr.TSR] & TSR_WRS]
  spr.set(first.spr)
  spr[Spr.DBSR] = dbsr
  spr[Spr.TSR] = tsr
  words[Word.RESERVED] = 0
  words[Word.INTERRUPTS_IN_A_ROW] = 0
  clock[Clock.DEC_EXPIRY] = Number.NEGATIVE_INFINITY
  tlb.fill(0)
  cpu.fetch.invalidate()
  for (const [name, state] of first.devices) devices.get(name)!.restore(state)
  applyColdReset(cpu, strict)
}
