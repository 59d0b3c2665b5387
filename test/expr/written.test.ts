// Expressions as C and C++ programs have them. gdb says what it knows of them, at a stop seen by both; the rest is the
// standard's.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { contextOf, evaluate } from '../../src/debuggee/evaluation.ts'
import { callStack } from '../../src/debuggee/frames.ts'
import { Program } from '../../src/debuggee/program.ts'
import { compile } from '../../src/expr/compile.ts'
import type { Context } from '../../src/expr/context.ts'
import { have } from '../support/tools.ts'
import { staticContext } from '../symbols/context.ts'
import { build, haveGcc, loadElf, programs } from '../symbols/guest.ts'
import { coreFile } from '../symbols/stops/coreFile.ts'
import { createMachine, memoryOf } from '../symbols/stops/stops.ts'

const skip = !haveGcc || !have('powerpc-linux-gnu-g++') || !have('gdb-multiarch')

/** A stop in `through`, where gdb answers for it. */
function stopInThrough(path: string): { context: Context; gdb: (texts: readonly string[]) => string[] } {
  const [machine, program] = [createMachine(path), new Program(loadElf(path))]
  const [address] = program.symbols.functionAddresses('through')
  while (machine.cpu.pc >>> 0 !== address) machine.run({ budget: 1 })
  const [frame] = callStack(machine, program)
  if (frame === undefined || 'why' in frame) throw new Error('no frame')
  const context = contextOf(machine, program, frame)
  const core = coreFile(machine.cpu, memoryOf(machine, program))
  const gdb = (texts: readonly string[]): string[] => {
    const folder = mkdtempSync(join(tmpdir(), 'written-'))
    try {
      writeFileSync(join(folder, 'core'), core)
      const args = ['-nx', '-batch', '-iex', 'set osabi GNU/Linux', path, join(folder, 'core')]
      for (const text of texts) args.push('-ex', 'echo <<', '-ex', `output ${text}`, '-ex', 'echo >>\\n')
      const said = execFileSync('gdb-multiarch', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      return [...said.matchAll(/<<([\s\S]*?)>>(?=\n)/g)].map(match => match[1]!)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  return { context, gdb }
}

describe('what gdb knows too', { skip }, () => {
  let stop: ReturnType<typeof stopInThrough>
  beforeAll(() => {
    stop = stopInThrough(build(programs.objects!, '-O0', '-g'))
  })

  it.each([
    'object.*which',
    'object.*member + 1',
    '(&object)->*which',
    '(int)dynamic_cast<Left *>(&object) - (int)&object',
    '(int)dynamic_cast<Right *>((Left *)&object) - (int)&object',
    '(int)dynamic_cast<Lower *>((Right *)&object)',
    'sizeof(L"wide")',
    'sizeof(u"caf")',
    'sizeof(U"caf" "e")',
    "sizeof(L'x')",
    "(int)u'\\u00e9'",
    "(int)U'\\u20ac'",
    '0x1.8p3',
    '0x.8p0 + 0x1p-2f',
    '0xAp1',
    'alignof(Diamond)',
    '&Diamond::bottom',
    '&Diamond::left',
    '&Point::x',
    'sizeof(&Point::x)',
    'object.*&Diamond::bottom',
    'object.*&Left::left',
  ])('%s', text => {
    const [theirs] = stop.gdb([text])
    expect(evaluate(stop.context, text).value).toBe(theirs)
  })

  it.each([
    'coordinate == &Point::y',
    'coordinate != &Point::x',
    '&Diamond::bottom == member',
    'method == &Diamond::plain',
  ])('%s', text => {
    expect([stop.gdb([text])[0], evaluate(stop.context, text).value]).toEqual(['true', '1'])
  })

  it.each(['&Diamond::plain', '&Point::sum', '&Point::product'])('%s', text => {
    // gdb says the type first, where ours is beside the value, and the parameters.
    const [theirs] = stop.gdb([text])
    const plain = theirs!.replace(/^\(.*\) (?=0x)/, '').replace(/\(.*?\)( const)?(?=>|$)/, '')
    expect(evaluate(stop.context, text).value.replace('0x00', '0x')).toBe(plain)
  })
})

describe('what gdb does not read', { skip }, () => {
  let context: Context
  beforeAll(() => {
    context = stopInThrough(build(programs.objects!, '-O0', '-g')).context
  })
  const value = (text: string) => evaluate(context, text).value

  it.each([
    ['(typeof(numbers[0]))2.5', '2'],
    ['*(decltype(numbers[0]) *)numbers', '7'],
    ['(__typeof__(int *))0', '0x00000000'],
    ['sizeof(typeof(numbers[0]) *)', '4'],
    ['u8"x"[0]', "120 'x'"],
    ['text16 == u"café"', '1'],
    ['text16 == "caf\\u00e9"', '1'],
    ['wide == L"wi" "de"', '1'],
    ['wide == L"wade"', '0'],
    ["letter32 == U'€'", '1'],
    ["sizeof(u'x') + sizeof(u8'x')", '3'],
    ['sizeof(u"\\U0001F600")', '6'],
    // gdb gives the virtual table's address for these.
    ['dynamic_cast<Diamond *>(&object) == &object', '1'],
    ['dynamic_cast<Root *>(&object) == (Root *)&object', '1'],
    // From a virtual base class, and to the whole object, gdb refuses.
    ['dynamic_cast<Diamond *>((Root *)&object) == &object', '1'],
    ['dynamic_cast<void *>((Right *)&object) == &object', '1'],
    ['dynamic_cast<Diamond &>((Root &)object).bottom', '4'],
    ['dynamic_cast<Diamond *>((Root *)0)', '0x00000000'],
    ['sizeof(typeof(object)) == sizeof(Diamond)', '1'],
    ['sizeof(decltype(numbers))', '12'],
    ["L'x' == 120", '1'],
    ['sizeof(typeof(int))', '4'],
    // Of a base class what lies further on in the object (C++17, §7.12), and null pointers (C++17, §8.10).
    ['&Diamond::right == &Right::right', '1'],
    ['(&Lower::bottom == &Diamond::bottom) + (member == &Lower::bottom)', '2'],
    ['no_member == nullptr && no_method == 0 && member != nullptr && method != nullptr', '1'],
    ['no_member == member', '0'],
    ['object.*&Diamond::right', '3'],
  ])('%s is %s', (text, expected) => {
    expect(value(text)).toBe(expected)
  })

  it('a constant with an exponent of two is exact (C17, §6.4.4.2)', () => {
    expect(value('0x1.fffffffffffffp1023 == 1.7976931348623157e308')).toBe('1')
    expect(value('0x1p-1074 == 5e-324')).toBe('1')
    expect(value('0x1.000002p0f == 1.00000012f')).toBe('1')
    expect(() => compile('0x1p99999')).toThrow('no type holds a number with that exponent')
    expect(() => compile('0x1.8')).toThrow('is not a number')
  })

  it.each([
    ['object.*no_member', 'it is a null pointer'],
    ['object.*method', 'functions cannot be called from here'],
    ['object.*numbers', 'no pointer to a member'],
    ['member == 4', 'compared with a number'],
    ['member == method', 'points to a function and the other does not'],
    ['numbers.*member', 'no object'],
    ['dynamic_cast<Lower &>(object)', 'the object is a Diamond, which is no Lower'],
    ['dynamic_cast<Diamond *>(object)', 'only a pointer can be cast to a pointer'],
    ['dynamic_cast<int>(&object)', 'a pointer or a reference'],
    ['dynamic_cast<Diamond *>((Mixed *)&object)', 'Mixed has no virtual functions'],
    ['dynamic_cast<Diamond *>((Root *)numbers)', 'virtual table is none of the program'],
    ['sizeof(u"a" U"b")', 'texts of different characters'],
    ["L'ab'", 'no single character'],
    ["'\\u12'", 'C has no escape'],
  ])('%s is refused: %s', (text, why) => {
    expect(() => value(text)).toThrow(why)
  })

  it.each([
    ['object.size()', 'Look at object: it is shown with the number of its elements.'],
    ['object.at(3) > 4', 'Write object[i].'],
    ['object.c_str()', 'Write object itself.'],
    ['(left->get())', 'Write *left.'],
    ['object.value() + 1', 'Write *object.'],
    ['call(3)', 'Set a breakpoint in the function instead.'],
    ['(object.*method)(2)', 'Set a breakpoint in the function instead.'],
  ])('a call is refused with what to write instead: %s', (text, advice) => {
    expect(() => value(text)).toThrow(`functions of the program cannot be called from here: ${advice}`)
  })
})

describe('wide texts', { skip }, () => {
  it('are shown as they are written', () => {
    const context = staticContext(build(programs.objects!, '-O0', '-g'))
    for (const name of ['text16', 'wide']) {
      const shown = evaluate(context, name).value
      expect(evaluate(context, `${name} == ${shown}`).value).toBe('1')
    }
  })
})
