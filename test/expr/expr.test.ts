import { describe, expect, it } from 'vitest'
import { valueText } from '../../src/debuggee/values/summary.ts'
import { compile } from '../../src/expr/compile.ts'
import type { Context } from '../../src/expr/context.ts'
import { ExpressionError } from '../../src/expr/error.ts'
import { have } from '../support/tools.ts'
import { staticContext } from '../symbols/context.ts'
import { gdb } from '../symbols/gdb.ts'
import { build, cSources, haveGcc } from '../symbols/guest.ts'

const skip = !haveGcc || !have('gdb-multiarch')

/** What a watch of this text shows. */
function watch(text: string, context: Context): string {
  const expression = compile(text, { types: context.symbols })
  return valueText(expression.evaluate(context), { context, format: expression.format })
}

/** gdb's answers without their `$1 = `. */
function gdbAnswers(path: string, expressions: readonly string[]): string[] {
  return gdb(path, ['set print repeats unlimited', ...expressions.map(text => `print ${text}`)])
    .slice(1)
    .map(answer => answer.trim().replace(/^\$\d+ = /, ''))
}

/** Where we differ from gdb on purpose: what gdb says, and what we do. */
const differences: Readonly<Record<string, readonly [gdb: string, ours: string]>> = {
  // A bit-field narrower than int becomes int (C17, §6.3.1.1); gdb promotes by the type it was declared with.
  'bits.level + bits.mode': ['4294967294', '-2'],
  // NULs that fill the end of an array are left out, all of them.
  'nodes[0].value': [
    String.raw`{word = 1065353216, byte = "?\200\000", f = 1}`,
    String.raw`{word = 1065353216, byte = "?\200", f = 1}`,
  ],
  access: ['(F_READ | F_EXEC)', 'F_READ | F_EXEC'],
  // The fewest digits that give the number again, where gdb always prints nine.
  '1.0f / 3': ['0.333333343', '0.33333334'],
  '(float)1 / 3': ['0.333333343', '0.33333334'],
  third: ['0.333333343', '0.33333334'],
}

/** Expressions whose answers are numbers or structures, written alike by gdb and by us. */
const numbers = `
1 + 2 * 3 - 4 / 3 % 2
(1 + 2) * 3
7 & 3 | 8 ^ 1
1 << 4 >> 2
-7 / 2
-7 % 3
-7 >> 1
~5
!5
!!5
1 < 2
2 <= 1
3 != 3
3 == 3 && 4
0 || 0
1 ? 10 : 20
0 ? 10 : 0 ? 20 : 30
0x10 + 010
4294967295
4294967295 + 1
2147483647 + 1
0xffffffff + 1
0xffffffff == -1
-1 < 0u
-1 < 1
-1LL < 0u
18446744073709551615ull
1.5 + 1
10 / 4.0
1.0f / 3
1e3
'a'
'a' + 1
sizeof(int)
sizeof(struct node)
sizeof(u64)
sizeof nodes
sizeof(char *)
sizeof(int [3][4])
(char)65
(u8)300
(signed char)200
(short)-1
(unsigned short)-1
(int)3.99
(int)-3.99
(float)1 / 3
(_Bool)5
(u64)-1
(long long)big
big
big >> 8
big * 2
negative
negative + 1u
yes
letter
letter + 1
tiny
tiny < 0
third
pi
pi * 2
bits
bits.ready
bits.mode
bits.level
bits.wide
bits.tail
bits.level + bits.mode
bits.wide + 1
nodes[0].at
nodes[1].at.x
nodes[2].at.x
nodes->at.y
(*nodes).at.y
nodes[0].next->at.x
nodes[0].next->next->at.x
(nodes + 1)->at.x
(nodes[0].next)[1].at.y
&nodes[2] - &nodes[0]
nodes[0].next == &nodes[1]
nodes[0].next == nodes
nodes[2].next == 0
!nodes[2].next
nodes[0].value
nodes[0].value.byte[1]
nodes[0].value.f
nodes[0].inner
nodes[0].corners[0][0]
nodes[1].corners[0][0].y
nodes[0].color
nodes[1].color
nodes[0].color == GREEN
GREEN
BLUE + 0
access
matrix
matrix[1]
matrix[2][3]
*matrix[1]
**matrix
*(*(matrix + 1) + 2)
sizeof(matrix[0])
(long)limit
limit
nowhere == 0
secret->hidden
*secret
the_secret
'shapes.c'::calls
'main.c'::calls
total::deepest
message[0]
*message
message[7] == 'w'
*(int *)&nodes[0].at
*(u8 *)&big
((u16 *)&big)[1]
*(struct point *)((char *)nodes + 8)
((struct node *)nodes)->at
(const volatile struct point *)&nodes[0].at == &nodes[0].at
*(int (*)[4])matrix
handler == area
*handler == area
nodes[0].compare == handler
compare == nodes[0].compare
5 > 3 > 1
-(-3)
+letter
1 == 1.0
`
  .trim()
  .split('\n')

