// What an instruction does to the flow of control, read from its word alone.

import { decode } from './decode.ts'
import { branchTarget, operandValue } from './operands.ts'
import { fieldsOf } from './pattern.ts'

const BRANCH = /^b(l?a?|cl?a?|clrl?|cctrl?)$/
const RETURN_FROM_INTERRUPT = /^rf(i|ci|mci)$/

/** `bcl 20,31,.+4`: position-independent code reads its own address this way. LR is set, but nothing is called. */
const READ_PC = 0x429f0005

const nameOf = (word: number): string => decode(word)?.insn.name ?? ''

/** Branches, conditional or not, by address or by LR and CTR. Traps, system calls and returns from interrupts are none. */
export const isBranch = (word: number): boolean => BRANCH.test(nameOf(word))

/** A branch that leaves a return address in LR. */
export const isCall = (word: number): boolean => isBranch(word) && (word & 1) !== 0 && word >>> 0 !== READ_PC

/** `blr`, conditional or not, and the returns from interrupts. */
export function isReturn(word: number): boolean {
  const name = nameOf(word)
  return name === 'bclr' || RETURN_FROM_INTERRUPT.test(name)
}

/** Where the branch `word` at `address` leads, if the word alone says so. */
export function directTarget(word: number, address: number): number | undefined {
  const variant = decode(word)
  if (variant === undefined || !BRANCH.test(variant.insn.name)) return undefined
  const operand = variant.insn.operands.split(', ').at(-1)!
  return branchTarget(operand, operandValue(operand, fieldsOf(variant.pattern, word)), address)
}
