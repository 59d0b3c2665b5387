// What qemu-ppc cannot say: an unmodified Linux on the board executes the same programs, and they print the same.

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildGuest, GCC } from '../support/guest.ts'
import { kernelFiles } from '../support/linuxKernel.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

/** SIGFPE of exceptions that are enabled, and locks whose words have the order of their bytes. */
const PROGRAMS = ['floats', 'handedLocks']

describe.skipIf(kernelFiles() === undefined || ![GCC, 'cpio'].every(have))('Linux on the board', () => {
  const directory = mkdtempSync(join(tmpdir(), 'board-'))
  let said = ''

  beforeAll(async () => {
    const root = join(directory, 'root')
    mkdirSync(join(root, 'programs'), { recursive: true })
    buildGuest('kernel/runs', join(root, 'init'))
    for (const name of PROGRAMS)
      copyFileSync(buildGuest(`linux/${name}`, join(directory, name)), join(root, 'programs', name))
    const { program, dtb, initrd } = kernelFiles()!
    const names = ['init', 'programs', ...PROGRAMS.map(name => `programs/${name}`)].join('\n')
    const more = spawnSync('cpio', ['-o', '-H', 'newc'], { cwd: root, input: names, maxBuffer: 1 << 26 })
    // What comes later in it takes the place of what was there before.
    const both = join(directory, 'initrd')
    writeFileSync(both, Buffer.concat([readFileSync(initrd), gzipSync(more.stdout)]))
    const options = ['--max-insns', '2000000000', '--dtb', dtb, '--initrd', both]
    const run = await runCommand([...options, '--append', 'console=ttyS0,115200', program])
    said = run.out.replaceAll('\r', '').replaceAll(/^\[ .*\n/gm, '')
  }, 240_000)
  afterAll(() => rmSync(directory, { recursive: true }))

  test.each(PROGRAMS)('%s: the same', async name => {
    const [, there] = new RegExp(`BEGIN ${name}\n([^]*?)\n*END ${name} 0\n`).exec(said) ?? []
    const here = await runCommand(['--machine', 'linux-user', join(directory, name)], { directory })
    expect(here.out).toBe(`${there}\n`)
    expect(here.status).toBe(0)
  })
})
