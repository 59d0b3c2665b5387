// Static glibc programs of the stock cross compiler: what they print and how they end, compared with qemu-ppc, which
// gives their system calls to a real Linux.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildGuest, GCC } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const QEMU = 'qemu-ppc'

describe.skipIf(![GCC, QEMU].every(have))('Linux processes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'process-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'data.txt'), 'alpha\nbeta\ngamma\n')
  mkdirSync(join(directory, 'sub'))
  for (const name of ['one', 'two', 'three']) writeFileSync(join(directory, 'sub', name), name)

  const build = (name: string): string => buildGuest(`linux/${name}`, join(directory, name))

  test.each(['files', 'descriptors', 'memory', 'signals', 'signalKinds', 'contexts', 'threads', 'processes'])(
    '%s',
    async name => {
      const program = build(name)
      const input = 'first\nsecond\n'
      const real = spawnSync(QEMU, ['-cpu', '440EP', program, 'x', '--y'], { cwd: directory, input, encoding: 'utf8' })
      const ours = await runCommand(['--machine', 'linux-user', program, 'x', '--y'], { directory, input })
      expect(ours.out).toBe(real.stdout)
      // A shell's convention for a signal, where Node tells its name.
      const signals: Readonly<Record<string, number>> = { SIGABRT: 6, SIGUSR2: 12, SIGTERM: 15 }
      expect(ours.status).toBe(real.status ?? 128 + signals[real.signal!]!)
    },
  )

  test('what it writes to standard error goes there', async () => {
    const { error } = await runCommand(['--machine', 'linux-user', build('files')], { directory })
    expect(error).toBe('to standard error\n')
  })

  test('two runs are the same to the instruction', async () => {
    const program = build('files')
    const stats = async () => {
      const { error } = await runCommand(['--machine', 'linux-user', '--stats', program], { directory })
      return /"instructions":\d+/.exec(error)![0]
    }
    expect(await stats()).toBe(await stats())
  })

  test.each(['noexecstack', 'execstack'])('a program that executes its stack, linked with -z %s', async flag => {
    const program = buildGuest('linux/stackCode', join(directory, flag), `-Wl,-z,${flag}`)
    const { status, signal } = spawnSync(QEMU, ['-cpu', '440EP', program])
    const ours = await runCommand(['--machine', 'linux-user', program], { directory })
    expect([status, signal]).toEqual(flag === 'execstack' ? [7, null] : [null, 'SIGSEGV'])
    expect(ours.status).toBe(status ?? 128 + 11)
  })

  test.each(['-pie', '-no-pie'])('a program that needs a dynamic linker is refused with what to do: %s', async flag => {
    const source = join(directory, 'dynamic.c')
    writeFileSync(source, 'int main(void) { return 0; }')
    spawnSync(GCC, [flag, '-o', join(directory, 'dynamic'), source])
    const { status, error } = await runCommand(['--machine', 'linux-user', join(directory, 'dynamic')], { directory })
    expect(status).toBe(125)
    expect(error).toContain('-static')
  })
})
