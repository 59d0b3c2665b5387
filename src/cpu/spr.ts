// mfspr and mtspr: who may touch which special purpose register, and what a write does beyond storing (user's manual
// p.454 and the register tables). Registers without an entry here just hold what is written, within their defined bits.

import { fieldOf, inField, type Register } from '../isa/register.ts'
import {
  DBCR0_RST,
  DBSR_MRR,
  ESR_PIL,
  ESR_PPR,
  MSR_PR,
  PID,
  Spr,
  sprByNumber,
  TCR,
  TCR_WRC,
  XER_CA,
  XER_OV,
  XER_SO,
  XER_TBC,
} from '../isa/registers.ts'
import type { Cpu } from './cpu.ts'
import { debugErrors } from './debugErrors.ts'
import { Hw, Word } from './state.ts'

/** SPR number of each hardware debug register, and its place in `state.hw`. */
const DEBUG_SPRS = new Map<number, number>([
  [Spr.DBCR0, Hw.DBCR0],
  [Spr.DBCR1, Hw.DBCR1],
  [Spr.DBCR2, Hw.DBCR2],
  [Spr.DBSR, Hw.DBSR],
  [Spr.IAC1, Hw.IAC1],
  [Spr.IAC2, Hw.IAC2],
  [Spr.IAC3, Hw.IAC3],
  [Spr.IAC4, Hw.IAC4],
  [Spr.DAC1, Hw.DAC1],
  [Spr.DAC2, Hw.DAC2],
  [Spr.DVC1, Hw.DVC1],
  [Spr.DVC2, Hw.DVC2],
])

/** TB and SPRG4-7 are written through numbers 0x10 above those they are read by. */
const WRITE_ALIAS = 0x10

const privileged = (number: number): boolean => (number & 0x10) !== 0

/** @returns true when the access may go on; otherwise the Program interrupt is raised or a diagnostic given. */
function permitted(cpu: Cpu, number: number, register: Register | undefined, direction: 'read' | 'write'): boolean {
  const user = (cpu.state.words[Word.MSR] & MSR_PR) !== 0
  if (user && privileged(number)) {
    cpu.program(ESR_PPR)
    return false
  }
  const exists = register !== undefined && (direction === 'read' ? register.readable : register.writable)
  if (exists) return true
  if (user) cpu.program(ESR_PIL)
  else
    cpu.diagnoseOnce(
      `${direction === 'read' ? 'mfspr' : 'mtspr'} ${number}: the 440 has no such register to ${direction}`,
    )
  return false
}

/** The value of SPR `number` for mfspr; 0 for one that does not exist (undefined on the part), with a diagnostic. */
export function mfspr(cpu: Cpu, number: number): number {
  if (!permitted(cpu, number, sprByNumber(number), 'read')) return 0
  return peekSpr(cpu, number)
}

/** What `mfspr` returns, without its checks: for debuggers and views. Reading an SPR has no side effect. */
export function peekSpr(cpu: Cpu, number: number): number {
  const { spr, words, hw } = cpu.state
  switch (number) {
    case Spr.XER:
      return readXer(words)
    case Spr.DEC:
      return cpu.timers.decrementer(cpu.now)
    case Spr.TBL:
      return cpu.timers.timeBaseLower(cpu.now)
    case Spr.TBU:
      return cpu.timers.timeBaseUpper(cpu.now)
  }
  const debug = DEBUG_SPRS.get(number)
  if (debug === undefined) return spr[number]
  if (hw[Hw.OWNED] === 0) return hw[debug]
  return number === Spr.DBCR0 ? spr[number] | hw[Hw.DBCR0_HINT] : spr[number]
}

export function mtspr(cpu: Cpu, number: number, value: number): void {
  if (permitted(cpu, number, sprByNumber(number), 'write')) pokeSpr(cpu, number, value)
}

