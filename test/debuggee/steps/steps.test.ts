// Where steps end, on hand-written traces: what gdb does at the same places is the expectation.

import { describe, expect, test } from 'vitest'
import { Continue, type Leg, type Stretch } from '../../../src/debuggee/steps/goal.ts'
import { NextInstruction, StepInstruction } from '../../../src/debuggee/steps/instruction.ts'
import { StepLine } from '../../../src/debuggee/steps/line.ts'
import { StepOut } from '../../../src/debuggee/steps/out.ts'
import { HandlerReturn, RunTo } from '../../../src/debuggee/steps/runBack.ts'
import { B, BL, BLR, type Code, drive, fn, type Moment, viewOf } from './trace.ts'

const over = () => new StepLine(false)
const into = () => new StepLine(true)

/** main at 100: line 1 calls f (104) and goes on, line 2, line 3. f at 200: a prologue, lines 21 and 22. */
const CALL: Code = {
  lines: [
    { name: '1', low: 100, high: 112 },
    { name: '2', low: 112, high: 120 },
    { name: '3', low: 120, high: 132 },
    { name: '20', low: 200, high: 208 },
    { name: '21', low: 208, high: 212 },
    { name: '22', low: 212, high: 220 },
  ],
  functions: [fn(100, 132), fn(200, 220, { body: 208 }), fn(400, 420)],
  words: { 104: BL, 216: BLR, 128: BLR, 404: BLR },
}
/** In main, whose frame is at 900, with r1 = 880. */
const main = (pc: number, more: Partial<Moment> = {}): Moment => ({
  pc,
  sp: 880,
  stack: [
    [900, pc],
    [950, 500],
  ],
  ...more,
})
/** In f, called from main. */
const f = (pc: number): Moment => ({
  pc,
  sp: pc < 204 ? 880 : 860,
  stack: [
    [880, pc],
    [900, 108],
    [950, 500],
  ],
})

/** What is asked for at each of these places. */
const asked = (leg: Leg, code: Code, trace: readonly Moment[]): (Stretch | undefined)[] =>
  trace.map(moment => leg.next(viewOf(code, moment), true))
const ON = { kind: 'instruction' } as const

test.each([
  [() => new Continue(), 'Continue', true],
  [() => new StepInstruction(), 'Step', false],
  [() => new NextInstruction(), 'Step', false],
  [over, 'Step', true],
  [() => new StepOut(), 'Step Out', true],
  [() => new RunTo([112], 'Run to main.c:2'), 'Run to main.c:2', true],
])('%s has a name, and says whether interrupts on the way end it', (create, description, passesInterrupts) => {
  const goal = create()
  expect(goal).toMatchObject({ description, passesInterrupts })
  expect('remark' in goal && goal.remark).toBeFalsy()
})

