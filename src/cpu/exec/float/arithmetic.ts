// The arithmetic instructions: fadd to fnmsub, their single forms, fsqrt, and the estimates.

import { FPSCR } from '../../../isa/registers.ts'
import type { Cpu } from '../../cpu.ts'
import { Word } from '../../state.ts'
import { add, divide, multiply, squareRoot } from './exact.ts'
import { fused, itself, product, quotient, residue, root, sum, toOdd } from './fast.ts'
import { DOUBLE, type FloatFormat, SINGLE, type Unpacked, unpack } from './format.ts'
import { type ExactResult, operand, operate, type RoundingOptions } from './operate.ts'

const { FX, XX, FR, FI, FPRF, RN, VE, OE, UE, ZE, XE, VXISI, VXIDI, VXZDZ, VXIMZ, VXSQRT } = FPSCR.mask

/** The fast path is for rounding to nearest with nothing enabled. */
const UNCOMMON = RN | VE | OE | UE | ZE | XE

const isCommon = (cpu: Cpu): boolean => (cpu.state.words[Word.FPSCR] & UNCOMMON) === 0

const DOUBLE_MIN = 2 ** -1022
const SINGLE_MIN = 2 ** -126
const SINGLE_MAX = 2 ** 128

/**
 * Stores what fast.ts made of it, `residue` being what is missing, and sets FPSCR. @returns false where the exact path
 * has to say what happens
 */
function deliverFast(cpu: Cpu, frt: number, nearest: number, { format, negate = false }: RoundingOptions): boolean {
  // NaN fails every comparison.
  if (format === DOUBLE) {
    if (!(Math.abs(nearest) >= DOUBLE_MIN) && nearest !== 0) return false
    store(cpu, frt, negate ? -nearest : nearest, residue !== 0, residue < 0 === nearest > 0)
    return true
  }
  const odd = toOdd(nearest, residue)
  const single = Math.fround(odd)
  if (!(Math.abs(odd) >= SINGLE_MIN && Math.abs(single) < SINGLE_MAX) && odd !== 0) return false
  store(cpu, frt, negate ? -single : single, single !== odd, Math.abs(single) > Math.abs(odd))
  return true
}

/** A zero or a normalised number goes to register `frt`. */
function store(cpu: Cpu, frt: number, result: number, inexact: boolean, incremented: boolean): void {
  const { fpr, words } = cpu.state
  fpr[frt] = result
  let fpscr = (words[Word.FPSCR] & ~(FR | FI | FPRF)) | flagsOf(result)
  if (inexact) {
    if ((fpscr & XX) === 0) fpscr |= FX | XX
    fpscr |= incremented ? FI | FR : FI
  }
  words[Word.FPSCR] = fpscr
}

/** FPRF: C and the sign or class (PEM table 3-10). */
function flagsOf(result: number): number {
  if (result === 0) return Object.is(result, -0) ? 0x12000 : 0x02000
  return result < 0 ? 0x08000 : 0x04000
}

const value = (exact: ExactResult & { kind: 'value' }): ExactResult =>
  exact.value.significand === 0n && !exact.value.sticky ? { kind: 'zero', negative: undefined } : exact

const negated = (x: Unpacked): Unpacked => ({ ...x, negative: !x.negative })

/** The sum of two operands that are no NaNs. */
function addition(a: Unpacked, b: Unpacked): ExactResult {
  if (a.class === 'infinity' || b.class === 'infinity') {
    if (a.class === b.class && a.negative !== b.negative) return { kind: 'invalid', exception: VXISI }
    return { kind: 'infinity', negative: a.class === 'infinity' ? a.negative : b.negative }
  }
  if (a.class === 'zero' && b.class === 'zero' && a.negative === b.negative)
    return { kind: 'zero', negative: a.negative }
  return value({ kind: 'value', value: add(a, b) })
}

const isInfinityTimesZero = (a: Unpacked, b: Unpacked): boolean =>
  (a.class === 'infinity' && b.class === 'zero') || (a.class === 'zero' && b.class === 'infinity')

