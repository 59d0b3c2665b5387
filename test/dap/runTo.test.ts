// Running to a line without a breakpoint there: no comparator is needed, and none is taken.

import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/protocol/messages.ts'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'
import { writeEndless } from '../support/endless.ts'

const ELF = resolve('examples/coffee/coffee.elf')
const ORDERS = resolve('examples/coffee/orders.c')
const MAIN = resolve('examples/coffee/main.c')
const line = (text: string): number => lineOf('coffee/orders.c', text)

let dap: DapClient
beforeEach(async () => {
  dap = new DapClient()
  await dap.launch(ELF, { stopOnEntry: true })
  await dap.stopped()
})
afterEach(() => dap.session.dispose())

const slots = async (): Promise<Snapshot['slots']> => (await dap.ask('ppc440/snapshot')).slots
const runTo = (at: number, path = ORDERS) => dap.ask('ppc440/runTo', { path, line: at })

describe('with all four comparators taken', () => {
  beforeEach(async () => {
    const far = [0, 1, 2, 3].map(n => ({ instructionReference: `0x0040${n}000` }))
    await dap.ask('setInstructionBreakpoints', { breakpoints: far })
  })

  test('it stops at the line and takes none', async () => {
    const before = await slots()
    expect(before.filter(({ heldBy }) => heldBy !== undefined)).toHaveLength(4)
    const at = line('queue->length++;')
    await runTo(at)
    expect(await dap.stopped()).toMatchObject({ reason: 'step', description: `Paused after Run to orders.c:${at}` })
    expect([await dap.where(), await slots()]).toEqual([`orders.c:${at}`, before])
  })

  test('a fifth breakpoint, such as the one of Run to Cursor, says what goes there without one', async () => {
    const said = (): string[] => dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output)
    const at = line('queue->length++;')
    const ask = () => dap.ask('setBreakpoints', { source: { path: ORDERS }, breakpoints: [{ line: at }] })
    const { breakpoints } = await ask()
    expect(breakpoints[0]!.verified).toBe(false)
    expect(said().at(-1)).toMatch(
      new RegExp(`^orders.c:${at}: No IAC slot free:.*The program will not stop there.*Run to Line`, 's'),
    )
    // Told once.
    const before = said().length
    await ask()
    expect(said().length).toBe(before)
  })
})

test('a line without code leads to the next one that has some', async () => {
  const at = line('struct order **link')
  await runTo(at - 1)
  await dap.stopped()
  expect(await dap.where()).toBe(`orders.c:${at}`)
})

test('a breakpoint on the way stops it', async () => {
  const [at, before] = [line('queue->length--;'), line('queue->length++;')]
  await dap.ask('setBreakpoints', { source: { path: ORDERS }, breakpoints: [{ line: before }] })
  await runTo(at)
  expect(await dap.stopped()).toMatchObject({ reason: 'breakpoint' })
  expect(await dap.where()).toBe(`orders.c:${before}`)
})

test('from the line itself it goes once around', async () => {
  const at = line('queue->length++;')
  await runTo(at)
  await dap.stopped()
  const length = Number(await dap.evaluate('queue->length'))
  await runTo(at)
  await dap.stopped()
  expect([await dap.where(), Number(await dap.evaluate('queue->length')) !== length]).toEqual([`orders.c:${at}`, true])
})

test.each([
  [
    'behind the last line with code',
    ORDERS,
    100_000,
    /^cannot run to orders.c:100000: No code at or below line 100000: the last line of orders.c with code is \d+\.$/,
  ],
  [
    'in a file that is not of the program',
    '/elsewhere/other.c',
    1,
    /^cannot run to other.c:1: No code of the program comes from other.c\. If it was built under another path/,
  ],
])('%s it says why not, and stays where it is', async (_, path, at, why) => {
  const before = await dap.where()
  await expect(runTo(at, path)).rejects.toThrow(why)
  expect(await dap.where()).toBe(before)
  await runTo(lineOf('coffee/main.c', 'uart_init();'), MAIN)
  await dap.stopped()
})

test('while the program runs it is refused', async () => {
  const endless = new DapClient()
  await endless.launch(writeEndless())
  await expect(endless.ask('ppc440/runTo', { path: ORDERS, line: 1 })).rejects.toThrow(/the program is running/)
  endless.session.dispose()
})
