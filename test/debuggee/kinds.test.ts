import { describe, expect, it } from 'vitest'
import { contextHere } from '../../src/debuggee/evaluation.ts'
import { Program } from '../../src/debuggee/program.ts'
import { valueText } from '../../src/debuggee/values/summary.ts'
import { row } from '../../src/debuggee/values.ts'
import { compile } from '../../src/expr/compile.ts'
import type { Context } from '../../src/expr/context.ts'
import { typeName } from '../../src/symbols/typeName.ts'
import { have } from '../support/tools.ts'
import { staticContext } from '../symbols/context.ts'
import { gdb } from '../symbols/gdb.ts'
import { build, haveClang, haveGcc, loadElf, programs } from '../symbols/guest.ts'
import { createMachine, lengthOf } from '../symbols/stops/stops.ts'

const skip = !haveGcc || !have('gdb-multiarch') || !have('powerpc-linux-gnu-g++')

function watch(text: string, context: Context): [value: string, type: string] {
  const { evaluate, format } = compile(text, { types: context.symbols })
  const value = evaluate(context)
  return [valueText(value, { context, format }), typeName(value.type)]
}

/** gdb's values and types, in our spelling. */
function gdbAnswers(path: string, expressions: readonly string[]): [value: string, type: string][] {
  const commands = expressions.flatMap(text => [`output ${text}`, `whatis ${text}`])
  const answers = gdb(path, ['set print repeats unlimited', ...commands]).slice(1)
  return expressions.map((_, i) => [spelled(answers[2 * i]), answers[2 * i + 1].trim().replace('type = ', '')])
}

