// Counting where branches lead, and leaving the loop at a target that has become hot.

import { describe, expect, test } from 'vitest'
import type { Cpu } from '../../src/cpu/cpu.ts'
import { HEAT_COUNTERS, HOT, heatIndex } from '../../src/cpu/heat.ts'
import { interpret } from '../../src/cpu/interpreter.generated.ts'
import { Word } from '../../src/cpu/state.ts'
import { Spr } from '../../src/isa/registers.ts'
import { A, createCore, encode as e, put } from '../support/core.ts'

const heated = (): Uint8Array => new Uint8Array(HEAT_COUNTERS)

/** A core that executes `code`; nothing waits to be looked at first. */
function core(...code: number[]): Cpu {
  const cpu = createCore(1 << 20)
  put(cpu, A, ...code)
  cpu.state.words[Word.ATTENTION] = 0
  return cpu
}

const counts = (heat: Uint8Array): number[][] => [...heat.entries()].filter(([, count]) => count !== 0)

/** A loop of two instructions that runs 1000 times, and a nop after it. */
function loop() {
  const cpu = core(e.addi(3, 3, 1), e.bdnz(-4), e.nop)
  cpu.state.spr[Spr.CTR] = 1000
  const { words, gpr, spr } = cpu.state
  return { cpu, now: () => ({ pc: words[Word.PC], r3: gpr[3], ctr: spr[Spr.CTR], attention: words[Word.ATTENTION] }) }
}

test('a loop is left when it comes to its head while that is hot, with the branch retired', () => {
  const { cpu, now } = loop()
  const heat = heated()
  // Branches 1 to 255 make the head hot; the 256th finds it so.
  expect(interpret(cpu, 10_000, heat)).toBe(2 * (HOT + 1))
  expect(now()).toEqual({ pc: A, r3: HOT + 1, ctr: 1000 - (HOT + 1), attention: 0 })
  expect(counts(heat)).toEqual([[heatIndex(A), HOT]])
})

test('and left at once the next time; after its counter is set back it goes on to its end', () => {
  const { cpu, now } = loop()
  const heat = heated()
  interpret(cpu, 10_000, heat)
  expect(interpret(cpu, 10_000, heat)).toBe(2)
  expect(now()).toMatchObject({ pc: A, r3: HOT + 2 })
  let retired = 0
  while (now().ctr !== 0) {
    heat[heatIndex(A)] = 0
    retired += interpret(cpu, Math.min(10_000, 2 * now().ctr), heat)
  }
  expect(retired).toBe(2 * (1000 - HOT - 2))
  // The last bdnz is not taken.
  expect(now()).toMatchObject({ pc: A + 8, r3: 1000 })
})

test('it comes back after as many instructions as it may execute at most, of a budget that time is told by', () => {
  const { cpu, now } = loop()
  expect(interpret(cpu, 2001, undefined, 5)).toBe(5)
  expect(now()).toMatchObject({ pc: A + 4, r3: 3 })
})

test('without counters it runs through', () => {
  const { cpu, now } = loop()
  expect(interpret(cpu, 2001)).toBe(2001)
  expect(now()).toMatchObject({ pc: A + 12, r3: 1000 })
})

test.each([2 * HOT, 2 * HOT + 1, 2 * HOT + 2])(
  'a budget of %i that is used up first, or at the same instruction, is exact',
  budget => {
    const { cpu, now } = loop()
    const heat = heated()
    expect(interpret(cpu, budget, heat)).toBe(budget)
    expect(now()).toMatchObject({ pc: A + 4 * (budget % 2), r3: (budget + 1) >> 1 })
  },
)

describe('every branch that is taken counts', () => {
  const LINK = 1
  const ABSOLUTE = 2
  const TARGET = 0x40
  const [ALWAYS, NEVER] = [20 << 21, (12 << 21) | (2 << 16)]
  const bc = (bo: number, target: number): number => (16 << 26) | bo | (target & 0xfffc)
  const [BCLR, BCCTR] = [0x4c000020, 0x4c000420]

  const cases: readonly (readonly [string, number, number | undefined])[] = [
    ['b', e.b(TARGET), A + TARGET],
    ['bl', e.b(TARGET) | LINK, A + TARGET],
    ['ba', e.b(TARGET) | ABSOLUTE, TARGET],
    ['bla', e.b(TARGET) | ABSOLUTE | LINK, TARGET],
    ['bc', bc(ALWAYS, TARGET), A + TARGET],
    ['bcl', bc(ALWAYS, TARGET) | LINK, A + TARGET],
    ['bca', bc(ALWAYS, TARGET) | ABSOLUTE, TARGET],
    ['bcla', bc(ALWAYS, TARGET) | ABSOLUTE | LINK, TARGET],
    ['bclr', BCLR | ALWAYS, 0xa0200],
    ['bclrl', BCLR | ALWAYS | LINK, 0xa0200],
    ['bcctr', BCCTR | ALWAYS, 0x300],
    ['bcctrl', BCCTR | ALWAYS | LINK, 0x300],
    ['bc that is not taken', bc(NEVER, TARGET), undefined],
    ['bclr that is not taken', BCLR | NEVER, undefined],
    ['bcctr that is not taken', BCCTR | NEVER, undefined],
    ['addi, which is none', e.addi(3, 3, 1), undefined],
  ]

  const branching = (word: number) => {
    const cpu = core(word, e.nop, e.nop)
    cpu.state.spr[Spr.LR] = 0xa0203
    cpu.state.spr[Spr.CTR] = 0x303
    return cpu
  }

  test.each(cases)('%s', (_, word, target) => {
    const heat = heated()
    expect(interpret(branching(word), 1, heat)).toBe(1)
    expect(counts(heat)).toEqual(target === undefined ? [] : [[heatIndex(target), 1]])
  })

  test.each(cases)('%s, where everything is hot', (name, word, target) => {
    const cpu = branching(word)
    const heat = heated().fill(HOT)
    const retired = interpret(cpu, 3, heat)
    if (target === undefined) return expect(retired).toBe(3)
    expect([retired, cpu.state.words[Word.PC]]).toEqual([1, target])
    const link = /l/.test(name) && !/lr$/.test(name) ? A + 4 : 0xa0203
    expect(cpu.state.spr[Spr.LR]).toBe(link)
  })
})

test('a return from an interrupt is no branch', () => {
  const cpu = core(e.rfi)
  cpu.state.spr[Spr.SRR0] = 0x400
  const heat = heated()
  expect(interpret(cpu, 1, heat)).toBe(1)
  expect([cpu.state.words[Word.PC], counts(heat)]).toEqual([0x400, []])
})

test('targets as many words apart as there are counters share one', () => {
  expect(heatIndex(0x12345678)).toBe((0x12345678 >>> 2) % HEAT_COUNTERS)
  expect(heatIndex(-4)).toBe(HEAT_COUNTERS - 1)
  expect(heatIndex(A + 4 * HEAT_COUNTERS)).toBe(heatIndex(A))
})
