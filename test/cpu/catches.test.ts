// `Cpu.catches`: a run ends before an interrupt is taken, with nothing changed, and the next one takes it as if nothing
// had been.

import { describe, expect, test } from 'vitest'
import { Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, encode as e, pc, put, runCore, spr, stopBefore } from '../support/core.ts'

const ILLEGAL = 0
const [ME, EE] = [0x1000, 0x8000]

/** A core at A with these words, whose handlers are `nop`s. */
function core(...words: number[]) {
  const cpu = createCore()
  put(cpu, A, ...words)
  for (let ivor = 0; ivor < 16; ivor++) cpu.state.spr[Spr.IVOR0 + ivor] = 0x100 * ivor
  for (let at = 0; at < 0x1000; at += 4) put(cpu, 0x00100000 + at, e.nop)
  cpu.setMsr(ME | EE)
  cpu.state.spr[Spr.TCR] = 0x04000000
  return cpu
}

type Core = ReturnType<typeof core>

const stateOf = ({ state }: Core): unknown => [
  ...[state.gpr, state.spr, state.clock, state.hw].map(part => [...part]),
  ...[state.words[Word.PC], state.words[Word.MSR]],
]

const decrementer = (cpu: Core): void => {
  cpu.state.spr[Spr.TSR] = 0x08000000
}

const CASES = [
  ['an illegal instruction', Ivor.PROGRAM, ILLEGAL, () => {}, { esr: 0x08000000, dear: undefined }],
  ['a trap', Ivor.PROGRAM, e.trap, () => {}, { esr: 0x02000000, dear: undefined }],
  ['sc, which has completed', Ivor.SYSTEM_CALL, e.sc, () => {}, { esr: undefined, dear: undefined }],
  ['the decrementer', Ivor.DECREMENTER, e.nop, decrementer, { esr: undefined, dear: undefined }],
  [
    'a misaligned lwarx',
    Ivor.ALIGNMENT,
    e.lwarx(3, 0, 4),
    (cpu: Core) => void (cpu.state.gpr[4] = 0x2001),
    { esr: 0, dear: 0x2001 },
  ],
] as const

describe.each(CASES)('%s', (_, ivor, word, prepare, cause) => {
  const create = (): Core => {
    const cpu = core(word, e.nop)
    prepare(cpu)
    return cpu
  }

  test('ends the run before its interrupt, which the next run takes', () => {
    const [free, caught] = [create(), create()]
    stopBefore(caught, ivor)
    expect(runCore(caught, 5)).toEqual({ kind: 'exception', ivor, cause })
    expect(pc(caught)).toBe(ivor === Ivor.SYSTEM_CALL ? A + 4 : A)
    expect([spr(caught, Spr.SRR0), caught.state.words[Word.MSR]]).toEqual([0, ME | EE])
    runCore(free, 5)
    runCore(caught, 5 - caught.retired)
    expect(stateOf(caught)).toEqual(stateOf(free))
  })

  test('is caught again when it comes again', () => {
    const cpu = create()
    stopBefore(cpu, ivor)
    runCore(cpu, 5)
    runCore(cpu, 1)
    prepare(cpu)
    cpu.setMsr(ME | EE)
    cpu.pc = A
    expect(runCore(cpu, 5)).toMatchObject({ kind: 'exception', ivor })
  })
})

test('others are taken as ever', () => {
  const cpu = core(ILLEGAL)
  stopBefore(cpu, Ivor.ALIGNMENT)
  expect(runCore(cpu, 1).kind).toBe('budget')
  expect(spr(cpu, Spr.SRR0)).toBe(A)
})
