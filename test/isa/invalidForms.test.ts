// Which words are invalid forms, against GNU objdump: it shows as an instruction what an assembler would have written.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decode, variants } from '../../src/isa/decode.ts'
import { disassembleInvalid } from '../../src/isa/disasm.ts'
import { invalidForm } from '../../src/isa/invalidForms.ts'
import { randomWords } from '../support/random.ts'
import { have } from '../support/tools.ts'
import { wordOf } from './compare.ts'
import { OBJDUMP, objdump } from './objdump.ts'

const PER_VARIANT = 96

/** Invalid by their pages in the manual, and yet in objdump's eyes fine. */
const UNKNOWN_TO_GNU = /^(lswi|bcctrl?|tlbre|tlbwe)$/
/** What the 440 ignores and objdump knows from later architectures, which gave the bits a meaning (mnemonics/later.ts). */
const LATER =
  /^(cmp[dwl]\w*|isel|sc|lwarx|mbar|mtmsr|mtfsf\.?|fres\.?|frsqrte\.?|dcb(f|fl|flp|t|tst|tt|tstt|tct|tstct|tds|tstds)|icbt)$/

/** Bits that table 2-23 (p.65) marks with z: mandatory zeroes, which objdump's names for bc do not look at. */
const Z: Readonly<Record<number, number>> = { 0: 0, 4: 0b00010, 16: 0b01000, 20: 0b01011 }
const hasZ = (word: number): boolean => ((word >>> 21) & Z[(word >>> 21) & 0b10100]!) !== 0

describe.skipIf(!have(OBJDUMP))(`against ${OBJDUMP} -M440`, () => {
  const random = randomWords(441)
  const rows = variants().filter(({ insn }) => insn.text !== 'reserved no-op' && insn.name !== 'mftb')
  const words = rows.flatMap(variant => Array.from({ length: PER_VARIANT }, (_, n) => wordOf(variant, n, random)))
  const seen = objdump(words, 0x00100000).map(({ mnemonic }, i) => {
    const word = words[i]!
    const { insn, pattern } = decode(word)!
    const clear = (word & pattern.reserved) === 0 && !(/^bc/.test(insn.name) && hasZ(word))
    return { word: word.toString(16), name: insn.name, mnemonic, why: invalidForm(word), clear }
  })

  test('what objdump shows, with reserved bits clear, is valid', () => {
    const valid = seen.filter(
      ({ name, mnemonic, clear }) => clear && mnemonic !== '.long' && !UNKNOWN_TO_GNU.test(name),
    )
    expect(valid.length).toBeGreaterThan(10_000)
    expect(valid.filter(({ why, mnemonic }) => why !== undefined && !LATER.test(mnemonic))).toEqual([])
  })

  test('what objdump takes for no instruction, and we execute, is an invalid form', () => {
    // ptesync, mffsl and branches with at bits are of lwsync's kind, but objdump -M440 does not know them.
    const isHint = (word: string, name: string) =>
      word === '7c4004ac' ||
      /^f[c-f][0-9a-f]8048e$/.test(word) ||
      (name.startsWith('bc') && ((Number(`0x${word}`) >>> 21) & 0b10110) === 0b00110)
    const refused = seen.filter(({ mnemonic, word, name }) => mnemonic === '.long' && !isHint(word, name))
    expect(refused.length).toBeGreaterThan(1000)
    expect(refused.filter(({ why }) => why === undefined)).toEqual([])
  })
})

test('the examples of the list of encodings are valid', () => {
  const list = readFileSync(new URL('./opcodes.csv', import.meta.url), 'utf8')
  const examples = [...list.matchAll(/,(0x[0-9A-F]{8})$/gm)].map(([, word]) => Number(word))
  expect(examples.length).toBe(228)
  expect(examples.filter(word => invalidForm(word) !== undefined)).toEqual([])
})

test.each([
  // Manual p.342, p.428, p.338, p.336, p.275, p.288, p.435, and "reserved fields" of every page.
  [0x84630004, 'lwzu r3,4(r3)', 'RA = RT'],
  [0x84600004, 'lwzu r3,4(r0)', 'RA = 0'],
  [0x94600004, 'stwu r3,4(r0)', 'RA = 0'],
  [0xcc200004, 'lfdu f1,4(r0)', 'RA = 0'],
  [0xbba30000, 'lmw r29,0(r3)', undefined],
  [0xbbbd0000, 'lmw r29,0(r29)', 'RA is among the registers loaded'],
  [0xbbbe0000, 'lmw r29,0(r30)', 'RA is among the registers loaded'],
  [0xb8000000, 'lmw r0,0(0)', 'RA is among the registers loaded'],
  [0x7c6424aa, 'lswi r3,r4,4', undefined],
  [0x7c642caa, 'lswi r3,r4,5', 'RA is among the registers loaded'],
  [0x7fe004aa, 'lswi r31,0,32', 'RA is among the registers loaded'],
  [0x7c631c2a, 'lswx r3,r3,r3', 'RA = RT or RB = RT'],
  [0x4e800420, 'bctr', undefined],
  [0x4e000420, 'bcctr 16,lt', 'BO[2] = 0'],
  [0x42c00008, 'bc 22,lt,0x8', 'BO is none of the defined values'],
  [0x7c232000, 'cmpw r3,r4', 'reserved bit 10 not 0'],
  [0x28230001, 'cmplwi r3,1', 'reserved bit 10 not 0'],
  [0x7c8523a6, 'mtspr 5,r4', undefined],
  [0x7c6400d1, 'neg. r3,r4', undefined],
  [0x7c6420d0, 'neg r3,r4', 'reserved bit 18 not 0'],
  [0x7c641f64, 'tlbre r3,r4,3', 'WS > 2'],
  [0x7c641fa4, 'tlbwe r3,r4,3', 'WS > 2'],
  // Later architectures write these so that older parts do the right thing.
  [0x7c2004ac, 'lwsync', undefined],
  [0x7c710026, 'mfocrf', undefined],
  [0x7c708120, 'mtocrf', undefined],
  // Power ISA 3.0, p.165 (mffsl); Power ISA 2.07, figure 40 (BO with at bits).
  [0xfc18048e, 'mffsl f0', undefined],
  [0x4dc20020, 'bclr 14,eq', undefined],
  // Another rounding mode is no hint.
  [0xfc16048e, 'mffs f0', 'reserved bits 11, 13, 14 not 0'],
])('%s, %s: %s', (word, text, because) => {
  expect(invalidForm(word)).toBe(because)
  if (because === undefined) return
  const { mnemonic, operands } = disassembleInvalid(word, 0)
  expect(`${mnemonic} ${operands}`.trimEnd()).toBe(text)
})
