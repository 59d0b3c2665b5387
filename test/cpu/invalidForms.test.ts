// Invalid forms (user's manual p.53) as they execute: no interrupt, the results chosen for what the part leaves
// undefined, and a word of it to the programmer, once for each place.

import { expect, test } from 'vitest'
import { createHosted } from '../../src/boards/hosted.ts'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { Hw, Word } from '../../src/cpu/state.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, ALL_IVORS, createCore, encode as e, pc, put, runCore, setDebug, stopAfter } from '../support/core.ts'

const DATA = 0x5000
const BRT = 0x04000000

/** r4 to r9 point to data: words that tell their own address. */
function core(...words: number[]): Cpu {
  const cpu = createCore()
  for (let at = 0; at < 256; at += 4) cpu.state.ram.setInt32(DATA + at, DATA + at)
  for (let r = 4; r < 10; r++) cpu.state.gpr[r] = DATA
  put(cpu, A, ...words, e.nop, e.nop)
  stopAfter(cpu, ...ALL_IVORS)
  return cpu
}

const told = (cpu: Cpu): string[] => cpu.diagnostics.map(({ text }) => text)
const x = (extended: number, t: number, a: number, b: number): number =>
  (31 << 26) | (t << 21) | (a << 16) | (b << 11) | (extended << 1)
const d = (opcode: number, t: number, a: number, offset: number): number =>
  (opcode << 26) | (t << 21) | (a << 16) | (offset & 0xffff)
const bcctr = (bo: number, bi: number): number => (19 << 26) | (bo << 21) | (bi << 16) | (528 << 1)

interface Row {
  readonly name: string
  readonly word: number
  readonly because: string
  /** After the one instruction. */
  readonly result: (cpu: Cpu) => unknown
  readonly chosen: unknown
  readonly before?: (cpu: Cpu) => void
}

const r = (n: number) => (cpu: Cpu) => cpu.state.gpr[n]!
const count = (n: number) => (cpu: Cpu) => {
  cpu.state.words[Word.TBC] = n
}
const tlbOf = (cpu: Cpu): number[] => [...cpu.state.tlb]

const ROWS: readonly Row[] = [
  // A load with update of its own target leaves what was loaded.
  ...(['lwzu', 'lwzux'] as const).map(name => ({
    name: `${name} with RA = RT`,
    word: name === 'lwzu' ? d(33, 4, 4, 8) : x(55, 4, 4, 10),
    because: 'RA = RT',
    before: (cpu: Cpu) => {
      cpu.state.gpr[10] = 8
    },
    result: r(4),
    chosen: DATA + 8,
  })),
  { name: 'lbzu with RA = RT', word: d(35, 4, 4, 2), because: 'RA = RT', result: r(4), chosen: 0x50 },
  // Register 0 is base and takes the update, as any other would.
  ...([33, 35, 41, 43] as const).map(opcode => ({
    name: `${opcode}, a load with update, with RA = 0`,
    word: d(opcode, 3, 0, 8),
    because: 'RA = 0',
    before: (cpu: Cpu) => {
      cpu.state.gpr[0] = DATA
    },
    result: r(0),
    chosen: DATA + 8,
  })),
  ...([37, 39, 45] as const).map(opcode => ({
    name: `${opcode}, a store with update, with RA = 0`,
    word: d(opcode, 3, 0, 8),
    because: 'RA = 0',
    before: (cpu: Cpu) => {
      cpu.state.gpr[0] = DATA
    },
    result: r(0),
    chosen: DATA + 8,
  })),
  // All registers are loaded from the address there was in the beginning.
  {
    name: 'lmw over its base',
    word: d(46, 28, 29, 0),
    because: 'RA is among the registers loaded',
    before: cpu => {
      cpu.state.gpr[29] = DATA
    },
    result: cpu => [...cpu.state.gpr.slice(28)],
    chosen: [DATA, DATA + 4, DATA + 8, DATA + 12],
  },
  {
    name: 'lswi over its base',
    word: e.lswi(3, 4, 12),
    because: 'RA is among the registers loaded',
    result: cpu => [...cpu.state.gpr.slice(3, 6)],
    chosen: [DATA, DATA + 4, DATA + 8],
  },
  {
    name: 'lswx over its base',
    word: e.lswx(3, 4, 11),
    because: 'RA is among the registers loaded',
    before: count(8),
    result: cpu => [...cpu.state.gpr.slice(3, 5)],
    chosen: [DATA, DATA + 4],
  },
  {
    name: 'lswx over its index',
    word: e.lswx(10, 4, 11),
    because: 'RB is among the registers loaded',
    before: count(5),
    result: cpu => [...cpu.state.gpr.slice(10, 12)],
    chosen: [DATA, 0],
  },
  // CTR counts, and the target is what it was before.
  {
    name: 'bcctr with BO[2] = 0, taken',
    word: bcctr(16, 0),
    because: 'BO[2] = 0',
    before: cpu => {
      cpu.state.spr[Spr.CTR] = 0x3000
    },
    result: cpu => [pc(cpu), cpu.state.spr[Spr.CTR]],
    chosen: [0x3000, 0x2fff],
  },
  {
    name: 'bcctr with BO[2] = 0, not taken',
    word: bcctr(16, 0),
    because: 'BO[2] = 0',
    before: cpu => {
      cpu.state.spr[Spr.CTR] = 1
    },
    result: cpu => [pc(cpu), cpu.state.spr[Spr.CTR]],
    chosen: [A + 4, 0],
  },
  // Reserved bits are ignored, and L with them.
  ...(
    [
      ['cmp', x(0, 0, 4, 3) | 0x00200000],
      ['cmpl', x(32, 0, 4, 3) | 0x00200000],
      ['cmpi', d(11, 0, 4, 0) | 0x00200000],
      ['cmpli', d(10, 0, 4, 0) | 0x00200000],
    ] as const
  ).map(([name, word]) => ({
    name: `${name} with L = 1`,
    word,
    because: 'reserved bit 10 not 0',
    result: (cpu: Cpu) => cpu.state.cr[0],
    chosen: 4,
  })),
  {
    name: 'neg with RB',
    word: x(104, 3, 4, 7),
    because: 'reserved bits 18, 19, 20 not 0',
    result: r(3),
    chosen: -DATA,
  },
  { name: 'lwzx with Rc', word: x(23, 3, 0, 4) | 1, because: 'reserved bit 31 not 0', result: r(3), chosen: DATA },
  {
    name: 'isync with operands',
    word: e.isync | 0x00010000,
    because: 'reserved bit 15 not 0',
    result: pc,
    chosen: A + 4,
  },
  {
    name: 'tlbre of word 3',
    word: e.tlbre(3, 4, 3),
    because: 'WS > 2',
    result: r(3),
    chosen: 0,
  },
]

