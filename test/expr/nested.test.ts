// The variables of the function around a nested one (GNU C), as the source computes them and gdb 13 shows them.

import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/debuggee/evaluation.ts'
import { build, haveGcc } from '../symbols/guest.ts'
import { contextsAtLine } from './stopped.ts'

const sources = ['start.S', 'nested.c']

describe.each(['-O0 -g', '-O0 -gdwarf-3', '-O1 -g'])(
  'in a nested function built with %s',
  { skip: !haveGcc },
  options => {
    const contexts = haveGcc ? contextsAtLine(build(sources, ...options.split(' ')), 'nested.c', '// innermost') : []

    /** The first time, in the innermost of three calls of walk: depth is 1. */
    it.each([
      ['more', '2'],
      ['block', '13'],
      ['level', '10'],
      ['depth', '1'],
      ['kept[0] * 10 + kept[1]', '12'],
    ])('%s is %s', (text, value) => {
      expect(evaluate(contexts[0]!, text).value).toBe(value)
    })

    it('each frame sees those of its own', () => {
      expect(evaluate(contexts[1]!, 'own + level').value).toBe('21')
      expect(contexts.slice(2, 5).map(each => evaluate(each, 'kept[1]').value)).toEqual(['2', '3', '4'])
    })
  },
)

it('optimized code keeps a part of the link in registers: the only frame of the function around it is meant', {
  skip: !haveGcc,
}, () => {
  const [innermost] = contextsAtLine(build(sources, '-O2', '-g'), 'nested.c', '// innermost')
  expect(['block', 'level', 'kept[0]'].map(text => evaluate(innermost!, text).value)).toEqual(['13', '10', '1'])
})
