// A board that tests itself (test/guest/board), on our machine and on QEMU's bamboo.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildBoard, GCC } from '../support/guest.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const QEMU = 'qemu-system-ppc'

/** Lines that QEMU 7.2 fails, and why. */
const NOT_QEMU: Readonly<Record<string, string>> = {
  'the decrementer rests at 0': 'it counts on below 0, as a classic PowerPC does',
  'the fixed interval timer': 'its 440 has no periods for it',
}

describe.skipIf(!have(GCC))('the board tests itself', () => {
  const directory = mkdtempSync(join(tmpdir(), 'selftest-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const program = buildBoard(join(directory, 'selftest.elf'))

  test('every line is right here', async () => {
    const { status, out } = await runCommand(['--max-insns', '10000000', program])
    expect(out.split('\n').filter(line => !line.startsWith('ok'))).toEqual(['all right', ''])
    expect([status, out.split('\n').length > 20]).toEqual([0, true])
  })

  test.skipIf(!have(QEMU))(`and ${QEMU} prints the same, but for what it is known to get wrong`, async () => {
    const { out } = await runCommand(['--max-insns', '10000000', program])
    const machine = ['-M', 'bamboo', '-nic', 'none', '-nographic', '-no-reboot', '-kernel', program]
    const { stdout } = spawnSync(QEMU, machine, { encoding: 'utf8', timeout: 50_000, input: '' })
    const lines = (text: string): string[] =>
      text.split(/\r?\n/).filter(line => /^(ok|FAILED) {2}/.test(line) && !(line.slice(8) in NOT_QEMU))
    expect(lines(stdout)).toEqual(lines(out))
  })
})
