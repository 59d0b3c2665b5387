// The steps every arithmetic instruction goes through: NaNs, invalid operations, exact arithmetic, one rounding,
// FPSCR, the target (PEM chapter 3). This is the path that knows everything; fast.ts takes the ordinary cases.

import { FPSCR } from '../../../isa/registers.ts'
import type { Cpu } from '../../cpu.ts'
import { Word } from '../../state.ts'
import {
  DEFAULT_NAN,
  type Exact,
  type FloatFormat,
  INFINITY,
  isNotANumber,
  QUIET,
  type RegisterBits,
  SIGN,
  SINGLE,
  signed,
  type Unpacked,
  unpack,
} from './format.ts'
import { RN, type Rounded, type Rounding, round } from './round.ts'
import { resultFlags, setStatus, withExceptions, withResult } from './status.ts'

const { VXSNAN, ZX, OX, UX, XX, FR, FI, FPRF, VE, ZE, OE, UE } = FPSCR.mask

/** What an operation on numbers gives before rounding. */
export type ExactResult =
  | { readonly kind: 'value'; readonly value: Exact }
  /** An exact zero; `negative` undefined: the sum of opposites, whose sign goes by the rounding mode. */
  | { readonly kind: 'zero'; readonly negative: boolean | undefined }
  | { readonly kind: 'infinity'; readonly negative: boolean }
  /** An invalid operation: the FPSCR bit that says which. */
  | { readonly kind: 'invalid'; readonly exception: number }
  | { readonly kind: 'zeroDivide'; readonly negative: boolean }

export function readBits(cpu: Cpu, register: number): RegisterBits {
  const { fprWords } = cpu.state
  return (BigInt(fprWords[2 * register + 1] >>> 0) << 32n) | BigInt(fprWords[2 * register] >>> 0)
}

export function writeBits(cpu: Cpu, register: number, bits: RegisterBits): void {
  const { fprWords } = cpu.state
  fprWords[2 * register + 1] = Number(bits >> 32n)
  fprWords[2 * register] = Number(bits & 0xffffffffn)
}

export interface RoundingOptions {
  readonly format: FloatFormat
  /** fnmadd and fnmsub: the rounded result is negated, but never a NaN. */
  readonly negate?: boolean
  /** fres and frsqrte say nothing of how they rounded. */
  readonly estimate?: boolean
}

/**
 * Executes one operation for register `frt`.
 * @param operands in the order in which a NaN among them is passed on
 * @param operation what numbers give; NaNs never reach it
 * @param invalidBeside an exception that arises even beside a NaN: infinity times zero in a multiply-add
 */
export function operate(
  cpu: Cpu,
  frt: number,
  operands: readonly Unpacked[],
  operation: () => ExactResult,
  options: RoundingOptions,
  invalidBeside = 0,
): void {
  const nan = operands.find(isNotANumber)
  if (nan === undefined) deliverOutcome(cpu, frt, operation(), options)
  else {
    const signalling = operands.some(operand => operand.class === 'SNaN') ? VXSNAN : 0
    // An operand of a single form that is no single makes the result undefined (PEM 3.3); parts cut a NaN to a single.
    const bits = options.format === SINGLE ? nan.bits & SINGLE_BITS : nan.bits
    deliverNaN(cpu, frt, bits | QUIET, signalling | invalidBeside)
  }
}

/** The bits of a double that a single has too. */
const SINGLE_BITS = ~((1n << 29n) - 1n)

function deliverOutcome(cpu: Cpu, frt: number, outcome: ExactResult, options: RoundingOptions): void {
  const fpscr = cpu.state.words[Word.FPSCR]
  switch (outcome.kind) {
    case 'invalid':
      deliverNaN(cpu, frt, DEFAULT_NAN, outcome.exception)
      break
    case 'zeroDivide':
      deliverZeroDivide(cpu, frt, outcome.negative, options.format)
      break
    case 'infinity':
      deliver(cpu, frt, exactly(signed(outcome.negative, INFINITY)), options)
      break
    case 'zero': {
      const negative = outcome.negative ?? (fpscr & 3) === RN.NEGATIVE
      deliver(cpu, frt, exactly(signed(negative, 0n)), options)
      break
    }
    case 'value':
      deliver(cpu, frt, round(outcome.value, roundingOf(fpscr, options.format)), options)
      break
  }
}

const roundingOf = (fpscr: number, format: FloatFormat): Rounding => ({
  mode: fpscr & 3,
  format,
  overflowEnabled: (fpscr & OE) !== 0,
  underflowEnabled: (fpscr & UE) !== 0,
})

const exactly = (bits: RegisterBits): Rounded => ({
  bits,
  overflow: false,
  underflow: false,
  inexact: false,
  incremented: false,
})

function deliver(
  cpu: Cpu,
  frt: number,
  result: Rounded,
  { format, negate = false, estimate = false }: RoundingOptions,
): void {
  const bits = negate ? result.bits ^ SIGN : result.bits
  const inexact = result.inexact && !estimate
  const exceptions = (result.overflow ? OX : 0) | (result.underflow ? UX : 0) | (inexact ? XX : 0)
  const flagged = withResult(
    cpu.state.words[Word.FPSCR],
    resultFlags(bits, format),
    inexact,
    inexact && result.incremented,
  )
  writeBits(cpu, frt, bits)
  setStatus(cpu, withExceptions(flagged, exceptions))
}

/** An enabled invalid operation leaves the target and FPRF as they are. */
function deliverNaN(cpu: Cpu, frt: number, nan: RegisterBits, invalid: number): void {
  const fpscr = cpu.state.words[Word.FPSCR]
  if (invalid !== 0 && (fpscr & VE) !== 0) {
    setStatus(cpu, withExceptions(fpscr & ~(FR | FI), invalid))
    return
  }
  writeBits(cpu, frt, nan)
  setStatus(cpu, withExceptions((fpscr & ~(FR | FI | FPRF)) | NAN_FLAGS, invalid))
}

const NAN_FLAGS = 0b10001 << 12

function deliverZeroDivide(cpu: Cpu, frt: number, negative: boolean, format: FloatFormat): void {
  const fpscr = cpu.state.words[Word.FPSCR]
  if ((fpscr & ZE) !== 0) {
    setStatus(cpu, withExceptions(fpscr & ~(FR | FI), ZX))
    return
  }
  const bits = signed(negative, INFINITY)
  writeBits(cpu, frt, bits)
  setStatus(cpu, withExceptions(withResult(fpscr, resultFlags(bits, format), false, false), ZX))
}

export const operand = (cpu: Cpu, register: number): Unpacked => unpack(readBits(cpu, register))
