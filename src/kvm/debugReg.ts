// One set of values for the debug facility, and where each of its registers lives: in the record, in the hardware, and
// among the guest's SPRs.

import { Hw } from '../cpu/state.ts'
import { Spr } from '../isa/registers.ts'

/** struct debug_reg: everything that configures the facility. DBSR is status and is kept apart (R12). */
export interface DebugReg {
  dbcr0: number
  dbcr1: number
  dbcr2: number
  iac: [number, number, number, number]
  dac: [number, number]
  dvc: [number, number]
}

export const clearDebugReg = (): DebugReg => ({
  dbcr0: 0,
  dbcr1: 0,
  dbcr2: 0,
  iac: [0, 0, 0, 0],
  dac: [0, 0],
  dvc: [0, 0],
})

export interface DebugRegPlace {
  readonly name: 'IAC1' | 'IAC2' | 'IAC3' | 'IAC4' | 'DAC1' | 'DAC2' | 'DVC1' | 'DVC2' | 'DBCR0' | 'DBCR1' | 'DBCR2'
  /** Index in `CpuState.hw`. */
  readonly hw: number
  /** SPR number: index in `CpuState.spr`, where the guest's value lies while user space owns the facility. */
  readonly spr: number
  get(reg: DebugReg): number
  set(reg: DebugReg, value: number): void
}

type List = 'iac' | 'dac' | 'dvc'

const listed = (name: DebugRegPlace['name'], list: List, n: number): DebugRegPlace => ({
  name,
  hw: Hw[name],
  spr: Spr[name],
  get: reg => reg[list][n],
  set(reg, value) {
    reg[list][n] = value
  },
})

const control = (name: 'DBCR0' | 'DBCR1' | 'DBCR2', key: 'dbcr0' | 'dbcr1' | 'dbcr2'): DebugRegPlace => ({
  name,
  hw: Hw[name],
  spr: Spr[name],
  get: reg => reg[key],
  set(reg, value) {
    reg[key] = value
  },
})

/** The order in which a set is loaded: what the enables refer to first, the enables themselves last (R15). */
export const DEBUG_REGS: readonly DebugRegPlace[] = [
  listed('IAC1', 'iac', 0),
  listed('IAC2', 'iac', 1),
  listed('IAC3', 'iac', 2),
  listed('IAC4', 'iac', 3),
  listed('DAC1', 'dac', 0),
  listed('DAC2', 'dac', 1),
  listed('DVC1', 'dvc', 0),
  listed('DVC2', 'dvc', 1),
  control('DBCR1', 'dbcr1'),
  control('DBCR2', 'dbcr2'),
  control('DBCR0', 'dbcr0'),
]

/** In both places the registers of a kind follow one another in order. */
const FIRST = {
  hw: { dbcr: Hw.DBCR0, iac: Hw.IAC1, dac: Hw.DAC1, dvc: Hw.DVC1 },
  spr: { dbcr: Spr.DBCR0, iac: Spr.IAC1, dac: Spr.DAC1, dvc: Spr.DVC1 },
} as const

/** The set that stands in `words`, which are `CpuState.hw` or `CpuState.spr`. */
export function readDebugReg(words: Int32Array, where: 'hw' | 'spr'): DebugReg {
  const { dbcr, iac, dac, dvc } = FIRST[where]
  return {
    dbcr0: words[dbcr],
    dbcr1: words[dbcr + 1],
    dbcr2: words[dbcr + 2],
    iac: [words[iac], words[iac + 1], words[iac + 2], words[iac + 3]],
    dac: [words[dac], words[dac + 1]],
    dvc: [words[dvc], words[dvc + 1]],
  }
}

export function writeDebugReg(words: Int32Array, where: 'hw' | 'spr', reg: DebugReg): void {
  const { dbcr, iac, dac, dvc } = FIRST[where]
  words[dbcr] = reg.dbcr0
  words[dbcr + 1] = reg.dbcr1
  words[dbcr + 2] = reg.dbcr2
  for (let n = 0; n < 4; n++) words[iac + n] = reg.iac[n]!
  for (let n = 0; n < 2; n++) words[dac + n] = reg.dac[n]!
  for (let n = 0; n < 2; n++) words[dvc + n] = reg.dvc[n]!
}
