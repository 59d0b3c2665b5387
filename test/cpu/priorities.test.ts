// Of several exceptions of one instruction the first of the manual's lists is taken, and the others leave no trace
// (p.202-207).

import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import {
  A,
  ALL_IVORS,
  createCore,
  dbsr,
  encode as e,
  hasFpu,
  put,
  runCore,
  setDebug,
  spr,
  stopAfter,
} from '../support/core.ts'

const IDM = 0x40000000
const [ICMP, BRT, TRAP, IAC1, DAC1R, DAC1W, RET] = [
  ...[0x08000000, 0x04000000, 0x01000000, 0x00800000, 0x00080000, 0x00040000, 0x8000],
] as const
const [DE, PR, FP] = [0x200, 0x4000, 0x2000]
const [PIL, PPR, PTR] = [0x08000000, 0x04000000, 0x02000000]
const EA = 0x00500002

/** What can be wrong, or asked for, beside the instruction itself. */
const CONDITIONS = {
  IAC: (cpu: Cpu) => setDebug(cpu, { DBCR0: cpu.state.hw[0]! | IAC1, IAC1: A }),
  'ITLB miss': (cpu: Cpu) => unmap(cpu, 0),
  ISI: (cpu: Cpu) => forbid(cpu, 0, 0x24),
  'DTLB miss': (cpu: Cpu) => unmap(cpu, 5),
  DSI: (cpu: Cpu) => forbid(cpu, 5, 0x3f),
  'no FP': (cpu: Cpu) => cpu.setMsr(cpu.state.words[Word.MSR]! & ~FP),
  user: (cpu: Cpu) => cpu.setMsr(cpu.state.words[Word.MSR]! | PR),
  DAC: (cpu: Cpu) => setDebug(cpu, { DBCR0: cpu.state.hw[0]! | DAC1R | DAC1W, DAC1: EA }),
  'aligned DAC': (cpu: Cpu) => {
    cpu.state.gpr[4] = EA & ~31
    setDebug(cpu, { DBCR0: cpu.state.hw[0]! | DAC1R | DAC1W, DAC1: EA & ~31 })
  },
  'write-through': (cpu: Cpu) => {
    cpu.state.tlb[4 * 5 + 2]! |= 0x800
    cpu.stateChanged()
  },
  BRT: (cpu: Cpu) => setDebug(cpu, { DBCR0: cpu.state.hw[0]! | BRT }),
  TRAP: (cpu: Cpu) => setDebug(cpu, { DBCR0: cpu.state.hw[0]! | TRAP }),
  RET: (cpu: Cpu) => setDebug(cpu, { DBCR0: cpu.state.hw[0]! | RET }),
} as const

/** Entry n of the TLB maps megabyte n. */
function unmap(cpu: Cpu, entry: number): void {
  cpu.state.tlb[4 * entry] = 0
  cpu.stateChanged()
}

/** Takes permissions away. */
function forbid(cpu: Cpu, entry: number, permissions: number): void {
  cpu.state.tlb[4 * entry + 2]! &= ~permissions
  cpu.stateChanged()
}

/** All conditions at once, ICMP always. @returns the interrupt, with what tells it from its likes, and DBSR. */
function outcome(word: number, conditions: readonly (keyof typeof CONDITIONS)[]): string {
  const cpu = createCore()
  cpu.state.tlb.fill(0)
  for (let n = 0; n < 16; n++) cpu.state.tlb.set([(n << 20) | 0x250, n << 20, 0x3f, 0], 4 * n)
  cpu.stateChanged()
  put(cpu, A, word, e.nop)
  cpu.state.gpr[4] = EA
  for (const number of [Spr.SRR0, Spr.CSRR0]) cpu.state.spr[number] = A + 4
  cpu.state.spr[Spr.SRR1] = cpu.state.spr[Spr.CSRR1] = DE
  setDebug(cpu, { DBCR0: IDM | ICMP })
  cpu.setMsr(DE | FP)
  for (const condition of conditions) CONDITIONS[condition](cpu)
  stopAfter(cpu, ...ALL_IVORS)
  cpu.pc = A
  const first = runCore(cpu, 1)
  const exit = first.kind === 'budget' ? runCore(cpu, 0) : first
  if (exit.kind !== 'interrupt') return exit.kind
  if (exit.ivor === Ivor.DEBUG) return `Debug ${dbsr(cpu).toString(16)}`
  expect(dbsr(cpu) & ~ICMP).toBe(0)
  if (exit.ivor === Ivor.SYSTEM_CALL) return dbsr(cpu) === ICMP ? 'System Call, ICMP' : 'System Call'
  // What did not complete gives no ICMP.
  expect(dbsr(cpu)).toBe(0)
  return exit.ivor === Ivor.PROGRAM ? `Program ${spr(cpu, Spr.ESR).toString(16)}` : NAMES[exit.ivor]!
}

