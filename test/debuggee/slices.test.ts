// However a program runs, no KVM_RUN is so long that a pause would have to wait for it.

import { expect, test } from 'vitest'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import type { Target } from '../../src/debuggee/target.ts'
import { A, encode as e } from '../support/core.ts'
import { HandTurned, programOf } from '../support/target.ts'

/** Runs `words` from A on for so many slices, on a slow clock. @returns the largest budget asked for */
function largestBudget(words: readonly number[], prepare: (target: Target) => void, slices: number): number {
  const loop = new HandTurned(programOf(words), { tick: 0.1 })
  const { target } = loop
  prepare(target)
  const budgets: number[] = []
  const { machine } = target
  const original = machine.run.bind(machine)
  machine.run = request => {
    budgets.push(request.budget)
    return original(request)
  }
  target.resume(new Continue())
  loop.turn(slices)
  return Math.max(...budgets)
}

const MOST = 1_000_000

test('after many hits of a breakpoint that does not stop', () => {
  const always = { kind: 'instruction', address: A + 4, hitCondition: '> 1000000' } as const
  const prepare = (target: Target): void => {
    target.breakpoints.replace({ owner: 'test', list: 'instructions' }, [always])
    target.breakpoints.settled = true
    target.replan()
  }
  expect(largestBudget([e.nop, e.addi(3, 3, 1), e.b(-4)], prepare, 40)).toBeLessThanOrEqual(MOST)
})

test('while a program idles on its timer', () => {
  const prepare = ({ machine }: Target): void => {
    machine.setRegister('TCR', 0x04400000)
    machine.setRegister('DECAR', 0x7fffffff)
    machine.setRegister('DEC', 0x7fffffff)
    machine.setRegister('MSR', 0x9000)
  }
  expect(largestBudget([e.b(0)], prepare, 40)).toBeLessThanOrEqual(MOST)
})
