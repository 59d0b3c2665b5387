// What an instruction does to the flow of control, read from the instruction table.

import { decode, type Variant, variants } from './decode.ts'
import { isTarget, operandNamed } from './operands.ts'
import { fieldsOf } from './pattern.ts'

/** The bits of BO (user's manual p.46): what a conditional branch asks of CTR and of the bit of CR that BI names. */
export const BO = { ANY_CONDITION: 0b10000, IF_SET: 0b01000, KEEPS_CTR: 0b00100, IF_ZERO: 0b00010 } as const

/** What goes on elsewhere than at the next instruction. */
export type Transfer = 'branch' | 'trap' | 'systemCall' | 'rfi' | 'rfci' | 'rfmci'

const BRANCH = /^b(l?a?|cl?a?|clrl?|cctrl?)$/
const OTHERS: Readonly<Record<string, Transfer>> = {
  ...{ tw: 'trap', twi: 'trap', sc: 'systemCall' },
  ...{ rfi: 'rfi', rfci: 'rfci', rfmci: 'rfmci' },
}

/** By opcode. */
let transfers: readonly (Transfer | undefined)[] | undefined

const transferOf = ({ insn: { name } }: Variant): Transfer | undefined => (BRANCH.test(name) ? 'branch' : OTHERS[name])

/** @returns undefined for what goes on at the next instruction, and for what is none */
export function transfer(word: number): Transfer | undefined {
  const variant = decode(word)
  if (variant === undefined) return undefined
  transfers ??= variants().map(transferOf)
  return transfers[variant.opcode - 1]
}

/** `bcl 20,31,.+4`: position-independent code reads its own address this way. LR is set, but nothing is called. */
const READ_PC = 0x429f0005

/** Branches, conditional or not, by address or by LR and CTR. Traps, system calls and returns from interrupts are none. */
export const isBranch = (word: number): boolean => transfer(word) === 'branch'

/** Leaves the address behind it in LR. */
export const isLinking = (word: number): boolean => (word & 1) !== 0 && isBranch(word)

/** A branch that leaves a return address in LR. */
export const isCall = (word: number): boolean => isLinking(word) && word >>> 0 !== READ_PC

/** Goes elsewhere in any case: a branch that asks for nothing. */
export function isUnconditional(word: number): boolean {
  if (!isBranch(word)) return false
  const { bo } = fieldsOf(decode(word)!.pattern, word)
  return bo === undefined || ((bo & BO.ANY_CONDITION) !== 0 && (bo & BO.KEEPS_CTR) !== 0)
}

/** `blr`, which asks for nothing. */
export const isPlainReturn = (word: number): boolean => nameOf(word) === 'bclr' && isUnconditional(word)

/** `bctr`, which asks for nothing. */
export const isPlainJump = (word: number): boolean => nameOf(word) === 'bcctr' && isUnconditional(word)

const nameOf = (word: number): string | undefined => decode(word)?.insn.name

/** rfi, rfci and rfmci. */
export const isInterruptReturn = (word: number): boolean => RETURNS.has(transfer(word))
const RETURNS: ReadonlySet<Transfer | undefined> = new Set<Transfer>(['rfi', 'rfci', 'rfmci'])

/** `blr`, conditional or not, and the returns from interrupts. */
export const isReturn = (word: number): boolean => isInterruptReturn(word) || nameOf(word) === 'bclr'

/** Where the branch `word` at `address` leads, if the word alone says so. */
export function directTarget(word: number, address: number): number | undefined {
  if (!isBranch(word)) return undefined
  const { insn, pattern } = decode(word)!
  const operand = operandNamed(insn.operands.split(', ').at(-1)!)
  return isTarget(operand.kind) ? operand.read(fieldsOf(pattern, word), address) : undefined
}
