// What takes long is told to a client that shows it, and can be given up.

import { resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { nodeTiming } from '../../src/host/node.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { DapClient } from '../support/dap.ts'

const COFFEE = resolve('examples/coffee/coffee.elf')

/** Half a second is over at once. */
const impatient = { schedule: (task: () => void, ms = 0) => nodeTiming.schedule(task, ms > 100 ? 1 : ms) }

let dap: DapClient
afterEach(() => dap.session.dispose())

/** After a long run. */
async function stopped(supportsProgressReporting: boolean): Promise<void> {
  dap = new DapClient(nodeFiles, impatient)
  await dap.ask('initialize', { adapterID: 'ppc440', supportsProgressReporting })
  await dap.ask('launch', { program: COFFEE, stopOnEntry: true, engine: 'interpreter' })
  await dap.ask('configurationDone')
  await dap.stopped()
  await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'order_done', hitCondition: '3' }] })
  await dap.step('continue')
  await dap.ask('setFunctionBreakpoints', { breakpoints: [] })
}

const told = (): string[] => dap.events.map(({ event }) => event).filter(event => event.startsWith('progress'))

test('going back tells where it is, and when it is over', async () => {
  await stopped(true)
  dap.events.length = 0
  await dap.ask('reverseContinue', { threadId: 1 })
  await dap.either('stopped', 'terminated', 0)
  const all = dap.events.filter(({ event }) => event.startsWith('progress'))
  expect(all[0]).toMatchObject({
    event: 'progressStart',
    body: { title: 'Going through the history', cancellable: true },
  })
  expect(all[0]!.body.message).toMatch(/^at instruction [\d,]+$/)
  expect(all.at(-1)).toEqual({ event: 'progressEnd', body: { progressId: all[0]!.body.progressId } })
})

test('going back can be cancelled: the program stands where it stood', async () => {
  await stopped(true)
  const { instructionPointerReference: before } = (await dap.stack())[0]!
  dap.events.length = 0
  await dap.ask('reverseContinue', { threadId: 1 })
  const start = () => dap.events.find(({ event }) => event === 'progressStart')
  while (start() === undefined) await new Promise(resolve => setImmediate(resolve))
  const { body } = start()!
  await dap.ask('cancel', { progressId: body.progressId })
  const stop = await dap.either('stopped', 'terminated', 0)
  expect(stop.body).toMatchObject({ text: 'Going back was given up.' })
  expect((await dap.stack())[0]!.instructionPointerReference).toBe(before)
  expect(told().at(-1)).toBe('progressEnd')
})

test('a client that does not show it hears nothing', async () => {
  await stopped(false)
  dap.events.length = 0
  await dap.ask('reverseContinue', { threadId: 1 })
  await dap.either('stopped', 'terminated', 0)
  expect(told()).toEqual([])
})

test('a file that comes slowly is told of', async () => {
  const slow = {
    ...nodeFiles,
    read: async (...args: Parameters<typeof nodeFiles.read>) => {
      await new Promise(done => setTimeout(done, 30))
      return await nodeFiles.read(...args)
    },
  }
  dap = new DapClient(slow, impatient)
  await dap.ask('initialize', { adapterID: 'ppc440', supportsProgressReporting: true })
  await dap.ask('launch', { program: COFFEE, stopOnEntry: true })
  expect(dap.events[0]).toMatchObject({
    event: 'progressStart',
    body: { title: 'Loading coffee.elf', cancellable: false },
  })
  expect(told().at(-1)).toBe('progressEnd')
})
