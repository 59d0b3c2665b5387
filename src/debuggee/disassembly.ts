// Rows of the disassembly view, from memory as the program sees it.

import { disassemble, disassembleInvalid } from '../isa/disasm.ts'
import { invalidForm } from '../isa/invalidForms.ts'
import type { Machine } from '../machine/machine.ts'
import { wordAt } from '../machine/memory.ts'
import type { Program } from './program.ts'

export interface DisassembledRow {
  /** The word in hex, as the part stores it. */
  readonly bytes: string
  /** The instruction with its symbols: `bl 0x00100234 <puts>`. */
  readonly text: string
  /** `main+0x10`: where the row is. */
  readonly symbol?: string
}

const MNEMONIC_WIDTH = 7

/** The row at `address`, or undefined where there is no memory. It depends on nothing but that address. */
export function disassembleRow(machine: Machine, program: Program, address: number): DisassembledRow | undefined {
  const word = wordAt(machine.cpu, address)
  return word === undefined ? undefined : disassembleWord(word, address, program)
}

/** `word` as an instruction at `address` of `program`. */
export function disassembleWord(word: number, address: number, program: Program): DisassembledRow {
  const { mnemonic, operands, target } = disassemble(word, address)
  const label = target === undefined ? undefined : program.symbolic(target)
  const text = `${mnemonic.padEnd(MNEMONIC_WIDTH)} ${operands}`.trimEnd() + remark(word, address)
  const here = program.symbolic(address)?.slice(1, -1)
  return {
    bytes: (word >>> 0).toString(16).padStart(8, '0'),
    text: label === undefined ? text : `${text} ${label}`,
    ...(here === undefined ? {} : { symbol: here }),
  }
}

/** What the part makes of an invalid form, which shows as `.long`. */
function remark(word: number, address: number): string {
  const because = invalidForm(word)
  if (because === undefined) return ''
  const { mnemonic, operands } = disassembleInvalid(word, address)
  return `  # ${`${mnemonic} ${operands}`.trimEnd()}, an invalid form: ${because}`
}