describe('a line', () => {
  test('ends at the next one', () => {
    expect(drive(over(), CALL, [main(112), main(116), main(120)])).toMatchObject({ at: 2 })
  })

  test('that has no line information is one instruction', () => {
    expect(drive(over(), CALL, [main(300), main(304), main(308)])).toMatchObject({ at: 1 })
  })

  test('goes on to the end of a statement that it jumps into the middle of', () => {
    expect(drive(over(), CALL, [main(100), main(116), main(120)])).toMatchObject({ at: 2 })
  })

  test('that a loop comes back to in the middle is still itself', () => {
    const code = { ...CALL, lines: [...CALL.lines, { name: '2', low: 124, high: 128, isMiddle: true }] }
    expect(drive(over(), code, [main(112), main(124), main(120)])).toMatchObject({ at: 2 })
  })

  test('goes on to the end of such a statement wherever that jumps in it, or back', () => {
    const trace = [main(100), main(116), main(112), main(100), main(120)]
    expect(drive(over(), CALL, trace)).toMatchObject({ at: 4 })
  })

  test('passes code that is of no line', () => {
    const code = { ...CALL, lines: CALL.lines.filter(({ name }) => name !== '2') }
    expect(drive(over(), code, [main(108), main(112), main(116), main(120)])).toMatchObject({ at: 3 })
  })

  test('of no function is one all the same', () => {
    const code = { ...CALL, functions: [], words: { 112: BL } }
    expect(drive(over(), code, [main(112), main(116), main(120)])).toMatchObject({ at: 2 })
    const called = { pc: 3000, sp: 880 }
    expect(drive(over(), code, [main(112), called, main(116), main(120)])).toEqual({ at: 3, stretches: 3 })
  })

  test('goes on behind a call or a return whose condition does not hold', () => {
    for (const word of [BL, BLR])
      expect(drive(over(), { ...CALL, words: { 112: word } }, [main(112), main(116), main(120)])).toMatchObject({
        at: 2,
      })
  })

  test('is still to be executed where an interrupt came instead', () => {
    expect(drive(over(), CALL, [f(216), f(216), main(108)])).toMatchObject({ at: 2 })
  })

  test('needs no stack where nothing is called and nothing returns', () => {
    const frames = (): never => {
      throw new Error('asked for')
    }
    const step = over()
    for (const pc of [112, 116]) expect(step.next({ ...viewOf(CALL, main(pc)), frames }, true)).toEqual(ON)
  })

  test('says nothing where it ends as it should', () => {
    const step = into()
    drive(step, CALL, [main(112), main(120)])
    expect(step.remark).toBeUndefined()
  })

  test('a branch that reads its own address calls nothing', () => {
    const code = { ...CALL, words: { 112: BL } }
    expect(drive(into(), code, [main(112), main(118), main(120)])).toMatchObject({ at: 2 })
  })
})