/** The write of mtspr with all its effects, without its checks. */
export function pokeSpr(cpu: Cpu, number: number, value: number): void {
  const { spr, words } = cpu.state
  if (DEBUG_SPRS.has(number)) return writeDebug(cpu, number, value)
  switch (number) {
    case Spr.XER:
      return writeXer(words, value)
    case Spr.DEC:
      cpu.timers.setDecrementer(cpu.now, value)
      return cpu.timersChanged()
    case Spr.TBL + WRITE_ALIAS:
      return setTimeBase(cpu, 'lower', value)
    case Spr.TBU + WRITE_ALIAS:
      return setTimeBase(cpu, 'upper', value)
    case Spr.TSR:
      spr[number] &= ~value
      return cpu.timersChanged()
    case Spr.TCR:
      // WRC can be set but not cleared by software (p.214).
      spr[number] = (value & TCR.defined) | (spr[number] & TCR_WRC)
      return cpu.timersChanged()
    case Spr.MCSR:
      spr[number] &= ~value
      return
    case Spr.PID:
      spr[number] = value & PID.defined
      return cpu.translationChanged()
    case Spr.CCR0:
      spr[number] = value
      return cpu.translationChanged()
    case Spr.SPRG4 + WRITE_ALIAS:
    case Spr.SPRG5 + WRITE_ALIAS:
    case Spr.SPRG6 + WRITE_ALIAS:
    case Spr.SPRG7 + WRITE_ALIAS:
      spr[number - WRITE_ALIAS] = value
      return
    default:
      spr[number] = value & (sprByNumber(number)?.defined ?? -1)
  }
}

function setTimeBase(cpu: Cpu, half: 'upper' | 'lower', value: number): void {
  const reset = cpu.timers.setTimeBase(cpu.now, half, value)
  if (reset !== 0) cpu.reset(reset, 'watchdog')
  cpu.timersChanged()
}

/**
 * The debug registers: the hardware's while the guest owns the facility. While user space owns it the guest keeps
 * reading what it wrote and changes nothing real; only a reset it asks for is real, and resets the guest alone.
 */
function writeDebug(cpu: Cpu, number: number, value: number): void {
  const { spr, hw } = cpu.state
  const owned = hw[Hw.OWNED] !== 0
  const bank = owned ? spr : hw
  const index = owned ? number : DEBUG_SPRS.get(number)!
  if (number === Spr.DBSR && !owned) cpu.debug.acknowledge(value)
  else if (number === Spr.DBSR) bank[index] &= ~value
  else bank[index] = value & (sprByNumber(number)?.defined ?? -1)
  if (number === Spr.DBCR0 && value !== 0) cpu.debug.usedByGuest = true
  if (number === Spr.DBCR0 && (value & DBCR0_RST) !== 0) resetRequested(cpu, bank, index, value)
  if (number >= Spr.DBCR0 && number <= Spr.DBCR2) noteDebugErrors(cpu, bank, owned ? Spr.DBCR0 : Hw.DBCR0)
  if (!owned) cpu.debugChanged()
}

/** DBCR0, DBCR1 and DBCR2 follow each other from `first` on in both banks. */
function noteDebugErrors(cpu: Cpu, bank: Int32Array, first: number): void {
  for (const error of debugErrors(bank[first], bank[first + 1], bank[first + 2]))
    cpu.diagnoseOnce(`the debug facility is asked for what the manual leaves undefined: ${error}`)
}

/** DBCR0[RST]: 01 core, 10 chip, 11 system. After it RST reads 0 and DBSR[MRR] tells the type (p.85, p.238). */
function resetRequested(cpu: Cpu, bank: Int32Array, dbcr0: number, value: number): void {
  const dbsr = bank === cpu.state.hw ? Hw.DBSR : Spr.DBSR
  bank[dbcr0] &= ~DBCR0_RST
  const type = fieldOf(DBCR0_RST, value)
  bank[dbsr] = (bank[dbsr] & ~DBSR_MRR) | inField(DBSR_MRR, type)
  cpu.reset(type, 'DBCR0')
}

export function readXer(words: Int32Array): number {
  return (
    inField(XER_SO, words[Word.SO]) |
    inField(XER_OV, words[Word.OV]) |
    inField(XER_CA, words[Word.CA]) |
    inField(XER_TBC, words[Word.TBC])
  )
}

export function writeXer(words: Int32Array, value: number): void {
  words[Word.SO] = (value & XER_SO) !== 0 ? 1 : 0
  words[Word.OV] = (value & XER_OV) !== 0 ? 1 : 0
  words[Word.CA] = (value & XER_CA) !== 0 ? 1 : 0
  words[Word.TBC] = value & XER_TBC
}
