// Hit counts and log messages beside a breakpoint: what they mean, and what is refused.

import { expect, test } from 'vitest'
import { answerOf, type ConditionTexts, compileConditions, logText } from '../../src/debuggee/conditions.ts'
import { contextHere } from '../../src/debuggee/evaluation.ts'
import type { Expression } from '../../src/expr/compile.ts'
import { builtin } from '../../src/symbols/types.ts'
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
  return [1, 2, 3, 4, 5, 6].filter(n => wantsHit?.(n) ?? true)
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

test('names of types mean those of the program, in a condition and in a log message', () => {
  const { machine, program } = targetHere()
  const context = contextHere(machine, program)
  const types = { typeNamed: (name: string) => (name === 'u16' ? builtin.ushort : undefined) }
  const { condition, log } = compileConditions({ condition: '(u16)65536', logMessage: '{(u16)65537}' }, types)
  expect([condition!.truth(context), logText(log!, context)]).toEqual([false, '1'])
})

test('a fault of the debugger itself is no answer of an expression', () => {
  const fault = (): never => {
    throw new TypeError('a fault')
  }
  const expression: Expression = { text: 'x', format: undefined, truth: fault, evaluate: fault }
  const { machine, program } = targetHere()
  const context = contextHere(machine, program)
  expect(() =>
    answerOf(
      expression,
      () => context,
      'it',
      () => {},
    ),
  ).toThrow(TypeError)
  expect(() => logText([expression], context)).toThrow(TypeError)
})
