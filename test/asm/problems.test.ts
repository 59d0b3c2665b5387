// What is told of a source that is wrong: where, and what to do.

import { describe, expect, test } from 'vitest'
import { assembleText } from '../../src/asm/assembler.ts'
import { problemText } from '../../src/asm/problem.ts'
import { assembleSource, programOf } from '../../src/asm/source.ts'

const problemsOf = (text: string): string[] => assembleText(text, 'x.s', () => '').problems.map(problemText)

describe('problems', () => {
  test.each([
    ['\tfrobnicate r3', '1:2: error: frobnicate is no instruction of the 440'],
    ['\t.nonsense', '1:2: error: there is no directive .nonsense'],
    ['\tadd r3, r4', '1:6: error: add takes 3 operands'],
    ['\tblr r3', '1:6: error: a number is wanted that is known here, and this is an address'],
    ['\tblr 0, 1', '1:6: error: blr takes 0 or 1 operand'],
    ['\tsync 1', '1:7: error: sync takes no operands'],
    ['\tlwz r3, 8[r1]', '1:11: error: a register in parentheses is missing: 8(r1)'],
    ['\tadd r3, r4, r55', '1:14: error: r55 is no register'],
    ['\tli r3, 0x12345', '1:9: error: 74565 is none of -32768 to 32767'],
    ['\tli r3, (1 + 2', '1:15: error: a ) is missing'],
    ['\tli r3,', '1:8: error: an expression is missing'],
    ['\tb there@bla', '1:9: error: @bla is not known here: @l, @h, @ha and @sda21 are'],
    ['\t.byte 256', '1:8: warning: 256 does not fit into 1 byte'],
    ['\t.long 09', '1:8: error: 09 is no number'],
    ['\t.long 1 / 0', '1:8: error: division by 0'],
    ['\t.byte there', '1:8: error: an address does not fit into 1 byte'],
    ['one:\none:', '2:1: error: one is defined already, in line 1'],
    ['\tb 1f', '1:2: error: nothing defines 1:'],
    ['\tb 1b', '1:4: error: there is no label 1: before this'],
    [
      '\t.byte 1\n\tnop',
      '2:2: error: an instruction must be at an address that is a multiple of 4: .balign 4 before it',
    ],
    ['\t.bss\n\tnop', '2:2: error: .bss has no contents: an instruction cannot be there'],
    ['\t.bss\n\t.long 1', '2:2: error: .bss has no contents: only 0 can be there'],
    ['\t.align 40', '1:2: error: an alignment of 2 to the power of 40: did you mean .balign 40?'],
    ['\t.balign 12', '1:10: error: 12 is no power of 2'],
    ['\t.skip 8\n\t.org 4', '2:7: error: back to 4: the section has 8 bytes already'],
    ['\t.skip later\nlater:', '1:8: error: later must be known here, and is not a number yet'],
    ['\t.skip 0x7fffffff', '1:2: error: .text would be larger than 64 MB'],
    ['\t.asciz text', '1:9: error: a string in quotes is wanted'],
    ['\t.section .x, ax', '1:15: error: flags are letters in quotes: "ax"'],
    ['\t.section .text, "aw"', '1:18: error: .text had other flags before'],
    ['\t.if 1\n\tnop', '1:2: error: this condition has no .endif'],
    ['\t.endif', '1:2: error: .endif without .if'],
    ['\t.macro one\n\tnop', '1:2: error: .macro has no .endm'],
    ['\t.macro one\n\tone\n\t.endm\n\tone', '4:2: error: files and macros are nested more than 100 deep'],
    ['\t.macro two a:req\n\t.endm\n\ttwo', '3:2: error: two wants a value for a'],
    ['\t.macro two a\n\t.endm\n\ttwo 1, 2', '3:2: error: two takes 1 argument'],
    ['\t.rept 3000000\n\tnop\n\t.endr', '1:2: error: 3000000 repetitions are too many'],
    ['\t.error "no such board"', '1:2: error: no such board'],
    ['\t.warning "old"', '1:2: warning: old'],
    ['\t.popsection', '1:2: error: .popsection without .pushsection'],
    ['\t= 5', '1:2: error: neither an instruction nor a directive: = 5'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([`x.s:${problem}`])
  })

  test('one mistake does not hide the next, and all are in the order of the source', () => {
    expect(problemsOf('\tb 2f\n\tfoo\n\tli r3, 99999\n\tbar\n').map(text => text.split(':')[1])).toEqual([
      '1',
      '2',
      '3',
      '4',
    ])
  })

  test('they count lines as the preprocessor has them', () => {
    expect(problemsOf('# 40 "other.S"\n\n\tfoo\n')).toEqual(['other.S:41:2: error: foo is no instruction of the 440'])
  })

  test('a macro without an end is told, not waited for', () => {
    const [problem] = problemsOf('\t.macro grow\n\tgrow\n\tgrow\n\t.endm\n\tgrow\n')
    expect(problem).toContain('nested more than 100 deep')
  })

  test('names that double each other forty times are refused before they are worked out', () => {
    const doubled = Array.from({ length: 40 }, (_, n) => `\t.set n${n}, n${n + 1} + n${n + 1}`)
    expect(problemsOf([...doubled, '\t.set n40, 1', '\t.long n0'].join('\n'))).toContain(
      'x.s:42:8: error: this expression is nested too deeply, or a symbol is defined by itself',
    )
  })

  test('a name that is defined by itself', () => {
    const problem = 'error: this expression is nested too deeply, or a symbol is defined by itself'
    const places = ['1:7', '2:7', '3:8']
    expect(problemsOf('\t.set a, b\n\t.set b, a\n\t.long a')).toEqual(places.map(place => `x.s:${place}: ${problem}`))
  })

  test('a name may count as far as it likes', () => {
    expect(
      problemsOf('\t.set n, 0\n\t.rept 20000\n\t.set n, n + 1\n\t.endr\n\t.if n - 20000\n\t.err\n\t.endif\n'),
    ).toEqual([])
  })

  test('hundreds of mistakes are cut at the hundredth', () => {
    expect(problemsOf('\tfoo\n'.repeat(5000))).toHaveLength(100)
  })
})

describe('files', () => {
  const files: Record<string, string> = { 'inner.inc': '\tnop\n\tfoo\n', 'ring.inc': '\t.include "ring.inc"\n' }
  const read = async (name: string) => {
    const text = files[name]
    if (text === undefined) throw new Error('there is no such file')
    return text
  }

  test('a mistake in an included file is told of that file, beside the source', async () => {
    const { problems } = await assembleSource('\t.include "inner.inc"\n', '/src/main.s', read)
    expect(problems.map(problemText)).toEqual(['/src/inner.inc:2:2: error: foo is no instruction of the 440'])
  })

  test('a file that is not there, and one that includes itself', async () => {
    const missing = await assembleSource('\t.include "none.inc"\n\tnop\n', 'main.s', read)
    expect(missing.problems.map(problemText)).toEqual([
      'main.s:1:2: error: cannot read none.inc: there is no such file',
    ])
    const ring = await assembleSource('\t.include "ring.inc"\n', 'main.s', read)
    expect(ring.problems.map(problemText)).toEqual([
      'ring.inc:1:2: error: files and macros are nested more than 100 deep',
    ])
  })

  test('a source for the preprocessor says so', async () => {
    const bytes = new TextEncoder().encode('#include "regs.h"\n# a comment: include it\n#define ONE 1\n\tli r3, ONE\n')
    await expect(programOf(bytes, 'main.S', read)).rejects.toThrow(
      'main.S:1:1: error: #include is for the C preprocessor, which is not built in',
    )
    await expect(programOf(bytes, 'main.S', read)).rejects.toThrow('main.S:3:1: error: #define')
  })

  test('of many errors the first five are shown', async () => {
    const bytes = new TextEncoder().encode('\tfoo\n'.repeat(8))
    await expect(programOf(bytes, 'x.s', read)).rejects.toThrow(/^the source has errors: \n(x\.s:.*\n){5}and 3 more$/)
  })
})
