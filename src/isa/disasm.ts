// From instruction word to text, as `powerpc-linux-gnu-objdump -M440` prints it: simplified mnemonics where it has
// them, and `.long` for whatever an assembler would not have written.

import { decode, ILLEGAL, opcodeOf } from './decode.ts'
import type { Insn } from './insn.ts'
import { INSNS } from './insns/index.ts'
import { refused } from './invalidForms.ts'
import { BRANCHES } from './mnemonics/branches.ts'
import { type FormFields, type ParsedForm, parseForm, readForm, type ShownOperands } from './mnemonics/form.ts'
import { LATER_ARCHITECTURES } from './mnemonics/laterArchitectures.ts'
import { SIMPLIFIED } from './mnemonics/simplified.ts'
import { SPR_MOVES } from './mnemonics/sprs.ts'
import { isTarget, operandText } from './operands.ts'

export interface Disassembly {
  readonly mnemonic: string
  /** With the branch target as a number: `cr7,0x100234`. */
  readonly operands: string
  /** Where a branch with its destination in the word leads. */
  readonly target?: number
}

let candidates: readonly (readonly ParsedForm[])[] | undefined

/** Forms by primary opcode, in the order in which they are tried. */
const formsByPrimary = (): readonly (readonly ParsedForm[])[] => (candidates ??= build())

function build(): ParsedForm[][] {
  const byPrimary: ParsedForm[][] = Array.from({ length: 64 }, () => [])
  for (const form of [...SIMPLIFIED, ...BRANCHES, ...SPR_MOVES, ...LATER_ARCHITECTURES, ...basic()]) {
    const parsed = parseForm(form)
    byPrimary[parsed.pattern.match >>> 26]!.push(parsed)
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
  for (const parsed of formsByPrimary()[word >>> 26]!) {
    if ((word & parsed.pattern.reserved) !== 0) continue
    const shown = readForm(parsed, word, address)
    if (shown !== undefined && !refuse(parsed.form.name.replace('+', ''), shown.fields)) return print(parsed, shown)
  }
  return notAnInstruction(word)
}

const notAnInstruction = (word: number): Disassembly => ({
  mnemonic: '.long',
  operands: `0x${(word >>> 0).toString(16)}`,
})

function print({ form, places }: ParsedForm, { fields, values }: ShownOperands): Disassembly {
  // Those that may be left out are, when they and all others of that kind after them are 0.
  const given = places.map(({ optional }, i) => optional && values[i]!.value !== 0).lastIndexOf(true)
  const texts = places.flatMap(({ operand, optional, base }, i) => {
    if (optional && i > given) return []
    const text = operandText(operand.kind, values[i]!.value)
    return base === undefined ? text : `${text}(${operandText(base.kind, values[i]!.base!)})`
  })
  const target = values[places.findIndex(({ operand }) => isTarget(operand.kind))]?.value
  const mnemonic = form.name.replace('~', hint(fields)) + (fields.oe === 1 ? 'o' : '') + (fields.rc === 1 ? '.' : '')
  return { mnemonic, operands: texts.join(','), ...(target === undefined ? {} : { target }) }
}

/** BO's y turns the default round: backward branches are expected to be taken, all others are not. */
const hint = ({ y = 0, bd = 0 }: FormFields): string => ((y !== 0) === bd < 0x2000 ? '+' : '-')
