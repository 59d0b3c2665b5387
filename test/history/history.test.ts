// Going back is exact: whatever way is taken through the moments of a run, the machine is the same at each of them.

import { describe, expect, test } from 'vitest'
import type { EngineName } from '../../src/compiler/engines.ts'
import { readElf } from '../../src/elf/elf.ts'
import { History } from '../../src/history/history.ts'
import { Machine } from '../../src/machine/machine.ts'
import { compareMoments, type Moment, momentOf } from '../../src/machine/moment.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { arriveAt } from '../compiler/lockStep.ts'
import { RAM, randomProgram } from '../compiler/programs.ts'
import { Random } from '../support/random.ts'

const MB = 1 << 20
const ENGINES: readonly EngineName[] = ['interpreter', 'compiler', 'auto']

interface Run {
  readonly machine: Machine
  readonly history: History
  readonly random: Random
  /** Where it stood between two runs, and the hash of its state there. */
  readonly visited: readonly (readonly [Moment, string])[]
}

/** A random program, disturbed now and then, with snapshots at some of the places where its runs end. */
function recorded(seed: number, instructions: number, budget = 64 * MB): Run {
  const random = new Random(seed)
  const elf = readElf(randomProgram(random))
  const options = { ramSize: RAM, core: '440ep', reset: 'boot', strict: random.chance(15) } as const
  const machine = new Machine({ ...options, engine: ENGINES[seed % ENGINES.length] }, elf)
  let ms = 0
  const history = new History(machine, { budget, now: () => ms })
  const visited: [Moment, string][] = [[momentOf(machine), stateHash(machine)]]
  while (machine.retired < instructions) {
    const { core } = history.run({ budget: 1 + random.below(random.pick([3, 300, 9000])) })
    if (core.kind !== 'budget') break
    ms += random.below(30)
    history.record()
    if (random.chance(10)) {
      arriveAt(machine, random)
      // The state between two inputs at one moment has no name of its own.
      if (visited.length > 1) visited.pop()
    } else if (random.chance(30)) visited.push([momentOf(machine), stateHash(machine)])
  }
  return { machine, history, random, visited }
}

function goTo({ history }: Run, moment: Moment): void {
  const way = history.goTo(moment, () => ({ budget: 5000 }))
  while (way.next().done !== true);
}

describe('random programs', () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed))('walk %i comes to the same states', seed => {
    const run = recorded(seed, 60_000)
    const { machine, history, random, visited } = run
    const end = [momentOf(machine), stateHash(machine)] as const
    for (let i = 0; i < 25; i++) {
      const [moment, hash] = random.chance(20) ? end : random.pick(visited)
      goTo(run, moment)
      expect([i, momentOf(machine), stateHash(machine)]).toEqual([i, moment, hash])
    }
    goTo(run, end[0])
    expect([stateHash(machine), history.isInPast]).toEqual([end[1], false])
  })

  test('within a budget that holds little, what can still be reached is the same', () => {
    const run = recorded(7, 200_000, MB)
    const { machine, history, random, visited } = run
    expect(history.bytes).toBeLessThan(1.2 * MB)
    const reachable = visited.filter(([moment]) => compareMoments(moment, history.beginning) >= 0)
    expect(reachable.length).toBeGreaterThan(10)
    for (let i = 0; i < 40; i++) {
      const [moment, hash] = random.pick(reachable)
      goTo(run, moment)
      expect(stateHash(machine)).toBe(hash)
    }
  })

  test('going back alone keeps no more stations than running does', () => {
    const run = recorded(7, 60_000)
    const { history, random, machine } = run
    const { retired } = machine
    for (let i = 0; i < 700; i++) {
      const here = history.hold()
      const instruction = random.below(retired)
      goTo(run, { retired: instruction, cycle: instruction })
      history.release(here)
    }
    expect(history.stations.length).toBeLessThan(520)
  })

  test('whoever changes something in the past begins another future, which can be gone back in as well', () => {
    const run = recorded(4, 60_000)
    const { machine, history, visited } = run
    const [middle, hash] = visited[visited.length >>> 1]!
    goTo(run, middle)
    const futures: Moment[] = []
    history.onNewFuture = from => futures.push(from)
    machine.accept({ kind: 'register', name: 'r7', value: 0x440 })
    expect([history.isInPast, futures]).toEqual([false, [middle]])
    expect(compareMoments(history.present, middle)).toBe(0)
    history.run({ budget: 20_000 })
    const end = [momentOf(machine), stateHash(machine)] as const
    goTo(run, visited[1]![0])
    expect(stateHash(machine)).toBe(visited[1]![1])
    goTo(run, middle)
    goTo(run, end[0])
    expect([stateHash(machine), history.isInPast]).toEqual([end[1], false])
    expect(hash).not.toBe(end[1])
  })
})
