// Guests that mean no good: how they end, as qemu-ppc on a real Linux ends them, and that all of them can be stopped.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ProcessFiles } from '../../src/dap/processFiles.ts'
import { readElf } from '../../src/elf/elf.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { Machine } from '../../src/machine/machine.ts'
import { buildGuest, GCC } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const SIGSEGV = 11
const RUNS = 20
const BUDGET = 200_000
const PIECE = 64 << 10
/** Work of the last piece, and of looking through a table of pages. */
const OVERSHOOT = 100_000

describe.skipIf(!have(GCC))('hostile guests', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hostile-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const ends = buildGuest('hostile/ends', join(directory, 'ends'))
  const loops = buildGuest('hostile/loops', join(directory, 'loops'))
  const elf = readElf(readFileSync(loops))
  const run = (...argv: string[]) => runCommand(['--machine', 'linux-user', ...argv], { directory })

  test.each([
    ['kill', 0],
    ['no stack', 128 + SIGSEGV],
    ['wild stack', 128 + SIGSEGV],
    ['fault without stack', 128 + SIGSEGV],
    ['no context', SIGSEGV],
  ])('%s: status %i', async (what, status) => {
    const ended = await run(ends, what)
    expect(ended.error).not.toMatch(/internal|at .*\.ts/i)
    // A context that is not there is a fault of the program's own: its handler runs where r1 has room for it, which
    // it has not here.
    expect(ended.status).toBe(what === 'no context' ? 128 + SIGSEGV : status)
  })

  test('a write of 200 KB is correct, and whole', async () => {
    const { out, status } = await run(ends, 'write')
    expect([out.length, new Set(out), status]).toEqual([200 << 10, new Set('x'), 0])
  })

  test('what cannot be done is refused as Linux refuses it', async () => {
    const here = spawnSync('qemu-ppc', [ends, 'refused'], { encoding: 'utf8', cwd: directory })
    expect((await run(ends, 'refused')).out).toBe(here.stdout)
  })

  const { stdout } = spawnSync('qemu-ppc', [loops], { encoding: 'utf8', cwd: tmpdir() })
  const names = (stdout ?? '').split('\n').filter(name => name !== '')

  test.skipIf(!have('qemu-ppc')).each(names)('for ever: %s', async name => {
    const files = new ProcessFiles(nodeFiles, directory, loops)
    const options = { executable: loops, args: ['loops', name], environment: [], directory }
    const machine = new Machine({ ramSize: 128 << 20, core: '440ep', reset: 'boot', process: options }, elf)
    let output = 0
    machine.linux!.onOutput = (_, bytes) => void (output += bytes.length)
    for (let run = 0; run < RUNS; run++) {
      const before = { retired: machine.retired, output }
      const { core } = machine.run({ budget: BUDGET })
      if (core.kind === 'wants' && core.request.wants !== 'stdin') machine.accept(await files.answer(core.request))
      else expect(core.kind).toBe('budget')
      expect(machine.retired - before.retired).toBeLessThanOrEqual(BUDGET)
      expect(machine.process!.work.left).toBeGreaterThan(-OVERSHOOT)
      expect(output - before.output).toBeLessThanOrEqual(BUDGET + PIECE)
    }
  })
})
