// gdb runs a program backwards at our server. What it says is compared with what it says of the same walk where it has
// recorded the program itself, instruction by instruction (`record full`), at QEMU's stub.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bamboo, GDB, gdbAtOurs, gdbAtQemu, linuxUser, processOf } from '../support/gdb.ts'
import { buildVisited } from '../support/guest.ts'
import { have } from '../support/tools.ts'

const ready = have(GDB) && have('powerpc-linux-gnu-gcc')
const folder = mkdtempSync(join(tmpdir(), 'ppc440-reverse-'))
const [BARE, LINUX] = [join(folder, 'visited.elf'), join(folder, 'visited')]

beforeAll(() => {
  if (!ready) return
  buildVisited('board', BARE)
  buildVisited('linux', LINUX)
})

/** From main on, where the recording begins. */
const THERE = ['break main', 'continue', 'delete']
const WALK = [
  ...[
    'break square',
    'continue',
    'continue',
    'continue',
    'p n',
    'reverse-continue',
    'p n',
    'bt',
    'reverse-finish',
    'bt',
  ],
  ...['reverse-next', 'reverse-next', 'reverse-step', 'x/i $pc', 'reverse-stepi', 'x/i $pc', 'p $r3'],
  ...['info registers r3 r9 pc lr cr', 'delete', 'break look', 'continue', 'bt', 'continue', 'bt', 'p where', 'delete'],
  ...['tbreak factorial', 'reverse-continue', 'bt', 'reverse-finish', 'bt', 'reverse-next', 'bt', 'reverse-next'],
  ...['next', 'next', 'stepi', 'reverse-stepi', 'p $pc', 'p table'],
]
/** What differs by right: the stack's address, how a process is called, what gdb says of recording. */
const comparable = (said: string): string[] =>
  said
    .replaceAll(/\[Inferior 1 \(.*?\)/g, '[Inferior 1')
    .split('\n')
    .filter(line => line.trim() !== '' && !/warning: |record|detached/.test(line))

const recorded = [...THERE, 'record full', ...WALK, 'record stop']

describe.skipIf(!ready)('a walk back and forth is what gdb itself records', () => {
  test.skipIf(!have('qemu-system-ppc'))('on the board', async () => {
    const ours = await gdbAtOurs(BARE, [...THERE, ...WALK])
    expect(comparable(ours)).toEqual(comparable(await gdbAtQemu(BARE, recorded, bamboo(BARE))))
  })

  test.skipIf(!have('qemu-ppc'))('in a Linux process', async () => {
    const ours = await gdbAtOurs(LINUX, [...THERE, ...WALK], processOf(LINUX))
    expect(comparable(ours)).toEqual(comparable(await gdbAtQemu(LINUX, recorded, linuxUser(LINUX))))
  })
})

test.skipIf(!ready)('watchpoints lead back to who wrote: to before it, as the source has it', async () => {
  const back = ['break look', 'continue', 'delete', 'watch where.y', 'reverse-continue', 'p where', 'bt 1']
  const element = [
    'delete',
    'watch table[3]',
    'reverse-continue',
    'p table[3]',
    'p i',
    'bt 1',
    'continue',
    'p table[3]',
  ]
  const said = await gdbAtOurs(BARE, [...back, ...element])
  expect(said).toMatch(
    /Old value = 120\nNew value = 2\n.*where\.y = factorial\(5\);\n\$1 = \{x = 1, y = 2\}\n#0 .* main/s,
  )
  expect(said).toMatch(/Old value = 9\nNew value = 0\n.*\$2 = 0\n.*#0 .* fill .*Old value = 0\nNew value = 9\n/s)
})

describe.skipIf(!ready)('the ends of the history', () => {
  test('are told: its beginning, and the present', async () => {
    const said = await gdbAtOurs(BARE, [
      'break fill',
      'continue',
      'delete',
      'reverse-continue',
      'p $pc',
      'continue',
      'bt 1',
    ])
    expect(said.match(/No more reverse-execution history/g)).toHaveLength(2)
    expect(said).toMatch(/\$1 = \(void \(\*\)\(\)\) 0x100000 <_start>/)
    expect(said).toMatch(/#0 {2}fill \(\)/)
  })

  test('without a history gdb says that it cannot', async () => {
    const said = await gdbAtOurs(BARE, ['break fill', 'continue', 'reverse-continue'], { history: 0 } as object)
    expect(said).toMatch(/Target remote does not support this command/)
  })
})
