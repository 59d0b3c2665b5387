// Every event in every mode: what the table of events (manual p.237-238, table 8-3) and that of the combined modes
// (p.221) say becomes of it.

import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, dbsr, encode as e, pc, put, runCore, setDebug, stopAfter } from '../support/core.ts'

const [EDM, IDM, IDE] = [0x80000000, 0x40000000, 0x80000000]
const [DE, DWE, CE] = [0x200, 0x400, 0x20000]
const IRPT = 0x02000000
const DATA = 0x5000
const INCLUSIVE = 0x00800000

interface Event {
  readonly name: string
  /** Its enable in DBCR0, which is its bit of DBSR; 0 for UDE. */
  readonly enable: number
  readonly bit: number
  readonly setting?: Parameters<typeof setDebug>[1]
  readonly word: number
  readonly prepare?: (cpu: Cpu) => void
  /** With internal mode alone and DE = 0; in trace mode. Table 8-3. */
  readonly late: boolean
  readonly traced: boolean
  /** Whether the instruction is held back where the event is precise: all but ICMP, IRPT. */
  readonly before: boolean
}

const EVENTS: readonly Event[] = [
  ...([0x00800000, 0x00400000, 0x00200000, 0x00100000] as const).map(
    (bit, n): Event => ({
      name: `IAC${n + 1}, exact`,
      enable: bit,
      bit,
      setting: { [`IAC${n + 1}`]: A },
      word: e.addi(3, 3, 1),
      late: true,
      traced: true,
      before: true,
    }),
  ),
  {
    name: 'IAC, range',
    enable: 0x00800000,
    bit: 0x00800000,
    setting: { IAC1: A, IAC2: A + 4, DBCR1: INCLUSIVE },
    word: e.addi(3, 3, 1),
    late: false,
    traced: true,
    before: true,
  },
  {
    name: 'DAC read',
    enable: 0x00080000,
    bit: 0x00080000,
    setting: { DAC1: DATA },
    word: e.lwz(3, 0, 4),
    late: true,
    traced: true,
    before: true,
  },
  {
    name: 'DAC write',
    enable: 0x00010000,
    bit: 0x00010000,
    setting: { DAC2: DATA },
    word: e.stw(5, 0, 4),
    late: true,
    traced: true,
    before: true,
  },
  {
    name: 'DVC',
    enable: 0x00080000,
    bit: 0x00080000,
    setting: { DAC1: DATA, DBCR2: 0x00040f00, DVC1: 0x01020304 },
    word: e.lwz(3, 0, 4),
    late: true,
    traced: true,
    before: true,
  },
  { name: 'BRT', enable: 0x04000000, bit: 0x04000000, word: e.b(8), late: false, traced: true, before: true },
  { name: 'RET of rfi', enable: 0x8000, bit: 0x8000, word: e.rfi, late: true, traced: true, before: true },
  { name: 'RET of rfci', enable: 0x8000, bit: 0x8000, word: e.rfci, late: false, traced: true, before: true },
  { name: 'RET of rfmci', enable: 0x8000, bit: 0x8000, word: e.rfmci, late: false, traced: true, before: true },
  { name: 'TRAP', enable: 0x01000000, bit: 0x01000000, word: e.trap, late: true, traced: true, before: true },
  {
    name: 'ICMP',
    enable: 0x08000000,
    bit: 0x08000000,
    word: e.addi(3, 3, 1),
    late: false,
    traced: false,
    before: false,
  },
  {
    name: 'IRPT, non-critical',
    enable: IRPT,
    bit: IRPT,
    word: e.sc,
    late: true,
    traced: true,
    before: false,
  },
  {
    name: 'UDE',
    enable: 0,
    bit: 0x40000000,
    word: e.addi(3, 3, 1),
    prepare: cpu => cpu.requestUnconditionalEvent(),
    late: true,
    traced: true,
    before: true,
  },
]

