// Every instruction of the list of encodings in user state: the manual's privileged ones (p.55, 187) are a Program
// interrupt with ESR[PPR] on the instruction and nothing else; no other gives one. SPRs have a sweep of their own.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { variants } from '../../src/isa/decode.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { wordOf } from '../isa/compare.ts'
import { A, createCore, encode as e, msr, put, recycleCore, runCore, stopAfter } from '../support/core.ts'
import { randomWords } from '../support/random.ts'

const [PR, FP, EE] = [0x4000, 0x2000, 0x8000]
const PPR = 0x04000000

const PRIVILEGED = new Set(
  (
    'dcbi dccci dcread iccci icread mfdcr mtdcr mfmsr mtmsr rfi rfci rfmci ' + 'tlbre tlbsx tlbsync tlbwe wrtee wrteei'
  ).split(' '),
)

/** Mnemonic and example of each line. */
const LIST = [
  ...readFileSync(new URL('../isa/opcodes.csv', import.meta.url), 'utf8').matchAll(/^([^,]+),.*,(0x[0-9A-F]{8})$/gm),
].map(([, name, word]) => ({ name: name!, word: Number(word) }))

/** All that a program could notice: registers, TLB and memory. */
const everything = ({ state }: Cpu): unknown[] => [
  ...[state.gpr, state.fpr, state.cr, state.words.slice(2, 9), state.hw, state.spr, state.tlb].map(view =>
    view.slice(),
  ),
  Buffer.compare(state.ramBytes, new Uint8Array(state.ramBytes.length)),
]

function inUserState(cpu: Cpu, word: number) {
  recycleCore(cpu)
  const { state } = cpu
  for (let r = 0; r < 32; r++) state.gpr[r] = 0x5000 + 8 * r
  for (const number of [Spr.SRR0, Spr.CSRR0, Spr.MCSRR0, Spr.LR, Spr.CTR]) state.spr[number] = 0x3000
  put(cpu, A, word, e.nop)
  cpu.setMsr(PR | FP | EE)
  stopAfter(cpu, Ivor.PROGRAM)
  const before = everything(cpu)
  return { before, exit: runCore(cpu, 1) }
}

const cpu = createCore(1 << 16)

describe.each(LIST)('$name', ({ name, word }) => {
  const privileged = PRIVILEGED.has(name)
  test(privileged ? 'is privileged, and does nothing' : 'is not privileged', () => {
    const { before, exit } = inUserState(cpu, word)
    const esr = cpu.state.spr[Spr.ESR]
    if (!privileged) {
      // The examples of these two are DBCR0.
      expect(esr === PPR).toBe(name === 'mfspr' || name === 'mtspr')
      return
    }
    expect(exit).toMatchObject({ kind: 'interrupt', ivor: Ivor.PROGRAM, from: A })
    const { spr } = cpu.state
    expect([esr, spr[Spr.SRR0], spr[Spr.SRR1], msr(cpu), cpu.retired]).toEqual([PPR, A, PR | FP | EE, 0, 0])
    spr[Spr.ESR] = 0
    spr[Spr.SRR0] = 0x3000
    spr[Spr.SRR1] = 0
    expect(everything(cpu)).toEqual(before)
  })
})

test('the list has all of them', () => {
  const names = new Set(LIST.map(({ name }) => name))
  expect([...PRIVILEGED].filter(name => !names.has(name))).toEqual([])
})

test('whatever the operands: 16 words of every form', () => {
  const random = randomWords(442)
  const wrong = variants()
    .filter(({ insn }) => !/^m[ft](spr|tb)$/.test(insn.name))
    .flatMap(variant => Array.from({ length: 16 }, (_, n) => ({ variant, word: wordOf(variant, n, random) })))
    .filter(({ variant, word }) => {
      inUserState(cpu, word)
      return (cpu.state.spr[Spr.ESR] === PPR) !== PRIVILEGED.has(variant.insn.name)
    })
  expect(wrong.map(({ variant, word }) => `${variant.name} ${word.toString(16)}`)).toEqual([])
})
