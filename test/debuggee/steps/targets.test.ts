// The calls of a line that a step can be told to enter, and what such a step does, on hand-written traces.

import { describe, expect, test } from 'vitest'
import { StepLine } from '../../../src/debuggee/steps/line.ts'
import { stepTargets } from '../../../src/debuggee/steps/targets.ts'
import { BLR, type Code, drive, fn, type Moment, viewOf } from './trace.ts'

const bl = (from: number, to: number): number => 0x48000001 | ((to - from) & 0x03fffffc)
const b = (from: number, to: number): number => 0x48000000 | ((to - from) & 0x03fffffc)
const BCTRL = 0x4e800421
/** `bcl 20,31,.+4` */
const READ_PC = 0x429f0005

/** main at 100, whose line 1 calls f (200), g (300), whatever CTR holds, and k (500), which has no lines. */
const CODE: Code = {
  lines: [
    { name: '1', low: 100, high: 124 },
    { name: '2', low: 124, high: 140 },
    { name: '20', low: 200, high: 208 },
    { name: '21', low: 208, high: 220 },
    { name: '30', low: 300, high: 320 },
  ],
  functions: [fn(100, 140), fn(200, 220, { body: 208 }), fn(300, 320), fn(500, 520)],
  words: { 104: bl(104, 200), 108: bl(108, 300), 112: BCTRL, 116: bl(116, 500), 216: BLR, 316: BLR, 516: BLR },
}

const main = (pc: number): Moment => ({ pc, sp: 880, stack: [[900, pc]] })
const called = (from: number, pc: number): Moment => ({
  pc,
  sp: 880,
  stack: [
    [880, pc],
    [900, from + 4],
  ],
})
const run = (from: number, ...pcs: readonly number[]): Moment[] => pcs.map(pc => called(from, pc))

/** Line 1 as it runs: f, g, a function at 300 through CTR, k. */
const TRACE: readonly Moment[] = [
  ...[main(100), main(104), ...run(104, 200, 208, 216)],
  ...[main(108), ...run(108, 300, 316)],
  ...[main(112), ...run(112, 300, 316)],
  ...[main(116), ...run(116, 500, 516), main(120), main(124)],
]

const targetsAt = (pc: number, code: Code = CODE, hidden = 0) => stepTargets(viewOf(code, main(pc), hidden))
const indexOf = (pc: number, nth = 0): number =>
  TRACE.map((each, n) => (each.pc === pc ? n : -1)).filter(n => n >= 0)[nth]!

describe('the targets of a line', () => {
  test('are its calls in order, one through a register without what it leads to', () => {
    expect(targetsAt(100)).toEqual([
      { at: 104, callee: 200 },
      { at: 108, callee: 300 },
      { at: 112, callee: undefined },
      { at: 116, callee: 500 },
    ])
  })

  test('are those that are still to come', () => {
    expect(targetsAt(108).map(({ at }) => at)).toEqual([108, 112, 116])
    expect(targetsAt(120)).toEqual([])
  })

  test('of a line in several pieces are those of all pieces but what is behind in this one', () => {
    const lines = [
      { name: '2', low: 100, high: 108 },
      { name: '1', low: 108, high: 140 },
      { name: '2', low: 96, high: 100 },
    ]
    const code = { ...CODE, lines, words: { 96: bl(96, 200), 100: bl(100, 300), 104: bl(104, 200) } }
    expect(
      targetsAt(104, { ...code, functions: [fn(96, 140), ...CODE.functions.slice(1)] }).map(({ at }) => at),
    ).toEqual([96, 104])
  })

  test('leave out a branch that reads its own address, one to the middle of the function, and loops', () => {
    const words = { 100: READ_PC, 104: bl(104, 108), 108: b(108, 100), 112: b(112, 128) }
    expect(targetsAt(100, { ...CODE, words })).toEqual([])
  })

  test('a function that calls itself is one of them', () => {
    expect(targetsAt(100, { ...CODE, words: { 104: bl(104, 100) } })).toEqual([{ at: 104, callee: 100 }])
  })

  test('a branch to another function is a call in the last place; in assembly language it is a branch', () => {
    const words = { 120: b(120, 200) }
    expect(targetsAt(100, { ...CODE, words })).toEqual([{ at: 120, callee: 200 }])
    const functions = [fn(100, 140, { isAssembly: true }), ...CODE.functions.slice(1)]
    expect(targetsAt(100, { ...CODE, words, functions })).toEqual([])
  })

  test('a callee that no function is known of is one all the same', () => {
    expect(targetsAt(100, { ...CODE, words: { 104: bl(104, 700) } })).toEqual([{ at: 104, callee: 700 }])
  })

  test('without a line it is the call where the program stands', () => {
    const code = { ...CODE, lines: [] }
    expect(targetsAt(104, code)).toEqual([{ at: 104, callee: 200 }])
    expect(targetsAt(100, code)).toEqual([])
  })

  test('what is inlined is one of them, also where the program stands at its first instruction', () => {
    const lines = [
      { name: '1', low: 100, high: 104 },
      { name: '50', low: 104, high: 112 },
      { name: '1', low: 112, high: 140 },
    ]
    const inlined = [{ id: 1, name: 'copy', low: 104, high: 112, callSite: '1' }]
    const code = { ...CODE, lines, inlined, words: { 116: bl(116, 200) } }
    const both = [
      { at: 104, callee: 104, inlined: 'copy' },
      { at: 116, callee: 200 },
    ]
    expect(targetsAt(100, code)).toEqual(both)
    expect(targetsAt(104, code, 1)).toEqual(both)
    expect(targetsAt(104, code)).toEqual([])
  })

  test('of a line that goes on for ever are not looked for for ever', () => {
    const code = { ...CODE, lines: [{ name: '1', low: 0, high: 0xfffffffc }] }
    const asked: number[] = []
    const word = (at: number): number => asked.push(at)
    stepTargets({ ...viewOf(code, main(100)), word })
    expect(asked.length).toBeLessThanOrEqual(10_000)
  })
})

