// FPSCR: what an operation leaves there, and the exceptions that follow from it (PEM 2.1.4 and 3.3.6).

import { decode } from '../../../isa/decode.ts'
import { ESR_FP, ESR_PCMP, ESR_PCRE, FPSCR, MSR_FE0, MSR_FE1 } from '../../../isa/registers.ts'
import type { Cpu } from '../../cpu.ts'
import { Word } from '../../state.ts'
import { type FloatFormat, type RegisterBits, type Unpacked, unpack } from './format.ts'

const { FX, FEX, VX, OX, UX, ZX, XX, VXSNAN, VXISI, VXIDI, VXZDZ, VXIMZ, VXVC, VXSOFT, VXSQRT, VXCVI } = FPSCR.mask
const { FR, FI, FPRF, VE, OE, UE, ZE, XE } = FPSCR.mask

const MODES = MSR_FE0 | MSR_FE1
const INVALID = VXSNAN | VXISI | VXIDI | VXZDZ | VXIMZ | VXVC | VXSOFT | VXSQRT | VXCVI
/** Bits that say an exception happened; each stays until software clears it. */
export const EXCEPTIONS = OX | UX | ZX | XX | INVALID
/** An exception bit and the bit that enables it: the same distance for all but the invalid ones, which go by VX. */
const ENABLES = [
  [VX, VE],
  [OX, OE],
  [UX, UE],
  [ZX, ZE],
  [XX, XE],
] as const

/** FPSCR with VX and FEX as the other bits make them. */
export function summarised(fpscr: number): number {
  const vx = (fpscr & INVALID) !== 0 ? VX : 0
  const bits = (fpscr & ~(VX | FEX)) | vx
  return ENABLES.some(([exception, enable]) => (bits & exception) !== 0 && (bits & enable) !== 0) ? bits | FEX : bits
}

/** FPSCR after `exceptions` happened: FX says that one of them is new. */
export function withExceptions(fpscr: number, exceptions: number): number {
  const fresh = exceptions & ~fpscr & EXCEPTIONS
  return summarised(fpscr | exceptions | (fresh !== 0 ? FX : 0))
}

/**
 * Stores FPSCR. An enabled exception is a Program interrupt on the instruction that has it (MSR[FE0], MSR[FE1]: all
 * modes but `ignore` are precise here). @returns false with the interrupt raised
 */
export function setStatus(cpu: Cpu, fpscr: number): boolean {
  const { words } = cpu.state
  words[Word.FPSCR] = fpscr
  if ((fpscr & FEX) === 0 || (words[Word.MSR] & MODES) === 0) return true
  cpu.program(ESR_FP | suppressedUpdate(cpu.fetch.peek(cpu.pc) ?? 0))
  return false
}

/** The delayed form: MSR changed, and what happened while FE0 and FE1 were 0 interrupts now (p.188). */
export const isEnabledLate = (words: Int32Array, msrBefore: number): boolean =>
  (words[Word.FPSCR] & FEX) !== 0 && (msrBefore & MODES) === 0 && (words[Word.MSR] & MODES) !== 0

/**
 * ESR[PCRE], [PCMP] and [PCRF]: the field of CR that the instruction would have set. The core leaves it to the handler,
 * which may need it, since Book E has CR updated all the same (p.190).
 */
function suppressedUpdate(word: number): number {
  const variant = decode(word)
  if (variant === undefined) return 0
  if (/^fcmp[ou]$/.test(variant.insn.name)) return ESR_PCRE | ESR_PCMP | ((word >>> 23) & 7)
  return variant.rc ? ESR_PCRE | 1 : 0
}

/** FPRF: class and sign of a result (PEM table 3-10). */
export function resultFlags(bits: RegisterBits, format: FloatFormat): number {
  return flagsOf(unpack(bits), format) << 12
}

function flagsOf(value: Unpacked, format: FloatFormat): number {
  const { negative } = value
  switch (value.class) {
    case 'QNaN':
    case 'SNaN':
      return 0b10001
    case 'infinity':
      return negative ? 0b01001 : 0b00101
    case 'zero':
      return negative ? 0b10010 : 0b00010
    case 'finite':
      if (isDenormal(value, format)) return negative ? 0b11000 : 0b10100
      return negative ? 0b01000 : 0b00100
  }
}

const isDenormal = ({ significand, exponent }: Unpacked, { minExponent }: FloatFormat): boolean =>
  exponent + significand.toString(2).length - 1 < minExponent

/** FPSCR with FR, FI and FPRF of an arithmetic result. */
export const withResult = (fpscr: number, flags: number, inexact: boolean, incremented: boolean): number =>
  (fpscr & ~(FR | FI | FPRF)) | flags | (inexact ? FI : 0) | (incremented ? FR : 0)
