// When control is back: where a call returns to, or in a frame that has called, recognised by its address and function.

import { describe, expect, test } from 'vitest'
import { type FrameView, frameHere } from '../../../src/debuggee/steps/goal.ts'
import { RunBack } from '../../../src/debuggee/steps/runBack.ts'
import { type Code, fn, type Moment, viewOf } from './trace.ts'

const CODE: Code = {
  lines: [
    { name: '1', low: 100, high: 112 },
    { name: '2', low: 112, high: 120 },
    { name: '21', low: 208, high: 212 },
    { name: '50', low: 512, high: 520 },
  ],
  functions: [fn(100, 132), fn(200, 220), fn(500, 540)],
}
/** The function at 100, whose frame is at 900, has called something and goes on at 108; it was called by that at 500. */
const FRAMES = [
  { id: { cfa: 900, entry: 100 }, pc: 108 },
  { id: { cfa: 950, entry: 500 }, pc: 508 },
] as const
const UNKNOWN = [{ id: { cfa: undefined, entry: 100 }, pc: 108 }] as const

/** What the leg says when the machine stands so: that it is done, and how, or `on`. */
function said(moment: Moment, frames: readonly [FrameView, ...FrameView[]] = FRAMES): string {
  const leg = new RunBack(viewOf(CODE, { pc: 200, sp: 880 }), frames, 880)
  leg.next(viewOf(CODE, { pc: 200, sp: 880 }))
  return leg.next(viewOf(CODE, moment)) === undefined ? (leg.remark ?? 'returned') : 'on'
}
const ELSEWHERE = 'what was called has not returned: the program went on here'

test('runs to where the frame goes on, or to a statement of one of its callers, on no deeper stack', () => {
  const leg = new RunBack(viewOf(CODE, { pc: 200, sp: 880 }), FRAMES, 880)
  const until = { kind: 'until', stops: { addresses: [108, 100, 112, 512], sp: 880 } }
  expect(leg.next(viewOf(CODE, { pc: 108, sp: 880 }))).toEqual(until)
  expect(leg.next(viewOf(CODE, { pc: 204, sp: 860 }))).toEqual(until)
})

describe('it is back', () => {
  test.each<[string, Moment, string]>([
    ['on the same stack', { pc: 108, sp: 880 }, 'returned'],
    ['in the same frame, whose stack is another now', { pc: 108, sp: 870, stack: [[900, 108]] }, 'returned'],
    ['but not in another frame', { pc: 108, sp: 870, stack: [[890, 108]] }, 'on'],
    ['nor where nothing tells the frame', { pc: 108, sp: 870, stack: [[undefined, 108]] }, 'on'],
    ['nor where there is none', { pc: 108, sp: 870 }, 'on'],
    ['elsewhere at a statement', { pc: 112, sp: 880, stack: [[900, 112]] }, ELSEWHERE],
    ['but not in the middle of one', { pc: 116, sp: 880, stack: [[900, 116]] }, 'on'],
    ['nor at a statement of another activation', { pc: 112, sp: 880, stack: [[890, 112]] }, 'on'],
    ['nor of another function with the same frame address', { pc: 208, sp: 880, stack: [[900, 208]] }, 'on'],
    ['at a statement of the caller', { pc: 512, sp: 930, stack: [[950, 512]] }, ELSEWHERE],
  ])('%s', (_, moment, expected) => {
    expect(said(moment)).toBe(expected)
  })

  test.each<[string, Moment, string]>([
    ['where it was to go on', { pc: 108, sp: 890, stack: [[undefined, 108]] }, 'returned'],
    ['not at a statement', { pc: 112, sp: 890, stack: [[undefined, 112]] }, 'on'],
  ])('of an unknown frame %s', (_, moment, expected) => {
    expect(said(moment, UNKNOWN)).toBe(expected)
  })
})

test('without a stack there is a frame of which nothing is known', () => {
  expect(frameHere(viewOf(CODE, { pc: 100, sp: 880 }))).toEqual({ cfa: undefined, entry: 0 })
})
