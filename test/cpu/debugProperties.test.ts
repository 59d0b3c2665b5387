// What holds whatever the program, the debug registers and MSR are (the properties of the debug facility, 7.4).

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { DBSR_EVENTS } from '../../src/cpu/debug.ts'
import { Hw, Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, ALL_IVORS, createCore, encode as e, put, runCore, setDebug, stopAfter } from '../support/core.ts'

const DE = 0x200
const ME = 0x1000
const [BRT, ICMP] = [0x04000000, 0x08000000]
const ATS = 3
const DATA = 0x6000
const MSR_VALUES = [0, DE, DE | ME, ME, DE | 0x4000, 0x4000, DE | 0x400, 0x400]
const mtsprOf = (number: number): number => e.mtspr(number, 6)

/** Registers: r3 a value, r4 an address of data, r5 0, r6 and r7 what goes into debug registers and MSR. */
const instruction = fc.oneof(
  fc.constantFrom(e.nop, e.addi(3, 3, 1), e.trap, e.tweq(3, 5), e.sc, e.rfi, e.rfci, e.isync, e.mfspr(8, Spr.DBSR)),
  fc.integer({ min: -8, max: 8 }).map(words => e.b(4 * words)),
  fc.integer({ min: -8, max: 8 }).map(words => e.bne(4 * words)),
  fc.integer({ min: 0, max: 7 }).map(words => e.lwz(3, 4 * words, 4)),
  fc.integer({ min: 0, max: 7 }).map(words => e.stw(3, 4 * words, 4)),
  fc.constantFrom(e.dcbst(0, 4), e.dcbz(0, 4), e.lmw(28, 0, 4), e.mtmsr(7)),
)
const debugWrite = fc.constantFrom(
  ...[Spr.DBCR0, Spr.DBCR1, Spr.DBCR2, Spr.IAC1, Spr.IAC2, Spr.IAC3, Spr.DAC1, Spr.DAC2].map(mtsprOf),
)

/** Without RST, which ends the run. */
const dbcr0 = fc.integer().map(value => value & ~0x30000000)
const near = (base: number) => fc.integer({ min: 0, max: 15 }).map(words => base + 4 * words)

const situation = fc.record({
  program: fc.array(fc.oneof({ weight: 5, arbitrary: instruction }, { weight: 1, arbitrary: debugWrite }), {
    minLength: 1,
    maxLength: 12,
  }),
  dbcr0,
  dbcr1: fc.integer(),
  dbcr2: fc.integer(),
  iacs: fc.tuple(near(A), near(A), near(A), near(A)),
  dacs: fc.tuple(near(DATA), near(DATA)),
  dbsr: fc.integer().map(value => value & (DBSR_EVENTS | ATS)),
  msr: fc.constantFrom(...MSR_VALUES),
  returnMsr: fc.constantFrom(...MSR_VALUES),
  written: fc.integer().map(value => value & ~0x30000000),
})
type Situation = typeof situation extends fc.Arbitrary<infer S> ? S : never

function create(s: Situation): Cpu {
  const cpu = createCore()
  for (let n = 0; n < 16; n++) cpu.state.spr[Spr.IVOR0 + n] = 0x100 * n
  for (let n = 0; n < 16; n++) put(cpu, 0x00100000 + 0x100 * n, e.nop, e.nop, e.rfi)
  for (let at = -16; at < 64; at++) put(cpu, A + 4 * at, e.nop)
  put(cpu, A, ...s.program)
  cpu.state.gpr.set([1, DATA, 0, s.written, s.returnMsr], 3)
  for (const [address, msr] of [
    [Spr.SRR0, Spr.SRR1],
    [Spr.CSRR0, Spr.CSRR1],
  ] as const) {
    cpu.state.spr[address] = A + 8
    cpu.state.spr[msr] = s.returnMsr
  }
  setDebug(cpu, {
    ...{ DBCR0: s.dbcr0, DBCR1: s.dbcr1, DBCR2: s.dbcr2, DBSR: s.dbsr },
    ...{ IAC1: s.iacs[0], IAC2: s.iacs[1], IAC3: s.iacs[2], IAC4: s.iacs[3], DAC1: s.dacs[0], DAC2: s.dacs[1] },
  })
  cpu.setMsr(s.msr)
  cpu.pc = A
  stopAfter(cpu, ...ALL_IVORS)
  return cpu
}

interface Moment {
  readonly exit: ReturnType<Cpu['run']>
  readonly before: { readonly dbsr: number; readonly msr: number; readonly dbcr0: number; readonly retired: number }
  readonly pc: number
}

