// What is offered while a person types, and where the program is sent to; names and addresses are those of the source.

import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient } from '../support/dap.ts'

const COFFEE = resolve('examples/coffee/coffee.elf')
const ORDERS = resolve('examples/coffee/orders.c')
const LINE = lineOf('coffee/orders.c', 'order->drink = drink;')

let dap: DapClient
beforeAll(async () => {
  dap = new DapClient()
  await dap.launch(COFFEE, { breakpoints: { [ORDERS]: [LINE] } })
  await dap.stopped()
})
afterAll(() => dap.session.dispose())

const offered = async (text: string): Promise<string[]> => {
  const [frame] = await dap.stack()
  const { targets } = await dap.ask('completions', { text, column: text.length + 1, frameId: frame!.id })
  return targets.map(({ label }) => label)
}

test('names of the frame come first, then what is static, functions and registers', async () => {
  expect(await offered('or')).toEqual(expect.arrayContaining(['order', 'order_place', 'order_take']))
  expect((await offered('or'))[0]).toBe('order')
  expect(await offered('x + in_a')).toContain('in_a_hurry')
  expect(await offered('dbc')).toEqual(expect.arrayContaining(['DBCR0', 'DBCR1', 'DBCR2']))
})

test('behind a dot or an arrow stand members, also of what is only an expression', async () => {
  const members = await offered('order->')
  expect(members).toEqual(expect.arrayContaining(['guest', 'drink', 'number', 'in_a_hurry', 'next']))
  expect(await offered('queue->first->gu')).toEqual(['guest'])
  expect(await offered('1 + queue->len')).toEqual(['length'])
})

test('registers have their fields; what is none of these has nothing', async () => {
  expect(await offered('$iac')).toEqual(['IAC1', 'IAC2', 'IAC3', 'IAC4'])
  expect(await offered('$dbcr0.IA')).toEqual(['IAC1', 'IAC2', 'IAC3', 'IAC4'])
  expect(await offered('msr.E')).toEqual(['EE'])
  expect(await offered('nowhere->')).toEqual([])
  expect(await offered('order->number = ')).toEqual([])
  expect(await offered('')).toEqual([])
})

test('what is offered replaces what is typed, and nothing of the program changes', async () => {
  const before = await dap.ask('ppc440/snapshot')
  const { targets } = await dap.ask('completions', { text: 'order->dr', column: 10 })
  expect(targets).toEqual([{ label: 'drink', type: 'field', length: 2 }])
  const after = await dap.ask('ppc440/snapshot')
  expect(after.registers).toEqual(before.registers)
})

test('the sources of the program, as the client has them', async () => {
  const { sources } = await dap.ask('loadedSources')
  expect(sources.map(({ name }) => name)).toEqual(expect.arrayContaining(['main.c', 'orders.c', 'start.S']))
})

test('a jump executes nothing, says so, and the program goes on from there', async () => {
  const [before] = await dap.stack()
  const to = lineOf('coffee/orders.c', 'order->in_a_hurry = in_a_hurry;')
  const { targets } = await dap.ask('gotoTargets', { source: { path: ORDERS }, line: to })
  expect(targets).toHaveLength(1)
  expect(targets[0]!.label).toContain(`orders.c:${to}`)
  await dap.ask('goto', { threadId: 1, targetId: targets[0]!.id })
  const stop = await dap.stopped()
  expect(stop).toMatchObject({ reason: 'goto', description: 'Jumped here' })
  const [here] = await dap.stack()
  expect([here!.line, here!.name]).toEqual([to, before!.name])
  // The number was not given: the statement was jumped over.
  const number = async (): Promise<string> =>
    (await dap.ask('evaluate', { expression: 'order->number', frameId: here!.id, context: 'watch' })).result
  expect(await number()).toBe('0')
  expect((await dap.ask('gotoTargets', { source: { path: ORDERS }, line: 9999 })).targets).toEqual([])
})