test.each(ROWS)('$name: the chosen result, and a diagnostic', ({ word, because, result, chosen, before }) => {
  const cpu = core(word)
  before?.(cpu)
  expect(runCore(cpu, 1).kind).toBe('budget')
  expect(result(cpu)).toEqual(chosen)
  expect(told(cpu).length).toBe(1)
  expect(told(cpu)[0]).toContain(`at 0x00001000 is an invalid form (${because})`)
  expect(cpu.diagnostics[0]!.pc).toBe(A)
})

test('tlbwe of word 3 changes no entry', () => {
  const cpu = core(e.tlbwe(3, 4, 3))
  const before = tlbOf(cpu)
  runCore(cpu, 1)
  expect(tlbOf(cpu)).toEqual(before)
  expect(told(cpu)[0]).toContain('tlbwe r3,r4,3 at 0x00001000 is an invalid form (WS > 2)')
})

test.each([
  ['lswx of nothing', e.lswx(3, 4, 5), 0],
  ['lswx of the registers below its base', e.lswx(3, 4, 5), 4],
  ['lmw above its base', d(46, 30, 4, 0), 0],
  ['lwzu', d(33, 3, 4, 4), 0],
  ['lwsync, which older parts take for msync', 0x7c2004ac, 0],
  ['sync', 0x7c0004ac, 0],
  ['eieio', 0x7c0006ac, 0],
])('%s is a valid form', (_, word, bytes) => {
  const cpu = core(word)
  count(bytes)(cpu)
  cpu.state.gpr[5] = 0
  runCore(cpu, 1)
  expect(told(cpu)).toEqual([])
})

test('a loop over an invalid form tells once, a second place tells again', () => {
  const cpu = core(d(33, 4, 4, 0), d(33, 4, 4, 0), e.b(-8))
  runCore(cpu, 100)
  expect(cpu.diagnostics.map(({ pc }) => pc)).toEqual([A, A + 4])
})

test('in a process each kind tells once, wherever it stands', () => {
  const { cpu } = createHosted({ ramSize: 1 << 20, core: '440ep', cached: false, engine: 'interpreter' })
  const words = [d(33, 4, 4, 0), d(33, 5, 5, 0), d(33, 0, 0, 0), e.nop]
  cpu.mmu.map(0, { ea: 0, real: 0, bytes: 1 << 20, attributes: 0x3f })
  put(cpu, A, ...words)
  cpu.pc = A
  cpu.stateChanged()
  runCore(cpu, 3)
  expect(told(cpu)).toEqual([
    expect.stringContaining('lwzu r4,0(r4) at 0x00001000 is an invalid form (RA = RT)'),
    expect.stringContaining('lwzu r0,0(r0) at 0x00001008 is an invalid form (RA = 0)'),
  ])
})

test.each([
  ['step by step', (cpu: Cpu) => setDebug(cpu, { DBCR0: 0x0c000000 })],
  ['beside a breakpoint', (cpu: Cpu) => setDebug(cpu, { DBCR0: 0x00800000, IAC1: A + 4 })],
])('%s it tells once, too', (_, arm) => {
  const cpu = core(d(33, 4, 4, 0), e.nop, e.b(-8))
  arm(cpu)
  for (let i = 0; i < 12; i++) runCore(cpu, 1)
  expect(cpu.diagnostics.map(({ pc }) => pc)).toEqual([A])
})

test('from a little-endian page it tells, too', () => {
  const cpu = core()
  cpu.state.tlb.set([0x40000210, 0x2000, 0xbf, 0], 0)
  cpu.state.tlb.fill(0, 4 * 52, 4 * 53)
  cpu.stateChanged()
  cpu.state.ram.setInt32(0x2000, d(33, 4, 4, 8), true)
  cpu.pc = 0x40000000
  runCore(cpu, 1)
  expect(told(cpu)).toEqual([expect.stringContaining('lwzu r4,8(r4) at 0x40000000 is an invalid form (RA = RT)')])
})

test('BRT of a bcctr that counts: an event where it is taken only', () => {
  const status = (ctr: number): number => {
    const cpu = core(bcctr(16, 0))
    cpu.state.spr[Spr.CTR] = ctr
    setDebug(cpu, { DBCR0: BRT })
    runCore(cpu, 1)
    return cpu.state.hw[Hw.DBSR]!
  }
  expect([status(0x3000), status(1)]).toEqual([BRT, 0])
})