/** Addresses with all their digits, functions without parameters, and no symbol where there is text. */
const spelled = (text: string): string =>
  text
    .trim()
    .replace(/^\(.*\) (?=0x)/, '')
    .replace(/0x([0-9a-f]+)/g, (_, digits: string) => `0x${digits.padStart(8, '0')}`)
    .replace(/ <[\w+]+>(?= ")/, '')
    .replace(/<([\w:]+)\(.*?\)( const)?>/g, '<$1>')
    .replace(/(&virtual [\w:]+)\(.*?\)( const)?/g, '$1')

/** Where our value or our type is another, on purpose. */
type Differences = Readonly<Record<string, { readonly value?: string; readonly type?: string }>>

const inC: Differences = {
  // gdb has no complex integers.
  lattice: { value: '3 + -4i', type: 'complex int' },
  // The fewest digits that give the number again.
  single: { value: '1.1' },
  wide: { value: '1.1' },
  // What is a character is one in a vector, too.
  eight: { value: String.raw`{97 'a', 98 'b', 0 '\000', 3 '\003', 255 '\377', 0 '\000', 0 '\000', 0 '\000'}` },
}

const cNames =
  `turn small_turn lattice turns turns[1] greeting16 greeting32 greeting words16 words letter16 letter32 letter
  greeting16[1] four two eight four[1] cell cell.sign cell.top cell.low message message.both message.data[1] sparse single
  wide longest truth`.split(/\s+/)

const inCxx: Differences = {
  // As C++ declares them; to gdb `this` is a parameter.
  method: { type: 'int (Diamond::*)(int)' },
  no_method: { type: 'int (Diamond::*)(int)' },
  const_method: { type: 'int (Point::*)(void) const' },
  virtual_method: { type: 'int (Point::*)(void) const' },
  nothing: { value: '0x00000000', type: 'decltype(nullptr)' },
}

const cxxNames =
  `member no_member method no_method coordinate const_method virtual_method nothing numbers text16 letter32
  wide level outer::v2::versioned outer::alias_target::aliased shorter::aliased Mixed::constant`.split(/\s+/)

function check(path: string, names: readonly string[], differences: Differences): void {
  const context = staticContext(path)
  const theirs = gdbAnswers(path, names)
  const ours = names.map(name => [name, ...watch(name, context)])
  const expected = names.map((name, i) => {
    const { value = theirs[i][0], type = theirs[i][1] } = differences[name] ?? {}
    return [name, value, type]
  })
  expect(ours).toEqual(expected)
}

describe('values of every kind are those gdb shows', () => {
  const clangSkip = skip || !haveClang
  // clang has no _Float32, and calls all complex types the same.
  const inCByClang = { ...inC, lattice: { value: '3 + -4i', type: 'complex' } }
  const clangNames = cNames.filter(name => name !== 'single' && name !== 'wide')

  it.each([2, 3, 4, 5])('in C, by GCC with DWARF %i', { skip }, version =>
    check(build(programs.kinds, '-O0', `-gdwarf-${version}`), cNames, inC),
  )
  it.each([2, 3, 4, 5])('in C++, by GCC with DWARF %i', { skip }, version =>
    check(build(programs.objects, '-O0', `-gdwarf-${version}`), cxxNames, inCxx),
  )
  it.each([4, 5])('in C, by clang with DWARF %i', { skip: clangSkip }, version =>
    check(build(programs.kinds, 'clang', '-O0', `-gdwarf-${version}`), clangNames, inCByClang),
  )
  it.each([4, 5])('in C++, by clang with DWARF %i', { skip: clangSkip }, version =>
    check(build(programs.objects, 'clang', '-O0', `-gdwarf-${version}`), cxxNames, inCxx),
  )
})

describe('names in C++', () => {
  it('may leave out what the language lets one leave out', { skip }, () => {
    const path = build(programs.objects, '-O0', '-g')
    const context = staticContext(path)
    // What gdb takes in full only.
    const inFull: Readonly<Record<string, string>> = {
      'outer::versioned.number': 'outer::v2::versioned.number',
      'outer::hidden': "'outer::(anonymous namespace)::hidden'",
      "Valued<2,'x',true,short,&shared_number>::counter":
        "'Valued<2, (char)120, true, short, &shared_number>::counter'",
    }
    const theirs = gdbAnswers(path, Object.values(inFull)).map(([value]) => value)
    expect(Object.keys(inFull).map(name => watch(name, context)[0])).toEqual(theirs)
    expect(theirs).toEqual(['2', '11', '3'])
  })
})

describe('a complex number', () => {
  it('has its parts as rows, which can be asked for and set', { skip }, () => {
    const context = staticContext(build(programs.kinds, '-O0', '-g'))
    const turn = row('turn', compile('turn').evaluate(context), { context }, 'turn')
    const parts = turn.container!.children()
    expect(parts.map(({ name, value, evaluateName }) => [name, value, evaluateName])).toEqual([
      ['real', '1.5', '__real__ turn'],
      ['imaginary', '-2.25', '__imag__ turn'],
    ])
    expect(watch('__imag__ turn * 2', context)[0]).toBe('-4.5')
    expect(parts[1].set!('4.0')).toBe('4')
    expect(watch('turn', context)[0]).toBe('1.5 + 4i')
    expect(row('turn', compile('turn').evaluate(context), { context }).set!('turns[0]')).toBe('0 + 1i')
  })
})

describe('thread-local variables', () => {
  const builds = ['-O0 -g', '-O2 -gdwarf-4', ...(haveClang ? ['clang -O0 -g'] : [])]
  it.each(builds)('are where the program itself says, built with %s', { skip }, options => {
    const path = build(programs.threads, ...options.split(' '))
    const machine = createMachine(path)
    machine.run({ budget: lengthOf(path) })
    const context = contextHere(machine, new Program(loadElf(path)))
    const names = ['zeroed', 'wide', 'corner', 'count::calls']
    const pointers = ['where_zeroed', 'where_wide', 'where_corner', 'where_calls']
    expect(names.map(name => watch(`(unsigned)&${name}`, context)[0])).toEqual(
      pointers.map(name => watch(`(unsigned)${name}`, context)[0]),
    )
    expect(names.map(name => watch(name, context)[0])).toEqual(['4', '78187493530', '{x = 4, y = 7}', '7'])
  })

  it('say why they cannot be seen without a thread', { skip }, () => {
    const context = staticContext(build(programs.threads, '-O0', '-g'))
    expect(watch('zeroed', context)[0]).toBe('<it is thread-local, and no thread is known here>')
  })
})
