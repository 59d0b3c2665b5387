// The disassembler against GNU objdump: every form of every instruction, and random words.

import { describe, expect, test } from 'vitest'
import { variants } from '../../src/isa/decode.ts'
import { disassemble } from '../../src/isa/disasm.ts'
import { randomWords } from '../support/random.ts'
import { have } from '../support/tools.ts'
import { ADDRESS, anyWords, compare, DIFFERENCES, wordOf } from './compare.ts'
import { OBJDUMP } from './objdump.ts'

const PER_VARIANT = 64
const RANDOM_WORDS = 120_000

describe.skipIf(!have(OBJDUMP))(`against ${OBJDUMP} -M440`, () => {
  const random = randomWords(440)
  const forms = variants().flatMap(variant => Array.from({ length: PER_VARIANT }, (_, n) => wordOf(variant, n, random)))
  const words = anyWords(RANDOM_WORDS, random)
  const needed = new Set<string>()

  test(`every form of every instruction reads as there, ${PER_VARIANT} operands each`, () => {
    const result = compare(forms)
    for (const why of result.needed) needed.add(why)
    expect(result.unexplained).toEqual([])
  })

  test(`${2 * RANDOM_WORDS} random words read as there`, () => {
    const result = compare(words)
    for (const why of result.needed) needed.add(why)
    expect(result.unexplained).toEqual([])
  })

  test('every difference on the list is needed', () => {
    expect([...needed].sort()).toEqual(DIFFERENCES.map(({ why }) => why).sort())
  })
})

describe('by itself', () => {
  test.each([
    [0x38600001, 'li', 'r3,1', undefined],
    [0x4bfffff1, 'bl', '0xffff0', 0x000ffff0],
    [0x4186ff9c, 'beq+', 'cr1,0xfff9c', 0x000fff9c],
    [0x48000403, 'bla', '0x400', 0x400],
    [0x4e800020, 'blr', '', undefined],
    [0x9421fff0, 'stwu', 'r1,-16(r1)', undefined],
    [0x7c744ba6, 'mtdbcr0', 'r3', undefined],
    [0x4cc63182, 'crclr', '4*cr1+eq', undefined],
    [0x00000000, '.long', '0x0', undefined],
    [0x7c8c2e6f, '.long', '0x7c8c2e6f', undefined],
  ])('%i is %s %s', (word, mnemonic, operands, target) => {
    expect(disassemble(word, ADDRESS)).toEqual(
      target === undefined ? { mnemonic, operands } : { mnemonic, operands, target },
    )
  })
})
