// Hit counts and log messages beside a breakpoint: what they mean, and what is refused.

import { expect, test } from 'vitest'
import { type ConditionTexts, logText } from '../../src/debuggee/conditions.ts'
import { contextHere } from '../../src/debuggee/evaluation.ts'
import { A, encode as e } from '../support/core.ts'
import { HandTurned, programOf } from '../support/target.ts'

const targetHere = () => new HandTurned(programOf([e.nop])).target
const resolve = (texts: ConditionTexts, { program } = targetHere()) =>
  program.resolve({ kind: 'instruction', address: A, ...texts })

function conditionsOf(texts: ConditionTexts) {
  const resolution = resolve(texts)
  if (resolution.kind === 'nowhere') throw new Error(resolution.why)
  return resolution.conditions
}

function wanted(hitCondition: string | undefined): number[] {
  const { wantsHit } = conditionsOf({ hitCondition })
  return [1, 2, 3, 4, 5, 6].filter(wantsHit)
}

test.each([
  [undefined, [1, 2, 3, 4, 5, 6]],
  ['  ', [1, 2, 3, 4, 5, 6]],
  ['3', [3]],
  [' = 3 ', [3]],
  ['== 3', [3]],
  ['>3', [4, 5, 6]],
  ['>= 3', [3, 4, 5, 6]],
  ['<3', [1, 2]],
  ['<= 3', [1, 2, 3]],
  ['% 3', [3, 6]],
  ['12', []],
])('the hit count %j stops at the hits %j', (text, hits) => {
  expect(wanted(text)).toEqual(hits)
})

test.each(['x', '0', '% 0', '3 times', 'about 3', '=> 3', '-1', '1.5', '==', '=== 3'])('%j is no hit count', text => {
  const why = expect.stringMatching(/ is not a hit count.*write for example 5, >= 5 or % 10/)
  expect(resolve({ hitCondition: text })).toEqual({ kind: 'nowhere', why })
})

test('blanks are neither a condition nor a log message', () => {
  const { condition, log } = conditionsOf({ condition: ' ', logMessage: ' ' })
  expect([condition, log]).toEqual([undefined, undefined])
})

test('a log message has its values in it, and says in its place why one has none', () => {
  const target = targetHere()
  target.machine.setRegister('r3', 0x1f)
  const context = contextHere(target.machine, target.program)
  const said = (logMessage: string) => logText(conditionsOf({ logMessage }).log!, context)
  expect(said('r3 is {$r3} or {$r3,x}!')).toBe('r3 is 31 or 0x1f!')
  expect(said('{missing} and {1 + 1}')).toMatch(/^<.*missing.*> and 2$/)
})
