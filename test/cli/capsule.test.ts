// `ppc440 run --record` and `--replay`: a run that is repeated without anything of what it got from outside the first time.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openCapsule, packCapsule } from '../../src/history/capsule.ts'
import type { Input } from '../../src/machine/inputs.ts'
import { encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { LinuxProgram } from '../support/linuxProgram.ts'
import { runCommand } from '../support/runCommand.ts'
import { have } from '../support/tools.ts'

const directory = mkdtempSync(join(tmpdir(), 'capsule-'))
afterAll(() => rmSync(directory, { recursive: true }))
const CAPSULE = join(directory, 'run.capsule')

/** Echoes what is typed into UART0, until a full stop; then a reset with 5. */
const ECHO = join(directory, 'echo.elf')
const ENTRY = 0x1000
const uart = [(15 << 26) | (9 << 21) | 0xef60, (24 << 26) | (9 << 21) | (9 << 16) | 0x300]
const loop = [
  e.lbz(4, 5, 9),
  (28 << 26) | (4 << 21) | (4 << 16) | 1,
  (16 << 26) | (12 << 21) | (2 << 16) | (-8 & 0xfffc),
]
const echo = [e.lbz(4, 0, 9), e.stb(4, 0, 9), e.addi(5, 4, -0x2e), (11 << 26) | (5 << 16), e.bne(-28)]
const reset = [e.addi(3, 0, 5), (15 << 26) | (4 << 21) | 0x3000, e.mtspr(308, 4)]
writeFileSync(ECHO, writeElf(ENTRY, [{ address: ENTRY, bytes: bytesOf([...uart, ...loop, ...echo, ...reset]) }]))

const recorded = (options: readonly string[], input: string) =>
  runCommand(['--record', CAPSULE, '--memory', '1M', ...options, ECHO], { input })

describe('a program of the board', () => {
  test.each(['interpreter', 'compiler', 'auto'])(
    'gets the same keys at the same instructions, on the %s',
    async engine => {
      const first = await recorded([], 'typed.')
      expect([first.status, first.out]).toEqual([5, 'typed.'])
      const again = await runCommand(['--replay', CAPSULE, '--engine', engine, ECHO], { input: 'others.' })
      expect([again.status, again.out, again.error]).toEqual([5, 'typed.', ''])
    },
  )

  test('is in the capsule where that was asked for', async () => {
    await recorded(['--with-program'], 'abc.')
    const again = await runCommand(['--replay', CAPSULE])
    expect([again.status, again.out]).toEqual([5, 'abc.'])
  })

  test('has to be given where it is not, and to be the same', async () => {
    await recorded([], 'abc.')
    const without = await runCommand(['--replay', CAPSULE])
    expect([without.status, without.error]).toEqual([
      125,
      expect.stringMatching(/has no program in it: give echo\.elf/),
    ])
    const other = join(directory, 'other.elf')
    writeFileSync(other, writeElf(ENTRY, [{ address: ENTRY, bytes: bytesOf([e.nop, e.b(0)]) }]))
    const refused = await runCommand(['--replay', CAPSULE, other])
    expect([refused.status, refused.error]).toEqual([
      125,
      expect.stringMatching(/is of another program than .*other\.elf/),
    ])
  })

  test('ends where its instructions had run out', async () => {
    const first = await recorded(['--max-insns', '30000'], 'ab')
    const again = await runCommand(['--replay', CAPSULE, ECHO])
    expect([first.status, again.status, again.out]).toEqual([124, 124, first.out])
  })
})

test('bytes of every kind that a host has are bytes in it', () => {
  const moment = { retired: 1, cycle: 1 }
  const inputs: Input[] = [
    { kind: 'stdin', data: Buffer.from('ab'), ...moment },
    { kind: 'uart', uart: 0, data: [97, 98], ...moment },
    { kind: 'piece', path: '/x', offset: 0, bytes: Buffer.from('ab'), ...moment },
  ]
  const program = { name: 'x', hash: '0', bytes: new Uint8Array(Buffer.from('ELF')) }
  const machine = { ramSize: 1 << 20, core: '440ep', reset: 'boot' } as const
  const opened = openCapsule(packCapsule({ program, machine, inputs, end: moment }))
  const bytes = opened.inputs.map(each => ('data' in each ? each.data : each.kind === 'piece' ? each.bytes : undefined))
  expect(bytes).toEqual([97, 97, 97].map(() => Uint8Array.of(97, 98)))
  expect(opened.program.bytes).toEqual(Uint8Array.of(69, 76, 70))
})

describe('a capsule that is none', () => {
  let whole: Record<string, unknown> | undefined
  const opened = async (change: (whole: Record<string, unknown>) => unknown) => {
    // Without a key: it polls its UART until its instructions have run out.
    if (whole === undefined) {
      await recorded(['--max-insns', '1000'], '')
      whole = JSON.parse(readFileSync(CAPSULE, 'utf8')) as Record<string, unknown>
    }
    writeFileSync(CAPSULE, JSON.stringify(change(whole)))
    return await runCommand(['--replay', CAPSULE, ECHO])
  }

  test.each([
    ['of another version', { version: 1 }, /is of version 1, and this program repeats version 2/],
    ['of something else', { format: 'zip' }, /"format" is not/],
    [
      'with a machine that cannot be',
      { machine: { ramSize: 1e15, core: '440ep', reset: 'boot' } },
      /its "machine" is not/,
    ],
    ['with inputs of no kind', { inputs: [{ kind: 'toString', retired: 1, cycle: 1 }] }, /its "inputs" is not/],
    [
      'with inputs that are not bytes',
      { inputs: [{ kind: 'uart', uart: 0, data: 'x', retired: 1, cycle: 1 }] },
      /"inputs"/,
    ],
    ['with an end that is no moment', { end: { retired: -1, cycle: 0 } }, /its "end" is not/],
  ])('%s is refused with the reason', async (_, damage, said) => {
    const { status, error } = await opened(each => ({ ...each, ...damage }))
    expect([status, error]).toEqual([125, expect.stringMatching(said)])
  })

  test('but for one number is told when the run comes to another end', async () => {
    const { status, error } = await opened(each => ({ ...each, state: '0123456789abcdef' }))
    expect([status, error]).toEqual([125, expect.stringMatching(/come to another end than the recorded one/)])
  })

  test('and no JSON', async () => {
    writeFileSync(CAPSULE, Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0xff))
    const { status, error } = await runCommand(['--replay', CAPSULE, ECHO])
    expect([status, error]).toEqual([125, expect.stringMatching(/it is no JSON/)])
  })
})

const isThere = have('powerpc-linux-gnu-gcc')
test.skipIf(!isThere)('a process finds its files and its standard input in the capsule', async () => {
  const program = new LinuxProgram('linux/files.c', '-O1')
  const folder = dirname(program.path)
  writeFileSync(join(folder, 'data.txt'), 'one\ntwo\n')
  mkdirSync(join(folder, 'sub'))
  const options = ['--machine', 'linux-user', '--memory', '16M']
  const first = await runCommand([...options, '--record', CAPSULE, program.path, 'x'], {
    input: 'a line\n',
    directory: folder,
  })
  expect([first.status, first.out]).toEqual([3, expect.stringMatching(/line: one\nline: two\n.*typed: a line\n/s)])
  rmSync(join(folder, 'data.txt'))
  const again = await runCommand(['--replay', CAPSULE, program.path], { input: '', directory })
  expect([again.status, again.out]).toEqual([3, first.out])
})