const NAMES: Readonly<Record<number, string>> = {
  [Ivor.INSTRUCTION_TLB_ERROR]: 'ITLB miss',
  [Ivor.INSTRUCTION_STORAGE]: 'ISI',
  [Ivor.DATA_TLB_ERROR]: 'DTLB miss',
  [Ivor.DATA_STORAGE]: 'DSI',
  [Ivor.ALIGNMENT]: 'Alignment',
  [Ivor.FP_UNAVAILABLE]: 'FP unavailable',
}

const isFloatingPoint = (word: number): boolean => [e.lfd(1, 0, 4), e.lfd(1, 10, 4), e.stfd(1, 10, 4)].includes(word)
const hex = (bits: number): string => `Debug ${bits.toString(16)}`
const program = (esr: number): string => `Program ${esr.toString(16)}`
type Row = readonly [name: string, word: number, conditions: readonly (keyof typeof CONDITIONS)[], taken: string]

/** Each row adds to the one below it what goes before that. */
const LISTS: Readonly<Record<string, readonly Row[]>> = {
  'integer loads, stores and cache management (6.7.1)': [
    ['lwarx', e.lwarx(3, 4, 0), ['IAC', 'ITLB miss', 'DTLB miss', 'DAC'], hex(IAC1)],
    ['lwarx', e.lwarx(3, 4, 0), ['IAC', 'ISI', 'DTLB miss', 'DAC'], hex(IAC1)],
    ['lwarx', e.lwarx(3, 4, 0), ['ITLB miss', 'DTLB miss', 'DAC'], 'ITLB miss'],
    ['lwarx', e.lwarx(3, 4, 0), ['ISI', 'DTLB miss', 'DAC'], 'ISI'],
    ['dcbi', e.dcbi(0, 4), ['user', 'DTLB miss', 'DAC'], program(PPR)],
    ['dcbi', e.dcbi(0, 4), ['user', 'DSI', 'DAC'], program(PPR)],
    ['lwarx', e.lwarx(3, 4, 0), ['DTLB miss', 'DAC'], 'DTLB miss'],
    ['lwarx', e.lwarx(3, 4, 0), ['DSI', 'DAC'], 'DSI'],
    ['stwcx.', e.stwcx(3, 4, 0), ['DSI', 'DAC'], 'DSI'],
    ['lwarx', e.lwarx(3, 4, 0), ['DAC'], 'Alignment'],
    ['stwcx.', e.stwcx(3, 4, 0), ['DAC'], 'Alignment'],
    ['dcbz', e.dcbz(0, 4), ['DSI', 'write-through', 'DAC'], 'DSI'],
    ['dcbz', e.dcbz(0, 4), ['write-through', 'DAC'], 'Alignment'],
    ['dcbz', e.dcbz(0, 4), ['DAC'], hex(DAC1W)],
    ['lwarx', e.lwarx(3, 4, 0), ['aligned DAC'], hex(DAC1R)],
    ['lwz', e.lwz(3, 0, 4), ['DAC'], hex(DAC1R)],
    ['lwz', e.lwz(3, 0, 4), [], hex(ICMP)],
  ],
  'floating-point loads and stores (6.7.2)': [
    ['lfd', e.lfd(1, 10, 4), ['IAC', 'ITLB miss', 'no FP', 'DTLB miss'], hex(IAC1)],
    ['lfd', e.lfd(1, 10, 4), ['ITLB miss', 'no FP', 'DTLB miss'], 'ITLB miss'],
    ['lfd', e.lfd(1, 10, 4), ['ISI', 'no FP', 'DTLB miss'], 'ISI'],
    ['lfd', e.lfd(1, 10, 4), ['no FP', 'DTLB miss', 'DAC'], 'FP unavailable'],
    ['stfd', e.stfd(1, 10, 4), ['no FP', 'DSI', 'DAC'], 'FP unavailable'],
    ['lfd', e.lfd(1, 10, 4), ['DTLB miss', 'DAC'], 'DTLB miss'],
    ['stfd', e.stfd(1, 10, 4), ['DSI', 'DAC'], 'DSI'],
    ['lfd', e.lfd(1, 10, 4), ['DAC'], 'Alignment'],
    ['lfd', e.lfd(1, 0, 4), ['DAC'], hex(DAC1R)],
    ['lfd', e.lfd(1, 0, 4), [], hex(ICMP)],
  ],
  'traps, system calls, branches and returns (6.7.5-6.7.8)': [
    ['trap', e.trap, ['IAC', 'ITLB miss', 'TRAP'], hex(IAC1)],
    ['trap', e.trap, ['ITLB miss', 'TRAP'], 'ITLB miss'],
    ['trap', e.trap, ['ISI', 'TRAP'], 'ISI'],
    ['trap', e.trap, ['TRAP'], hex(TRAP)],
    ['trap', e.trap, [], program(PTR)],
    ['sc', e.sc, ['IAC', 'ISI'], hex(IAC1)],
    ['sc', e.sc, ['ISI'], 'ISI'],
    ['sc', e.sc, [], 'System Call, ICMP'],
    ['b', e.b(8), ['IAC', 'ITLB miss', 'BRT'], hex(IAC1)],
    ['b', e.b(8), ['ITLB miss', 'BRT'], 'ITLB miss'],
    ['b', e.b(8), ['BRT'], hex(BRT)],
    ['b', e.b(8), [], hex(ICMP)],
    ['rfi', e.rfi, ['IAC', 'user', 'RET'], hex(IAC1)],
    ['rfi', e.rfi, ['ISI', 'RET'], 'ISI'],
    ['rfi', e.rfi, ['user', 'RET'], program(PPR)],
    ['rfi', e.rfi, ['RET'], hex(RET)],
    ['rfi', e.rfi, [], hex(ICMP)],
  ],
  'privileged and reserved instructions (6.7.9-6.7.11)': [
    ['mfmsr', e.mfmsr(3), ['IAC', 'user', 'ISI'], hex(IAC1)],
    ['mfmsr', e.mfmsr(3), ['user', 'ISI'], 'ISI'],
    ['mfmsr', e.mfmsr(3), ['user'], program(PPR)],
    ['mfmsr', e.mfmsr(3), [], hex(ICMP)],
    ['an illegal instruction', 0, ['IAC', 'user'], hex(IAC1)],
    ['an illegal instruction', 0, ['ITLB miss', 'user'], 'ITLB miss'],
    // 31/1018, an opcode without a 440 instruction, in user state: illegal comes before privileged (p.206).
    ['an illegal instruction', 0x7c0007f4, ['user'], program(PIL)],
  ],
}

describe.each(Object.entries(LISTS))('%s', (_, rows) => {
  test.each(rows.map(([name, word, conditions, taken]) => ({ name, word, conditions, taken })))(
    '$name with $conditions: $taken',
    ({ word, conditions, taken }) => {
      // Behind what prevents its fetch, a floating-point instruction is illegal where there is no unit for it.
      const isIllegal = isFloatingPoint(word) && !hasFpu() && !['IAC', 'ITLB miss', 'ISI'].includes(conditions[0] ?? '')
      expect(outcome(word, conditions)).toBe(isIllegal ? program(PIL) : taken)
    },
  )
})
