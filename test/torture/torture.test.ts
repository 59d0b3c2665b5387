// A spread over GCC's torture tests, built with the stock cross compiler and its glibc. `npm run test:torture` runs all.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sameRun } from '../compiler/sameRun.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'
import { build, pool } from './build.ts'
import { SOURCES, type TortureTest, tortureTests } from './suite.ts'

const TARBALL = '/usr/src/gcc-12/gcc-12.2.0-dfsg.tar.xz'
const COUNT = 320
/** One in so many runs on both engines. */
const SHARE = 6

describe.skipIf(!have('powerpc-linux-gnu-gcc') || !(existsSync(SOURCES) || existsSync(TARBALL)))('c-torture', () => {
  const directory = mkdtempSync(join(tmpdir(), 'torture-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  beforeAll(() => {
    const script = fileURLToPath(new URL('../../scripts/guests/sources.sh', import.meta.url))
    expect(spawnSync('bash', [script, 'torture']).status).toBe(0)
  }, 120_000)

  test(`${COUNT} programs end with status 0`, async () => {
    const all = tortureTests()
    const chosen: TortureTest[] = Array.from({ length: COUNT }, (_, i) => all[Math.floor((i * all.length) / COUNT)]!)
    const onBoth = new Set(chosen.filter((_, i) => i % SHARE === 0).map(({ name }) => name))
    const failed: string[] = []
    await pool(chosen, 2, async one => {
      const built = await build(one, 'glibc', '-O2', directory)
      if ('error' in built) return void failed.push(`${one.name} does not compile: ${built.error}`)
      const options = ['--machine', 'linux-user', '--memory', '16M', '--max-insns', '100000000']
      const run = onBoth.has(one.name) ? sameRun : runCommand
      const { status, error, ...more } = await run([...options, built.program], { directory })
      rmSync(built.program)
      if ('difference' in more && more.difference !== undefined) failed.push(`${one.name}: ${more.difference}`)
      if (status !== 0) failed.push(`${one.name}: status ${status} ${error}`)
    })
    expect(failed).toEqual([])
  }, 600_000)
})
