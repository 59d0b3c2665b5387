// DAC and DVC events (user's manual p.226-234): which accesses are of which type, what is compared with what.

import { describe, expect, test } from 'vitest'
import { Bus, DcrSpace } from '../../src/bus/bus.ts'
import { Cpu } from '../../src/cpu/cpu.ts'
import { Word } from '../../src/cpu/state.ts'
import { Spr } from '../../src/isa/registers.ts'
import { applyBootState } from '../../src/machine/launchState.ts'
import {
  A,
  ALL_IVORS,
  createCore,
  dbsr,
  encode as e,
  hasFpu,
  pc,
  put,
  runCore,
  setDebug,
  spr,
  stopAfter,
} from '../support/core.ts'

const IDM = 0x40000000
const [DAC1R, DAC1W, DAC2R, DAC2W] = [0x80000, 0x40000, 0x20000, 0x10000] as const
const DE = 0x200
const FP = 0x2000
const EA = 0x5000
const MASK = 0x00400000
const INCLUSIVE = 0x00800000
const EXCLUSIVE = 0x00c00000

/** Executes `word` with r4 = `ea`, r5 = 0 and r3 = `value`. @returns the core after it or its Debug interrupt. */
function execute(
  word: number,
  ea: number,
  debug: Parameters<typeof setDebug>[1],
  { value = 0, msr = DE | FP, tbc = 4 } = {},
) {
  const cpu = createCore()
  for (let i = 0; i < 64; i++) cpu.state.ramBytes[EA + i] = 0x10 + i
  put(cpu, A, word, e.nop)
  cpu.state.gpr.set([value, ea], 3)
  cpu.state.words[Word.TBC] = tbc
  setDebug(cpu, { DBCR0: IDM | DAC1R | DAC1W, ...debug })
  cpu.setMsr(msr)
  cpu.pc = A
  stopAfter(cpu, ...ALL_IVORS)
  runCore(cpu, 1)
  return cpu
}

const events = (...args: Parameters<typeof execute>): number => dbsr(execute(...args))

describe('types (p.231)', () => {
  test.each([
    ['lwz', e.lwz(3, 0, 4), DAC1R],
    ['lbz', e.lbz(3, 0, 4), DAC1R],
    ['lmw', e.lmw(31, 0, 4), DAC1R],
    ['lswi', e.lswi(6, 4, 4), DAC1R],
    ['lwarx', e.lwarx(3, 4, 5), DAC1R],
    ['stw', e.stw(3, 0, 4), DAC1W],
    ['stmw', e.stmw(31, 0, 4), DAC1W],
    ['stswi', e.stswi(6, 4, 4), DAC1W],
    ['dcbz', e.dcbz(0, 4), DAC1W],
    ['dcbi', e.dcbi(0, 4), DAC1W],
    ['dcbf', e.dcbf(0, 4), DAC1W],
    ['dcbst', e.dcbst(0, 4), DAC1W],
    ['icbi', e.icbi(0, 4), DAC1R],
    ['dcbt', e.dcbt(0, 4), DAC1R],
    ['dcbtst', e.dcbtst(0, 4), DAC1R],
    ['icbt', e.icbt(0, 4), DAC1R],
    ['dcba', e.dcba(0, 4), 0],
    ['dccci', e.dccci(0, 4), 0],
    ['iccci', e.iccci(0, 4), 0],
    ['stwcx. without a reservation', e.stwcx(3, 4, 5), 0],
  ])('%s', (_, word, bits) => {
    expect(events(word, EA, { DAC1: EA })).toBe(bits)
  })

  test.each([
    ['lfs', e.lfs(1, 0, 4), DAC1R],
    ['lfd', e.lfd(1, 0, 4), DAC1R],
    ['stfd', e.stfd(1, 0, 4), DAC1W],
  ])('%s, of a core that has floating point', (_, word, bits) => {
    expect(events(word, EA, { DAC1: EA })).toBe(hasFpu() ? bits : 0)
  })

  test.each([
    ['lswx', e.lswx(6, 4, 5), 0],
    ['lswx', e.lswx(6, 4, 5), 1],
  ])('%s with XER[TBC] = 0 is no access', (_, word, tbc) => {
    expect(events(word, EA, { DAC1: EA }, { tbc })).toBe(tbc === 0 ? 0 : DAC1R)
  })

  test.each([
    ['uncached', 0x43f, 0],
    ['write-through', 0x83f, DAC1R],
    ['not readable', 0x3e, 0],
    ['unmapped', undefined, 0],
  ])('hints give no event where they are no-ops: a page that is %s', (_, attributes, bits) => {
    for (const hint of [e.dcbt(0, 4), e.dcbtst(0, 4), e.icbt(0, 4)]) {
      const cpu = createCore()
      put(cpu, A, hint)
      cpu.state.tlb.fill(0)
      cpu.state.tlb.set([0x00000250, 0, 0x3f, 0], 0)
      if (attributes !== undefined) cpu.state.tlb.set([0x00500210, 0x00500000, attributes, 0], 4)
      cpu.stateChanged()
      cpu.state.gpr[4] = 0x00500000
      setDebug(cpu, { DBCR0: IDM | DAC1R, DAC1: 0x00500000 })
      cpu.setMsr(DE)
      runCore(cpu, 1)
      expect(dbsr(cpu)).toBe(bits)
    }
  })

  test('only the enabled direction counts', () => {
    expect(events(e.lwz(3, 0, 4), EA, { DBCR0: IDM | DAC1W, DAC1: EA })).toBe(0)
    expect(events(e.stw(3, 0, 4), EA, { DBCR0: IDM | DAC1R, DAC1: EA })).toBe(0)
  })

  test('the two comparators are independent', () => {
    expect(events(e.lwz(3, 0, 4), EA, { DBCR0: IDM | DAC1R | DAC2R, DAC1: EA, DAC2: EA })).toBe(DAC1R | DAC2R)
    expect(events(e.stw(3, 0, 4), EA, { DBCR0: IDM | DAC1R | DAC2W, DAC1: EA, DAC2: EA })).toBe(DAC2W)
  })
})