describe('a call', () => {
  const CALLED = [main(100), main(104), f(200), f(204), f(208), f(212), f(216), main(108), main(112)]

  test('is run over in one stretch', () => {
    expect(drive(over(), CALL, CALLED)).toEqual({ at: 8, stretches: 4 })
  })

  test('is entered up to the end of the prologue', () => {
    expect(drive(into(), CALL, CALLED)).toMatchObject({ at: 4 })
  })

  test('of a function without lines is run over by a step into, too', () => {
    const bare = (pc: number): Moment => ({
      pc,
      sp: 860,
      stack: [
        [880, pc],
        [900, 108],
      ],
    })
    const trace = [main(100), main(104), bare(400), bare(404), main(108), main(112)]
    expect(drive(into(), CALL, trace)).toMatchObject({ at: 5 })
  })

  test('of the function itself is a call', () => {
    const again = (pc: number): Moment => ({
      pc,
      sp: 860,
      stack: [
        [880, pc],
        [900, 108],
      ],
    })
    const trace = [main(100), main(104), again(100), again(104), again(112), main(108), main(112)]
    expect(drive(over(), CALL, trace)).toMatchObject({ at: 6 })
  })

  test('of what no function is known of is run over', () => {
    const code = { ...CALL, words: { 112: BL } }
    expect(drive(over(), code, [main(112), { pc: 3000, sp: 880 }, main(116), main(120)])).toEqual({
      at: 3,
      stretches: 3,
    })
  })

  test('without any stack ends where it returns to', () => {
    const bare = CALLED.map(moment => ({ ...moment, stack: [] }))
    expect(drive(over(), CALL, bare)).toMatchObject({ at: 8 })
  })

  test('by a direct branch to a function without lines is run over by a step into', () => {
    const code = { ...CALL, words: { 104: BL | (400 - 104) } }
    const trace = [main(100), main(104), { pc: 400, sp: 880 }, { pc: 404, sp: 860 }, main(108), main(112)]
    expect(drive(into(), code, trace)).toEqual({ at: 5, stretches: 5 })
  })

  test('through code that comes back by itself has led to nothing', () => {
    const trace = [main(100), main(104), { pc: 3000, sp: 880 }, main(108), main(112)]
    expect(drive(into(), CALL, trace)).toMatchObject({ at: 4 })
  })

  test('of stripped code ends where it returns to, though its frame does not look the same there', () => {
    const before: Moment = { pc: 304, sp: 880, stack: [[880, 304]] }
    const behind: Moment = { pc: 308, sp: 880, stack: [[912, 308]] }
    const deeper: Moment = { pc: 308, sp: 848, stack: [[880, 308]] }
    const trace = [before, { pc: 400, sp: 880 }, deeper, behind, { pc: 312, sp: 880 }]
    expect(drive(new NextInstruction(), { ...CALL, words: { 304: BL } }, trace)).toMatchObject({ at: 3 })
  })

  test('ends in the frame that called, not in a deeper one at the same address', () => {
    const deeper = (pc: number): Moment => ({
      pc,
      sp: 820,
      stack: [
        [840, pc],
        [900, 108],
      ],
    })
    const trace = [main(100), main(104), f(200), deeper(104), deeper(108), deeper(112), main(108), main(112)]
    expect(drive(over(), CALL, trace)).toMatchObject({ at: 7 })
  })

  test('on another stack the same function is another activation', () => {
    const other = (pc: number): Moment => ({
      pc,
      sp: 7880,
      stack: [
        [7900, pc],
        [7950, 500],
      ],
    })
    const trace = [main(100), main(104), f(200), other(108), other(112), main(108), main(112)]
    expect(drive(over(), CALL, trace)).toMatchObject({ at: 6 })
  })

  test('that does not return ends at the first statement of a caller, and says so', () => {
    const step = over()
    const code: Code = {
      ...CALL,
      functions: [...CALL.functions, fn(500, 540)],
      lines: [...CALL.lines, { name: '50', low: 512, high: 520 }],
    }
    const outer = (pc: number): Moment => ({ pc, sp: 930, stack: [[950, pc]] })
    const trace = [main(100), main(104), f(200), outer(508), outer(512), outer(516)]
    expect(drive(step, code, trace)).toMatchObject({ at: 4 })
    expect(step.remark).toMatch(/has not returned/)
  })

  test('that returns elsewhere in the same function ends at the first statement there', () => {
    const step = over()
    expect(drive(step, CALL, [main(100), main(104), f(200), main(116), main(120)])).toMatchObject({ at: 4 })
    expect(step.remark).toMatch(/has not returned/)
  })

  test('a new call of the function is not the frame that has gone', () => {
    const again = (pc: number): Moment => ({ pc, sp: 880, stack: [[890, pc]] })
    expect(drive(over(), CALL, [main(100), main(104), f(200), again(112), again(120)])).toMatchObject({ at: undefined })
  })

  test('goes on when its budget is spent on the way', () => {
    expect(drive(over(), CALL, CALLED, { spent: [2, 3] })).toMatchObject({ at: 8 })
  })

  test('without a known frame the height of the stack decides', () => {
    const vague = ({ pc, sp }: Moment): Moment => ({ pc, sp, stack: [[undefined, pc]] })
    expect(drive(over(), CALL, CALLED.map(vague))).toMatchObject({ at: 8 })
  })

  test('a thunk is stepped through into what it leads to', () => {
    const code: Code = { ...CALL, words: { ...CALL.words, 404: 0, 408: B } }
    const thunk = (pc: number): Moment => ({
      pc,
      sp: 880,
      stack: [
        [880, pc],
        [900, 108],
      ],
    })
    const trace = [main(100), main(104), thunk(400), thunk(404), thunk(408), f(200), f(204), f(208), f(212)]
    expect(drive(into(), code, trace)).toMatchObject({ at: 7 })
  })
})

