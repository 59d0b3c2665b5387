// Expressions nobody types: evaluated, or refused with a sentence; what a program's macros and sizes make of short ones.

import { describe, expect, it } from 'vitest'
import { childNamed } from '../../src/debuggee/tree.ts'
import { row } from '../../src/debuggee/values.ts'
import { readElf } from '../../src/elf/elf.ts'
import { compile } from '../../src/expr/compile.ts'
import type { Context } from '../../src/expr/context.ts'
import { ExpressionError } from '../../src/expr/error.ts'
import { load } from '../../src/expr/value.ts'
import { Symbols } from '../../src/symbols/symbols.ts'
import { UserError } from '../../src/util/userError.ts'
import { A } from '../support/core.ts'
import { writeElf } from '../support/elf.ts'

/** A program without symbols; memory is zero everywhere, and how much of it was asked for is counted. */
function nothing() {
  const bytes = { read: 0, written: 0 }
  const context: Context = {
    symbols: Symbols.load(readElf(writeElf(A, [{ address: A, bytes: new Uint8Array(8) }]))),
    pc: A,
    inlineDepth: 0,
    frame: undefined,
    readMemory(_, length) {
      bytes.read += length
      return new Uint8Array(length)
    },
    writeMemory(_, written) {
      bytes.written += written.length
      return true
    },
    readRegister: () => 0,
    writeRegister: () => true,
    writeFrameRegister: () => true,
  }
  return { bytes, context }
}

const answer = (text: string): unknown => {
  const { context } = nothing()
  const scalar = load(compile(text).evaluate(context), context)
  return typeof scalar === 'string' ? scalar : scalar.value
}

describe('an expression of many terms', () => {
  const terms = (count: number, term: (i: number) => string, operator: string) =>
    Array.from({ length: count }, (_, i) => term(i)).join(operator)

  it.each<[string, string, bigint]>([
    ['sums', terms(5000, String, ' + '), (5000n * 4999n) / 2n],
    ['differences and products', `${terms(5000, i => `${i} * 2`, ' - ')} + 1`, 1n - 4999n * 5000n],
    ['comparisons', `${terms(5000, () => '1', ' == ')}`, 1n],
    ['conjunctions', `${terms(5000, () => '2', ' && ')} && 0`, 0n],
    ['disjunctions', `${terms(5000, () => '0', ' || ')} || 7`, 1n],
    ['both, which group by && first', '1 || 0 && 0', 1n],
    ['the right of which is not looked at', '1 || 1 / 0', 1n],
    ['the right of which is not looked at either', '0 && 1 / 0 || 2', 1n],
    ['nests as deep as people do', `${'('.repeat(50)}7${')'.repeat(50)}`, 7n],
    ['indices in indices', `${'"\\0"['.repeat(60)}0${']'.repeat(60)}`, 0n],
    ['casts in casts', `${'int('.repeat(60)}7${')'.repeat(60)}`, 7n],
    ['named casts in casts', `${'static_cast<int>('.repeat(60)}7${')'.repeat(60)}`, 7n],
    ['sizes of sizes', `${'sizeof '.repeat(60)}7`, 4n],
    ['shifts by more than there are', '1 << (1LL << 40)', 0n],
    ['shifts it all out', '-1LL >> 0x7fffffffffffffff', -1n],
  ])('%s', (_, text, value) => expect(answer(text)).toBe(value))

  it.each<[string, string]>([
    ['parentheses', `${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
    ['unary operators', `${'-'.repeat(1)}${'!'.repeat(50_000)}1`],
    ['casts', `${'(int)'.repeat(10_000)}1`],
    ['indices', `1${'[0]'.repeat(10_000)}`],
    ['members', `1${'.a'.repeat(10_000)}`],
    ['conditionals', `${'1 ? 2 : '.repeat(10_000)}3`],
    ['stars of a type', `(int ${'*'.repeat(50_000)})0`],
    ['functions of a type', `(int (*)(${'int (*)('.repeat(5_000)}`],
    ['dimensions of a type', `sizeof(int ${'[2]'.repeat(20_000)})`],
    ['brackets of a type', `(int ${'('.repeat(40_000)}*`],
    ['digits', '9'.repeat(99_000)],
    ['templates that are comparisons', 'a<'.repeat(40_000)],
    ['scopes', `${'a::'.repeat(30_000)}a`],
    ['characters', ' '.repeat(200_000)],
    ['letters', 'x'.repeat(99_000)],
    ['text', `"${'\u00e9'.repeat(90_000)}" == 1 [`],
    ['assignments', 'a = '.repeat(20_000)],
  ])('is refused with a sentence for its %s', (_, text) => {
    expect(() => answer(text)).toThrow(ExpressionError)
    const refusal = (() => {
      try {
        answer(text)
      } catch (error) {
        return (error as Error).message
      }
      return ''
    })()
    expect(refusal).not.toMatch(/Internal|Maximum call stack|Invalid/)
  })
})

describe('an array of 100 MB', () => {
  const array = (type: string) => {
    const { bytes, context } = nothing()
    return { bytes, child: row('a', compile(`*(${type})0x1000`).evaluate(context), { context }, 'a') }
  }

  it('is shown, and its elements found by their names, from a few bytes', () => {
    const { bytes, child } = array('int (*)[26214400]')
    expect(child.value).toMatch(/^\{0, 0.*, …\}$/)
    expect(child.indexedVariables).toBe(26_214_400)
    const last = childNamed(child.container!, '[26214399]')!
    expect([last.name, last.place]).toEqual(['[26214399]', 0x1000 + 4 * 26_214_399])
    for (const name of ['[26214400]', '[-1]', '[1', 'x', `[${'9'.repeat(400)}]`])
      expect(childNamed(child.container!, name)).toBeUndefined()
    expect(
      child
        .container!.children(26_214_390, 100)
        .map(({ name }) => name)
        .at(-1),
    ).toBe('[26214399]')
    expect(bytes.read).toBeLessThan(10_000)
  })

  it('takes no text as a whole', () => {
    const { bytes, child } = array('char (*)[104857600]')
    expect(() => child.set!('"abc"')).toThrow(UserError)
    expect(bytes.written).toBe(0)
    expect(bytes.read).toBeLessThan(1 << 20)
  })
})