describe('a step into one call', () => {
  const into = (at: number) => new StepLine({ at, name: 'that' })

  test.each([
    ['the first', 104, indexOf(208)],
    ['the second', 108, indexOf(300)],
    ['one through a register', 112, indexOf(300, 1)],
    ['one without lines, at its first instruction', 116, indexOf(500)],
  ])('enters %s', (_, at, end) => {
    const goal = into(at)
    expect(drive(goal, CODE, TRACE)).toMatchObject({ at: end })
    expect(goal.remark).toBeUndefined()
  })

  test('that does not come ends with the line and says so', () => {
    const goal = into(120)
    expect(drive(goal, CODE, TRACE)).toMatchObject({ at: TRACE.length - 1 })
    expect(goal.remark).toBe('that was not entered')
  })

  test('through a register that leads to no lines is run over, and was not entered', () => {
    const goal = into(112)
    const trace = [main(108), main(112), ...run(112, 500, 516), main(116), main(124)]
    expect(drive(goal, { ...CODE, words: { ...CODE.words, 108: 0x60000000 } }, trace)).toMatchObject({ at: 5 })
    expect(goal.remark).toBe('that was not entered')
  })

  test('in the last place enters that function', () => {
    const code = { ...CODE, words: { ...CODE.words, 120: b(120, 200) } }
    const trace = [main(120), { ...main(200) }, { ...main(208) }]
    expect(drive(into(120), code, trace)).toMatchObject({ at: 2 })
  })

  const copies: Code = {
    lines: [
      { name: '1', low: 100, high: 104 },
      { name: '50', low: 104, high: 108 },
      { name: '60', low: 108, high: 112 },
      { name: '1', low: 112, high: 116 },
      { name: '2', low: 116, high: 124 },
    ],
    functions: [fn(100, 124)],
    inlined: [
      { id: 1, name: 'one', low: 104, high: 108, callSite: '1' },
      { id: 2, name: 'other', low: 108, high: 112, callSite: '1' },
    ],
  }
  const straight = [100, 104, 108, 112, 116].map(main)

  test.each([
    ['the first', 104, 1],
    ['the second', 108, 2],
  ])('enters %s of two inlined copies, and passes the other', (_, at, end) => {
    const goal = into(at)
    expect(drive(goal, copies, straight)).toMatchObject({ at: end })
    expect(goal.remark).toBeUndefined()
  })

  test('enters the copy at whose first instruction it stands, or passes it for another', () => {
    const goal = into(104)
    expect(drive(goal, copies, straight.slice(1), { hidden: 1 })).toMatchObject({ at: 0 })
    expect([goal.hides, goal.remark]).toEqual([0, undefined])
    expect(drive(into(108), copies, straight.slice(1), { hidden: 1 })).toMatchObject({ at: 1 })
  })
})
