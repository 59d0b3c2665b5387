// Where steps end, on hand-written traces: what gdb does at the same places is the expectation.

import { describe, expect, test } from 'vitest'
import { Continue } from '../../../src/debuggee/steps/goal.ts'
import { NextInstruction, StepInstruction } from '../../../src/debuggee/steps/instruction.ts'
import { StepLine } from '../../../src/debuggee/steps/line.ts'
import { StepOut } from '../../../src/debuggee/steps/out.ts'
import { HandlerReturn, RunTo } from '../../../src/debuggee/steps/runBack.ts'
import { B, BL, BLR, type Code, drive, fn, type Moment } from './trace.ts'

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

  test('stepping out of it runs over what it calls', () => {
    const code = { ...INLINED, words: { 108: BL } }
    const trace = [main(104), main(108), f(200), f(212), main(112), main(116)]
    expect(drive(new StepOut(), code, trace)).toMatchObject({ at: 5, stretches: 3 })
  })

  test('where it is not entered yet, out leads to the caller of the function', () => {
    const trace = [main(104), main(108), { pc: 500, sp: 900, stack: [[950, 500]] } as Moment]
    expect(drive(new StepOut(), INLINED, trace, { hidden: 1 })).toMatchObject({ at: 2 })
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
