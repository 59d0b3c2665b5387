// The truth tables of the debug facility, row by row, each under its number. The expectations are the tables' own
// literals, taken from the PPC440x5 user's manual, chapter 8.

import { describe, expect, test } from 'vitest'
import { Hw, Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import {
  A,
  ALL_IVORS,
  createCore,
  DBG,
  dbsr,
  encode as e,
  msr,
  PGM,
  pc,
  put,
  runCore,
  SYSCALL,
  setDebug,
  spr,
  stopAfter,
} from '../support/core.ts'

const IDM = 0x40000000

/** A core with `addi r3, r3, 1` and then `nop`s at A and everywhere the tables run. */
function core(dbcr0: number, dbcr1 = 0, msr0 = 0, iacs: number[] = [A]) {
  const cpu = createCore()
  for (const at of [A - 4, 0x1ffc, 0x2000, 0x3000, DBG, PGM, SYSCALL]) put(cpu, at, e.nop, e.nop, e.nop)
  put(cpu, A, e.addi(3, 3, 1), e.nop, e.nop)
  const [IAC1 = 0, IAC2 = 0, IAC3 = 0, IAC4 = 0] = iacs
  setDebug(cpu, { DBCR0: dbcr0, DBCR1: dbcr1, IAC1, IAC2, IAC3, IAC4 })
  cpu.setMsr(msr0)
  return cpu
}

/** Runs one instruction at `address`, or takes the interrupt that prevents it; stops before any handler executes. */
function run(cpu: ReturnType<typeof core>, address: number) {
  cpu.pc = address
  return step(cpu)
}

function step(cpu: ReturnType<typeof core>) {
  stopAfter(cpu, ...ALL_IVORS)
  const before = cpu.retired
  const exit = runCore(cpu, 1)
  // An interrupt that follows the instruction is taken before the next one.
  return exit.kind === 'budget' ? runCore(cpu, 0) : { ...exit, retired: cpu.retired - before }
}

const DEBUG_TAKEN = { kind: 'interrupt', ivor: Ivor.DEBUG }

describe('IAC events (7.1)', () => {
  test('I1: exact match with IDM and DE: suppressed, Debug interrupt, CSRR0 = A', () => {
    const cpu = core(0x40800000, 0, 0x1200)
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect(dbsr(cpu)).toBe(0x00800000)
    expect([pc(cpu), spr(cpu, Spr.CSRR0), spr(cpu, Spr.CSRR1), msr(cpu)]).toEqual([DBG, A, 0x1200, 0x1000])
    expect(cpu.state.gpr[3]).toBe(0)
  })

  const afterI2 = () => {
    const cpu = core(0x40800000)
    run(cpu, A)
    return cpu
  }

  test('I2: DE = 0: recorded with IDE, instruction executed', () => {
    const cpu = afterI2()
    expect([dbsr(cpu), pc(cpu), cpu.state.gpr[3]]).toEqual([0x80800000, A + 4, 1])
  })

  test('I3: mtmsr sets DE later: CSRR0 is the instruction after it', () => {
    const cpu = afterI2()
    put(cpu, 0x2000, e.mtmsr(4))
    cpu.state.gpr[4] = 0x200
    expect(run(cpu, 0x2000)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0), spr(cpu, Spr.CSRR1), msr(cpu)]).toEqual([0x80800000, 0x2004, 0x200, 0])
  })

  test('I4: DBSR cleared before DE: no interrupt', () => {
    const cpu = afterI2()
    put(cpu, 0x2000, e.mtspr(Spr.DBSR, 5), e.mtmsr(4))
    cpu.state.gpr[4] = 0x200
    cpu.state.gpr[5] = 0x80800000 | 0
    run(cpu, 0x2000)
    run(cpu, 0x2004)
    expect([dbsr(cpu), msr(cpu), pc(cpu)]).toEqual([0, 0x200, 0x2008])
  })

  test('I5: rfi sets DE later: CSRR0 is its target', () => {
    const cpu = afterI2()
    put(cpu, 0x2000, e.rfi)
    cpu.state.spr[Spr.SRR0] = 0x3000
    cpu.state.spr[Spr.SRR1] = 0x200
    expect(run(cpu, 0x2000)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([0x80800000, 0x3000])
  })

  const afterI6 = () => {
    const cpu = core(0x00800000, 0, 0x200)
    run(cpu, A)
    return cpu
  }

  test('I6: trace mode: recorded, no interrupt, no IDE', () => {
    const cpu = afterI6()
    expect([dbsr(cpu), pc(cpu)]).toEqual([0x00800000, A + 4])
  })

  test('I7: IDM set later with the event latched: interrupt, IDE = 0', () => {
    const cpu = afterI6()
    put(cpu, 0x2000, e.mtspr(Spr.DBCR0, 4))
    cpu.state.gpr[4] = IDM
    expect(run(cpu, 0x2000)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([0x00800000, 0x2004])
  })

  test.each([
    ['I8', 0x40c00000, 0x00800000, 0x0ffc, 0],
    ['I9', 0x40c00000, 0x00800000, 0x1000, 0x00c00000],
    ['I10 (below the upper bound)', 0x40800000, 0x00800000, 0x1ffc, 0x00800000],
    ['I10 (the upper bound)', 0x40800000, 0x00800000, 0x2000, 0],
    ['I11 (exclusive)', 0x40800000, 0x00c00000, 0x2000, 0x00800000],
  ])('%s: ranges', (_, dbcr0, dbcr1, address, status) => {
    const cpu = core(dbcr0, dbcr1, 0x200, [0x1000, 0x2000])
    const exit = run(cpu, address)
    expect(dbsr(cpu)).toBe(status)
    if (status !== 0) {
      expect(exit).toMatchObject(DEBUG_TAKEN)
      expect(spr(cpu, Spr.CSRR0)).toBe(address)
    } else expect(pc(cpu)).toBe(address + 4)
  })

  test('I12: a range event cannot occur with IDM alone and DE = 0', () => {
    const cpu = core(0x40800000, 0x00800000, 0, [0x1000, 0x2000])
    run(cpu, 0x1000)
    expect([dbsr(cpu), pc(cpu)]).toEqual([0, 0x1004])
  })

  test.each([
    ['I13: user-only misses in supervisor state', 0xc0000000, 0x200, 0],
    ['I14: user-only hits in user state', 0xc0000000, 0x4200, 0x00800000],
    ['I15: supervisor-only misses in user state', 0x80000000, 0x4200, 0],
    ['I16: IS = 1 required, and given', 0x30000000, 0x220, 0x00800000],
    ['I16: IS = 1 required, and missing', 0x30000000, 0x200, 0],
  ])('%s', (_, dbcr1, msr0, status) => {
    const cpu = core(0x40800000, dbcr1, msr0)
    // Space 1 is mapped like space 0, so that IS = 1 can fetch.
    for (let entry = 0; entry < 16; entry++)
      for (let word = 0; word < 4; word++)
        cpu.state.tlb[4 * entry + word] = cpu.state.tlb[4 * (48 + entry) + word] | (word === 0 ? 0x100 : 0)
    cpu.stateChanged()
    run(cpu, A)
    expect(dbsr(cpu)).toBe(status)
  })

  test('I17: auto-toggle goes in, nothing, out, in', () => {
    const cpu = core(0x00800000, 0x00810000, 0, [0x1000, 0x2000])
    const seen = [0x1000, 0x1004, 0x2000, 0x1000].map(address => {
      run(cpu, address)
      return dbsr(cpu)
    })
    expect(seen).toEqual([0x00800002, 0x00800002, 0x00800000, 0x00800002])
  })

  test('I18: an unmapped address: the IAC comes before the ITLB miss', () => {
    const cpu = core(0x40800000, 0, 0x200)
    cpu.state.tlb.fill(0)
    cpu.stateChanged()
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect(dbsr(cpu)).toBe(0x00800000)
    setDebug(cpu, { DBCR0: IDM, DBSR: 0 })
    cpu.setMsr(0x200)
    expect(run(cpu, A)).toMatchObject({ kind: 'interrupt', ivor: Ivor.INSTRUCTION_TLB_ERROR })
  })

  test('I19: a handler that does not clear DBSR: interrupt again at once, nothing executed', () => {
    const cpu = core(0x40800000, 0, 0x1200)
    run(cpu, A)
    put(cpu, DBG, e.rfci)
    expect(step(cpu)).toMatchObject(DEBUG_TAKEN)
    expect([spr(cpu, Spr.CSRR0), cpu.state.gpr[3]]).toEqual([A, 0])
  })

  test('I20: DBSR cleared, IAC1 still on: a fresh event at A', () => {
    const cpu = core(0x40800000, 0, 0x1200)
    run(cpu, A)
    cpu.state.hw[Hw.DBSR] = 0
    put(cpu, DBG, e.rfci)
    step(cpu)
    expect(pc(cpu)).toBe(A)
    expect(step(cpu)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([0x00800000, A])
  })

  test('I21: four comparators at one address: four bits, one interrupt', () => {
    const cpu = core(0x40f00000, 0, 0x200, [A, A, A, A])
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect(dbsr(cpu)).toBe(0x00f00000)
  })
})

describe('other events (7.2)', () => {
  const other = (dbcr0: number, msr0: number, ...words: number[]) => {
    const cpu = core(dbcr0, 0, msr0, [])
    put(cpu, A, ...words)
    return cpu
  }

  test('E1: ICMP: instruction done, CSRR0 = A + 4', () => {
    const cpu = other(0x48000000, 0x200, e.addi(3, 3, 1))
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0), cpu.state.gpr[3]]).toEqual([0x08000000, A + 4, 1])
  })

  test('E2: ICMP with DE = 0: nothing', () => {
    const cpu = other(0x48000000, 0, e.addi(3, 3, 1))
    run(cpu, A)
    expect([dbsr(cpu), pc(cpu)]).toEqual([0, A + 4])
  })

  test('E3, E4: mtmsr that clears DE records ICMP; the next one that sets it delivers', () => {
    const cpu = other(0x48000000, 0x200, e.mtmsr(4))
    run(cpu, A)
    expect([dbsr(cpu), msr(cpu), pc(cpu)]).toEqual([0x08000000, 0, A + 4])
    put(cpu, 0x2000, e.mtmsr(5))
    cpu.state.gpr[5] = 0x200
    expect(run(cpu, 0x2000)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([0x08000000, 0x2004])
  })

  test('E5: single step: rfci itself gives no ICMP, exactly one instruction completes', () => {
    const cpu = other(0x48000000, 0, e.addi(3, 3, 1), e.addi(3, 3, 1))
    put(cpu, 0x2000, e.rfci)
    cpu.state.spr[Spr.CSRR0] = A
    cpu.state.spr[Spr.CSRR1] = 0x200
    run(cpu, 0x2000)
    expect([pc(cpu), dbsr(cpu)]).toEqual([A, 0])
    expect(step(cpu)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0), cpu.state.gpr[3]]).toEqual([0x08000000, A + 4, 1])
  })

  test('E5b: ICMP of sc: System Call first, then Debug at its vector', () => {
    const cpu = other(0x48000000, 0x200, e.sc)
    expect(run(cpu, A)).toMatchObject({ kind: 'interrupt', ivor: Ivor.SYSTEM_CALL })
    expect(runCore(cpu, 0)).toMatchObject(DEBUG_TAKEN)
    expect([spr(cpu, Spr.SRR0), spr(cpu, Spr.SRR1)]).toEqual([A + 4, 0x200])
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0), spr(cpu, Spr.CSRR1)]).toEqual([0x08000000, SYSCALL, 0x200])
  })

  test('E5c: an instruction that faults does not complete: no ICMP', () => {
    const cpu = other(0x48000000, 0x200, e.lwz(3, 0, 4))
    // Only the first megabyte stays mapped.
    cpu.state.tlb[4 * 48] = 0x00000250
    cpu.stateChanged()
    cpu.state.gpr[4] = 0x00500000
    expect(run(cpu, A)).toMatchObject({ kind: 'interrupt', ivor: Ivor.DATA_TLB_ERROR })
    expect(dbsr(cpu)).toBe(0)
  })

  test('E6: BRT: the branch is suppressed, CSRR0 = the branch', () => {
    const cpu = other(0x44000000, 0x200, e.b(0x100))
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([0x04000000, A])
  })

  test('E7: BRT of a branch not taken: nothing', () => {
    const cpu = other(0x44000000, 0x200, e.bne(0x100))
    cpu.state.cr[0] = 2
    run(cpu, A)
    expect([dbsr(cpu), pc(cpu)]).toEqual([0, A + 4])
  })

  test('E8: BRT cannot occur with DE = 0', () => {
    const cpu = other(0x44000000, 0, e.b(0x100))
    run(cpu, A)
    expect([dbsr(cpu), pc(cpu)]).toEqual([0, A + 0x100])
  })

  test('E9: TRAP: Debug interrupt, no Program interrupt', () => {
    const cpu = other(0x41000000, 0x200, e.trap)
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0), spr(cpu, Spr.ESR)]).toEqual([0x01000000, A, 0])
  })

  test('E10: TRAP with DE = 0: recorded late, and the Program interrupt is taken', () => {
    const cpu = other(0x41000000, 0, e.trap)
    expect(run(cpu, A)).toMatchObject({ kind: 'interrupt', ivor: Ivor.PROGRAM })
    expect([dbsr(cpu), spr(cpu, Spr.SRR0), spr(cpu, Spr.ESR), pc(cpu)]).toEqual([0x81000000, A, 0x02000000, PGM])
  })

  test('E11: trap with nothing enabled: Program interrupt, DE stays', () => {
    const cpu = other(0, 0x200, e.trap)
    expect(run(cpu, A)).toMatchObject({ kind: 'interrupt', ivor: Ivor.PROGRAM })
    expect([dbsr(cpu), spr(cpu, Spr.SRR0), spr(cpu, Spr.ESR), msr(cpu)]).toEqual([0, A, 0x02000000, 0x200])
  })

  test('E12: RET: rfi suppressed', () => {
    const cpu = other(0x40008000, 0x200, e.rfi)
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([0x00008000, A])
  })

  test('E13: RET of rfi with DE = 0: recorded late, performed', () => {
    const cpu = other(0x40008000, 0, e.rfi)
    cpu.state.spr[Spr.SRR0] = 0x3000
    run(cpu, A)
    expect([dbsr(cpu), pc(cpu)]).toEqual([0x80008000, 0x3000])
  })

  test('E14: RET of rfci with DE = 0: no event', () => {
    const cpu = other(0x40008000, 0, e.rfci)
    cpu.state.spr[Spr.CSRR0] = 0x3000
    run(cpu, A)
    expect([dbsr(cpu), pc(cpu)]).toEqual([0, 0x3000])
  })

  test('E15: rfi that sets DE: performed, then Debug at its target', () => {
    const cpu = other(0x40008000, 0, e.rfi)
    cpu.state.spr[Spr.SRR0] = 0x3000
    cpu.state.spr[Spr.SRR1] = 0x200
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([0x80008000, 0x3000])
  })

  test('E16: IRPT: sc taken, then Debug at the first instruction of its handler', () => {
    const cpu = other(0x42000000, 0x200, e.sc)
    expect(run(cpu, A)).toMatchObject({ kind: 'interrupt', ivor: Ivor.SYSTEM_CALL })
    expect(runCore(cpu, 0)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.SRR0), spr(cpu, Spr.CSRR0), spr(cpu, Spr.CSRR1)]).toEqual([
      0x02000000,
      A + 4,
      SYSCALL,
      0x200,
    ])
  })

  test('E17: IRPT with IDM alone: a critical interrupt does not count', () => {
    const cpu = other(0x42000000, 0x20200, e.nop)
    cpu.lines.critical = true
    cpu.inputsChanged()
    expect(run(cpu, A)).toMatchObject({ kind: 'interrupt', ivor: Ivor.CRITICAL_INPUT })
    expect(dbsr(cpu)).toBe(0)
  })

  test('E18: UDE with DE: Debug before the next instruction', () => {
    const cpu = other(IDM, 0x200, e.nop)
    cpu.requestUnconditionalEvent()
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([0x40000000, A])
  })

  test('E19: UDE with DE = 0: recorded late', () => {
    const cpu = other(IDM, 0, e.nop)
    cpu.requestUnconditionalEvent()
    run(cpu, A)
    expect([dbsr(cpu), pc(cpu)]).toEqual([0xc0000000, A + 4])
  })

  const dac = (dbcr0: number, msr0: number, values: object, word: number, ea: number, value = 0) => {
    const cpu = other(dbcr0, msr0, word)
    setDebug(cpu, values)
    cpu.state.gpr[4] = ea
    cpu.state.gpr[3] = value | 0
    run(cpu, A)
    return cpu
  }
  const stored = (cpu: ReturnType<typeof core>, at: number) => cpu.state.ram.getUint32(at)

  test('E20: DAC1W: the store is not done, CSRR0 = the store', () => {
    const cpu = dac(0x40040000, 0x200, { DAC1: 0x5000 }, e.stw(3, 0, 4), 0x5000, 0x11223344)
    expect([dbsr(cpu), spr(cpu, Spr.CSRR0), stored(cpu, 0x5000)]).toEqual([0x00040000, A, 0])
  })

  test('E21: only the starting address is compared', () => {
    const cpu = dac(0x40040000, 0x200, { DAC1: 0x5002 }, e.stw(3, 0, 4), 0x5000, 0x11223344)
    expect([dbsr(cpu), stored(cpu, 0x5000)]).toEqual([0, 0x11223344])
  })

  test.each([
    ['stb', e.stb(3, 0, 4), 0x5003],
    ['sth', e.sth(3, 0, 4), 0x5002],
    ['stw', e.stw(3, 0, 4), 0x5000],
  ])('E22: mask mode covers the word: %s', (_, word, ea) => {
    const values = { DAC1: 0x5003, DAC2: 0xfffffffc | 0, DBCR2: 0x00400000 }
    expect(dbsr(dac(0x40040000, 0x200, values, word, ea))).toBe(0x00040000)
  })

  test('E23: DAC with DE = 0: recorded late, store done', () => {
    const cpu = dac(0x40040000, 0, { DAC1: 0x5000 }, e.stw(3, 0, 4), 0x5000, 7)
    expect([dbsr(cpu), stored(cpu, 0x5000)]).toEqual([0x80040000, 7])
  })

  test('E24, E25: dcbst counts as a write, not as a read', () => {
    expect(dbsr(dac(0x40040000, 0x200, { DAC1: 0x5000 }, e.dcbst(0, 4), 0x5000))).toBe(0x00040000)
    expect(dbsr(dac(0x40080000, 0x200, { DAC1: 0x5000 }, e.dcbst(0, 4), 0x5000))).toBe(0)
  })

  test('E26: DVC1 with all lanes: the value decides', () => {
    const values = { DAC1: 0x5000, DBCR2: 0x00040f00, DVC1: 0x11223344 }
    expect(dbsr(dac(0x40040000, 0x200, values, e.stw(3, 0, 4), 0x5000, 0x11223344))).toBe(0x00040000)
    expect(dbsr(dac(0x40040000, 0x200, values, e.stw(3, 0, 4), 0x5000, 0x11223345))).toBe(0)
  })

  test('E27: external debug mode: stop state at A, no interrupt', () => {
    const cpu = core(0xc0800000 | 0, 0, 0x200)
    expect(run(cpu, A)).toMatchObject({ kind: 'stopState' })
    expect([dbsr(cpu), pc(cpu)]).toEqual([0x00800000, A])
  })

  test('E28: debug wait with IDM and DE: the interrupt wins', () => {
    const cpu = core(0x40800000, 0, 0x600)
    setDebug(cpu, { JTAG_WAIT: 1 })
    expect(run(cpu, A)).toMatchObject(DEBUG_TAKEN)
    expect(dbsr(cpu)).toBe(0x00800000)
  })

  test('E29: debug wait with DE = 0: stop state', () => {
    const cpu = core(0x00800000, 0, 0x400)
    setDebug(cpu, { JTAG_WAIT: 1 })
    expect(run(cpu, A)).toMatchObject({ kind: 'stopState' })
    expect(dbsr(cpu)).toBe(0x00800000)
  })
})

describe('DBSR, write one to clear (7.3)', () => {
  test.each([
    [0x80800000, 0x80800000, 0],
    [0x80c00000, 0x00800000, 0x80400000],
    [0x30800003, 0xffffffff, 0],
    [0x00800000, 0, 0x00800000],
    [0x00c00000, 0x00800000, 0x00400000],
  ])('before %i, written %i, after %i', (before, written, after) => {
    const cpu = createCore()
    put(cpu, A, e.mtspr(Spr.DBSR, 3))
    cpu.state.gpr[3] = written | 0
    setDebug(cpu, { DBSR: before | 0 })
    cpu.pc = A
    runCore(cpu, 1)
    expect(dbsr(cpu)).toBe(after)
    expect(cpu.state.words[Word.PC]).toBe(A + 4)
  })
})
