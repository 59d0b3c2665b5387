// From instruction word to text, as `powerpc-linux-gnu-objdump -M440` prints it: simplified mnemonics where it has
// them, and `.long` for whatever an assembler would not have written.

import { decode, ILLEGAL, opcodeOf } from './decode.ts'
import type { Insn } from './insn.ts'
import { INSNS } from './insns/index.ts'
import { refused } from './invalidForms.ts'
import { BRANCHES } from './mnemonics/branches.ts'
import type { Form, FormFields } from './mnemonics/form.ts'
import { LATER_ARCHITECTURES } from './mnemonics/laterArchitectures.ts'
import { SIMPLIFIED } from './mnemonics/simplified.ts'
import { SPR_MOVES } from './mnemonics/sprs.ts'
import { branchTarget, operandText, operandValue } from './operands.ts'
import { fieldsOf, type Pattern, parsePattern } from './pattern.ts'

export interface Disassembly {
  readonly mnemonic: string
  /** With the branch target as a number: `cr7,0x100234`. */
  readonly operands: string
  /** Where a branch with its destination in the word leads. */
  readonly target?: number
}

interface Candidate {
  readonly form: Form
  readonly pattern: Pattern
  /** Bits that must be as the pattern has them: literal ones, and ignored ones 0. */
  readonly mask: number
}

let candidates: readonly (readonly Candidate[])[] | undefined

/** Forms by primary opcode, in the order in which they are tried. */
const formsByPrimary = (): readonly (readonly Candidate[])[] => (candidates ??= build())

function build(): Candidate[][] {
  const byPrimary: Candidate[][] = Array.from({ length: 64 }, () => [])
  for (const form of [...SIMPLIFIED, ...BRANCHES, ...SPR_MOVES, ...LATER_ARCHITECTURES, ...basic()]) {
    const pattern = parsePattern(form)
    byPrimary[pattern.match >>> 26]!.push({ form, pattern, mask: pattern.mask + pattern.reserved })
  }
  return byPrimary
}

/** The rows themselves. The reserved no-ops have no name of their own, and so no text. */
const basic = (): readonly Insn[] => INSNS.filter(insn => insn.text !== 'reserved no-op')

/** The text of `word` at `address`. */
export function disassemble(word: number, address: number): Disassembly {
  if (opcodeOf(word) === ILLEGAL) return notAnInstruction(word)
  return read(word, address, refused)
}

/** The same for a word whose form is invalid: as if its reserved bits were 0, and with the operands it has. */
export function disassembleInvalid(word: number, address: number): Disassembly {
  const variant = decode(word)
  if (variant === undefined) return notAnInstruction(word)
  const { mask, match, reserved } = variant.pattern
  return read((word & ~mask & ~reserved) | match, address, () => false)
}

function read(word: number, address: number, refuse: (name: string, fields: FormFields) => boolean): Disassembly {
  for (const { form, pattern, mask } of formsByPrimary()[word >>> 26]!) {
    if ((word & mask) >>> 0 !== pattern.match) continue
    const fields = fieldsOf(pattern, word)
    if (form.when?.(fields) === false || refuse(form.name.replace('+', ''), fields)) continue
    return print(form, fields, address)
  }
  return notAnInstruction(word)
}

const notAnInstruction = (word: number): Disassembly => ({
  mnemonic: '.long',
  operands: `0x${(word >>> 0).toString(16)}`,
})

function print({ name, operands }: Form, fields: FormFields, address: number): Disassembly {
  const shown = shownOperands(operands, fields)
  const texts = shown.map(operand => operandText(operand, fields, address))
  const target = shown.map(operand => branchTarget(operand, operandValue(operand, fields), address)).find(isKnown)
  const mnemonic = name.replace('~', hint(fields)) + (fields.oe === 1 ? 'o' : '') + (fields.rc === 1 ? '.' : '')
  return { mnemonic, operands: texts.join(','), ...(target === undefined ? {} : { target }) }
}

const isKnown = (target: number | undefined): target is number => target !== undefined

/** The operands to print. Those marked `?` are left out when they and all other marked ones after them are 0. */
function shownOperands(operands: string, fields: FormFields): string[] {
  if (operands === '') return []
  const all = operands.split(', ')
  const given = all.map(operand => operand.endsWith('?') && operandValue(operand.slice(0, -1), fields) !== 0)
  const last = given.lastIndexOf(true)
  return all.filter((operand, i) => !operand.endsWith('?') || i <= last).map(operand => operand.replace('?', ''))
}

/** BO's y turns the default round: backward branches are expected to be taken, all others are not. */
const hint = ({ y = 0, bd = 0 }: FormFields): string => ((y !== 0) === bd < 0x2000 ? '+' : '-')
