// Names of functions as gdb's `break` takes them ("Linespec Locations", "Explicit Locations").

import { describe, expect, test } from 'vitest'
import { components, functionSpec, isMeant, parametersOf, sameParameters } from '../../src/symbols/functionSpec.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { have } from '../support/tools.ts'
import { gdbBreakpoints } from './gdb.ts'
import { build, haveClang, haveGcc, loadElf, namePrograms } from './guest.ts'

test.each<[string, object]>([
  ['main', { path: ['main'], isWhole: false }],
  ['main()', { path: ['main'], isWhole: false, parameters: '' }],
  ['main(void)', { path: ['main'], isWhole: false, parameters: '' }],
  ['sum(int, unsigned  long)', { path: ['sum'], isWhole: false, parameters: 'int,unsigned long' }],
  ['::sum', { path: ['sum'], isWhole: true }],
  ['net::Dev::id', { path: ['net', 'Dev', 'id'], isWhole: false }],
  ['operator()', { path: ['operator()'], isWhole: false }],
  ['Call::operator()(int)', { path: ['Call', 'operator()'], isWhole: false, parameters: 'int' }],
  ['operator<<(A&, int)', { path: ['operator<<'], isWhole: false, parameters: 'A&,int' }],
  ['(anonymous namespace)::f(int)', { path: ['(anonymous namespace)', 'f'], isWhole: false, parameters: 'int' }],
  ['(anonymous namespace)::f', { path: ['(anonymous namespace)', 'f'], isWhole: false }],
  ['Ring<a::b>::push', { path: ['Ring<a::b>', 'push'], isWhole: false }],
  ['orders.c:order_place', { file: 'orders.c', path: ['order_place'], isWhole: false }],
  ["'src/a.cc'::ns::f", { file: 'src/a.cc', path: ['ns', 'f'], isWhole: false }],
])('%s', (text, spec) => {
  expect(functionSpec(text)).toEqual(spec)
})

test.each(['', 'a::', 'file.c:', '::'])('%s is no name', text => {
  expect(functionSpec(text)).toBeUndefined()
})

describe('which functions are meant', () => {
  const meant = (text: string, name: string): boolean => isMeant(functionSpec(text)!, components(name))

  test('those whose name ends so, in whatever scope', () => {
    expect(['net::Dev::id', 'id', 'Dev::id', 'Dev::hid', 'id::x'].map(name => meant('id', name))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
    expect(meant('Dev::id', 'net::Dev::id')).toBe(true)
    expect(meant('Dev::id', 'net::Base::id')).toBe(false)
  })

  test('all instances of a template, or the one with its arguments', () => {
    expect([meant('largest', 'net::largest<int>'), meant('largest<int>', 'net::largest<int>')]).toEqual([true, true])
    expect(meant('largest<int>', 'net::largest<double>')).toBe(false)
    expect(meant('Ring::push', 'Ring<a::b>::push')).toBe(true)
  })

  test('with :: before it, only the one outside of every scope', () => {
    expect([meant('::sum', 'sum'), meant('::sum', 'math::sum')]).toEqual([true, false])
  })
})

test('parameters of a demangled name', () => {
  expect(parametersOf('net::v1::poll(net::v1::Dev*, int) const')).toBe('net::v1::Dev*,int')
  expect(parametersOf('std::function<int (int)>::operator()(int) const')).toBe('int')
  expect(parametersOf('plain')).toBeUndefined()
})

test.each([
  ['char const*, int', 'const char *,int', true],
  ['unsigned long', 'long unsigned int', true],
  ['short', 'short int', true],
  ['signed char', 'char', false],
  ['unsigned', 'unsigned int', true],
  ['', 'void', true],
  ['int', '', false],
  ['int, int', 'int', false],
  ['std::pair<int, char>, long', 'std::pair<int,char>,long', true],
  ['void (*)(int, int)', 'void(*)(int,int)', true],
  ['int*', 'int&', false],
])('the parameters %s and %s are the same: %s', (a, b, expected) => {
  expect(sameParameters(a, b)).toBe(expected)
})

const skip = !haveGcc || !have('powerpc-linux-gnu-g++') || !have('gdb-multiarch')
const compilers = [['-O0', '-g'], ['-O2', '-g'], ...(haveClang ? [['clang', '-O0', '-g']] : [])]

describe.each(compilers)('one of several static functions of a name, built with %s %s', (...options) => {
  const specs = ['sum', 'sum(int)', 'sum(long)', 'sum(long int)', 'sum(char)', 'sum()', '::sum(int)']
  test('is the one with these parameters, as for gdb', { skip }, () => {
    const path = build(namePrograms.names!, ...options)
    const symbols = Symbols.load(loadElf(path))
    const ours = new Map(specs.map(spec => [spec, symbols.functionAddresses(spec)]))
    expect(ours.get('sum')).toHaveLength(2)
    expect(ours).toEqual(gdbBreakpoints(path, specs))
  })
})
