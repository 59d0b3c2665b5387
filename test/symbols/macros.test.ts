// Macros of -g3 in expressions, beside gdb's reading of them.

import { describe, expect, it } from 'vitest'
import { compile } from '../../src/expr/compile.ts'
import { typesHere } from '../../src/expr/context.ts'
import { load } from '../../src/expr/value.ts'
import { have } from '../support/tools.ts'
import { staticContext } from './context.ts'
import { gdb } from './gdb.ts'
import { build, haveClang, haveGcc } from './guest.ts'

const skip = !haveGcc || !have('gdb-multiarch')

const sources = ['start.S', 'macros.c']

const variants = [
  '-O0 -g3 -gdwarf-2',
  '-O2 -g3 -gdwarf-4',
  '-O0 -g3 -gdwarf-4 -gstrict-dwarf',
  '-O2 -g3 -gdwarf-5',
  // Macros of headers are in lists of their own, to which in a split file nothing leads.
  '-O0 -g3 -gdwarf-4 -gsplit-dwarf',
  '-O2 -g3 -gdwarf-5 -gsplit-dwarf',
  'clang -O0 -g -fdebug-macro -gdwarf-4',
  'clang -O0 -g -fdebug-macro -gdwarf-5',
]

const expressions = [
  ...['LIMIT', 'LIMIT + 1', 'MASK', 'FLAGS', 'FLAGS & FLAG_BUSY', 'LETTER', 'HALF * 3', 'BIG', 'LIMIT_TWICE * 2'],
  ...['MAX(3, 4)', 'MAX(counter, LIMIT) + 1', 'MAX(MAX(1, 5), MAX(2, SQUARE(3)))', 'SQUARE(1 + 2)', 'SQUARE(-1)'],
  ...['LARGEST', 'CALL(SQUARE, 4)', 'SEVEN()', 'FIRST(5, 6, 7)', 'DOUBLE(MAX((1), 2))', 'SQUARE (3)'],
  ...['SECOND', 'TABLE[0].y', 'counter_alias', 'sizeof(NAME)', 'NAME[2]', 'REDEFINED', 'counter == LIMIT - 3'],
  ...['HEADER_SIZE', 'HEADER_PAIR(2, LIMIT)'],
]

describe.each(variants)('built with %s', options => {
  const path = () => build(sources, ...options.split(' '))
  // gdb 13 reads no macros of split files.
  const whole = () => build(sources, ...options.replace(' -gsplit-dwarf', '').split(' '))
  const without = skip || (options.startsWith('clang') && !haveClang)
  const at = (context: ReturnType<typeof staticContext>) => ({
    ...context,
    pc: context.symbols.functionNamed('main')!.low,
  })
  const evaluate = (text: string, context: ReturnType<typeof at>) => {
    const scalar = load(compile(text, { types: typesHere(context) }).evaluate(context), context)
    return typeof scalar === 'string' ? scalar : String(scalar.value)
  }

  it('macros have the values gdb gives them', { skip: without }, () => {
    const context = at(staticContext(path()))
    const answers = gdb(whole(), ['list main', ...expressions.map(text => `print/d (long long)(${text})`)]).slice(1)
    const theirs = answers.map(answer => /^\$\d+ = (-?\d+)$/m.exec(answer)?.[1])
    const ours = expressions.map(text => evaluate(`(long long)(${text})`, context))
    expect(ours).toEqual(theirs)
  })

  // gdb does not look behind the name for what it stands for.
  it.each([
    ['ALIAS(4)', '16'],
    ['FARTHER(2 + 1) + ALIAS(5)', '30'],
    ['NINE', '9'],
    ['ADDED(3)', '19'],
    ['MAX(ALIAS(2), FARTHER(3))', '9'],
  ])(
    '%s is %s, as C reads a replaced text again with what follows it (C17, §6.10.3.4)',
    {
      skip: without,
    },
    (text, value) => {
      expect(evaluate(text, at(staticContext(path())))).toBe(value)
    },
  )

  it.each([
    ['MAX(1)', /the macro MAX takes 2 arguments \(a, ?b\), not 1/],
    ['SQUARE(3', /the macro SQUARE has no "\)" behind its arguments/],
    ['TEXT(1)', /the macro TEXT stands for #x, which is no expression/],
    ['SET(counter)', /its macros make .*counter.* = 1; of it, which is no expression/],
    ['main(1)', /functions of the program cannot be called/],
    ['D(D(D(D(D(D(D(D(D(D(D(D(D(D(D(D(D(D(1))))))))))))))))))', /the macro D stands for too many others/],
    ['MAX', /has parameters \(a, ?b\)/],
    ['EMPTY', /stands for nothing/],
    ['BLOCK', /stands for do \{ counter\+\+; \} while ?\(0\), which is no expression/],
    ['ITSELF', /nothing here is called ITSELF/],
    ['PING', /nothing here is called P[IO]NG/],
    ['NOWHERE', /nothing here is called NOWHERE/],
  ])('%s has none, and says why', { skip: without }, (text, why) => {
    expect(() => evaluate(text, at(staticContext(path())))).toThrow(why)
  })
})

it('without -g3 there are none', { skip }, () => {
  const { symbols } = staticContext(build(sources, '-O0', '-g'))
  expect(symbols.macroNamed('LIMIT', symbols.functionNamed('main')!.low)).toBeUndefined()
})