describe('a return', () => {
  test('is seen in the middle of the line that called', () => {
    expect(drive(over(), CALL, [f(212), f(216), main(108), main(112)])).toMatchObject({ at: 2 })
  })

  test('into code without lines runs to the first caller that has some', () => {
    const bare = (pc: number): Moment => ({
      pc,
      sp: 870,
      stack: [
        [880, pc],
        [900, 108],
        [950, 500],
      ],
    })
    const g = (pc: number): Moment => ({
      pc,
      sp: 850,
      stack: [
        [860, pc],
        [880, 408],
        [900, 108],
        [950, 500],
      ],
    })
    expect(drive(over(), CALL, [g(212), g(216), bare(408), bare(412), main(108)])).toMatchObject({ at: 4 })
  })

  test('where nothing above has lines is seen all the same', () => {
    const g = (pc: number): Moment => ({
      pc,
      sp: 850,
      stack: [
        [860, pc],
        [880, 408],
        [900, 600],
      ],
    })
    expect(drive(over(), CALL, [g(216), { pc: 408, sp: 870, stack: [[880, 408]] }, main(112)])).toMatchObject({ at: 1 })
  })
})

describe('a return into code without lines', () => {
  const bare = (pc: number): Moment => ({
    pc,
    sp: 870,
    stack: [
      [880, pc],
      [900, 132],
      [950, 500],
    ],
  })
  const g = (pc: number, to = 408): Moment => ({
    pc,
    sp: 850,
    stack: [
      [860, pc],
      [880, to],
      [900, 132],
      [950, 500],
    ],
  })
  const code: Code = { ...CALL, words: { 216: BLR } }

  test('looks for the line of the call, which may end with it', () => {
    const trace = [g(216), bare(408), { pc: 132, sp: 880, stack: [[900, 132]] } as Moment, main(100)]
    expect(drive(over(), code, trace)).toMatchObject({ at: 2 })
    expect(asked(over(), code, trace.slice(0, 2))).toEqual([
      ON,
      { kind: 'until', stops: { addresses: [132], sp: 880 } },
    ])
  })

  test('is passed, though the call there has a line', () => {
    const lines = [...CALL.lines, { name: '40', low: 400, high: 408 }]
    const trace = [g(216), bare(408), { pc: 132, sp: 880, stack: [[900, 132]] } as Moment]
    expect(drive(over(), { ...code, lines }, trace)).toMatchObject({ at: 2 })
  })

  test('of what has none either is a step', () => {
    const start: Moment = {
      pc: 404,
      sp: 870,
      stack: [
        [880, 404],
        [890, 3008],
        [900, 108],
      ],
    }
    const trace = [start, { pc: 3008, sp: 880 }, main(108)]
    expect(drive(over(), { ...CALL, words: { 404: BLR } }, trace)).toMatchObject({ at: 1 })
  })

  test('of a line is seen there, whatever lines its callers have', () => {
    const lines = [...CALL.lines, { name: '49', low: 490, high: 510 }]
    const trace = [f(216), main(108), { pc: 500, sp: 900 }]
    expect(drive(over(), { ...CALL, lines }, trace)).toMatchObject({ at: 1 })
  })
})