/** The instruction of `event` attempted, until something ends it or it and what follows is done. */
function attempt(event: Event, dbcr0: number, msr: number, wait = 0) {
  const cpu = createCore()
  put(cpu, A, event.word, e.nop, e.nop)
  for (const at of [0x3000, 0x00100600, 0x00100800]) put(cpu, at, e.nop, e.nop)
  cpu.state.gpr.set([0, DATA, 0x01020304], 3)
  cpu.state.ram.setInt32(DATA, 0x01020304)
  for (const number of [Spr.SRR0, Spr.CSRR0, Spr.MCSRR0]) {
    cpu.state.spr[number] = 0x3000
    cpu.state.spr[number + 1] = msr
  }
  setDebug(cpu, { ...event.setting, DBCR0: dbcr0 | event.enable, JTAG_WAIT: wait })
  cpu.setMsr(msr)
  cpu.pc = A
  event.prepare?.(cpu)
  stopAfter(cpu, Ivor.DEBUG)
  const first = runCore(cpu, 1)
  const exit = first.kind === 'budget' ? runCore(cpu, 0) : first
  return { cpu, outcome: exit.kind === 'interrupt' ? 'interrupt' : exit.kind, status: dbsr(cpu) }
}

const unsigned = (bits: number): number => bits >>> 0

describe.each(EVENTS)('$name', event => {
  const { bit, late, traced, before } = event

  test('internal mode, DE = 1: recorded, Debug interrupt', () => {
    const { cpu, outcome, status } = attempt(event, IDM, DE)
    expect([outcome, status]).toEqual(['interrupt', bit])
    expect(cpu.retired).toBe(before ? 0 : 1)
    if (before) expect(cpu.state.spr[Spr.CSRR0]).toBe(A)
  })

  test(`internal mode, DE = 0: ${late ? 'recorded with IDE' : 'cannot occur'}`, () => {
    const { cpu, outcome, status } = attempt(event, IDM, 0)
    expect([outcome, status]).toEqual(['budget', late ? unsigned(IDE | bit) : 0])
    expect(pc(cpu)).not.toBe(A)
  })

  test(`trace mode: ${traced ? 'recorded, without IDE' : 'not supported'}`, () => {
    for (const msr of [0, DE]) {
      const { cpu, outcome, status } = attempt(event, 0, msr)
      expect([outcome, status]).toEqual(['budget', traced ? bit : 0])
      expect(pc(cpu)).not.toBe(A)
    }
  })

  test('external mode: recorded, stop state', () => {
    const { cpu, outcome, status } = attempt(event, EDM, DE)
    expect([outcome, status]).toEqual(['stopState', bit])
    if (before) expect([pc(cpu), cpu.retired]).toEqual([A, 0])
  })

  test('debug wait mode: recorded, stop state; the interrupt wins where it is enabled', () => {
    const waits = attempt(event, 0, DWE, 1)
    // An interrupt clears DWE (p.221), and so ends the mode before its own event.
    expect([waits.outcome, waits.status]).toEqual([bit === IRPT ? 'budget' : 'stopState', bit])
    const interrupts = attempt(event, IDM, DWE | DE, 1)
    expect([interrupts.outcome, interrupts.status]).toEqual(['interrupt', bit])
  })

  test('debug wait enabled by MSR[DWE] alone, or by the JTAG bit alone, is none', () => {
    expect(attempt(event, 0, DWE, 0).outcome).toBe('budget')
    expect(attempt(event, 0, 0, 1).outcome).toBe('budget')
  })

  test('without its enable there is no event', () => {
    if (event.enable === 0) return
    expect(attempt({ ...event, enable: 0 }, IDM, DE).status).toBe(0)
  })
})

describe('IRPT of a critical interrupt', () => {
  test.each([
    ['internal mode', IDM, CE | DE, 0],
    ['internal mode, DE = 0', IDM, CE, 0],
    ['trace mode', 0, CE, IRPT],
    ['external mode', EDM, CE, IRPT],
  ])('%s', (_, mode, msr, status) => {
    const cpu = createCore()
    setDebug(cpu, { DBCR0: mode | IRPT })
    cpu.lines.critical = true
    cpu.setMsr(msr)
    cpu.pc = A
    runCore(cpu, 0)
    expect(dbsr(cpu)).toBe(status)
  })
})
