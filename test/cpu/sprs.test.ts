// Every SPR number, read and written, in both states, against the table of the user's manual (p.454) and its rules for
// what is not in it (p.187).

import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { mfspr, mtspr } from '../../src/cpu/spr.ts'
import { Hw, Word } from '../../src/cpu/state.ts'
import { Ivor } from '../../src/isa/interrupts.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, encode as e, put, runCore, spr, stopAfter } from '../support/core.ts'

const PR = 0x4000
const [PIL, PPR] = [0x08000000, 0x04000000]

/** Numbers by what can be done with them: `first+count`, hexadecimal and decimal. */
const numbers = (list: string): ReadonlySet<number> =>
  new Set(
    list.split(' ').flatMap(item => {
      const [first, count = '1'] = item.split('+')
      return Array.from({ length: Number(count) }, (_, n) => Number.parseInt(first!, 16) + n)
    }),
  )
const READ_AND_WRITTEN = numbers(
  '1 8 9 16 1a+2 30 36 3a+2 3d+3 100 110+4 130 134+3 138+8 150 154 190+16 23a+3 370+8 378 390+8 398+2 3b2+2 3f3',
)
const READ_ONLY = numbers('104+4 10c+2 11e+2 39b+5 3d3')
const WRITTEN_ONLY = numbers('114+4 11c+2')

const isReadable = (number: number): boolean => READ_AND_WRITTEN.has(number) || READ_ONLY.has(number)
const isWritable = (number: number): boolean => READ_AND_WRITTEN.has(number) || WRITTEN_ONLY.has(number)

type Outcome = 'PPR' | 'PIL' | 'told' | 'done'
const expected = (exists: boolean, number: number, user: boolean): Outcome => {
  if (user && (number & 0x10) !== 0) return 'PPR'
  if (exists) return 'done'
  return user ? 'PIL' : 'told'
}

/** A fresh state with a value in r3 that a write of it to any SPR survives: no reset, no watchdog, no debug event. */
function execute(cpu: Cpu, word: number, msr: number): Outcome {
  put(cpu, A, word)
  cpu.setMsr(msr)
  cpu.pc = A
  cpu.state.spr[Spr.ESR] = 0
  cpu.state.gpr[3] = 0
  cpu.diagnostics.length = 0
  stopAfter(cpu, Ivor.PROGRAM)
  const exit = runCore(cpu, 1)
  if (exit.kind !== 'interrupt') return cpu.diagnostics.length > 0 ? 'told' : 'done'
  expect([spr(cpu, Spr.SRR0), spr(cpu, Spr.SRR1), cpu.state.gpr[3], cpu.retired]).toEqual([A, msr, 0, 0])
  const esr = spr(cpu, Spr.ESR)
  return esr === PPR ? 'PPR' : esr === PIL ? 'PIL' : 'done'
}

describe.each([
  ['mfspr', (number: number) => e.mfspr(3, number), isReadable],
  ['mtspr', (number: number) => e.mtspr(number, 3), isWritable],
] as const)('%s', (_, encoded, exists) => {
  test.each([0, PR])('of every number, MSR = %i', msr => {
    const outcomes = Array.from({ length: 1024 }, (_, number) => {
      const outcome = execute(createCore(1 << 16), encoded(number), msr)
      return `${number.toString(16)} ${outcome}`
    })
    const wanted = Array.from(
      { length: 1024 },
      (_, number) => `${number.toString(16)} ${expected(exists(number), number, msr === PR)}`,
    )
    expect(outcomes).toEqual(wanted)
  })
})

describe('what is written and what is read', () => {
  /** mtspr of `value` to `written`, mfspr of `read`. */
  function through(written: number, value: number, read: number): number {
    const cpu = createCore(1 << 16)
    put(cpu, A, e.mtspr(written, 3), e.mfspr(4, read))
    cpu.state.gpr[3] = value
    runCore(cpu, 2)
    return cpu.state.gpr[4]! >>> 0
  }

  test.each([
    // Figures of the manual: p.72, 148, 149, 170, 171, 172, 214; what they do not define reads as 0.
    ['XER', 0x001, 0xe000007f],
    ['LR', 0x008, 0xffffffff],
    ['CTR', 0x009, 0xffffffff],
    ['PID', 0x030, 0x000000ff],
    ['DECAR', 0x036, 0xffffffff],
    ['DEAR', 0x03d, 0xffffffff],
    ['ESR', 0x03e, 0x8fbf001f],
    ['IVPR', 0x03f, 0xffff0000],
    ['USPRG0', 0x100, 0xffffffff],
    ...[0, 1, 2, 3].map(n => [`SPRG${n}`, 0x110 + n, 0xffffffff] as const),
    ...Array.from({ length: 16 }, (_, n) => [`IVOR${n}`, 0x190 + n, 0x0000fff0] as const),
    ['TCR', 0x154, 0xffc00000],
    ['MMUCR', 0x3b2, 0x016d00ff],
    ['DBDR', 0x3f3, 0xffffffff],
  ] as const)('all ones to %s', (_, number, defined) => {
    expect(through(number, -1, number)).toBe(defined)
  })

  test.each([4, 5, 6, 7])('SPRG%i is written by one number and read by another', n => {
    expect(through(0x110 + n, 0x12345678, 0x100 + n)).toBe(0x12345678)
  })

  test.each([
    ['TSR', 0x150, 0xfc000000],
    ['MCSR', 0x23c, 0xff800000],
    ['DBSR', 0x130, 0xffff8003],
  ] as const)('%s: a 1 clears its bit, a 0 leaves it', (_, number, defined) => {
    for (const value of [0x55555555, 0xaaaaaaaa, 0]) {
      const cpu = createCore(1 << 16)
      if (number === Spr.DBSR) cpu.state.hw[Hw.DBSR] = defined | 0
      else cpu.state.spr[number] = defined | 0
      mtspr(cpu, number, value | 0)
      expect(mfspr(cpu, number) >>> 0).toBe((defined & ~value) >>> 0)
    }
  })

  test('mtmsr stores the defined bits (p.165)', () => {
    const cpu = createCore(1 << 16)
    put(cpu, A, e.mtmsr(3))
    // Without WE and the address spaces, of which the second is not mapped.
    cpu.state.gpr[3] = -1 & ~0x00040030
    runCore(cpu, 1)
    expect(cpu.state.words[Word.MSR]! >>> 0).toBe(0x0002ff00)
  })
})