/** Runs one boundary or instruction at a time, and shows `look` each. */
function watch(s: Situation, look: (cpu: Cpu, moment: Moment) => void): void {
  const cpu = create(s)
  for (let i = 0; i < 30; i++) {
    const { hw, words } = cpu.state
    const before = { dbsr: hw[Hw.DBSR]!, msr: words[Word.MSR]!, dbcr0: hw[Hw.DBCR0]!, retired: cpu.retired }
    const at = words[Word.PC]!
    // A boundary first, then an instruction.
    const exit = i % 2 === 0 ? runCore(cpu, 0) : runCore(cpu, 1)
    look(cpu, { exit, before, pc: at })
  }
}

const took = (exit: ReturnType<Cpu['run']>): boolean => exit.kind === 'interrupt' && exit.ivor === Ivor.DEBUG
const check = (property: (s: Situation) => void): void =>
  fc.assert(fc.property(situation, property), { numRuns: 400, seed: 440 })

describe('properties of the debug facility (7.4)', () => {
  test('1: nothing but a write to DBSR clears one of its bits, except that the toggles toggle', () => {
    check(s =>
      watch(s, (cpu, { before }) => {
        expect(before.dbsr & ~cpu.state.hw[Hw.DBSR]! & ~ATS).toBe(0)
      }),
    )
  })

  test('2: with DE = 0 throughout there is no Debug interrupt', () => {
    check(s =>
      watch({ ...s, msr: s.msr & ~DE, returnMsr: s.returnMsr & ~DE }, (_, { exit }) => {
        expect(took(exit)).toBe(false)
      }),
    )
  })

  test('3: with DBCR0 = 0 and no unconditional event DBSR never changes', () => {
    check(s =>
      watch({ ...s, dbcr0: 0, written: 0 }, (cpu, { before }) => {
        expect(cpu.state.hw[Hw.DBSR]).toBe(before.dbsr)
      }),
    )
  })

  test('4: after a Debug interrupt MSR has nothing but ME', () => {
    let seen = 0
    check(s =>
      watch(s, (cpu, { exit }) => {
        if (!took(exit)) return
        seen++
        expect(cpu.state.words[Word.MSR]! & ~ME).toBe(0)
      }),
    )
    expect(seen).toBeGreaterThan(50)
  })

  test('5: IDM, DE and an event at a boundary: Debug interrupt before the next instruction, unless the core stops', () => {
    let seen = 0
    check(s =>
      watch(s, (cpu, { exit, before, pc }) => {
        const due = (before.dbsr & DBSR_EVENTS) !== 0 && (before.dbcr0 & 0x40000000) !== 0 && (before.msr & DE) !== 0
        if (!due || exit.kind === 'stopState') return
        seen++
        expect(took(exit)).toBe(true)
        expect([cpu.state.spr[Spr.CSRR0], cpu.retired]).toEqual([pc, before.retired])
      }),
    )
    expect(seen).toBeGreaterThan(50)
  })

  test('6: BRT and ICMP never become set with IDM alone and DE = 0', () => {
    check(s =>
      watch(
        { ...s, dbcr0: (s.dbcr0 | 0x40000000) & ~0x80000000, written: s.written & ~0x80000000 },
        (cpu, { before }) => {
          const internalOnly = (before.dbcr0 & 0xc0000000) === 0x40000000
          if (!internalOnly || (before.msr & DE) !== 0) return
          expect(cpu.state.hw[Hw.DBSR]! & ~before.dbsr & (BRT | ICMP)).toBe(0)
        },
      ),
    )
  })

  test('7: a precise event leaves every register but CSRR0, CSRR1, MSR, DBSR and PC as it was, and memory', () => {
    let seen = 0
    check(any => {
      const s = { ...any, dbcr0: (any.dbcr0 | 0x40000000) & ~0x80000000, msr: any.msr | DE, dbsr: 0 }
      const cpu = create(s)
      const { state } = cpu
      const copies = [state.gpr, state.fpr, state.cr, state.ramBytes.subarray(DATA, DATA + 64)].map(view =>
        view.slice(),
      )
      const spr = state.spr.slice()
      const exit = runCore(cpu, 1)
      // ICMP is after the instruction, and an interrupt that was taken first has done its own.
      if (!took(exit) || cpu.retired !== 0) return
      seen++
      expect([state.gpr, state.fpr, state.cr, state.ramBytes.subarray(DATA, DATA + 64)]).toEqual(copies)
      spr[Spr.CSRR0] = A
      spr[Spr.CSRR1] = s.msr
      expect(state.spr).toEqual(spr)
    })
    expect(seen).toBeGreaterThan(20)
  })
})
