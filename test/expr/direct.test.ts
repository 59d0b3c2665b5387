// Conditions as functions of registers and RAM, against the evaluator that says the same at length: random expressions over
// random states of a machine.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConditionContexts } from '../../src/debuggee/conditionContexts.ts'
import { contextHere } from '../../src/debuggee/evaluation.ts'
import { Program } from '../../src/debuggee/program.ts'
import { compile } from '../../src/expr/compile.ts'
import { type Context, typesHere } from '../../src/expr/context.ts'
import { compileDirectly } from '../../src/expr/direct.ts'
import { ExpressionError } from '../../src/expr/error.ts'
import { parse } from '../../src/expr/parser.ts'
import { pokeMemory } from '../../src/machine/memory.ts'
import { Random } from '../support/random.ts'
import { build, guestFolder, haveClang, haveGcc, loadElf } from '../symbols/guest.ts'
import { createMachine } from '../symbols/stops/stops.ts'

const EXPRESSIONS = 300
const STATES = 3

const SOURCE = join(guestFolder, 'judged.cc')
const line =
  readFileSync(SOURCE, 'utf8')
    .split('\n')
    .findIndex(text => text.includes('// here')) + 1

const NUMBERS = [
  '0',
  '1',
  '-1',
  '3u',
  '31',
  '40',
  '255',
  "'a'",
  '0x7fffffff',
  '0x80000000',
  'true',
  'blue',
  'near',
  '5l',
]
const NAMES = [
  ...['count', 'limit', 'step', 'shared', 'at', 'small', 'stack', 'local', 'word', 'speed', 'state', 'list', 'this'],
  ...['nodes', 'table', 'halves', 'favourite', 'way', 'ready', 'ticks', 'sink', 'engine.speed', 'engine.list', 'main'],
  ...['total', 'ratio', '$r3', '$r9', '$pc', '$lr', 'machine::judge'],
]
const SHAPES = [
  ...['list->key', 'list->next', 'list->next->key', 'nodes[1].bits.low', 'list->bits.mid', 'nodes[2].bits.part'],
  ...['list->bits.wide', 'nodes[3].name[2]', '*at', 'at[1]', '*list->name', '&table[3]', '*(short *)at', '&list->bits'],
  ...['this->list', '*(char *)0x10', '(*list).key', '(*this).state', 'nodes', 'halves + 1', '&nodes[2] - nodes'],
]
const TYPES = [
  'int',
  'unsigned',
  'signed char',
  'unsigned short',
  'char *',
  'node *',
  'bool',
  'long',
  'colour',
  'long long',
]
const BINARY = ['+', '-', '*', '/', '%', '<<', '>>', '&', '|', '^', '==', '!=', '<', '<=', '>', '>=', '&&', '||']

function expression(random: Random, depth: number): string {
  const inner = (): string => expression(random, depth - 1)
  if (depth === 0 || random.chance(15)) return random.pick(random.pick([NUMBERS, NAMES, SHAPES]))
  switch (random.below(8)) {
    case 0:
      return `${random.pick(['-', '+', '~', '!', '*', '&'])} ${inner()}`
    case 1:
      return `(${random.pick(TYPES)})(${inner()})`
    case 2:
      return `${random.pick(['table', 'halves', 'stack', 'at', 'nodes[1].name'])}[${inner()} & 3]`
    default:
      return `(${inner()} ${random.pick(BINARY)} ${inner()})`
  }
}

/** What a condition comes to, or the sentence that says why it has no answer. */
function outcome(holds: () => boolean): boolean | string {
  try {
    return holds()
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
}

const variants = [
  ...['-O0', '-O1', '-O2'].map(level => ({ name: `GCC ${level}`, options: [level, '-g'], skip: !haveGcc })),
  { name: 'clang -O0', options: ['clang', '-O0', '-g'], skip: !haveClang },
]

describe.each(variants)('conditions of a program by $name', ({ options, skip }) => {
  it.skipIf(skip)('come to the same, told directly or at length', () => {
    const path = build(['start.S', 'judged.cc'], ...options)
    const program = new Program(loadElf(path))
    const place = program.resolve({ kind: 'source', path: SOURCE, line })
    if (place.kind !== 'found') throw new Error(place.why)
    const machine = createMachine(path)
    const { cpu } = machine
    while (!place.addresses.includes(cpu.pc >>> 0)) machine.run({ budget: 1 })
    const lasting = new ConditionContexts(machine, program).here()
    const random = new Random(line)
    const global = (name: string): number => program.symbols.symbolNamed(name)!.value
    const [nodes, table, sp] = [global('nodes'), global('table'), cpu.state.gpr[1]!]
    const stackBytes = lasting.frame!.cfa()! - sp
    const somewhere = (): number =>
      random.pick([nodes, nodes + 20 * random.below(4), table + 4 * random.below(8), table + 0x3fd, 0, 0x7ffffffc])
    const bytesOf = (word: number): Uint8Array => Uint8Array.of(word >>> 24, word >>> 16, word >>> 8, word)
    const shake = (): void => {
      for (const name of ['nodes', 'table', 'halves', 'favourite', 'way', 'ready', 'ticks', 'engine', 'sink'])
        pokeMemory(cpu, global(name), random.bytes(program.symbols.symbolNamed(name)!.size))
      // Of the frame what is neither its back chain nor where it returns.
      pokeMemory(cpu, sp + 8, random.bytes(Math.max(0, stackBytes - 24)))
      pokeMemory(cpu, global('engine') + 8, bytesOf(somewhere()))
      for (let n = 0; n < 4; n++) pokeMemory(cpu, nodes + 24 * n + 4, bytesOf(somewhere()))
      for (const n of [3, 4, 5, 6, 7, 8, 9, 10, 11, 28, 29, 30])
        cpu.state.gpr[n] = random.chance(50) ? somewhere() : random.chance(50) ? random.word() : random.below(4)
    }
    const answered = { direct: 0, atLength: 0 }
    for (let n = 0; n < EXPRESSIONS; n++) {
      const text = expression(random, 3)
      const types = typesHere(lasting)
      const known = outcome(() => compile(text, { types }) !== undefined)
      if (known !== true) continue
      const condition = compile(text, { types })
      const { node } = parse(text, types, false, { macros: [], replacements: { left: 9 }, known: new Map() })
      const ask = compileDirectly(node, lasting, lasting.live!)
      for (let state = 0; state < STATES; state++) {
        shake()
        const now: Context = contextHere(machine, program)
        const atLength = outcome(() => condition.truth(now))
        const answer = ask()
        const where = `${text} in state ${state}`
        if (answer !== undefined) expect({ where, answer }).toEqual({ where, answer: atLength })
        expect({ where, is: outcome(() => condition.truth(lasting)) }).toEqual({ where, is: atLength })
        if (typeof atLength === 'boolean') answered[answer === undefined ? 'atLength' : 'direct']++
      }
    }
    // What is left has more than 32 bits, or crosses a page.
    expect(answered.direct).toBeGreaterThan(4 * answered.atLength)
  })
})
