// Alignment (user's manual p.40, 117, 186): what may be misaligned, what may not, and what CCR0[FLSTA] adds.

import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { mtspr } from '../../src/cpu/spr.ts'
import { Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import {
  A,
  ALL_IVORS,
  createCore,
  dbsr,
  encode as e,
  pc,
  put,
  runCore,
  setDebug,
  spr,
  stopAfter,
} from '../support/core.ts'

const FLSTA = 0x00000100
const FP = 0x2000
const EA = 0x5000

/** Executes `word` with r4 = `ea` and r5 = 0. @returns the interrupt, or 'done'. */
function execute(word: number, ea: number, ccr0 = 0, prepare: (cpu: Cpu) => void = () => {}) {
  const cpu = createCore()
  for (let i = 0; i < 64; i++) cpu.state.ramBytes[EA + i] = i
  mtspr(cpu, Spr.CCR0, ccr0)
  cpu.setMsr(FP)
  cpu.state.gpr[4] = ea
  put(cpu, A, word)
  prepare(cpu)
  stopAfter(cpu, ...ALL_IVORS)
  const exit = runCore(cpu, 1)
  return { cpu, outcome: exit.kind === 'interrupt' ? exit.ivor : 'done' }
}

describe('integer accesses', () => {
  test.each([1, 2, 3, 5, 13, 14, 15])('a word at any offset (%i) is put together from its bytes', offset => {
    const { cpu, outcome } = execute(e.lwz(3, offset, 4), EA)
    expect(outcome).toBe('done')
    const expected = (offset << 24) | ((offset + 1) << 16) | ((offset + 2) << 8) | (offset + 3)
    expect(cpu.state.gpr[3]).toBe(expected)
  })

  test.each([0xfff, 0xffd, 0x3ff])('over the edge of a page: a store at %i and the load of it', offset => {
    const store = execute(e.stw(3, offset, 4), EA, 0, cpu => {
      cpu.state.gpr[3] = 0x11223344
    })
    const bytes = [0, 1, 2, 3].map(i => store.cpu.state.ramBytes[EA + offset + i])
    expect(bytes).toEqual([0x11, 0x22, 0x33, 0x44])
  })

  test('over the edge of memory that is mapped: the fault of the second page, with its address, and nothing stored', () => {
    const { cpu, outcome } = execute(e.stw(3, 0x1ffe, 4), 0x000fe000, 0, core => {
      core.state.tlb.fill(0)
      core.state.tlb.set([0x00000250, 0, 0x3f, 0], 0)
      core.stateChanged()
      core.state.gpr[3] = -1
    })
    expect([outcome, spr(cpu, Spr.DEAR)]).toEqual([Ivor.DATA_TLB_ERROR, 0x00100000])
    expect(cpu.state.ram.getInt32(0x000ffffc)).toBe(0)
  })

  test.each([
    ['lwz', e.lwz(3, 1, 4), 0],
    ['lhz', e.lhz(3, 1, 4), 0],
    ['stw', e.stw(3, 2, 4), 0x00800000],
    ['sth', e.sth(3, 1, 4), 0x00800000],
    ['lmw', e.lmw(30, 2, 4), 0],
    ['stmw', e.stmw(30, 2, 4), 0x00800000],
  ])('CCR0[FLSTA] makes a misaligned %s an Alignment interrupt', (_, word, esr) => {
    expect(execute(word, EA).outcome).toBe('done')
    const { cpu, outcome } = execute(word, EA, FLSTA)
    expect([outcome, spr(cpu, Spr.ESR)]).toEqual([Ivor.ALIGNMENT, esr])
    expect(spr(cpu, Spr.DEAR)).toBe(EA + (word & 0xffff))
  })

  test.each([
    ['lbz', e.lbz(3, 1, 4)],
    ['lwz, aligned', e.lwz(3, 4, 4)],
    ['lswi', e.lswi(3, 4, 9)],
    ['stswi', e.stswi(3, 4, 9)],
  ])('CCR0[FLSTA] leaves %s alone', (_, word) => {
    expect(execute(word, EA + 1 - (word >>> 26 === 32 ? 1 : 0), FLSTA).outcome).toBe('done')
  })
})

describe('strings and multiples', () => {
  test('lswi fills registers from the left and clears the rest of the last', () => {
    const { cpu } = execute(e.lswi(6, 4, 7), EA + 1)
    expect([...cpu.state.gpr.slice(6, 8)]).toEqual([0x01020304, 0x05060700])
  })

  test('lswx takes its count from XER, wraps from r31 to r0, and does nothing for 0', () => {
    const load = (count: number) =>
      execute(e.lswx(31, 4, 5), EA, 0, cpu => {
        cpu.state.words[Word.TBC] = count
      }).cpu.state.gpr
    expect([load(6)[31], load(6)[0]]).toEqual([0x00010203, 0x04050000])
    expect([load(0)[31], load(0)[0]]).toEqual([0, 0])
  })

  test('stswi writes bytes from the left', () => {
    const { cpu } = execute(e.stswi(6, 4, 5), EA + 3, 0, core => core.state.gpr.set([0x61626364, 0x65666768], 6))
    expect([...cpu.state.ramBytes.slice(EA + 2, EA + 9)]).toEqual([2, 0x61, 0x62, 0x63, 0x64, 0x65, 8])
  })

  test('lmw and stmw go from their register to r31', () => {
    const { cpu } = execute(e.lmw(30, 4, 4), EA)
    expect([...cpu.state.gpr.slice(29, 32)]).toEqual([0, 0x04050607, 0x08090a0b])
  })
})

describe('what must be aligned', () => {
  test.each([
    ['lfd', e.lfd(1, 0, 4), 9, 0x01000000],
    ['lfs', e.lfs(1, 0, 4), 13, 0x01000000],
    ['stfd', e.stfd(1, 0, 4), 15, 0x01800000],
  ])('%s over a 16-byte boundary', (_, word, offset, esr) => {
    const { cpu, outcome } = execute(word, EA + offset)
    expect([outcome, spr(cpu, Spr.ESR), spr(cpu, Spr.DEAR)]).toEqual([Ivor.ALIGNMENT, esr, EA + offset])
  })

  test.each([
    ['lfd', e.lfd(1, 0, 4), 5],
    ['stfd', e.stfd(1, 0, 4), 7],
    ['lfs', e.lfs(1, 0, 4), 11],
    ['stfs', e.stfs(1, 0, 4), 1],
    ['stfiwx', e.stfiwx(1, 4, 5), 2],
  ])(
    'a misaligned %s within 16 bytes is fine, whatever FLSTA says, which is about integers (p.186)',
    (_, word, offset) => {
      expect(execute(word, EA + offset).outcome).toBe('done')
      expect(execute(word, EA + offset, FLSTA).outcome).toBe('done')
    },
  )

  test.each([
    ['lfd', e.lfd(1, 0, 4), 8, 0x01000000],
    ['stfd', e.stfd(1, 0, 4), 8, 0x01800000],
    ['lfs', e.lfs(1, 0, 4), 4, 0x01000000],
    ['stfiwx', e.stfiwx(1, 4, 5), 4, 0x01800000],
    ['lwz', e.lwz(1, 0, 4), 4, 0],
    ['sth', e.sth(1, 0, 4), 2, 0x00800000],
  ])('%s over the edge of what is mapped: DEAR is the first byte of the second page (p.183)', (_, word, size, esr) => {
    for (let first = 1; first < size; first++) {
      const { cpu, outcome } = execute(word, 0x00100000 - first, 0, core => {
        core.state.tlb.fill(0)
        core.state.tlb.set([0x00000250, 0, 0x3f, 0], 0)
        core.stateChanged()
      })
      expect([outcome, spr(cpu, Spr.ESR), spr(cpu, Spr.DEAR)]).toEqual([Ivor.DATA_TLB_ERROR, esr, 0x00100000])
    }
  })

  test('lfs and stfs between FLSTA and DAC: the event comes, and nothing moves', () => {
    for (const [word, bit] of [
      [e.lfs(1, 0, 4), 0x80000],
      [e.stfs(1, 0, 4), 0x40000],
    ] as const) {
      const { cpu } = execute(word, EA + 1, FLSTA, core => {
        core.state.fpr[1] = 1.5
        setDebug(core, { DBCR0: 0x40000000 | bit, DAC1: EA + 1 })
        core.setMsr(FP | 0x200)
      })
      expect([dbsr(cpu), cpu.state.fpr[1], cpu.state.ram.getUint32(EA)]).toEqual([bit, 1.5, 0x00010203])
    }
  })

  test('lwarx and stwcx.', () => {
    expect(execute(e.lwarx(3, 4, 5), EA + 2).outcome).toBe(Ivor.ALIGNMENT)
    expect(execute(e.stwcx(3, 4, 5), EA + 2).outcome).toBe(Ivor.ALIGNMENT)
  })

  test('DTLB miss and DSI come before Alignment (p.202)', () => {
    const outcome = (word: number): number | string =>
      execute(word, 0x00500002, 0, cpu => {
        cpu.state.tlb.fill(0)
        cpu.state.tlb.set([0x00000250, 0, 0x3f, 0], 0)
        cpu.stateChanged()
      }).outcome
    expect([outcome(e.lwarx(3, 4, 5)), outcome(e.stwcx(3, 4, 5)), outcome(e.lfd(1, 11, 4))]).toEqual([13, 13, 13])
  })
})

describe('reservations', () => {
  const pair = (between: number[], ea = EA): { cpu: Cpu; cr0: number } => {
    const cpu = createCore()
    cpu.state.gpr.set([0x77, EA], 3)
    cpu.state.gpr[6] = ea
    put(cpu, A, e.lwarx(7, 4, 0), ...between, e.stwcx(3, 6, 0))
    runCore(cpu, 2 + between.length)
    expect(pc(cpu)).toBe(A + 8 + 4 * between.length)
    return { cpu, cr0: cpu.state.cr[0]! }
  }

  test('stwcx. stores and sets CR0[EQ] while the reservation holds', () => {
    const { cpu, cr0 } = pair([])
    expect([cpu.state.ram.getInt32(EA), cr0]).toEqual([0x77, 2])
  })

  test('a second stwcx. finds it gone', () => {
    const { cr0 } = pair([e.stwcx(3, 4, 0)])
    expect(cr0).toBe(0)
  })

  test('the reservation is on a line of 32 bytes', () => {
    expect([pair([], EA + 28).cr0, pair([], EA + 32).cr0]).toEqual([2, 0])
  })

  test('an interrupt does not clear it', () => {
    const cpu = createCore()
    cpu.state.gpr.set([0x77, EA], 3)
    put(cpu, A, e.lwarx(7, 4, 0), e.sc, e.stwcx(3, 4, 0))
    put(cpu, 0x00100800, e.rfi)
    runCore(cpu, 4)
    expect([cpu.state.cr[0], cpu.state.ram.getInt32(EA)]).toEqual([2, 0x77])
  })
})
