// A process that is typed to and reads files of the host's, walked back and forward: at each moment it is what it was, and
// nothing is asked, typed or said twice.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ProcessFiles } from '../../src/dap/processFiles.ts'
import { readElf } from '../../src/elf/elf.ts'
import { History } from '../../src/history/history.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { Machine } from '../../src/machine/machine.ts'
import { type Moment, momentOf } from '../../src/machine/moment.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { buildGuest, GCC } from '../support/guest.ts'
import { Random } from '../support/random.ts'
import { have } from '../support/tools.ts'

const MB = 1 << 20

test.skipIf(!have(GCC)).each(['interpreter', 'auto'] as const)('typed lines and files on the %s', async engine => {
  const directory = mkdtempSync(join(tmpdir(), 'ppc440-typed-'))
  const program = buildGuest('linux/converses', join(directory, 'converses'))
  const sizes = [0, 17, 1000, 3999]
  for (const size of sizes) writeFileSync(join(directory, `${size}.txt`), 'x'.repeat(size))
  const options = { executable: program, args: ['converses'], environment: [], directory }
  const elf = readElf(readFileSync(program))
  const machine = new Machine({ ramSize: 16 * MB, core: '440ep', reset: 'boot', engine, process: options }, elf)
  let said = ''
  machine.linux!.onOutput = (_, bytes) => {
    said += Buffer.from(bytes).toString()
  }
  const files = new ProcessFiles(nodeFiles, directory, program)
  let ms = 0
  const history = new History(machine, { budget: 64 * MB, now: () => ms })
  const random = new Random(440)
  const visited: [Moment, string][] = [[momentOf(machine), stateHash(machine)]]
  const lines = [...sizes, 'none', 17].map(size => `${size}.txt\n`)
  let asked = 0
  let status: number | undefined
  while (status === undefined) {
    const { core } = history.run({ budget: 1 + random.below(500) })
    ms += 20
    history.record()
    // A moment is after what arrives at it.
    if (core.kind !== 'wants' && (random.below(4) === 0 || momentOf(machine).turns !== undefined))
      visited.push([momentOf(machine), stateHash(machine)])
    if (core.kind === 'exit') status = core.status
    if (core.kind !== 'wants') continue
    if (core.request.wants !== 'stdin') {
      asked++
      machine.accept(await files.answer(core.request))
    } else if (lines.length === 0) machine.accept({ kind: 'stdinEnd' })
    else machine.accept({ kind: 'stdin', data: Buffer.from(lines.shift()!) })
    visited.push([momentOf(machine), stateHash(machine)])
  }
  visited.push([momentOf(machine), stateHash(machine)])
  rmSync(directory, { recursive: true })
  const whole = said
  expect(whole.split('\n')).toEqual([
    ...[...sizes, 'none', 17].map((size, n) => `${size}.txt: ${size === 'none' ? 0 : size}, ${n + 1} dealt with`),
    '',
  ])
  expect([status, asked > sizes.length, visited.length > 60]).toEqual([6, true, true])
  for (let n = 0; n < 60; n++) {
    const [moment, hash] = n === 0 ? visited[0]! : n === 59 ? visited.at(-1)! : random.pick(visited)
    for (const _ of history.goTo(moment, () => ({ budget: 1 + random.below(20_000) })));
    expect([moment, stateHash(machine)]).toEqual([moment, hash])
  }
  expect([said, history.isInPast]).toEqual([whole, false])
})
