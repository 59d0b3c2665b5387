// Floating-point instructions in the run loop: when they execute at all, and what an enabled exception does.

import { describe, expect, test } from 'vitest'
import { Bus, DcrSpace } from '../../../../src/bus/bus.ts'
import { Cpu } from '../../../../src/cpu/cpu.ts'
import { Hw, Word } from '../../../../src/cpu/state.ts'
import { Ivor } from '../../../../src/isa/interrupts.ts'
import { Spr } from '../../../../src/isa/registers.ts'
import { applyBootState } from '../../../../src/machine/launchState.ts'
import { ALL_IVORS, runCore, stopAfter } from '../../../support/core.ts'

const A = 0x1000
const FP = 0x2000
const FE0 = 0x800
const FE1 = 0x100
const VE = 0x80
const OE = 0x40
const FADD = 0xfc22182b // fadd. f1,f2,f3
const FMUL = 0xfc2200f2 // fmul f1,f2,f3
const LFD = 0xc8240000 // lfd f1,0(r4)
const MTFSB1_VE = 0xff00004c // mtfsb1 24

/** Runs one instruction, or the interrupt it gives; f1 is 7 before. */
function execute(word: number, { msr = FP, fpscr = 0, fpu = true, f2 = Infinity, f3 = -Infinity } = {}) {
  const cpu = new Cpu({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0x422218d3, fpu })
  applyBootState(cpu, A)
  cpu.state.ram.setInt32(A, word)
  cpu.setMsr(msr)
  cpu.state.words[Word.FPSCR] = fpscr
  cpu.state.gpr[4] = 0x5000
  cpu.state.fpr.set([7, f2, f3], 1)
  stopAfter(cpu, ...ALL_IVORS)
  const exit = runCore(cpu, 1)
  const { spr, fpr, cr } = cpu.state
  return {
    fields: [...cr],
    exit,
    esr: spr[Spr.ESR] >>> 0,
    srr0: spr[Spr.SRR0],
    f1: fpr[1],
    cr1: cr[1],
    retired: cpu.retired,
  }
}

test('without a unit they are illegal, whatever MSR[FP] says', () => {
  for (const word of [FADD, LFD])
    for (const msr of [0, FP])
      expect(execute(word, { fpu: false, msr })).toMatchObject({
        exit: { kind: 'interrupt', ivor: Ivor.PROGRAM },
        esr: 0x08000000,
        srr0: A,
        retired: 0,
      })
})

test('with MSR[FP] = 0 they are unavailable', () => {
  for (const word of [FADD, LFD])
    expect(execute(word, { msr: 0 })).toMatchObject({
      exit: { kind: 'interrupt', ivor: Ivor.FP_UNAVAILABLE },
      srr0: A,
      retired: 0,
    })
})

test('an invalid operation gives a NaN, and CR1 the summary, where it is not enabled', () => {
  expect(execute(FADD)).toMatchObject({ exit: { kind: 'budget' }, f1: Number.NaN, cr1: 0b1010, retired: 1 })
})

test.each([FE0, FE1, FE0 | FE1])('enabled, with MSR & %i: a precise Program interrupt, the target as it was', mode => {
  expect(execute(FADD, { msr: FP | mode, fpscr: VE })).toMatchObject({
    exit: { kind: 'interrupt', ivor: Ivor.PROGRAM },
    // FP, and PCRE with PCRF = 1: CR1 is left to the handler.
    esr: 0x01000011,
    srr0: A,
    f1: 7,
    retired: 0,
  })
})

test('enabled, with FE0 = FE1 = 0: no interrupt, the target as it was', () => {
  expect(execute(FADD, { fpscr: VE })).toMatchObject({ exit: { kind: 'budget' }, f1: 7, cr1: 0b1110, retired: 1 })
})

test.each([
  // ESR[PCRE], ESR[PCMP], ESR[PCRF] (p.189).
  ['fadd', 0xfc22182a, 0x01000000],
  ['fadd.', FADD, 0x01000011],
  ['fcmpo cr5,f2,f3', 0xfe821840, 0x0100001d],
  ['fcmpo cr0,f2,f3', 0xfc021840, 0x01000018],
])('which field of CR is left as it was: %s', (name, word, esr) => {
  const operands = name.startsWith('fcmpo') ? { f2: Number.NaN, f3: 0 } : {}
  const { exit, esr: seen, fields } = execute(word, { msr: FP | FE0, fpscr: VE, ...operands })
  expect([exit.kind, seen, fields]).toEqual(['interrupt', esr, Array(8).fill(0)])
})

