// What a client asks while the past is searched: each request is answered, and the session goes on. The session's loop is
// turned by hand, and its clock moves when somebody looks at it.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { DapRequests } from '../../src/dap/types.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { word } from '../compiler/programs.ts'
import { DapClient } from '../support/dap.ts'
import { programOf } from '../support/target.ts'

const COUNTER = '0x00104000'
/** Counts in r3 and in memory, for ever. */
const COUNTING = programOf([
  word('addis', { rt: 4, ra: 0, si: 0x10 }),
  word('addi', { rt: 3, ra: 3, si: 1 }),
  word('stw', { rs: 3, ra: 4, d: 0x4000 }),
  word('b', { li: -2 }),
])
/** The same, in 256 pages of memory in turn. */
const SWEEPING = programOf([
  word('addis', { rt: 4, ra: 0, si: 0x10 }),
  word('addi', { rt: 3, ra: 3, si: 1 }),
  // rlwinm r5, r3, 12, 12, 19; stwx r3, r4, r5
  0x54656326,
  0x7c64292e,
  word('b', { li: -3 }),
])
const folder = mkdtempSync(join(tmpdir(), 'ppc440-searched-'))
const [counting, sweeping] = ['counting.elf', 'sweeping.elf'].map(name => join(folder, name)) as [string, string]
writeFileSync(counting, COUNTING)
writeFileSync(sweeping, SWEEPING)

const THREAD = { threadId: 1 } as const
const SEARCHED = /^the past is being searched: wait for its end, or pause it/
const BEGINNING = 'In the past: The beginning of the history'

let dap: DapClient
let tasks: (() => void)[]
afterEach(() => dap.session.dispose())

function turn(slices = Number.POSITIVE_INFINITY): void {
  for (let n = 0; n < slices && tasks.length > 0; n++) tasks.shift()!()
}

/** The program has run for a while and stands. @returns where */
async function stands(program = counting, history = '64M'): Promise<string> {
  tasks = []
  let ms = 0
  dap = new DapClient(nodeFiles, { schedule: task => void tasks.push(task), now: () => ++ms })
  await dap.launch(program, { stopOnEntry: true, history })
  await dap.stopped()
  await dap.ask('continue', THREAD)
  turn(40)
  await dap.ask('pause', THREAD)
  turn()
  await dap.stopped()
  return await where()
}

const where = (): Promise<string> => dap.evaluate('where', 'repl')

/** And is in the middle of a search that will find nothing. @returns where it stood */
async function searching(): Promise<string> {
  const origin = await stands()
  await dap.ask('reverseContinue', THREAD)
  turn(6)
  expect(dap.events.at(-1)?.event).not.toBe('stopped')
  return origin
}

const refused: readonly (readonly [keyof DapRequests, object])[] = [
  ['reverseContinue', THREAD],
  ['stepBack', THREAD],
  ['stackTrace', THREAD],
  ['scopes', { frameId: 1 }],
  ['variables', { variablesReference: 1 }],
  ['evaluate', { expression: '$r3', context: 'watch' }],
  ['evaluate', { expression: '$r3 = 1', context: 'repl' }],
  ['evaluate', { expression: 'last write 0x104000', context: 'repl' }],
  ['setExpression', { expression: '$r3', value: '1' }],
  ['exceptionInfo', THREAD],
  ['goto', { ...THREAD, targetId: 0x1000 }],
  ['readMemory', { memoryReference: COUNTER, count: 4 }],
  ['writeMemory', { memoryReference: COUNTER, data: 'AAAAAA==' }],
  ['ppc440/lastWrite', { name: COUNTER, asAddress: true }],
  ['ppc440/capsule', { withProgram: false }],
]

describe('while the past is searched', () => {
  test.each(refused)('%s %j is refused, and the search goes on', async (command, args) => {
    const origin = await searching()
    await expect(dap.ask(command, args as never)).rejects.toThrow(SEARCHED)
    turn()
    expect((await dap.stopped()).description).toBe(BEGINNING)
    // What came after is still there.
    await dap.ask('ppc440/back', { to: 'present' })
    turn()
    expect([(await dap.stopped()).description, await where()]).toEqual(['Back in the present', origin])
  })

  test('a pause ends it at once: the program stands where it stood, and that is said', async () => {
    const origin = await searching()
    await dap.ask('pause', THREAD)
    turn(1)
    expect(await dap.stopped()).toMatchObject({
      reason: 'pause',
      description: 'Paused',
      text: 'Going back was given up.',
    })
    expect(await where()).toBe(origin)
    await dap.ask('stepIn', { ...THREAD, granularity: 'instruction' })
    turn()
    expect((await dap.stopped()).reason).toBe('step')
  })

  test('breakpoints that are set are found by it', async () => {
    await searching()
    const { breakpoints } = await dap.ask('setInstructionBreakpoints', {
      breakpoints: [{ instructionReference: '0x00001000' }],
    })
    expect(breakpoints).toMatchObject([{ verified: true }])
    turn()
    expect(await dap.stopped()).toMatchObject({ hitBreakpointIds: [breakpoints[0]!.id] })
  })

  test('a restart begins anew', async () => {
    await searching()
    await dap.ask('restart', {})
    turn()
    expect((await dap.stopped()).reason).toBe('entry')
    expect(await where()).toBe('At instruction 0, 0x00001000; the history goes from 0 to 0.')
  })

  test('whoever puts an end to it finds the program where it stood', async () => {
    const origin = await searching()
    await dap.ask('terminate', {})
    await dap.next('terminated')
    expect(await where()).toBe(origin)
    turn()
    expect(dap.events.filter(({ event }) => event === 'stopped')).toHaveLength(2)
  })

  test('a client may leave', async () => {
    await searching()
    const told = dap.events.length
    await dap.ask('disconnect', {})
    turn()
    expect([tasks, dap.events.length]).toEqual([[], told])
  })

  test('the trace of the debug facility is kept clear of it', async () => {
    await stands()
    await dap.ask('ppc440/trace', { on: true })
    const told = dap.events.length
    await dap.ask('ppc440/lastWrite', { name: COUNTER, asAddress: true })
    turn()
    expect((await dap.stopped()).description).toMatch(/matched a write to/)
    expect(dap.events.slice(told).filter(({ event }) => event === 'output')).toEqual([])
  })
})

test('what little room has no place for is said: a cycle before the beginning, and the beginning itself', async () => {
  await stands(sweeping, '64K')
  await expect(dap.evaluate('go to cycle 5', 'repl')).rejects.toThrow(
    /^cycle 5 is not kept any more: the history begins at \d{3,}: give it more memory with "history"/,
  )
  await dap.ask('reverseContinue', THREAD)
  turn()
  const { description, text } = await dap.stopped()
  expect([description, text]).toEqual([
    BEGINNING,
    expect.stringMatching(
      /^Nothing .* What came before instruction \d{3,} is not kept any more: give the history more/,
    ),
  ])
})
