// Who called whom, from branches alone: on hand-written runs, and on a compiled program whose calls are known.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CallNode, CallTree, type CodeMap } from '../../src/measure/callTree.ts'
import { GCC } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const [BL, B, BLR, RFI, NOP] = [0x48000001, 0x48000000, 0x4e800020, 0x4c000064, 0x60000000]

/** main at 0x1000, f at 0x2000, g at 0x3000, a handler at 0x4000; all other words are nops. */
const NAMES: Readonly<Record<number, string>> = { 4096: 'main', 8192: 'f', 12288: 'g', 16384: 'handler' }

type Step = readonly [pc: number, word: number, next: number]

function treeOf(run: (tree: { step: (...step: Step) => void; interrupt: (from: number) => void }) => void) {
  const words = new Map<number, number>()
  const map: CodeMap = { word: address => words.get(address) ?? NOP, functionAt: address => address & ~0xfff }
  const said: string[] = []
  const tree = new CallTree(map, {
    entered: (entry, depth) => void said.push(`>${depth} ${NAMES[entry]}`),
    left: (entry, depth) => void said.push(`<${depth} ${NAMES[entry]}`),
  })
  run({
    step(pc, word, next) {
      words.set(pc, word)
      tree.executed(pc, next, 1)
    },
    interrupt: from => tree.interrupted(10, from),
  })
  return { said, tree, folded: [...folded(tree.root)].sort() }
}

function* folded(node: CallNode, path = ''): Generator<string> {
  const self = [...node.counts()].reduce((sum, [, count]) => sum + count, 0)
  if (self > 0) yield `${path} ${self}`
  for (const [entry, child] of node.children)
    yield* folded(child, path === '' ? NAMES[entry]! : `${path};${NAMES[entry]}`)
}

describe('a tree of calls', () => {
  test('has a call and its return', () => {
    const { said, folded: stacks } = treeOf(({ step }) => {
      step(0x1000, BL, 0x2000)
      step(0x2000, NOP, 0x2004)
      step(0x2004, BLR, 0x1004)
      step(0x1004, NOP, 0x1008)
    })
    expect(said).toEqual(['>0 main', '>1 f', '<1 f'])
    expect(stacks).toEqual(['main 2', 'main;f 2'])
  })

  test('has recursion as paths of their own', () => {
    const { folded: stacks } = treeOf(({ step }) => {
      step(0x1000, BL, 0x2000)
      step(0x2000, BL, 0x2000)
      step(0x2000, NOP, 0x2004)
      step(0x2004, BLR, 0x2004)
      step(0x2004, BLR, 0x1004)
      step(0x1004, NOP, 0x1008)
    })
    expect(stacks).toEqual(['main 2', 'main;f 2', 'main;f;f 2'])
  })

  test('takes a branch to another function for a call in its place', () => {
    const { folded: stacks } = treeOf(({ step }) => {
      step(0x1000, BL, 0x2000)
      step(0x2000, B, 0x3000)
      step(0x3000, BLR, 0x1004)
      step(0x1004, NOP, 0x1008)
    })
    expect(stacks).toEqual(['main 2', 'main;f 1', 'main;g 1'])
  })

  test('finds its way after a jump out of several functions', () => {
    const { folded: stacks } = treeOf(({ step }) => {
      step(0x1000, BL, 0x2000)
      step(0x2000, BL, 0x3000)
      step(0x3000, BLR, 0x1004)
      step(0x1004, NOP, 0x1008)
    })
    expect(stacks).toEqual(['main 2', 'main;f 1', 'main;f;g 1'])
  })

  test('has an interrupt where it struck, and goes on there after rfi', () => {
    const { folded: stacks } = treeOf(({ step, interrupt }) => {
      step(0x1000, BL, 0x2000)
      step(0x2000, NOP, 0x2004)
      interrupt(0x2004)
      step(0x4000, BL, 0x3000)
      step(0x3000, BLR, 0x4004)
      step(0x4004, RFI, 0x2004)
      step(0x2004, BLR, 0x1004)
      step(0x1004, NOP, 0x1008)
    })
    expect(stacks).toEqual(['main 2', 'main;f 2', 'main;f;handler 2', 'main;f;handler;g 1'])
  })

  test('does not take a jump out of a handler for a return of what it has struck', () => {
    const { folded: stacks } = treeOf(({ step, interrupt }) => {
      step(0x1000, BL, 0x2000)
      interrupt(0x2000)
      step(0x4000, BLR, 0x1004)
      step(0x1004, NOP, 0x1008)
    })
    expect(stacks).toEqual(['main 1', 'main;f;handler 1', 'main;f;main 1'])
  })

  test('does not grow without bound', () => {
    const tree = new CallTree({ word: () => BL, functionAt: address => address & ~0xfff })
    for (let n = 0; n < 20_000; n++) tree.executed(0x2000, 0x2000, 1)
    let depth = 0
    for (let node: CallNode | undefined = tree.root; node !== undefined; depth++) [node] = node.children.values()
    expect([tree.total, depth < 5000]).toEqual([20_000, true])
  })
})

test.skipIf(!have(GCC))(
  'a profile has each instruction once, inlined functions by name, and opens as JSON',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ppc440-profile-'))
    const [program, profile, stacks] = ['p', 'p.cpuprofile', 'p.folded'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const source = resolve('test/guest/measure/branches.c')
    const { stderr } = spawnSync(
      GCC,
      ['-g', '-O2', '-mcpu=440fp', '-static', '-fno-pie', '-no-pie', source, '-o', program],
      { encoding: 'utf8' },
    )
    expect(stderr).toBe('')
    const run = (...options: string[]) => runCommand(['--machine', 'linux-user', '--stats', ...options, program])
    const { error } = await run('--profile', profile)
    const { instructions } = JSON.parse(error.trim().split('\n').at(-1)!) as { instructions: number }
    const { nodes, samples, timeDeltas, endTime } = JSON.parse(readFileSync(profile, 'utf8')) as {
      nodes: { id: number; callFrame: { functionName: string; url: string }; hitCount: number; children: number[] }[]
      samples: number[]
      timeDeltas: number[]
      endTime: number
    }
    const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
    expect([sum(nodes.map(({ hitCount }) => hitCount)), sum(timeDeltas), endTime]).toEqual([
      instructions,
      instructions,
      instructions,
    ])
    expect(samples).toHaveLength(timeDeltas.length)
    const names = new Set(nodes.map(({ callFrame: { functionName } }) => functionName))
    for (const name of ['main', 'fibonacci', 'loops', 'classify']) expect(names).toContain(name)
    const ids = new Set(nodes.map(({ id }) => id))
    expect(nodes.flatMap(({ children }) => children).every(id => ids.has(id))).toBe(true)
    await run('--profile', stacks)
    const rows = readFileSync(stacks, 'utf8').trimEnd().split('\n')
    expect(sum(rows.map(row => Number(row.split(' ').at(-1))))).toBe(instructions)
    expect(rows.some(row => /;main;.*loops \d+$/.test(row))).toBe(true)
  },
)
