// What the kernel of a process writes is no store of an instruction: compiled code hears of it all the same.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ENGINES } from '../../src/compiler/engines.ts'
import { buildGuest, GCC } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

describe.skipIf(!have(GCC))('a process reads code over hot code', () => {
  const directory = mkdtempSync(join(tmpdir(), 'process-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  test.each(ENGINES)('what executes is what was read last: %s', async engine => {
    const program = buildGuest('linux/readCode', join(directory, 'readCode'))
    const { out, status } = await runCommand(['--machine', 'linux-user', '--engine', engine, program], { directory })
    // 20000 calls a round, which add 1, 2, ... 6.
    expect([status, out.trim()]).toEqual([0, String(20000 * (1 + 2 + 3 + 4 + 5 + 6))])
  })
})
