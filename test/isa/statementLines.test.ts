// The lines that the generator of the interpreter writes, where no instruction shows whether they are right.

import { expect, test } from 'vitest'
import { statementLines } from '../../scripts/interpreter/statements.ts'
import { parsePattern } from '../../src/isa/pattern.ts'
import { parseMeaning } from '../../src/isa/rtl/parse.ts'

const SURROUNDING = {
  done: '',
  faulted: 'leave',
  hasFaulted: 'fault',
  before: ['note'],
  looksIntoSoftTlb: false,
  afterTransfer: [],
}

function lines(meaning: string): string[] {
  const row = { name: 'invented', pattern: '011111 rt:5 ra:5 rb:5 00000000000', meaning }
  return statementLines(parseMeaning(row), parsePattern(row), SURROUNDING, new Set())
}

/** What the lines do to registers 1 (RT), 2 (RA) and 3 (RB). */
function run(meaning: string, registers: readonly number[]): number[] {
  const g = Int32Array.from(registers)
  new Function('g', 'w', 'words', 'cr', 'SO', lines(meaning).join('\n'))(g, 0x00221800, new Int32Array(1), [], 0)
  return [...g]
}

test('a temporary with a name that the interpreter has is refused', () => {
  expect(() => lines('w = RA; RT = w')).toThrow('a temporary cannot be named w')
})

test('what is named to be used twice takes no name of a temporary', () => {
  expect(run('x = RA; n = RB; RT = rotl(x + 0, n + 0) + x + n', [0, 0, 5, 1])).toEqual([0, 16, 5, 1])
})

test('the same helper twice in a statement', () => {
  expect(run('RT = rotl(RA, RB) + rotl(RB, RA)', [0, 0, 5, 1])).toEqual([0, 10 + 32, 5, 1])
})

test('a sum is cut to 32 bits where it is compared, called with, or given a name', () => {
  const big = 0x7fffffff
  expect(run('RT = RA + RB < 0 ? 1 : 2', [0, 0, big, 1])).toEqual([0, 1, big, 1])
  expect(run('a = RA + RB; RT = a < 0 ? 1 : 2', [0, 0, big, 1])).toEqual([0, 1, big, 1])
  expect(run('RT = (RA < 0 ? RA : RA + RB) < 0 ? 1 : 2', [0, 0, big, 1])).toEqual([0, 1, big, 1])
  expect(run('a = -RA; RT = a < 0 ? 1 : 2', [0, 0, -0x80000000, 0])).toEqual([0, 1, -0x80000000, 0])
  expect(lines('wide s = RA + RB; NIA = s').at(-1)).toBe('next = s | 0')
  expect(run('wide s = RT + 0; a = RA >>> 0; RT = a < 0 ? 1 : 2', [0, 0, -1, 0])).toEqual([0, 1, -1, 0])
})

test('a product of 32 bits has the right low bits', () => {
  expect(run('RT = RA * RB', [0, 0, 0x12345679, 0x7654321f])).toEqual([
    0,
    Number(BigInt.asIntN(32, 0x12345679n * 0x7654321fn)),
    0x12345679,
    0x7654321f,
  ])
})

test('nothing is assigned of what a call returned that faulted', () => {
  expect(lines('RT = low(read16(RA + RB)) + 1')).toEqual([
    'note',
    expect.stringMatching(/^const (\w+) = read16\(cpu, /),
    'if (fault) leave',
    expect.stringMatching(/^g\[/),
  ])
})

test('a call under a condition is guarded under it', () => {
  const [first, ...body] = lines('if (RA < RB) RT = mfspr(RA)')
  expect(first).toMatch(/^if \(/)
  expect(body.map(line => line.trim().slice(0, 6))).toEqual(
    ['note', 'const ', 'if (fa', 'g[(w >', '}'].map(s => s.slice(0, 6)),
  )
})