describe('delayed: FE0 or FE1 becomes 1 while FPSCR[FEX] is (p.188-189)', () => {
  const FEX_VE_VXSNAN = 0x61000080
  const MTMSR = 0x7c800124 // mtmsr r4
  const NOP = 0x60000000
  const RETURNS = {
    rfi: [0x4c000064, Spr.SRR0],
    rfci: [0x4c000066, Spr.CSRR0],
    rfmci: [0x4c00004c, Spr.MCSRR0],
  } as const
  const DE = 0x200

  function core(word: number, fpscr = FEX_VE_VXSNAN, before = FP): Cpu {
    const cpu = new Cpu({ ramSize: 1 << 20, bus: new Bus(), dcr: new DcrSpace(), pvr: 0x422218d3, fpu: true })
    applyBootState(cpu, A)
    for (const [i, w] of [word, NOP, NOP].entries()) cpu.state.ram.setInt32(A + 4 * i, w)
    cpu.state.words[Word.FPSCR] = fpscr
    cpu.setMsr(before)
    stopAfter(cpu, ...ALL_IVORS)
    return cpu
  }

  test.each([FE0, FE1, FE0 | FE1])('by mtmsr of %i: SRR0 is the next instruction, ESR[PIE] says so', mode => {
    const cpu = core(MTMSR)
    cpu.state.gpr[4] = FP | mode
    expect(runCore(cpu, 2)).toMatchObject({ kind: 'interrupt', ivor: Ivor.PROGRAM })
    const { spr } = cpu.state
    expect([spr[Spr.ESR], spr[Spr.SRR0], spr[Spr.SRR1], cpu.retired]).toEqual([0x01010000, A + 4, FP | mode, 1])
  })

  test.each(Object.entries(RETURNS))('by %s: SRR0 is where it returns', (_, [word, address]) => {
    const cpu = core(word)
    cpu.state.spr[address] = A + 8
    cpu.state.spr[address + 1] = FP | FE0
    expect(runCore(cpu, 2)).toMatchObject({ kind: 'interrupt', ivor: Ivor.PROGRAM })
    expect([cpu.state.spr[Spr.ESR], cpu.state.spr[Spr.SRR0]]).toEqual([0x01010000, A + 8])
  })

  test.each([
    ['without FEX', 0x21000000, FP, FP | FE0],
    ['FE0 to FE1', FEX_VE_VXSNAN, FP | FE0, FP | FE1],
    ['FE to none', FEX_VE_VXSNAN, FP | FE0, FP],
  ])('not %s', (_, fpscr, before, after) => {
    const cpu = core(MTMSR, 0, before)
    cpu.state.words[Word.FPSCR] = fpscr
    cpu.state.gpr[4] = after
    expect(runCore(cpu, 2).kind).toBe('budget')
  })

  test('with DE in the same mtmsr and an event pending: Program first, then Debug at its vector (p.202)', () => {
    const cpu = core(MTMSR)
    cpu.state.gpr[4] = FP | FE0 | DE
    cpu.state.spr[Spr.IVPR] = 0x00080000
    cpu.state.spr[Spr.IVOR0 + 6] = 0x600
    cpu.state.hw[Hw.DBCR0] = 0x40000000
    cpu.state.hw[Hw.DBSR] = 0x40000000
    expect(runCore(cpu, 2)).toMatchObject({ ivor: Ivor.PROGRAM })
    expect(runCore(cpu, 0)).toMatchObject({ ivor: Ivor.DEBUG })
    expect([cpu.state.spr[Spr.SRR0], cpu.state.spr[Spr.CSRR0]]).toEqual([A + 4, 0x00080600])
  })
})

test('an enabled overflow delivers the wrapped result and then interrupts', () => {
  expect(execute(FMUL, { msr: FP | FE0, fpscr: OE, f2: 2 ** 1000, f3: 2 ** 100 })).toMatchObject({
    exit: { kind: 'interrupt', ivor: Ivor.PROGRAM },
    f1: 2 ** (1100 - 1536),
  })
})

test('enabling an exception that has happened interrupts too', () => {
  const VXSNAN = 0x01000000
  expect(execute(MTFSB1_VE, { msr: FP | FE0, fpscr: VXSNAN })).toMatchObject({
    exit: { kind: 'interrupt', ivor: Ivor.PROGRAM },
    esr: 0x01000000,
  })
})
