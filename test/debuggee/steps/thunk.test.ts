// Where code that only leads on ends: at a function with lines, or where it proves to be no such code.

import { expect, test } from 'vitest'
import { ONE, type Stretch } from '../../../src/debuggee/steps/goal.ts'
import { Thunk } from '../../../src/debuggee/steps/thunk.ts'
import { BL, BLR, type Code, fn, viewOf } from './trace.ts'

const CODE: Code = {
  lines: [{ name: '20', low: 208, high: 220 }],
  functions: [fn(200, 220, { body: 208 }), fn(300, 320)],
  words: { 400: BL, 404: BLR },
}
const at = (pc: number, sp = 880) => viewOf(CODE, { pc, sp })
/** Called from 104, with r1 = 880. */
const thunk = () => new Thunk(at(500), 108)

test.each<[string, number, number, Stretch | undefined]>([
  ['an instruction of it', 500, 880, ONE],
  ['the entry of a function with lines', 200, 880, undefined],
  ['the entry of a function without', 300, 880, ONE],
  ['the middle of a function with lines', 212, 880, ONE],
  ['where the call returns to', 108, 880, undefined],
  ['a frame of its own', 504, 864, undefined],
  ['a call', 400, 880, undefined],
  ['a return', 404, 880, undefined],
])('%s', (_, pc, sp, stretch) => {
  expect(thunk().next(at(pc, sp))).toEqual(stretch)
})

test('what is longer than 32 instructions is none', () => {
  const goal = thunk()
  const stretches = Array.from({ length: 33 }, () => goal.next(at(500)))
  expect(stretches.indexOf(undefined)).toBe(32)
})
