// Files as programs make, change and take them away: what static glibc programs print, compared with qemu-ppc, which
// gives their system calls to a real Linux, in a directory of its own; and that nothing on the host has changed for ours.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildCxxGuest, buildGuest, GCC, GXX } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const QEMU = 'qemu-ppc'

describe.skipIf(![GCC, QEMU].every(have))('files', () => {
  const outer = mkdtempSync(join(tmpdir(), 'files-'))
  afterAll(() => rmSync(outer, { recursive: true }))

  /** A new directory in which everything is as a program expects it. */
  const scratch = (name: string): string => {
    const directory = join(outer, name)
    mkdirSync(join(directory, 'sub'), { recursive: true })
    writeFileSync(join(directory, 'data.txt'), 'alpha\nbeta\ngamma\n')
    for (const each of ['one', 'two', 'three']) writeFileSync(join(directory, 'sub', each), each)
    return directory
  }

  const compare = async (name: string, program: string): Promise<void> => {
    const [theirs, own] = [scratch(`${name}-theirs`), scratch(`${name}-own`)]
    const real = spawnSync(QEMU, ['-cpu', '440EP', program], { cwd: theirs, input: 'typed\n', encoding: 'utf8' })
    const ours = await runCommand(['--machine', 'linux-user', program], { directory: own, input: 'typed\n' })
    expect(ours).toEqual({ status: real.status, out: real.stdout, error: real.stderr })
    expect(readdirSync(own).sort()).toEqual(['data.txt', 'sub'])
    expect(readdirSync(join(own, 'sub')).sort()).toEqual(['one', 'three', 'two'])
    expect(readFileSync(join(own, 'data.txt'), 'utf8')).toBe('alpha\nbeta\ngamma\n')
  }

  test.each(['names', 'bytes', 'poll', 'locks', 'mapped', 'masks', 'ipc', 'limits', 'past'])('%s', name =>
    compare(name, buildGuest(`linux/${name}`, join(outer, name))),
  )

  test.skipIf(!have(GXX))('a program of C++ with threads, exceptions and files', { timeout: 60_000 }, () =>
    compare('everyday', buildCxxGuest('linux/everyday', join(outer, 'everyday'))),
  )
})
