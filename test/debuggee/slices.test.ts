// However a program runs, no KVM_RUN is so long that a pause would have to wait for it.

import { expect, test } from 'vitest'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import type { Target } from '../../src/debuggee/target.ts'
import { A, encode as e } from '../support/core.ts'
import { HandTurned, programOf } from '../support/target.ts'

/** Runs `words` from A on for so many slices, on a clock that moves a millisecond at every look. @returns the longest run */
function longestRun(words: readonly number[], slices: number, prepare: (target: Target) => void = () => {}): number {
  const loop = new HandTurned(programOf(words), { tick: 1 })
  const { target } = loop
  prepare(target)
  const { machine } = target
  const original = machine.run.bind(machine)
  let longest = 0
  machine.run = request => {
    const { retired } = machine
    const run = original(request)
    longest = Math.max(longest, machine.retired - retired)
    return run
  }
  target.resume(new Continue())
  loop.turn(slices)
  return longest
}

const LOOP = [e.nop, e.addi(3, 3, 1), e.b(-4)]

// The clock has moved by the two milliseconds of a run at the second look. The first comes after 2,000 instructions, the
// second after as many as have been executed until then, or 2,000; making compiled code of the loop counts as 100,000.
test('a run that only computes', () => {
  const longest = longestRun(LOOP, 10)
  expect(longest).toBeGreaterThan(1_000)
  expect(longest).toBeLessThan(110_000)
})

test('a run of many hits of a breakpoint that does not stop', () => {
  const always = { kind: 'instruction', address: A + 4, hitCondition: '> 1000000' } as const
  const longest = longestRun(LOOP, 10, target => {
    target.breakpoints.replace({ owner: 'test', list: 'instructions' }, [always])
    target.breakpoints.settled = true
    target.replan()
  })
  expect(longest).toBeGreaterThan(1)
  expect(longest).toBeLessThan(6_000)
})
