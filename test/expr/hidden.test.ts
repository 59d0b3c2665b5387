// Names that hide each other, as C++ looks them up (C++17, §6.4), and casts between a class and its base classes (§8.4);
// the numbers are those that test/guest/symbols/names.cc gives them.

import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/debuggee/evaluation.ts'
import { have } from '../support/tools.ts'
import { build, haveGcc, namePrograms } from '../symbols/guest.ts'
import { contextsAtLine } from './stopped.ts'

const skip = !haveGcc || !have('powerpc-linux-gnu-g++')
const [read, main] = skip ? [] : contextsAtLine(build(namePrograms.names, '-O0', '-g'), 'names.cc', '// here')

const inRead = (text: string): string => evaluate(read!, text).value
const inMain = (text: string): string => evaluate(main!, text).value

describe('a name that several things have', { skip }, () => {
  it.each([
    ['level', '14'],
    ['::level', '5'],
    ['x', '5'],
    ['Base::x', '1'],
    ['this->Other::x', '3'],
    ['Derived::x', '5'],
    ['count', '9'],
    ['::count', '100'],
    ['shared', '20'],
    ['Base::shared', '10'],
    ['only_base', '30'],
    ['Base::only_base', '2'],
    ['::outer::inner::twin', '23'],
  ])('in a member function: %s is %s', (text, value) => expect(inRead(text)).toBe(value))

  it.each([
    ['derived.x', '5'],
    ['derived.Base::x', '1'],
    ['derived.shared', '20'],
    ['derived.Base::shared', '10'],
    ['twice.Right::Base::x', '1'],
    ['&twice.Right::Base::x != &twice.Left::Base::x', '1'],
    ['joined.Virtual::Other::y', '8'],
    ["tagged.Tagged<'x', 3>::x", '120'],
    ["last.'Wrapped<Other>::x'", '14'],
    ['local.Other::x', '3'],
    ['(anonymous namespace)::hidden.depth', '4'],
    ['outer::inner::(anonymous namespace)::deep', '6'],
    ["'names.cc'::level", '5'],
    ['sum(int)::calls', '40'],
    ['::sum(long)::calls', '50'],
  ])('in main: %s is %s', (text, value) => expect(inMain(text)).toBe(value))

  // As gdb 13 says: `Request for member 'x' is ambiguous in type 'Twice'`.
  it.each([
    ['twice.low', 'Write Left::Base::low or Right::Base::low.'],
    ['(&twice)->only_base', 'Write Left::Base::only_base or Right::Base::only_base.'],
  ])('that two base classes have none of them is taken for: %s', (text, advice) => {
    const name = /\w+$/.exec(text)![0]
    expect(() => inMain(text)).toThrow(`${name} is a member of several base classes: ${advice}`)
  })

  it.each([
    ['twice.shared', '10'],
    ['twice.Left::x', '1'],
    ['joined.y', '8'],
  ])('of which there is one all the same: %s is %s', (text, value) => expect(inMain(text)).toBe(value))

  it('what is in no frame of its function has no value', () => {
    expect(() => inMain('sum(int)::count')).toThrow('nothing here is called sum(int)::count')
    expect(() => inMain('::derived')).toThrow('nothing here is called derived')
  })
})

describe('a cast between a class and its base class', { skip }, () => {
  it.each([
    ['((Other &)derived).x', '3'],
    ['((Other *)&derived)->x', '3'],
    ['((Other)derived).x', '3'],
    ['((Derived *)(Other *)&derived)->x', '5'],
    ['((Derived &)(Other &)derived).x', '5'],
    ['(Other *)&derived == &derived.Other::x', '1'],
    ['((Base &)(Right &)twice).x', '1'],
    ['&(Base &)(Right &)twice == &twice.Right::Base::x', '1'],
    ['((Other *)&joined)->y', '8'],
    ['(Other *)(Derived *)0', '0x00000000'],
    // The two units describe Other each.
    ['((Other &)elsewhere).x', '3'],
    ['((Elsewhere *)(Other *)&elsewhere)->first', '1'],
    // No base class of each other: the same bytes, as gdb has it.
    ['((Other *)(void *)&derived)->x', '1'],
  ])('%s is %s', (text, value) => expect(inMain(text)).toBe(value))
})

describe('the rows of a value with a format', { skip }, () => {
  it('have names with that format', () => {
    const row = evaluate(main!, 'derived,x')
    const [base] = row.container!.children()
    expect(base).toMatchObject({ name: 'Base', evaluateName: '(Base &)derived,x' })
    const [x] = base!.container!.children()
    expect(x).toMatchObject({ value: '0x1', evaluateName: 'derived.Base::x,x' })
    expect(evaluate(main!, '&tagged.items[0],[2]').container!.children()[1]?.evaluateName).toBe('(&tagged.items[0])[1]')
  })
})