describe('a branch into another function', () => {
  const tail: Code = { ...CALL, words: { ...CALL.words, 116: B } }
  const called = (pc: number): Moment => ({
    pc,
    sp: 900,
    stack: [
      [900, pc],
      [950, 508],
    ],
  })
  const trace = [
    {
      ...main(112),
      stack: [
        [900, 112],
        [950, 508],
      ],
    } as Moment,
    {
      ...main(116),
      stack: [
        [900, 116],
        [950, 508],
      ],
    } as Moment,
    called(200),
    called(204),
    called(208),
    { pc: 508, sp: 900, stack: [[950, 508]] } as Moment,
  ]

  test('is a call in the last place: over it ends in the caller', () => {
    expect(drive(over(), tail, trace)).toMatchObject({ at: 5 })
  })

  test('and into it behind its prologue', () => {
    expect(drive(into(), tail, trace)).toMatchObject({ at: 4 })
  })

  test('is left on the stack of the caller', () => {
    expect(asked(over(), tail, trace.slice(0, 3))).toEqual([
      ON,
      ON,
      { kind: 'until', stops: { addresses: [508], sp: 900 } },
    ])
  })

  test('into its middle, or to one without lines, is run over by a step into', () => {
    const [line, branch, , , , back] = trace
    expect(drive(into(), tail, [line!, branch!, called(204), called(208), back!])).toMatchObject({ at: 4 })
    expect(drive(into(), tail, [line!, branch!, called(400), called(404), back!])).toMatchObject({ at: 4 })
  })

  test('without a caller is seen where it leads', () => {
    const alone = (pc: number): Moment => ({ pc, sp: 880, stack: [[900, pc]] })
    expect(drive(over(), tail, [alone(112), alone(116), alone(200), alone(204), alone(508)])).toMatchObject({ at: 2 })
  })

  test('to where there is none goes on to the next statement', () => {
    const trace = [main(112), main(3000), main(3004), main(120)]
    expect(drive(over(), tail, trace)).toMatchObject({ at: 3 })
    expect(drive(into(), tail, trace)).toMatchObject({ at: 3 })
  })

  test('of assembly goes on to the end of the statement that it leads into, which may call and return', () => {
    const functions = [fn(100, 132, { isAssembly: true }), fn(200, 220, { isAssembly: true })]
    const code = { ...tail, functions }
    expect(drive(over(), code, [main(112), main(116), main(204), main(200), main(204), main(208)])).toMatchObject({
      at: 5,
    })
    const words = { ...tail.words, 204: BL }
    const trace = [main(112), main(116), main(204), { pc: 3000, sp: 880 }, main(208)]
    expect(drive(over(), { ...code, words }, trace)).toMatchObject({ at: 4 })
  })

  test('of assembly is a branch: it ends at the first statement there', () => {
    const code = { ...tail, functions: [fn(100, 132, { isAssembly: true }), fn(200, 220, { isAssembly: true })] }
    expect(drive(over(), code, trace)).toMatchObject({ at: 2 })
  })
})

