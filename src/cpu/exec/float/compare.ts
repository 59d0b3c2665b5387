// Comparisons, conversion to integer, select.

import { FPSCR } from '../../../isa/registers.ts'
import type { Cpu } from '../../cpu.ts'
import { Word } from '../../state.ts'
import { DOUBLE, isNotANumber, type Unpacked } from './format.ts'
import { operand, writeBits } from './operate.ts'
import { RN, round } from './round.ts'
import { setStatus, withExceptions } from './status.ts'

const { VXSNAN, VXVC, VXCVI, XX, FR, FI, VE } = FPSCR.mask

/** FPCC, the last four bits of FPRF. */
const FPCC = 0xf000
const LESS = 8
const GREATER = 4
const EQUAL = 2
const UNORDERED = 1

/** @returns the four bits for the CR field */
export function fcmpu(cpu: Cpu, fra: number, frb: number): number {
  return compare(cpu, fra, frb, false)
}

/** As fcmpu, but a quiet NaN is invalid too. */
export function fcmpo(cpu: Cpu, fra: number, frb: number): number {
  return compare(cpu, fra, frb, true)
}

function compare(cpu: Cpu, fra: number, frb: number, ordered: boolean): number {
  const { fpr, words } = cpu.state
  const a = fpr[fra]
  const b = fpr[frb]
  const order = a < b ? LESS : a > b ? GREATER : a === b ? EQUAL : UNORDERED
  const fpscr = (words[Word.FPSCR] & ~FPCC) | (order << 12)
  if (order === UNORDERED)
    setStatus(cpu, withExceptions(fpscr, unorderedExceptions(operand(cpu, fra), operand(cpu, frb), ordered, fpscr)))
  else words[Word.FPSCR] = fpscr
  return order
}

/** PEM fcmpo: with a signalling NaN, VXVC only where VXSNAN does not trap. */
function unorderedExceptions(a: Unpacked, b: Unpacked, ordered: boolean, fpscr: number): number {
  const signalling = a.class === 'SNaN' || b.class === 'SNaN'
  if (!signalling) return ordered ? VXVC : 0
  return ordered && (fpscr & VE) === 0 ? VXSNAN | VXVC : VXSNAN
}

/** frt takes frc if fra is not below 0, and frb if it is, or is a NaN. */
export function fsel(cpu: Cpu, frt: number, fra: number, frc: number, frb: number): void {
  const { fpr, fprWords } = cpu.state
  const from = fpr[fra] >= 0 ? frc : frb
  fprWords[2 * frt] = fprWords[2 * from]
  fprWords[2 * frt + 1] = fprWords[2 * from + 1]
}

export function fctiw(cpu: Cpu, frt: number, frb: number): void {
  toInteger(cpu, frt, frb, cpu.state.words[Word.FPSCR] & 3)
}

export function fctiwz(cpu: Cpu, frt: number, frb: number): void {
  toInteger(cpu, frt, frb, RN.ZERO)
}

const MAX = 0x7fffffff
const MIN = -0x80000000
/** What the 440's unit has in the undefined upper half. */
const UPPER = 0xfff80000n << 32n

/** FPRF is undefined after a conversion, and left alone. */
function toInteger(cpu: Cpu, frt: number, frb: number, mode: number): void {
  const b = operand(cpu, frb)
  const exact = cpu.state.fpr[frb]
  const integer = b.class === 'finite' ? roundToInteger(b, mode) : exact
  if (isNotANumber(b)) outOfRange(cpu, frt, MIN, b.class === 'SNaN' ? VXSNAN | VXCVI : VXCVI)
  else if (integer > MAX || integer < MIN) outOfRange(cpu, frt, b.negative ? MIN : MAX, VXCVI)
  else inRange(cpu, frt, integer, exact)
}

function inRange(cpu: Cpu, frt: number, integer: number, exact: number): void {
  const inexact = integer !== exact
  const incremented = Math.abs(integer) > Math.abs(exact)
  const fpscr = (cpu.state.words[Word.FPSCR] & ~(FR | FI)) | (inexact ? FI : 0) | (incremented ? FR : 0)
  deliverInteger(cpu, frt, integer)
  setStatus(cpu, withExceptions(fpscr, inexact ? XX : 0))
}

/** Rounds at the binary point, which is what adding 2^52 and rounding to 53 bits would do. */
function roundToInteger(b: Unpacked, mode: number): number {
  if (b.exponent >= 0) return (b.negative ? -1 : 1) * Number(b.significand) * 2 ** b.exponent
  const whole = 1n << BigInt(52 - b.exponent)
  const shifted = { ...b, significand: b.significand + whole }
  const rounding = { mode, format: DOUBLE, overflowEnabled: false, underflowEnabled: false }
  const { bits } = round(shifted, rounding)
  const magnitude = Number(bits & ((1n << 52n) - 1n))
  return b.negative ? -magnitude : magnitude
}

function outOfRange(cpu: Cpu, frt: number, integer: number, invalid: number): void {
  const fpscr = cpu.state.words[Word.FPSCR]
  if ((fpscr & VE) === 0) deliverInteger(cpu, frt, integer)
  setStatus(cpu, withExceptions(fpscr & ~(FR | FI), invalid))
}

const deliverInteger = (cpu: Cpu, frt: number, integer: number): void =>
  writeBits(cpu, frt, UPPER | BigInt(integer >>> 0))