describe('addresses (p.226-230)', () => {
  test.each([
    ['below', EA - 1, 0],
    ['lower bound', EA, DAC1W],
    ['inside', EA + 15, DAC1W],
    ['upper bound, which is outside', EA + 16, 0],
  ])('inclusive range: %s', (_, ea, bits) => {
    expect(events(e.stb(3, 0, 4), ea, { DAC1: EA, DAC2: EA + 16, DBCR2: INCLUSIVE })).toBe(bits)
    expect(events(e.stb(3, 0, 4), ea, { DAC1: EA, DAC2: EA + 16, DBCR2: EXCLUSIVE })).toBe(DAC1W - bits)
  })

  test('a range event sets the bits of both numbers that are enabled', () => {
    const debug = { DBCR0: IDM | DAC1W | DAC2W, DAC1: EA, DAC2: EA + 16, DBCR2: INCLUSIVE }
    expect(events(e.stb(3, 0, 4), EA, debug)).toBe(DAC1W | DAC2W)
  })

  test('mask: the bits set in DAC2 are compared', () => {
    const debug = { DAC1: EA, DAC2: 0xfffffff0 | 0, DBCR2: MASK }
    const seen = [EA - 1, EA, EA + 15, EA + 16].map(ea => events(e.lbz(3, 0, 4), ea, debug))
    expect(seen).toEqual([0, DAC1R, DAC1R, 0])
  })

  test('exact mode compares the start of a word only', () => {
    const seen = [EA - 1, EA, EA + 1].map(DAC1 => events(e.lwz(3, 0, 4), EA, { DAC1 }))
    expect(seen).toEqual([0, DAC1R, 0])
  })

  test('lmw and strings: every word of them', () => {
    expect(events(e.lmw(29, 0, 4), EA, { DAC1: EA + 8 })).toBe(DAC1R)
    expect(events(e.lmw(30, 0, 4), EA, { DAC1: EA + 8 })).toBe(0)
    expect(events(e.stswi(6, 4, 12), EA, { DAC1: EA + 8 })).toBe(DAC1W)
  })

  test('D1: an access split at a 16-byte boundary: the second piece has its own start', () => {
    expect(events(e.lwz(3, 14, 4), EA, { DAC1: EA + 16 })).toBe(DAC1R)
    expect(events(e.lwz(3, 10, 4), EA, { DAC1: EA + 12 })).toBe(0)
  })

  test('a double is one access', () => {
    expect(events(e.lfd(1, 0, 4), EA, { DAC1: EA + 4 })).toBe(0)
  })

  test.each([
    ['user only, supervisor', 0xc0000000, DE, 0],
    ['user only, user', 0xc0000000, DE | 0x4000, DAC1R],
    ['supervisor only, user', 0x80000000, DE | 0x4000, 0],
    ['supervisor only, supervisor', 0x80000000, DE, DAC1R],
    ['DS = 0 wanted and given', 0x20000000, DE, DAC1R],
    ['DS = 1 wanted', 0x30000000, DE, 0],
  ])('qualifiers: %s', (_, dbcr2, msr, bits) => {
    expect(events(e.lwz(3, 0, 4), EA, { DAC1: EA, DBCR2: dbcr2 | 0 }, { msr })).toBe(bits)
  })
})

