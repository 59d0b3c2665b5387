// An instruction of the machine in words.

import { disassemble } from '../isa/disasm.ts'
import type { Machine } from '../machine/machine.ts'
import { wordAt } from '../machine/memory.ts'
import { hex32 } from '../util/hex.ts'

/** `stw r9,8(r31)`: the instruction at `pc`. */
export function instructionAt(machine: Machine, pc: number): { readonly mnemonic: string; readonly text: string } {
  const word = wordAt(machine.cpu, pc)
  if (word === undefined) return { mnemonic: '', text: hex32(pc) }
  const { mnemonic, operands } = disassemble(word, pc)
  return { mnemonic, text: `${mnemonic} ${operands}`.trimEnd() }
}
