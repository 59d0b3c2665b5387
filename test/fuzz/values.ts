// Values for the arguments of requests: what a shape allows, with words that mean something here, or anything at all.

import type { Shape } from '../../src/dap/shapes.ts'
import type { Random } from '../support/random.ts'

/** What earlier answers brought. */
export interface Seen {
  readonly frames: readonly number[]
  readonly references: readonly number[]
  readonly names: readonly string[]
}

const EXPRESSIONS = [
  ...['$r3', '$pc', 'r1 = 0', '$msr.DE', 'dbcr0', '*0x2000', '*(int *)0x2000', '1 / 0', '1 +', '(', 'main', 'x'],
  ...[
    '0x1000',
    '$pc = 0x1000',
    '*(char *)-1',
    '((((1))))',
    '1 << 99',
    '"text"',
    "'c'",
    '-2147483648 % -1',
    '$iac1 = 1',
  ],
  ...['$r3,x', '*(int *)0x2000@4', '(float)1 / 3', 'sizeof(int)', '$tlb', '$f1', '$xer', '$cr', '!$r3 && $r4 || 5'],
] as const

/** By the name of the member. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  memoryReference: ['0x1000', '0x00002000', '4096', '0xfffffffc', '0xef600300', '-1', 'main', ''],
  instructionReference: ['0x1000', '0x1004', '0x1008', '0xffffffff', 'x'],
  dataId: ['0x00002000 x', '0x2000', '0x00001000 $pc', 'x y', ''],
  name: ['r3', 'main', 'MSR', 'pc', '0x2000', '[0]', '$r3', 'CR0'],
  value: ['1', '0x1000', 'abc', '', '-1', '1e9', "'a'", '$r3 + 1'],
  expression: EXPRESSIONS,
  condition: [...EXPRESSIONS, '', '$r3 > 5'],
  hitCondition: ['', '5', '>= 3', '% 2', 'x', '0', '99999999999999999999'],
  logMessage: ['', 'r3 = {$r3}', '{', '}', '{{$r3}}', '{1/0}', 'text', '{$r3,x} \\{'],
  context: ['repl', 'watch', 'hover', 'variables', 'clipboard'],
  path: ['/counts.c', 'main.c', '', '/a/../b'],
  data: ['AAAA', 'OABgAA==', '', '=', 'fwAACA=='],
  filters: ['machineCheck', 'program', 'storage', 'others', 'x'],
  filterId: ['machineCheck', 'program', 'storage', 'others', 'x'],
}

const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  offset: [0, 4, -4, 1, 2 ** 32, -(2 ** 40)],
  count: [0, 1, 16, 100, 4096],
  instructionCount: [0, 1, 16, 50],
  levels: [0, 1, 20],
  line: [1, 2, 0, -1],
  threadId: [1],
  uart: [0, 1, 2, -1],
}

const EDGES = [0, 1, -1, 2, 7, 255, 256, 65535, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, -(2 ** 31)]

/** What conforms to `shape`, most of the time. */
export function valueFor(shape: Shape, name: string, random: Random, seen: Seen): unknown {
  if (random.chance(2)) return wild(random)
  if (shape === 'anything') return random.chance(50) ? undefined : wild(random)
  if (shape === 'text' && name === 'name' && random.chance(70)) return random.pick(seen.names)
  if (shape === 'text') return random.pick(WORDS[name] ?? EXPRESSIONS)
  if (shape === 'flag') return random.chance(50)
  if (shape === 'integer') return integer(name, random, seen)
  if ('from' in shape) return shape.to === 255 ? random.below(256) : integer(name, random, seen)
  if ('oneOf' in shape) return random.pick(shape.oneOf)
  if ('listOf' in shape)
    return Array.from({ length: random.below(random.chance(5) ? 40 : 5) }, () =>
      valueFor(shape.listOf, name, random, seen),
    )
  if ('mapOf' in shape) return { [random.pick(EXPRESSIONS)]: valueFor(shape.mapOf, name, random, seen) }
  const members = [
    ...Object.entries(shape.required).filter(() => !random.chance(1)),
    ...Object.entries(shape.optional).filter(() => random.chance(40)),
  ]
  return Object.fromEntries(members.map(([member, each]) => [member, valueFor(each, member, random, seen)]))
}

function integer(name: string, random: Random, { frames, references }: Seen): number {
  if (random.chance(3)) return random.pick(EDGES)
  if (name === 'frameId') return random.pick(frames)
  if (name === 'variablesReference') return random.pick(references)
  return random.pick(NUMBERS[name] ?? EDGES)
}

/** Anything JSON can say, and a little that it cannot. */
export function wild(random: Random, depth = 3): unknown {
  switch (random.below(depth === 0 ? 7 : 9)) {
    case 0:
      return null
    case 1:
      return random.chance(50)
    case 2:
      return random.pick(EDGES)
    case 3:
      return random.pick([0.5, 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, -0])
    case 4:
      return random.pick(['', '__proto__', 'constructor', '\u0000', '\ud800', '../../etc/passwd', '[x](command:y)'])
    case 5:
      return 'x'.repeat(1 << random.below(12))
    case 6:
      return random.pick(EXPRESSIONS)
    case 7:
      return Array.from({ length: random.below(5) }, () => wild(random, depth - 1))
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [random.pick(KEYS), wild(random, depth - 1)]),
      )
  }
}

const KEYS = ['a', 'length', '__proto__', 'constructor', 'line', 'path', 'breakpoints', '0', 'toString'] as const
