// Files that a process writes, in its history: going back brings their contents back, and what does not change is kept once.

import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readElf } from '../../src/elf/elf.ts'
import { History } from '../../src/history/history.ts'
import { Machine } from '../../src/machine/machine.ts'
import { type Moment, momentOf } from '../../src/machine/moment.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { buildGuest, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const MB = 1 << 20
const SNAPSHOTS = 100
const FILE = 128 * 4096

test.skipIf(!have(GCC))('a file of which a little changes between snapshots', () => {
  const program = buildGuest('linux/rewrites', join(tmpdir(), `rewrites-${process.pid}`))
  const elf = readElf(readFileSync(program))
  rmSync(program)
  const options = { executable: '/home/rewrites', args: ['rewrites'], environment: [], directory: '/home' }
  const machine = new Machine({ ramSize: 16 * MB, core: '440ep', reset: 'boot', process: options }, elf)
  let ms = 0
  const history = new History(machine, { budget: 64 * MB, now: () => ms })
  const run = (budget: number): void => {
    history.run({ budget })
    ms += 1000
    history.record()
  }
  for (let i = 0; i < 5; i++) run(20_000)
  const before = history.bytes
  const visited: [Moment, string][] = []
  for (let i = 0; i < SNAPSHOTS; i++) {
    run(3000)
    if (i % 40 === 0) visited.push([momentOf(machine), stateHash(machine)])
  }
  // Each snapshot by itself would hold all of the file, beside pages of memory and tables, which are about half of that.
  expect((history.bytes - before) / FILE).toBeLessThan(0.75 * SNAPSHOTS)
  for (const [moment, hash] of visited.reverse()) {
    for (const _ of history.goTo(moment, () => ({ budget: 5000 })));
    expect(stateHash(machine)).toBe(hash)
  }
})