describe('what is inlined', () => {
  /** Line 2 calls a copy at 112-116 that begins with line 31, and has line 32 of it; the rest of line 2 is at 116. */
  const INLINED: Code = {
    lines: [
      { name: '1', low: 100, high: 104 },
      { name: '31', low: 104, high: 108 },
      { name: '32', low: 108, high: 116 },
      { name: '2', low: 116, high: 120 },
      { name: '3', low: 120, high: 132 },
    ],
    functions: [fn(100, 132)],
    inlined: [{ id: 7, low: 104, high: 116, callSite: '2' }],
  }
  const all = [100, 104, 108, 112, 116, 120].map(pc => main(pc))

  test('is not entered: the step ends at the line that calls it, before it', () => {
    const step = over()
    expect(drive(step, INLINED, all)).toMatchObject({ at: 1 })
    expect(step.hides).toBe(1)
  })

  test('from there a step into it moves nothing', () => {
    const step = into()
    expect(drive(step, INLINED, all.slice(1), { hidden: 1 })).toEqual({ at: 0, stretches: 0 })
    expect(step.hides).toBe(0)
  })

  test('and a step over it ends behind it, after the rest of its line', () => {
    const step = over()
    expect(drive(step, INLINED, all.slice(1), { hidden: 1 })).toMatchObject({ at: 4 })
    expect(step.hides).toBe(0)
  })

  test('by the line itself is part of it, or stepped into at its first statement', () => {
    const code = { ...INLINED, inlined: [{ id: 7, low: 104, high: 116, callSite: '1' }] }
    expect(drive(over(), code, all)).toMatchObject({ at: 4 })
    expect(drive(into(), code, all)).toMatchObject({ at: 1 })
  })

  test('is stepped through by its own lines', () => {
    expect(drive(over(), INLINED, all.slice(1))).toMatchObject({ at: 1 })
  })

  test('is stepped out of to the next statement of the code around it', () => {
    expect(drive(new StepOut(), INLINED, all.slice(1))).toMatchObject({ at: 3 })
  })

  const around = { id: 1, low: 104, high: 128, callSite: '9' }
  const nested: Code = { ...INLINED, inlined: [around, { id: 7, low: 104, high: 116, callSite: '2' }] }

  test('in something inlined is stepped out of into that', () => {
    expect(drive(new StepOut(), nested, all.slice(1))).toMatchObject({ at: 3 })
  })

  test('is left where its function is', () => {
    expect(drive(new StepOut(), INLINED, [main(104), main(3000), main(120)])).toMatchObject({ at: 1 })
  })

  test('stepping out of it goes on after a budget is spent, and ends where its call has not returned', () => {
    const code = { ...INLINED, words: { 108: BL }, functions: [fn(100, 132), fn(200, 220)] }
    const trace = [main(104), main(108), f(200), f(204), main(112), main(116)]
    expect(drive(new StepOut(), code, trace, { spent: [1] })).toMatchObject({ at: 5 })
    const step = new StepOut()
    expect(drive(step, code, [main(104), main(108), f(200), main(108), main(112), main(116)])).toMatchObject({ at: 3 })
    expect(step.remark).toMatch(/has not returned/)
  })

  describe('from code that is inlined itself', () => {
    const inner = { id: 2, low: 108, high: 116, callSite: '31' }
    const lines = [
      { name: '1', low: 100, high: 104 },
      { name: '31', low: 104, high: 108 },
      { name: '50', low: 108, high: 112 },
      { name: '51', low: 112, high: 116 },
      { name: '32', low: 116, high: 120 },
      { name: '3', low: 120, high: 132 },
    ]
    const code: Code = { ...INLINED, lines, inlined: [around, inner] }

    test('is passed where the line calls it, and is where a step into it goes', () => {
      expect(drive(over(), code, all.slice(1))).toMatchObject({ at: 3 })
      expect(drive(into(), code, all.slice(1))).toMatchObject({ at: 1 })
    })

    test('is stepped to where another line calls it, before it', () => {
      const step = over()
      expect(drive(step, { ...code, inlined: [around, { ...inner, callSite: '32' }] }, all.slice(1))).toMatchObject({
        at: 1,
      })
      expect(step.hides).toBe(1)
    })

    test('is another place where what is around it is another copy', () => {
      const beside = { id: 3, low: 108, high: 116, callSite: '3' }
      const step = over()
      const inlined = [{ ...around, high: 108 }, beside, { ...inner, callSite: '60' }]
      expect(drive(step, { ...code, inlined }, all.slice(1))).toMatchObject({ at: 1 })
      expect(step.hides).toBe(0)
    })
  })

  test('is passed where a jump leads into it, to a copy that begins there', () => {
    const inlined = [...INLINED.inlined!, { id: 8, low: 108, high: 112, callSite: '32' }]
    const trace = [main(100), main(108), main(112), main(116), main(120)]
    expect(drive(over(), { ...INLINED, inlined }, trace)).toMatchObject({ at: 3 })
  })

  test('is stepped into at the first statement that a jump into it reaches', () => {
    const lines = INLINED.lines.map(line => (line.name === '31' ? { ...line, high: 112 } : line))
    const code = {
      ...INLINED,
      lines: lines.filter(({ name }) => name !== '32'),
      inlined: [{ ...around, callSite: '1' }],
    }
    expect(drive(into(), code, [main(100), main(108), main(104)])).toMatchObject({ at: 2 })
  })

  test('stepping out of it runs over what it calls', () => {
    const code = { ...INLINED, words: { 108: BL } }
    const trace = [main(104), main(108), f(200), f(212), main(112), main(116)]
    expect(drive(new StepOut(), code, trace)).toMatchObject({ at: 5, stretches: 3 })
  })

  test('where it is not entered yet, out leads to the caller of the function', () => {
    const trace = [main(104), main(116), main(120), { pc: 500, sp: 900, stack: [[950, 500]] } as Moment]
    expect(drive(new StepOut(), INLINED, trace, { hidden: 1 })).toMatchObject({ at: 3 })
  })
})

