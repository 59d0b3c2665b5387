// Restart Frame goes back to the first instruction of a function: what it has done since is undone, memory and all.

import { resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'

const COFFEE = resolve('examples/coffee/coffee.elf')
const ORDERS = resolve('examples/coffee/orders.c')

let dap: DapClient
afterEach(() => dap.session.dispose())

/** At the end of `order_place`, called the second time. */
async function atEnd(more: Record<string, unknown> = {}): Promise<void> {
  dap = new DapClient()
  await dap.launch(COFFEE, { breakpoints: { [ORDERS]: [lineOf('coffee/orders.c', 'queue->length++;')] }, ...more })
  await dap.stopped()
  await dap.step('continue')
  await dap.ask('setBreakpoints', { source: { path: ORDERS }, breakpoints: [] })
}

async function restart(n: number) {
  await dap.ask('restartFrame', { frameId: (await dap.stack())[n]!.id })
  return await dap.stopped()
}

const names = async (): Promise<string[]> => (await dap.stack()).map(({ name }) => name)

test('of the innermost function stands at its entry, and what was written is as before', async () => {
  await atEnd()
  const before = await names()
  expect(await dap.evaluate('last_number')).toBe('2')
  const stop = await restart(0)
  expect(stop).toMatchObject({ reason: 'restart', description: 'In the past: Paused after Restart Frame' })
  expect(await names()).toEqual(before)
  expect(await dap.evaluate('$pc == order_place')).toBe('1')
  expect(await dap.evaluate('last_number')).toBe('1')
  // And runs again to where it was.
  await dap.ask('setBreakpoints', {
    source: { path: ORDERS },
    breakpoints: [{ line: lineOf('coffee/orders.c', 'queue->length++;') }],
  })
  await dap.step('continue')
  expect(await dap.evaluate('last_number')).toBe('2')
})

test('of a caller undoes all that it has called', async () => {
  await atEnd()
  const [, ...callers] = await dap.stack()
  const caller = callers.findIndex(({ canRestart }) => canRestart)
  const name = callers[caller]!.name
  await restart(1 + caller)
  expect((await names())[0]).toBe(name)
  expect(await dap.evaluate(`$pc == ${name}`)).toBe('1')
})

test('is not offered where no history is kept', async () => {
  await atEnd({ history: '0' })
  const { body } = dap.events.find(({ event }) => event === 'capabilities')!
  expect(body.capabilities).toMatchObject({ supportsRestartFrame: false })
  const [frame] = await dap.stack()
  expect(frame!.canRestart).toBe(false)
  await expect(dap.ask('restartFrame', { frameId: frame!.id })).rejects.toThrow(/cannot be begun again/)
})
