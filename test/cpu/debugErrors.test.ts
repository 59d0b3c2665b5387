// Reserved encodings and combinations that the manual calls programming errors (p.223-234, p.241-244): each is told of
// by the mtspr that completes it, and gives no event that could be taken for a meaning.

import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { Hw } from '../../src/cpu/state.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, dbsr, encode as e, put, runCore, setDebug } from '../support/core.ts'

const IDM = 0x40000000
const [IAC1, IAC2, IAC3, IAC4] = [0x00800000, 0x00400000, 0x00200000, 0x00100000] as const
const [DAC1R, DAC1W, DAC2R] = [0x00080000, 0x00040000, 0x00020000] as const

/** DBCR1 and DBCR2 first, DBCR0 last, as software does it. */
function program(dbcr0: number, dbcr1: number, dbcr2: number): Cpu {
  const cpu = createCore()
  put(cpu, A, e.mtspr(Spr.DBCR1, 4), e.mtspr(Spr.DBCR2, 5), e.mtspr(Spr.DBCR0, 3), e.nop)
  cpu.state.gpr.set([dbcr0, dbcr1, dbcr2], 3)
  runCore(cpu, 3)
  return cpu
}

/** Field by field, in the manual's encodings: DBCR1 of IAC1-4 and DBCR2 of DAC1-2. */
const ERRORS: readonly (readonly [
  name: string,
  dbcr0: number,
  dbcr1: number,
  dbcr2: number,
  told: readonly string[],
])[] = [
  ['IAC1US = 01', IAC1, 0x40000000, 0, ['IAC1US = 01']],
  ['IAC1ER = 01', IAC1, 0x10000000, 0, ['IAC1ER = 01']],
  ['IAC2US = 01', IAC2, 0x04000000, 0, ['IAC2US = 01']],
  ['IAC2ER = 01', IAC2, 0x01000000, 0, ['IAC2ER = 01']],
  ['IAC12M = 01', IAC1, 0x00400000, 0, ['IAC12M = 01']],
  ['IAC3US = 01', IAC3, 0x00004000, 0, ['IAC3US = 01']],
  ['IAC3ER = 01', IAC3, 0x00001000, 0, ['IAC3ER = 01']],
  ['IAC4US = 01', IAC4, 0x00000400, 0, ['IAC4US = 01']],
  ['IAC4ER = 01', IAC4, 0x00000100, 0, ['IAC4ER = 01']],
  ['IAC34M = 01', IAC4, 0x00000040, 0, ['IAC34M = 01']],
  ['DAC1US = 01', DAC1R, 0, 0x40000000, ['DAC1US = 01']],
  ['DAC1ER = 01', DAC1W, 0, 0x10000000, ['DAC1ER = 01']],
  ['DAC2US = 01', DAC2R, 0, 0x04000000, ['DAC2US = 01']],
  ['DAC2ER = 01', DAC2R, 0, 0x01000000, ['DAC2ER = 01']],
  ['US of a range differ', IAC1, 0xc0800000, 0, ['IAC1US and IAC2US must be equal']],
  ['ER of a range differ', IAC2, 0x23c00000, 0, ['IAC1ER and IAC2ER must be equal']],
  ['US of the other range differ', IAC3, 0x00008080, 0, ['IAC3US and IAC4US must be equal']],
  ['ER of the other range differ', IAC4, 0x00003280, 0, ['IAC3ER and IAC4ER must be equal']],
  ['US of a data range differ', DAC1R, 0, 0xc0800000, ['DAC1US and DAC2US must be equal']],
  ['ER under a mask differ', DAC1R, 0, 0x20400000, ['DAC1ER and DAC2ER must be equal']],
  ['a range nobody enabled', IDM | IAC3, 0x00800000, 0, ['IAC12M is a range, and neither']],
  ['the other range nobody enabled', IDM | IAC1, 0x000000c0, 0, ['IAC34M is a range, and neither']],
  ['auto-toggle in exact mode', IAC1, 0x00010000, 0, ['IAC12AT asks for auto-toggle']],
  ['auto-toggle of the others in exact mode', IAC4, 0x00000001, 0, ['IAC34AT asks for auto-toggle']],
  ['DVC1M = 00', DAC1R, 0, 0x00000f00, ['DVC1M = 00 is reserved']],
  ['DVC2M = 00', DAC2R, 0, 0x00000001, ['DVC2M = 00 is reserved']],
  ['two at once', IAC1 | DAC1R, 0x40000000, 0x00000800, ['IAC1US = 01', 'DVC1M = 00']],
]

