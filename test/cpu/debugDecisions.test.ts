// Where the manual is silent about the debug facility: docs/decisions/0006-debug-facility.md, by its numbers. D1, D8, D10
// and part of D9 are in dataAddress.test.ts, D11 is in timers.test.ts.

import { expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
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
  pc,
  put,
  runCore,
  SYSCALL,
  setDebug,
  spr,
  stopAfter,
} from '../support/core.ts'

const IDM = 0x40000000
const [ICMP, BRT, IRPT, RET, IAC1] = [0x08000000, 0x04000000, 0x02000000, 0x8000, 0x00800000]
const DE = 0x200
const IDE = 0x80000000

function core(dbcr0: number, msr: number, ...words: number[]): Cpu {
  const cpu = createCore()
  for (const at of [DBG, SYSCALL, 0x2000, 0x3000]) put(cpu, at, e.nop, e.nop)
  put(cpu, A, ...words, e.nop, e.nop)
  setDebug(cpu, { DBCR0: dbcr0 })
  cpu.setMsr(msr)
  cpu.pc = A
  stopAfter(cpu, ...ALL_IVORS)
  return cpu
}

/** One instruction, and the interrupt that follows it if one does. */
function step(cpu: Cpu): number | string {
  const exit = runCore(cpu, 1)
  const last = exit.kind === 'budget' ? runCore(cpu, 0) : exit
  return last.kind === 'interrupt' ? last.ivor : last.kind
}

test('D2: an event that is pending when DE rises comes before the fault of the next instruction', () => {
  const cpu = core(IDM, 0, e.rfi)
  cpu.state.spr[Spr.SRR0] = 0x00500000
  cpu.state.spr[Spr.SRR1] = DE
  cpu.state.tlb.fill(0)
  cpu.state.tlb.set([0x00000250, 0, 0x3f, 0], 0)
  cpu.stateChanged()
  setDebug(cpu, { DBSR: IAC1 })
  expect(step(cpu)).toBe(Ivor.DEBUG)
  expect(spr(cpu, Spr.CSRR0)).toBe(0x00500000)
})

test('D3: the mtspr that enables ICMP does not raise it, the one that disables it does', () => {
  const enabling = core(IDM, DE, e.mtspr(Spr.DBCR0, 3))
  enabling.state.gpr[3] = IDM | ICMP
  expect([step(enabling), dbsr(enabling)]).toEqual(['budget', 0])
  const disabling = core(IDM | ICMP, DE, e.mtspr(Spr.DBCR0, 3))
  disabling.state.gpr[3] = IDM
  expect([step(disabling), dbsr(disabling)]).toEqual([Ivor.DEBUG, ICMP])
})

test('D3: the mtmsr that sets DE does not raise ICMP', () => {
  const cpu = core(IDM | ICMP, 0, e.mtmsr(3))
  cpu.state.gpr[3] = DE
  expect([step(cpu), dbsr(cpu)]).toEqual(['budget', 0])
})

test.each([
  ['rfi', e.rfi, Spr.SRR0],
  ['rfci', e.rfci, Spr.CSRR0],
  ['rfmci', e.rfmci, Spr.MCSRR0],
] as const)('D4: ICMP of an %s that clears DE is recorded, and delayed until DE is set again', (_, word, address) => {
  const cpu = core(IDM | ICMP, DE, word)
  cpu.state.spr[address] = 0x2000
  cpu.state.spr[address + 1] = 0
  expect([step(cpu), dbsr(cpu), pc(cpu)]).toEqual(['budget', ICMP, 0x2000])
  put(cpu, 0x2000, e.mtmsr(3))
  cpu.state.gpr[3] = DE
  expect([step(cpu), spr(cpu, Spr.CSRR0)]).toEqual([Ivor.DEBUG, 0x2004])
})