describe('expressions', () => {
  it('have the values gdb gives them', { skip }, () => {
    const path = build(cSources, '-O0', '-g')
    const context = staticContext(path)
    const ours = numbers.map(text => [text, watch(text, context)])
    const theirs = gdbAnswers(path, numbers).map((answer, i) => {
      const [gdb, mine] = differences[numbers[i]] ?? [answer, answer]
      expect(answer).toBe(gdb)
      return [numbers[i], mine]
    })
    expect(ours).toEqual(theirs)
  })

  it.each([
    ['x = 5', 2, /Did you mean ==\?/],
    ['x++', 1, /Variables view/],
    ['1 +', 3, /not complete/],
    ['', 0, /no expression/],
    ['a b', 2, /"b" is not expected/],
    ['f(1)', 1, /cannot be called/],
    ['(1', 2, /to close the parenthesis/],
    ['12abc', 0, /not a number/],
    ['"abc', 0, /no end/],
    ['#', 0, /not part of a C expression/],
    ['struct nothing * x', 7, /no struct nothing|not expected/],
    ['x,y', 2, /Write a format/],
    ['$nothing', 0, /no register nothing/],
    ["'\\q'", 1, /no escape/],
  ])('%j is refused at %i', (text, position, message) => {
    const compiling = () => compile(text, { types: { typeNamed: () => undefined } })
    expect(compiling).toThrow(ExpressionError)
    expect(compiling).toThrow(message)
    try {
      compiling()
    } catch (error) {
      expect((error as ExpressionError).position).toBe(position)
    }
  })

  it('read registers and their fields by the manual’s names', { skip: !haveGcc }, () => {
    const registers = { DBSR: 0x00c00000, MSR: 0x00000200, R3: 0xffffffff, CR: 0x24000000, PC: 0x100000 }
    const context = staticContext(build(cSources, '-O0', '-g'), registers)
    const shown = (text: string) => watch(text, context)
    expect(shown('$dbsr')).toBe('0xc00000')
    expect(['dbsr.IAC1', '$DBSR.iac2', 'dbsr.IAC3', 'msr.DE', 'MSR.EE', '$cr.CR0'].map(shown)).toEqual([
      '1',
      '1',
      '0',
      '1',
      '0',
      '2',
    ])
    expect(['r3 == -1', '$r3 + 1 == 0', 'r3 > 0', 'dbsr & 0x800000', '$r3,d'].map(shown)).toEqual([
      '1',
      '1',
      '1',
      '8388608',
      '4294967295',
    ])
    expect(() => shown('dbsr.NONE')).toThrow(/DBSR has no field NONE: It has IDE, UDE/)
  })

  it('read a word at a plain number, and anything through a cast', { skip: !haveGcc }, () => {
    const context = staticContext(build(cSources, '-O0', '-g'))
    const address = Number(context.symbols.symbolNamed('big')!.value)
    const expected: [string, string][] = [
      [`*${address}`, String(0x11223344)],
      [`*0x${address.toString(16)},x`, '0x11223344'],
      [`*(u16 *)(${address} + 6),x`, '0x7788'],
      [`((u8 *)${address})[3],x`, '0x44'],
    ]
    for (const [text, value] of expected) expect([text, watch(text, context)]).toEqual([text, value])
  })

  it('show their values as the suffix says', { skip: !haveGcc }, () => {
    const context = staticContext(build(cSources, '-O0', '-g'))
    const expected: [string, string][] = [
      ['letter,x', '0x61'],
      ['letter,d', '97'],
      ['letter,o', '0141'],
      ['letter,t', '0b1100001'],
      ['97,c', "97 'a'"],
      ['tiny,x', '0xfd'],
      ['negative,x', '0xfffffffffffffffb'],
      ['-1,x', '0xffffffff'],
      ['bits.level,x', '0x19'],
      ['nodes[1].color,x', '0xfffffffd'],
    ]
    for (const [text, value] of expected) expect([text, watch(text, context)]).toEqual([text, value])
  })

  it('compare text with text', { skip: !haveGcc }, () => {
    const context = staticContext(build(cSources, '-O0', '-g'))
    const isTrue = (text: string) => compile(text).truth(context)
    expect(isTrue('message == "hello, world"')).toBe(true)
    expect(isTrue('message == "hello"')).toBe(false)
    expect(isTrue('"hello, world, hello" != message')).toBe(true)
    expect(isTrue('nodes[1].name == "second" && nodes[1].at.x == 3')).toBe(true)
    expect(isTrue('bytes == "hello\\n\\"quoted\\""')).toBe(true)
  })

  it('change the program only where that is allowed', { skip: !haveGcc }, () => {
    const context = staticContext(build(cSources, '-O0', '-g'), { R3: 1, DBCR0: 0 })
    const assign = (text: string) =>
      valueText(compile(text, { types: context.symbols, assignment: true }).evaluate(context), { context })
    expect(assign('nodes[0].at.x = 77')).toBe('77')
    expect(watch('nodes[0].at', context)).toBe('{x = 77, y = 2}')
    expect(assign('bits.level = -16')).toBe('-16')
    expect(watch('bits', context)).toBe('{ready = 1, mode = 5, level = -16, wide = 78187493530, tail = 48879}')
    expect([assign('letter += 2'), assign('letter++'), assign('--letter')]).toEqual(["99 'c'", "99 'c'", "99 'c'"])
    expect(assign('nodes[0].at = nodes[1].at')).toBe('{x = 3, y = 4}')
    expect(assign('r3 = 5')).toBe('0x5')
    expect(assign('dbcr0.IDM = 1')).toBe('1')
    expect(watch('dbcr0', context)).toBe('0x40000000')
    expect(assign('third = 2')).toBe('2')
    expect(assign('big = -1')).toBe('18446744073709551615')
    expect(() => assign('5 = 3')).toThrow(/cannot be set/)
    expect(() => assign('matrix = 3')).toThrow(/element by element/)
  })
})
