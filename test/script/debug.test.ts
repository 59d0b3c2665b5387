// Scripted sessions as the command line has them: what is written, and the exit status.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { debug } from '../../src/cli/debug.ts'
import { parseExpectation, parseLine, parseScript } from '../../src/script/parse.ts'
import { encode as e } from '../support/core.ts'
import { buildVisited, GCC } from '../support/guest.ts'
import { programOf } from '../support/target.ts'
import { have } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'ppc440-script-'))
const [BARE, LINUX] = [join(folder, 'visited.elf'), join(folder, 'visited')]
const ready = have(GCC)

beforeAll(() => {
  if (!ready) return
  buildVisited('board', BARE)
  buildVisited('linux', LINUX)
})

interface Row {
  readonly event: string
  readonly [name: string]: unknown
}

async function session(script: string, program = BARE, ...options: readonly string[]) {
  const path = join(folder, 'session.script')
  writeFileSync(path, script)
  const rows: Row[] = []
  const argv = [...(script === '' ? [] : ['--script', path]), ...options, program]
  const status = await debug(argv, line => void rows.push(JSON.parse(line) as Row))
  return { status, rows, of: (event: string) => rows.filter(row => row.event === event) }
}

describe.skipIf(!ready)('a session', () => {
  test('stops, shows, steps and expects', async () => {
    const { status, of } = await session(`
      # where.y is 2 until factorial is called
      show where.y
      break visited.c:45
      continue within 2M
      expect at visited.c:45
      expect table[3] == 9
      step
      expect at factorial
      finish
      print where
      set where.y = 33
      stepi
      expect at main
    `)
    expect(of('expect').map(({ met }) => met)).toEqual([true, true, true, true])
    expect(of('stop')[0]).toMatchObject({
      function: 'main',
      line: 45,
      reason: 'breakpoint',
      hit: [1],
      shown: { 'where.y': '2' },
    })
    expect(of('stop').at(-1)).toMatchObject({ reason: 'step', shown: { 'where.y': '33' } })
    expect(of('value')).toEqual([
      { event: 'value', expression: 'where', value: '{x = 1, y = 2}', type: 'struct place' },
    ])
    expect(of('end')).toEqual([{ event: 'end', met: 4, failed: 0, status: 0 }])
    expect(status).toBe(0)
  })

  test('whose expectation is not met says what there is, and has status 1', async () => {
    const { status, of } = await session('watch sink if sink == 700\ncontinue\nexpect sink == 701\nexpect at look\n')
    expect(of('expect')).toEqual([
      expect.objectContaining({ what: 'sink == 701', met: false, why: 'sink is 700' }),
      expect.objectContaining({
        what: 'at look',
        met: false,
        why: expect.stringMatching(/^it stands at .*visited\.c:/),
      }),
    ])
    expect(status).toBe(1)
  })

  test('of a Linux process knows its end', async () => {
    const { status, of } = await session('continue\nexpect exit 7\nexpect exit 8\n', LINUX, '--machine', 'linux-user')
    expect(of('exit')).toEqual([expect.objectContaining({ status: 7 })])
    expect(of('expect').map(({ met }) => met)).toEqual([true, false])
    expect(status).toBe(1)
  })

  test('without a command runs to the end', async () => {
    expect((await session('', LINUX, '--machine', 'linux-user')).status).toBe(0)
  })

  test('as expectations of the command line, each with a breakpoint of its own', async () => {
    const both = ['--expect', 'visited.c:33 with i == 4 within 2M', '--expect', 'look with n == 4']
    const { status, of } = await session('', BARE, ...both)
    expect(of('expect').map(({ what, met }) => [what, met])).toEqual([
      ['at visited.c:33', true],
      ['i == 4', true],
      ['at look', true],
      ['n == 4', true],
    ])
    expect(status).toBe(0)
  })

  test('that does not come there in time has status 124', async () => {
    const { status, of } = await session('break look\ncontinue within 50\nexpect at look\n')
    expect(of('expect')).toEqual([
      expect.objectContaining({
        what: 'a stop within 50 instructions',
        met: false,
        place: expect.stringMatching(/:2$/),
      }),
    ])
    expect(status).toBe(124)
  })

  test('in a program that never stops ends all the same', async () => {
    const endless = join(folder, 'endless.elf')
    writeFileSync(endless, programOf([e.addi(3, 3, 1), e.b(-4)]))
    const { status, of } = await session('continue within 100k\n', endless)
    expect([status, of('stop')]).toEqual([124, [expect.objectContaining({ reason: 'pause' })]])
  })

  test.each([
    [
      'a fifth breakpoint',
      ['add', 'square', 'factorial', 'look', 'fill'].map(name => `break ${name}`).join('\n'),
      /No IAC slot free/,
    ],
    ['a place there is not', 'break nowhere.c:1', /: No code of the program comes from nowhere\.c\.$/],
    ['a name there is not', 'break main\ncontinue\nprint nonsense', /nonsense/],
    ['a watch of a register', 'watch $r3', /does not lie in memory/],
    ['a step after the end', 'continue\nstep', /has ended/],
    ['a breakpoint that there is not', 'delete 7', /no breakpoint 7/],
  ])('with %s says so, and has status 125', async (_, script, why) => {
    const { status, of } = await session(script)
    expect(of('error')[0]!.text).toMatch(why)
    expect(status).toBe(125)
  })

  test('with trap words has any number of breakpoints', async () => {
    const script = ['add', 'square', 'factorial', 'look', 'fill'].map(name => `break ${name}`).join('\n')
    expect((await session(`${script}\ncontinue\nexpect at add\n`, BARE, '--soft')).status).toBe(0)
  })
})

test.each([
  'brek x',
  'break',
  'step 2',
  'continue within',
  'continue within 2G',
  'expect',
  'delete x',
  'until',
  'watch',
])('%j is no command, and the error says where and what there is', text =>
  expect(() => parseScript(`\n# comment\n${text}`, 'a.script')).toThrow(
    /^a\.script:3: .* is no command.*break LOCATION/s,
  ),
)

test('a line is its command', () => {
  const command = (text: string) => parseLine(text, '').command
  expect(command('break main.c:40 if a > 3 && b hit >= 2')).toEqual({
    ...{ kind: 'break', location: 'main.c:40' },
    request: { kind: 'source', path: 'main.c', line: 40, condition: 'a > 3 && b', hitCondition: '>= 2' },
  })
  expect(command('break 0x100')).toMatchObject({ request: { kind: 'instruction', address: 256 } })
  expect(command('rwatch queue.length if x == 1')).toEqual({
    ...{ kind: 'watch', expression: 'queue.length', access: 'read', condition: 'x == 1' },
  })
  expect(command('continue within 1.5M')).toEqual({ kind: 'continue', within: 1_500_000 })
  expect(command('until main within 2k')).toMatchObject({ kind: 'until', location: 'main', within: 2000 })
  expect(command('expect exit 3')).toEqual({ kind: 'expectExit', status: 3 })
})

test('an expectation is a breakpoint, the way to it, and what holds there', () => {
  expect(parseExpectation('main.c:40 with count == 3 within 2M', '--expect').map(({ text }) => text)).toEqual([
    ...['break main.c:40 if count == 3', 'continue within 2M', 'expect at main.c:40', 'expect count == 3', 'delete'],
  ])
  expect(() => parseExpectation('', '--expect')).toThrow(/LOCATION \[with EXPRESSION\]/)
})