describe('out', () => {
  test('ends in the caller, not in a deeper activation of it', () => {
    const deeper: Moment = {
      pc: 108,
      sp: 840,
      stack: [
        [850, 108],
        [880, 216],
        [900, 108],
        [950, 500],
      ],
    }
    expect(drive(new StepOut(), CALL, [f(208), deeper, f(216), main(108)])).toMatchObject({ at: 3 })
    const stops = { addresses: [108, 100, 112, 120], sp: 880 }
    expect(asked(new StepOut(), CALL, [f(208)])).toEqual([{ kind: 'until', stops }])
  })

  test('of a frame at an unknown address ends where the stack is no deeper than here', () => {
    const vague: Moment = {
      pc: 208,
      sp: 860,
      stack: [
        [undefined, 208],
        [900, 108],
      ],
    }
    expect(asked(new StepOut(), CALL, [vague])).toMatchObject([{ stops: { sp: 860 } }])
  })

  test('of the outermost function runs on', () => {
    const alone: Moment = { pc: 112, sp: 880, stack: [[900, 112]] }
    expect(drive(new StepOut(), CALL, [alone, main(116), main(120)])).toMatchObject({ at: undefined })
  })
})

describe('an instruction', () => {
  test('is one, call or not', () => {
    expect(drive(new StepInstruction(), CALL, [main(104), f(200), f(204)])).toEqual({ at: 1, stretches: 1 })
  })

  test('over a call ends after it, in the same frame', () => {
    const trace = [main(104), f(200), f(212), main(108)]
    expect(drive(new NextInstruction(), CALL, trace)).toEqual({ at: 3, stretches: 1 })
    expect(drive(new NextInstruction(), CALL, [main(112), main(116)])).toEqual({ at: 1, stretches: 1 })
  })

  test('over a call without any stack ends after it', () => {
    const trace = [104, 200, 212, 108].map(pc => ({ pc, sp: 880 }))
    expect(drive(new NextInstruction(), CALL, trace)).toEqual({ at: 3, stretches: 1 })
  })

  test('over a call that does not return says so', () => {
    const step = new NextInstruction()
    expect(drive(step, CALL, [main(104), f(200), main(112)])).toMatchObject({ at: 2 })
    expect(step.remark).toMatch(/has not returned/)
  })
})

describe('an interrupt', () => {
  const handler = (pc: number, sp: number, isReturned = false): Moment => ({ pc, sp, isReturned })

  test('is over when it has returned to its stack, wherever to', () => {
    const trace = [handler(800, 880), handler(804, 840), handler(700, 840, true), handler(116, 880, true)]
    expect(drive(new HandlerReturn(880), CALL, trace)).toEqual({ at: 3, stretches: 2 })
  })

  test('is not over in its handler, though that may use the same stack', () => {
    const trace = [handler(800, 880), handler(804, 880), handler(116, 880, true)]
    expect(drive(new HandlerReturn(880), CALL, trace, { spent: [0] })).toEqual({ at: 2, stretches: 2 })
  })
})

test('to an address: not where it begins, but the next time', () => {
  const trace = [main(112), main(100), main(112)]
  expect(drive(new RunTo([112], 'Run to Cursor'), CALL, trace)).toEqual({ at: 2, stretches: 1 })
})

test('Continue never ends by itself', () => {
  expect(drive(new Continue(), CALL, [main(100), main(112)])).toEqual({ at: undefined, stretches: 0 })
})