function multiplication(a: Unpacked, c: Unpacked): ExactResult {
  const negative = a.negative !== c.negative
  if (isInfinityTimesZero(a, c)) return { kind: 'invalid', exception: VXIMZ }
  if (a.class === 'infinity' || c.class === 'infinity') return { kind: 'infinity', negative }
  if (a.class === 'zero' || c.class === 'zero') return { kind: 'zero', negative }
  return { kind: 'value', value: multiply(a, c) }
}

function division(a: Unpacked, b: Unpacked): ExactResult {
  const negative = a.negative !== b.negative
  if (a.class === 'infinity')
    return b.class === 'infinity' ? { kind: 'invalid', exception: VXIDI } : { kind: 'infinity', negative }
  if (b.class === 'infinity') return { kind: 'zero', negative }
  if (b.class === 'zero')
    return a.class === 'zero' ? { kind: 'invalid', exception: VXZDZ } : { kind: 'zeroDivide', negative }
  if (a.class === 'zero') return { kind: 'zero', negative }
  return { kind: 'value', value: divide(a, b) }
}

function rooting(b: Unpacked): ExactResult {
  if (b.class === 'zero') return { kind: 'zero', negative: b.negative }
  if (b.negative) return { kind: 'invalid', exception: VXSQRT }
  if (b.class === 'infinity') return { kind: 'infinity', negative: false }
  return { kind: 'value', value: squareRoot(b) }
}

/** a * c + b, with the product as it is: an infinity or a zero keeps its class. */
function multiplyAddition(a: Unpacked, c: Unpacked, b: Unpacked): ExactResult {
  const product = multiplication(a, c)
  switch (product.kind) {
    case 'value':
      return addition({ ...product.value, class: 'finite', bits: 0n }, b)
    case 'zero':
    case 'infinity': {
      const negative = product.negative === true
      return addition({ class: product.kind, negative, significand: 0n, exponent: 0, sticky: false, bits: 0n }, b)
    }
    default:
      return product
  }
}

const D: RoundingOptions = { format: DOUBLE }
const S: RoundingOptions = { format: SINGLE }

function addOperands(cpu: Cpu, frt: number, fra: number, frb: number, options: RoundingOptions): void {
  const { fpr } = cpu.state
  if (isCommon(cpu) && deliverFast(cpu, frt, sum(fpr[fra], fpr[frb]), options)) return
  const a = operand(cpu, fra)
  const b = operand(cpu, frb)
  operate(cpu, frt, [a, b], () => addition(a, b), options)
}

function subtractOperands(cpu: Cpu, frt: number, fra: number, frb: number, options: RoundingOptions): void {
  const { fpr } = cpu.state
  if (isCommon(cpu) && deliverFast(cpu, frt, sum(fpr[fra], -fpr[frb]), options)) return
  const a = operand(cpu, fra)
  const b = operand(cpu, frb)
  operate(cpu, frt, [a, b], () => addition(a, negated(b)), options)
}

function multiplyOperands(cpu: Cpu, frt: number, fra: number, frc: number, options: RoundingOptions): void {
  const { fpr } = cpu.state
  if (isCommon(cpu) && deliverFast(cpu, frt, product(fpr[fra], fpr[frc]), options)) return
  const a = operand(cpu, fra)
  const c = operand(cpu, frc)
  operate(cpu, frt, [a, c], () => multiplication(a, c), options)
}

function divideOperands(cpu: Cpu, frt: number, fra: number, frb: number, options: RoundingOptions): void {
  const { fpr } = cpu.state
  if (isCommon(cpu) && deliverFast(cpu, frt, quotient(fpr[fra], fpr[frb]), options)) return
  const a = operand(cpu, fra)
  const b = operand(cpu, frb)
  operate(cpu, frt, [a, b], () => division(a, b), options)
}

function rootOperand(cpu: Cpu, frt: number, frb: number, options: RoundingOptions): void {
  if (isCommon(cpu) && deliverFast(cpu, frt, root(cpu.state.fpr[frb]), options)) return
  const b = operand(cpu, frb)
  operate(cpu, frt, [b], () => rooting(b), options)
}

interface Fused extends RoundingOptions {
  readonly subtract: boolean
  readonly negate: boolean
}