test('D5: ICMP of A with an IAC at A + 4: two interrupts, ICMP first', () => {
  const cpu = core(IDM | ICMP | IAC1, DE, e.nop)
  setDebug(cpu, { IAC1: A + 4 })
  expect([step(cpu), dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([Ivor.DEBUG, ICMP, A + 4])
  setDebug(cpu, { DBSR: 0 })
  cpu.setMsr(DE)
  cpu.pc = A + 4
  expect([step(cpu), dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([Ivor.DEBUG, IAC1, A + 4])
})

test('D6: sc with ICMP and IRPT: both bits in one interrupt; an IAC of the handler comes when that is attempted', () => {
  const cpu = core(IDM | ICMP | IRPT | IAC1, DE, e.sc)
  setDebug(cpu, { IAC1: SYSCALL })
  expect(runCore(cpu, 1)).toMatchObject({ kind: 'interrupt', ivor: Ivor.SYSTEM_CALL })
  expect(runCore(cpu, 0)).toMatchObject({ kind: 'interrupt', ivor: Ivor.DEBUG })
  expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([ICMP | IRPT, SYSCALL])
})

test('D7: every recorded hit of the pair toggles, late ones too; an event that cannot occur does not', () => {
  const TOGGLING = 0x00810000
  const range = (dbcr0: number, msr: number): number => {
    const cpu = core(dbcr0, msr, e.nop)
    setDebug(cpu, { DBCR1: TOGGLING, IAC1: A, IAC2: A + 0x100 })
    step(cpu)
    return dbsr(cpu)
  }
  expect(range(IAC1, 0)).toBe(IAC1 | 2)
  expect(range(IDM | IAC1, DE)).toBe(IAC1 | 2)
  expect(range(IDM | IAC1, 0)).toBe(0)
})

test('D9: an IAC event with DE = 0 is recorded although the instruction then faults', () => {
  const cpu = core(IDM | IAC1, 0, 0)
  setDebug(cpu, { IAC1: A })
  expect(step(cpu)).toBe(Ivor.PROGRAM)
  expect(dbsr(cpu)).toBe((IDE | IAC1) >>> 0)
})

test.each([
  [Spr.DBCR0, 0xcfff8001],
  [Spr.DBCR1, 0xffc1ffc1],
  [Spr.DBCR2, 0xffef0f0f],
])('D12: reserved bits of SPR %i are dropped on write', (number, defined) => {
  const cpu = core(0, 0, e.mtspr(number, 3), e.mfspr(4, number))
  // Without DBCR0[RST], which is a reset.
  cpu.state.gpr[3] = number === Spr.DBCR0 ? 0x8fffffff & ~0x30000000 : -1
  runCore(cpu, 2)
  expect(cpu.state.gpr[4]! >>> 0).toBe((number === Spr.DBCR0 ? defined & ~0x40000000 : defined) >>> 0)
})

test.each([
  ['rfi', e.rfi],
  ['rfci', e.rfci],
])('D13: %s in user state with RET enabled is a Program interrupt and no RET event', (_, word) => {
  const cpu = core(IDM | RET, DE | 0x4000, word)
  expect([step(cpu), dbsr(cpu), spr(cpu, Spr.ESR)]).toEqual([Ivor.PROGRAM, 0, 0x04000000])
})

test('events of one instruction: what suppresses it keeps the lower ones from being recorded', () => {
  const cpu = core(IDM | IAC1 | BRT | ICMP, DE, e.b(8))
  setDebug(cpu, { IAC1: A })
  expect([step(cpu), dbsr(cpu)]).toEqual([Ivor.DEBUG, IAC1])
})

test('a late event leaves IDE on when a precise one joins (5.3)', () => {
  const cpu = core(IDM | IAC1, 0, e.nop, e.mtmsr(3), e.nop)
  setDebug(cpu, { IAC1: A })
  step(cpu)
  expect(dbsr(cpu)).toBe((IDE | IAC1) >>> 0)
  cpu.requestUnconditionalEvent()
  expect(dbsr(cpu)).toBe((IDE | IAC1 | 0x40000000) >>> 0)
})

test('a pending Debug interrupt follows a non-critical interrupt before the first instruction of its handler (5.1)', () => {
  const cpu = core(IDM, DE, e.sc)
  runCore(cpu, 0)
  setDebug(cpu, { DBSR: 0 })
  put(cpu, A, e.sc)
  // The event arises with the system call itself.
  setDebug(cpu, { DBCR0: IDM | IRPT })
  expect(runCore(cpu, 1)).toMatchObject({ ivor: Ivor.SYSTEM_CALL })
  expect(runCore(cpu, 0)).toMatchObject({ ivor: Ivor.DEBUG })
  expect([spr(cpu, Spr.CSRR0), spr(cpu, Spr.CSRR1)]).toEqual([SYSCALL, DE])
})

test('the enable cleared after the event latched: DBSR alone counts, the interrupt comes when DE is set (3.1)', () => {
  const cpu = core(IDM | IAC1, 0, e.nop, e.mtspr(Spr.DBCR0, 4), e.mtmsr(3))
  setDebug(cpu, { IAC1: A })
  cpu.state.gpr.set([DE, IDM], 3)
  expect([step(cpu), step(cpu), step(cpu)]).toEqual(['budget', 'budget', Ivor.DEBUG])
  expect([dbsr(cpu), spr(cpu, Spr.CSRR0)]).toEqual([(IDE | IAC1) >>> 0, A + 12])
})

test('DE = 0: every event of the instruction is recorded, and one delayed interrupt reports them all (5.3)', () => {
  const DAC1R = 0x00080000
  const cpu = core(IDM | IAC1 | DAC1R, 0, e.lwz(5, 0, 4), e.mtmsr(3))
  setDebug(cpu, { IAC1: A, DAC1: 0x5000 })
  cpu.state.gpr.set([DE, 0x5000], 3)
  expect([step(cpu), dbsr(cpu)]).toEqual(['budget', (IDE | IAC1 | DAC1R) >>> 0])
  expect([step(cpu), spr(cpu, Spr.CSRR0), spr(cpu, Spr.CSRR1)]).toEqual([Ivor.DEBUG, A + 8, DE])
})

test('the Debug interrupt leaves ESR, DEAR, SRR0 and SRR1 alone, and ME; it clears every other bit of MSR (3.2)', () => {
  const cpu = core(IDM | IAC1, 0x0002ff00 & ~0x4000, e.nop)
  setDebug(cpu, { IAC1: A })
  const kept = [Spr.ESR, Spr.DEAR, Spr.SRR0, Spr.SRR1]
  for (const number of kept) cpu.state.spr[number] = 0x11110000 + number
  expect(step(cpu)).toBe(Ivor.DEBUG)
  expect(kept.map(number => spr(cpu, number))).toEqual(kept.map(number => 0x11110000 + number))
  expect([spr(cpu, Spr.CSRR1), msr(cpu)]).toEqual([0x0002bf00, 0x1000])
})
