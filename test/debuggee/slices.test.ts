// However a program runs, no KVM_RUN is so long that a pause would have to wait for it.

import { expect, test } from 'vitest'
import { createTarget } from '../../src/debuggee/launch.ts'
import { Continue } from '../../src/debuggee/steps/goal.ts'
import type { Target } from '../../src/debuggee/target.ts'
import { readElf } from '../../src/elf/elf.ts'
import { A, encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'

/** Runs `words` from A on for so many slices, on a host whose clock stands still. @returns the largest budget asked for */
function largestBudget(words: readonly number[], prepare: (target: Target) => void, slices: number): number {
  const tasks: (() => void)[] = []
  let ms = 0
  const options = { ramSize: 1 << 20, core: '440ep', reset: 'boot', interactive: false, pace: 'max' } as const
  const target = createTarget(
    readElf(writeElf(A, [{ address: A, bytes: bytesOf(words) }])),
    { ...options, toProgram: path => path, onTransmit: () => {} },
    {
      schedule: task => void tasks.push(task),
      now: () => (ms += 0.1),
      stopped: () => {},
      ended: () => {},
      breakpointsChanged: () => {},
      note: () => {},
      answer: () => new Promise(() => {}),
      outputWait: () => 0,
    },
  )
  prepare(target)
  const budgets: number[] = []
  const { machine } = target
  const original = machine.run.bind(machine)
  machine.run = request => {
    budgets.push(request.budget)
    return original(request)
  }
  target.resume(new Continue())
  for (let i = 0; i < slices && tasks.length > 0; i++) tasks.shift()!()
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