function fuseOperands(cpu: Cpu, frt: number, fra: number, frc: number, frb: number, options: Fused): void {
  const { fpr } = cpu.state
  const addend = options.subtract ? -fpr[frb] : fpr[frb]
  if (isCommon(cpu) && deliverFast(cpu, frt, fused(fpr[fra], fpr[frc], addend), options)) return
  const a = operand(cpu, fra)
  const c = operand(cpu, frc)
  const b = operand(cpu, frb)
  const beside = isInfinityTimesZero(a, c) ? VXIMZ : 0
  operate(cpu, frt, [a, b, c], () => multiplyAddition(a, c, options.subtract ? negated(b) : b), options, beside)
}

type Two = (cpu: Cpu, frt: number, fra: number, frb: number) => void
type Three = (cpu: Cpu, frt: number, fra: number, frc: number, frb: number) => void
type One = (cpu: Cpu, frt: number, frb: number) => void

export const fadd: Two = (cpu, frt, fra, frb) => addOperands(cpu, frt, fra, frb, D)
export const fadds: Two = (cpu, frt, fra, frb) => addOperands(cpu, frt, fra, frb, S)
export const fsub: Two = (cpu, frt, fra, frb) => subtractOperands(cpu, frt, fra, frb, D)
export const fsubs: Two = (cpu, frt, fra, frb) => subtractOperands(cpu, frt, fra, frb, S)
export const fmul: Two = (cpu, frt, fra, frc) => multiplyOperands(cpu, frt, fra, frc, D)
export const fmuls: Two = (cpu, frt, fra, frc) => multiplyOperands(cpu, frt, fra, frc, S)
export const fdiv: Two = (cpu, frt, fra, frb) => divideOperands(cpu, frt, fra, frb, D)
export const fdivs: Two = (cpu, frt, fra, frb) => divideOperands(cpu, frt, fra, frb, S)
export const fsqrt: One = (cpu, frt, frb) => rootOperand(cpu, frt, frb, D)
export const fsqrts: One = (cpu, frt, frb) => rootOperand(cpu, frt, frb, S)

const fusing = (format: FloatFormat, subtract: boolean, negate: boolean): Three => {
  const options: Fused = { format, subtract, negate }
  return (cpu, frt, fra, frc, frb) => fuseOperands(cpu, frt, fra, frc, frb, options)
}

export const fmadd = fusing(DOUBLE, false, false)
export const fmadds = fusing(SINGLE, false, false)
export const fmsub = fusing(DOUBLE, true, false)
export const fmsubs = fusing(SINGLE, true, false)
export const fnmadd = fusing(DOUBLE, false, true)
export const fnmadds = fusing(SINGLE, false, true)
export const fnmsub = fusing(DOUBLE, true, true)
export const fnmsubs = fusing(SINGLE, true, true)

const ONE = unpack(0x3ff0000000000000n)

/** The estimates are correctly rounded here; FR, FI and XX say nothing of them. */
export const fres: One = (cpu, frt, frb) => {
  const b = operand(cpu, frb)
  operate(cpu, frt, [b], () => division(ONE, b), { format: SINGLE, estimate: true })
}

export const frsqrte: One = (cpu, frt, frb) => {
  const b = operand(cpu, frb)
  operate(cpu, frt, [b], () => reciprocalRoot(b), { format: DOUBLE, estimate: true })
}

function reciprocalRoot(b: Unpacked): ExactResult {
  if (b.class === 'zero') return { kind: 'zeroDivide', negative: b.negative }
  if (b.negative) return { kind: 'invalid', exception: VXSQRT }
  if (b.class === 'infinity') return { kind: 'zero', negative: false }
  // 1/sqrt(b) = sqrt(1/b), with so many bits of 1/b that the root's are right.
  const inverse = divide({ ...ONE, significand: ONE.significand << 200n, exponent: ONE.exponent - 200 }, b)
  const result = squareRoot(inverse)
  return { kind: 'value', value: { ...result, sticky: result.sticky || inverse.sticky } }
}

/** frsp: rounds to single precision. */
export const frsp: One = (cpu, frt, frb) => {
  if (isCommon(cpu) && deliverFast(cpu, frt, itself(cpu.state.fpr[frb]), S)) return
  const b = operand(cpu, frb)
  operate(cpu, frt, [b], () => rounding(b), S)
}

function rounding(b: Unpacked): ExactResult {
  if (b.class === 'zero' || b.class === 'infinity') return { kind: b.class, negative: b.negative }
  return { kind: 'value', value: b }
}