describe('data values (p.231-234)', () => {
  const [AND, OR, AND_OR] = [0x00040000, 0x00080000, 0x000c0000]
  const lanes = (bits: number): number => bits << 8
  /** Memory at EA holds 0x10111213 0x14151617. */
  const load = (word: number, dbcr2: number, dvc1: number, offset = 0): boolean =>
    events(word, EA + offset, { DAC1: EA + offset, DBCR2: dbcr2, DVC1: dvc1 | 0 }) !== 0

  test.each([
    ['AND, all equal', AND | lanes(15), 0x10111213, true],
    ['AND, one differs', AND | lanes(15), 0x10111214, false],
    ['AND, the differing lane is off', AND | lanes(14), 0x101112ff, true],
    ['OR, one equal', OR | lanes(15), 0xffff12ff, true],
    ['OR, none equal', OR | lanes(15), 0xffffffff, false],
    ['AND-OR, the upper half', AND_OR | lanes(15), 0x1011ffff, true],
    ['AND-OR, the lower half', AND_OR | lanes(15), 0xffff1213, true],
    ['AND-OR, half of each', AND_OR | lanes(15), 0x10ffff13, false],
    ['AND-OR, the half with an enabled lane', AND_OR | lanes(12), 0xffff1213, false],
    ['reserved mode: never (D10)', lanes(15), 0x10111213, false],
    ['no lanes: the address alone', AND, 0xffffffff, true],
  ])('lwz, %s', (_, dbcr2, dvc1, hit) => {
    expect(load(e.lwz(3, 0, 4), dbcr2, dvc1)).toBe(hit)
  })

  test('lanes are bytes of memory by address: a halfword fills two of them', () => {
    expect(load(e.lhz(3, 0, 4), AND | lanes(12), 0x10110000)).toBe(true)
    expect(load(e.lhz(3, 0, 4), AND | lanes(3), 0x00001011)).toBe(false)
    expect(load(e.lhz(3, 0, 4), AND | lanes(3), 0x00001213, 2)).toBe(true)
    expect(load(e.lbz(3, 0, 4), AND | lanes(4), 0x00110000, 1)).toBe(true)
  })

  test('a lane that is not transferred does not match, even if memory holds the value', () => {
    expect(load(e.lbz(3, 0, 4), AND | lanes(15), 0x10111213)).toBe(false)
    expect(load(e.lbz(3, 0, 4), OR | lanes(3), 0x00001213)).toBe(false)
  })

  test('byte-reversed accesses are compared as memory has them (D10)', () => {
    expect(load(e.lwbrx(3, 4, 5), AND | lanes(15), 0x10111213)).toBe(true)
    const stored = execute(
      e.stwbrx(3, 4, 5),
      EA,
      { DAC1: EA, DBCR2: AND | lanes(15), DVC1: 0x44332211 },
      { value: 0x11223344 },
    )
    expect(dbsr(stored)).toBe(DAC1W)
  })

  test('an access that leaves its word: the lanes of each word by its own bytes (D10)', () => {
    // Bytes 2 and 3 of the first word, 0 and 1 of the second.
    expect(load(e.lwz(3, 0, 4), AND | lanes(3), 0x00001213, 2)).toBe(true)
    expect(load(e.lwz(3, 0, 4), AND | lanes(12), 0x14150000, 2)).toBe(true)
    expect(load(e.lwz(3, 0, 4), AND | lanes(15), 0x10111213, 2)).toBe(false)
  })

  test('a double matches by either of its words, where the core has floating point', () => {
    const matches = [0x10111213, 0x14151617, 0x14151618].map(value => load(e.lfd(1, 0, 4), AND | lanes(15), value))
    expect(matches).toEqual([hasFpu(), hasFpu(), false])
  })

  test('cache operations move no data: no match (D10)', () => {
    expect(load(e.dcbt(0, 4), AND | lanes(15), 0x10111213)).toBe(false)
  })

  test('DVC2 belongs to DAC2', () => {
    const debug = { DBCR0: IDM | DAC1R | DAC2R, DAC1: EA, DAC2: EA, DBCR2: 0x0001000f, DVC2: 0x10111213 }
    expect(events(e.lwz(3, 0, 4), EA, debug)).toBe(DAC1R | DAC2R)
    expect(events(e.lwz(3, 0, 4), EA, { ...debug, DVC2: 0 })).toBe(DAC1R)
  })
})

