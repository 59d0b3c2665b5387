// How long slices and runs last by the clock on the wall, and how far execution may be ahead of it.

import { beforeEach, describe, expect, test } from 'vitest'
import { RunClock } from '../../src/debuggee/runClock.ts'

let ms: number
let clock: RunClock
beforeEach(() => {
  ms = 100
  clock = new RunClock(() => ms)
})
const later = <T>(wait: number, look: () => T): T => {
  ms += wait
  return look()
}

test('a slice is over after eight milliseconds', () => {
  clock.beginSlice()
  expect([0, 7, 1, 1].map(wait => later(wait, () => clock.isSliceOver))).toEqual([false, false, true, true])
})

test('a run is over after two', () => {
  const { isOver } = clock.limits()
  expect([0, 1, 1, 1].map(wait => later(wait, () => isOver?.()))).toEqual([false, false, true, true])
})

describe('paced by the wall', () => {
  /** Of the core's clock, 400 MHz. */
  const CYCLES = 400_000

  test('a run has a horizon, two milliseconds ahead, and execution that is ahead waits', () => {
    clock.begin('real', 1000)
    expect(clock.limits()).toMatchObject({ horizon: 1000 + 2 * CYCLES })
    expect([clock.ahead(1000 + 5 * CYCLES), later(4, () => clock.ahead(1000 + 5 * CYCLES))]).toEqual([5, 1])
  })

  test('and else it has none, and nothing waits', () => {
    clock.begin('real', 0)
    clock.begin('max', 0)
    expect(clock.limits()).not.toHaveProperty('horizon')
    expect(clock.ahead(5 * CYCLES)).toBe(0)
  })
})
