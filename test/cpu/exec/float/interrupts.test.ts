// Floating-point instructions in the run loop: when they execute at all, and what an enabled exception does.

import { expect, test } from 'vitest'
import { Bus, DcrSpace } from '../../../../src/bus/bus.ts'
import { Cpu } from '../../../../src/cpu/cpu.ts'
import { Word } from '../../../../src/cpu/state.ts'
import { Ivor } from '../../../../src/isa/interrupts.ts'
import { Spr } from '../../../../src/isa/registers.ts'
import { applyBootState } from '../../../../src/machine/launchState.ts'

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
  for (let ivor = 0; ivor < 16; ivor++) cpu.interruptStops.add(ivor)
  const exit = cpu.run(1)
  const { spr, fpr, cr } = cpu.state
  return { exit, esr: spr[Spr.ESR] >>> 0, srr0: spr[Spr.SRR0], f1: fpr[1], cr1: cr[1], retired: cpu.retired }
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
    esr: 0x01000000,
    srr0: A,
    f1: 7,
    retired: 0,
  })
})

test('enabled, with FE0 = FE1 = 0: no interrupt, the target as it was', () => {
  expect(execute(FADD, { fpscr: VE })).toMatchObject({ exit: { kind: 'budget' }, f1: 7, cr1: 0b1110, retired: 1 })
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