describe('effect', () => {
  test('suppressed: the register keeps its value, also with update, and memory too', () => {
    const load = execute(e.lwzu(3, 4, 4), EA, { DAC1: EA + 4 }, { value: 77 })
    expect([...load.state.gpr.slice(3, 5), spr(load, Spr.CSRR0)]).toEqual([77, EA, A])
    const store = execute(e.stw(4, 0, 4), EA, { DAC1: EA })
    expect(store.state.ram.getUint32(EA)).toBe(0x10111213)
  })

  test('IDM with DE = 0: recorded late, in range and mask mode, too (D8)', () => {
    for (const DBCR2 of [0, MASK, INCLUSIVE]) {
      const cpu = execute(e.lwz(3, 0, 4), EA, { DAC1: EA, DAC2: DBCR2 === MASK ? -1 : EA + 4, DBCR2 }, { msr: 0 })
      expect([dbsr(cpu), cpu.state.gpr[3], pc(cpu)]).toEqual([(0x80000000 | DAC1R) >>> 0, 0x10111213, A + 4])
    }
  })

  test('trace mode: recorded, without IDE', () => {
    expect(events(e.lwz(3, 0, 4), EA, { DBCR0: DAC1R, DAC1: EA })).toBe(DAC1R)
  })

  test('D9: an access that misses the TLB gives no DAC event', () => {
    const cpu = createCore()
    put(cpu, A, e.lwz(3, 0, 4))
    cpu.state.tlb.fill(0)
    cpu.state.tlb.set([0x00000250, 0, 0x3f, 0], 0)
    cpu.stateChanged()
    cpu.state.gpr[4] = 0x00500000
    setDebug(cpu, { DBCR0: IDM | DAC1R, DAC1: 0x00500000 })
    cpu.setMsr(DE)
    stopAfter(cpu, 13)
    expect(runCore(cpu, 1).kind).toBe('interrupt')
    expect(dbsr(cpu)).toBe(0)
  })

  test('a suppressed load does not touch the device, nor does the comparison of its value', () => {
    let reads = 0
    const bus = new Bus()
    bus.map(0xef600000, {
      ...{ name: 'counter', text: '', registers: [] },
      size: 4,
      read: () => ++reads,
      write: () => {},
      peek: () => 0x42,
    })
    const cpu = new Cpu({ ramSize: 1 << 20, bus, dcr: new DcrSpace(), pvr: 0, fpu: false })
    applyBootState(cpu, A)
    put(cpu, A, e.lbz(3, 0, 4))
    cpu.state.gpr[4] = 0xef600000 | 0
    stopAfter(cpu, 15)
    setDebug(cpu, { DBCR0: IDM | DAC1R, DAC1: 0xef600000 | 0, DBCR2: 0x00040800, DVC1: 0x42000000 })
    cpu.setMsr(DE)
    expect(runCore(cpu, 1).kind).toBe('interrupt')
    expect([reads, dbsr(cpu)]).toEqual([0, DAC1R])
  })

  test('a page that is watched is watched at once, also when it was used before', () => {
    const cpu = createCore()
    put(cpu, A, e.lwz(3, 0, 4), e.lwz(3, 0, 4))
    cpu.state.gpr[4] = EA
    cpu.setMsr(DE)
    runCore(cpu, 1)
    setDebug(cpu, { DBCR0: IDM | DAC1R, DAC1: EA })
    stopAfter(cpu, 15)
    expect(runCore(cpu, 1)).toMatchObject({ kind: 'interrupt', ivor: 15 })
  })
})