const told = (cpu: Cpu): string[] => cpu.diagnostics.map(({ text }) => text)

describe('told of once', () => {
  test.each(ERRORS)('%s', (_, dbcr0, dbcr1, dbcr2, parts) => {
    const cpu = program(dbcr0, dbcr1 | 0, dbcr2 | 0)
    expect(told(cpu)).toEqual(parts.map(part => expect.stringContaining(part)))
    expect(cpu.diagnostics[0]!.pc).toBe(A + 8)
  })

  test('the guest is told of its own registers while the debugger owns the hardware', () => {
    const cpu = createCore()
    cpu.state.hw[Hw.OWNED] = 1
    put(cpu, A, e.mtspr(Spr.DBCR1, 4), e.mtspr(Spr.DBCR0, 3))
    cpu.state.gpr.set([IAC1, 0x40000000], 3)
    runCore(cpu, 2)
    expect(told(cpu)).toEqual([expect.stringContaining('IAC1US = 01')])
  })

  test('a loop tells no more often', () => {
    const cpu = createCore()
    put(cpu, A, e.mtspr(Spr.DBCR1, 4), e.mtspr(Spr.DBCR0, 3), e.b(-8))
    cpu.state.gpr.set([IAC1, 0x40000000], 3)
    runCore(cpu, 100)
    expect(cpu.diagnostics.map(({ pc }) => pc)).toEqual([A + 4])
  })
})

describe('not told of', () => {
  test.each([
    ['what is not enabled', IDM, 0x55005500, 0x55000f0f],
    ['a range of one comparator enabled', IDM | IAC1, 0x00800000, 0],
    ['a range with equal qualifiers', IDM | IAC1 | IAC2, 0xee800000, 0],
    ['a toggling range', IDM | IAC3, 0x00000081, 0],
    ['exact comparators with different qualifiers', IDM | IAC1 | IAC2, 0xe8000000, 0],
    ['a data mask', IDM | DAC1R, 0, 0x00400000],
    ['data values in each mode', IDM | DAC1R | DAC2R, 0, 0x000d0f0f],
    ['all of it off', 0, 0x00c100c1, 0],
  ])('%s', (_, dbcr0, dbcr1, dbcr2) => {
    expect(told(program(dbcr0, dbcr1 | 0, dbcr2 | 0))).toEqual([])
  })
})

describe('D14: gives no event', () => {
  test.each([
    ['IAC1US = 01', 0x40000000],
    ['IAC1ER = 01', 0x10000000],
    ['IAC12M = 01', 0x00400000],
  ])('%s', (_, dbcr1) => {
    const cpu = createCore()
    put(cpu, A, e.nop)
    setDebug(cpu, { DBCR0: IAC1, DBCR1: dbcr1, IAC1: A })
    runCore(cpu, 1)
    expect(dbsr(cpu)).toBe(0)
  })

  test.each([
    ['DAC1US = 01', 0x40000000],
    ['DAC1ER = 01', 0x10000000],
    ['DVC1M = 00', 0x00000f00],
  ])('%s', (_, dbcr2) => {
    const cpu = createCore()
    put(cpu, A, e.lwz(3, 0, 4))
    cpu.state.gpr[4] = 0x5000
    setDebug(cpu, { DBCR0: DAC1R, DBCR2: dbcr2, DAC1: 0x5000 })
    runCore(cpu, 1)
    expect(dbsr(cpu)).toBe(0)
  })
})
