// Instructions at random as lines of a source: what the disassembler shows of words that are instructions.

import { variants } from '../../src/isa/decode.ts'
import { disassemble } from '../../src/isa/disasm.ts'
import { anyWords, wordOf } from '../isa/compare.ts'
import { randomWords } from '../support/random.ts'

/** Lines for `perVariant` words of each variant and about as many as `any` random words make; the same for a seed. */
export function randomLines(seed: number, perVariant: number, any: number): string[] {
  const random = randomWords(seed)
  const forms = variants().flatMap(variant => Array.from({ length: perVariant }, (_, n) => wordOf(variant, n, random)))
  return [...forms, ...anyWords(any, random)].flatMap(word => {
    const { mnemonic, operands, target } = disassemble(word, 0)
    if (mnemonic === '.long') return []
    const isAbsolute = /a[-+]?$/.test(mnemonic)
    // Where a branch leads is a distance from where it comes to stand.
    const written = target === undefined || isAbsolute ? operands : operands.replace(/0x[\da-f]+$/, `. + ${target | 0}`)
    return `\t${mnemonic} ${written}`
  })
}
