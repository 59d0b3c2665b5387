// Moves between registers, which look at no value, and moves to and from FPSCR.

import { FPSCR } from '../../../isa/registers.ts'
import type { Cpu } from '../../cpu.ts'
import { Word } from '../../state.ts'
import { EXCEPTIONS, setStatus, summarised, withExceptions } from './status.ts'

const { FX, FEX, VX } = FPSCR.mask
/** Bits that only say what others amount to. */
const SUMMARIES = FEX | VX
/** What can be written: bit 20 is reserved and stays 0 (PEM 2.1.4). */
const SETTABLE = FPSCR.defined & ~SUMMARIES
const SIGN = 0x80000000 | 0
/** What the 440's unit has in the undefined upper half of mffs. */
const UPPER = 0xfff80000 | 0

/** Copies a register, its upper word passed through two masks: the sign is all that fabs and its like change. */
function move(cpu: Cpu, frt: number, frb: number, keep: number, flip: number): void {
  const { fprWords } = cpu.state
  fprWords[2 * frt] = fprWords[2 * frb]
  fprWords[2 * frt + 1] = (fprWords[2 * frb + 1] & keep) ^ flip
}

type Move = (cpu: Cpu, frt: number, frb: number) => void

export const fmr: Move = (cpu, frt, frb) => move(cpu, frt, frb, -1, 0)
export const fneg: Move = (cpu, frt, frb) => move(cpu, frt, frb, -1, SIGN)
export const fabs: Move = (cpu, frt, frb) => move(cpu, frt, frb, ~SIGN, 0)
export const fnabs: Move = (cpu, frt, frb) => move(cpu, frt, frb, ~SIGN, SIGN)

export function mffs(cpu: Cpu, frt: number): void {
  const { fprWords, words } = cpu.state
  fprWords[2 * frt] = words[Word.FPSCR]
  fprWords[2 * frt + 1] = UPPER
}

/** The bits under `mask` take those of `value`; FEX and VX follow from the others. */
function setBits(cpu: Cpu, value: number, mask: number): void {
  const settable = mask & SETTABLE
  setStatus(cpu, summarised((cpu.state.words[Word.FPSCR] & ~settable) | (value & settable)))
}

const fieldMask = (field: number): number => 0xf << (28 - 4 * field)

/** mtfsf: the fields that `flm` selects, bit 7 for field 0. */
export function mtfsf(cpu: Cpu, flm: number, frb: number): void {
  let mask = 0
  for (let field = 0; field < 8; field++) if ((flm & (0x80 >>> field)) !== 0) mask |= fieldMask(field)
  setBits(cpu, cpu.state.fprWords[2 * frb], mask)
}

export function mtfsfi(cpu: Cpu, field: number, value: number): void {
  setBits(cpu, value << (28 - 4 * field), fieldMask(field))
}

export function mtfsb0(cpu: Cpu, bit: number): void {
  setBits(cpu, 0, SIGN >>> bit)
}

/** Setting an exception bit is an exception: FX too. */
export function mtfsb1(cpu: Cpu, bit: number): void {
  setStatus(cpu, withExceptions(cpu.state.words[Word.FPSCR], (SIGN >>> bit) & SETTABLE))
}

/** mcrfs: a field for CR; the exception bits in it are cleared. */
export function mcrfs(cpu: Cpu, field: number): number {
  const { words } = cpu.state
  const fpscr = words[Word.FPSCR]
  words[Word.FPSCR] = summarised(fpscr & ~(fieldMask(field) & (EXCEPTIONS | FX)))
  return (fpscr >>> (28 - 4 * field)) & 15
}
