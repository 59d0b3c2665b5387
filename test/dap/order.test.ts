// In which order a client hears of things, and of what it hears nothing (DAP, "Breakpoint" and "Invalidated" events).

import { resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { DapRequests } from '../../src/dap/types.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { lineOf } from '../e2e/support/examples.ts'
import { DapClient, SMALL } from '../support/dap.ts'

const ELF = resolve('examples/coffee/coffee.elf')
const ORDERS = resolve('examples/coffee/orders.c')
const MAIN = resolve('examples/coffee/main.c')
const line = (text: string): number => lineOf('coffee/orders.c', text)

let dap: DapClient
afterEach(() => dap.session.dispose())

const idsTold = (): number[] => dap.events.filter(({ event }) => event === 'breakpoint').map(e => e.body.breakpoint.id)

test('a breakpoint is introduced by the answer to its request; events are about those that are known', async () => {
  dap = new DapClient()
  const { [ORDERS]: first } = await dap.launch(ELF, {
    stopOnEntry: true,
    breakpoints: { [ORDERS]: [line('order->guest = guest;')] },
  })
  expect(idsTold()).toEqual([])
  const { breakpoints } = await dap.ask('setBreakpoints', {
    source: { path: MAIN },
    breakpoints: [{ line: lineOf('coffee/main.c', 'uart_init();') }],
  })
  // How many slots are used has changed for the first.
  expect([breakpoints[0]!.verified, idsTold()]).toEqual([true, [first![0]!.id]])
})

test('a look from the console invalidates nothing; an assignment does', async () => {
  dap = new DapClient()
  await dap.launch(ELF, { breakpoints: { [ORDERS]: [line('queue->length++;')] } })
  await dap.stopped()
  const invalidated = (): number => dap.events.filter(({ event }) => event === 'invalidated').length
  await dap.ask('evaluate', { expression: 'queue->length', context: 'repl' })
  await dap.ask('evaluate', { expression: '$r3', context: 'repl' })
  expect(invalidated()).toBe(0)
  await dap.ask('evaluate', { expression: '$r3 = 5', context: 'repl' })
  expect(invalidated()).toBe(1)
})

test('what the program writes and what a log point says appear as they happened', async () => {
  dap = new DapClient()
  const at = lineOf('coffee/main.c', 'machine_init(&machine);')
  await dap.launch(ELF, { breakpoints: { [MAIN]: [{ line: at, logMessage: 'the log point' }] } })
  await dap.idle()
  const said = dap.events
    .filter(({ event }) => event === 'output')
    .map(({ body }) => body.output)
    .join('')
  const order = ['PowerPC 440 coffee machine', 'the log point', 'The kitchen is closed'].map(text => said.indexOf(text))
  expect(order.every((place, n) => place > (order[n - 1] ?? -1))).toBe(true)
})

test('an instruction breakpoint that is refused says so in the console too', async () => {
  dap = new DapClient()
  await dap.launch(ELF, { stopOnEntry: true })
  await dap.stopped()
  const far = [0, 1, 2, 3, 4].map(n => ({ instructionReference: `0x0010${n}000` }))
  const { breakpoints } = await dap.ask('setInstructionBreakpoints', { breakpoints: far })
  expect(breakpoints.map(({ verified }) => verified)).toEqual([true, true, true, true, false])
  const said = dap.events.filter(({ event }) => event === 'output').map(({ body }) => body.output)
  expect(said.filter(text => /0x00104000: No IAC slot free/.test(text))).toHaveLength(1)
})

test('what is asked while a path is looked for waits until it is known; a pause does not', async () => {
  let release = (): void => {}
  const gate = new Promise<void>(resolve => (release = resolve))
  let isHeld = false
  dap = new DapClient({
    ...nodeFiles,
    stat: async place => {
      if (isHeld) await gate
      return await nodeFiles.stat(place)
    },
  })
  const source = { path: resolve('examples/asm/primes.S') }
  await dap.launch(SMALL, { memory: '2M', stopOnEntry: true })
  await dap.stopped()
  isHeld = true
  const done: string[] = []
  const ask = <R extends keyof DapRequests>(name: R, args: DapRequests[R]['args'], as: string = name) =>
    dap.ask(name, args).then(() => done.push(as))
  const all = [
    ask('setBreakpoints', { source, breakpoints: [{ line: 1 }] }, 'first'),
    ask('setBreakpoints', { source, breakpoints: [] }, 'second'),
    ask('evaluate', { expression: '$r3' }),
    ask('pause', { threadId: 1 }),
  ]
  await all[3]
  expect(done).toEqual(['pause'])
  release()
  await Promise.all(all)
  expect(done).toEqual(['pause', 'first', 'second', 'evaluate'])
})

test('when breakpoints change while the program stands, registers shown anywhere are read again', async () => {
  dap = new DapClient()
  await dap.launch(ELF, { stopOnEntry: true, breakpoints: { [ORDERS]: [line('queue->length++;')] } })
  await dap.stopped()
  const invalidated = () => dap.events.filter(({ event }) => event === 'invalidated').map(({ body }) => body.areas)
  expect(invalidated()).toEqual([])
  const set = async (...lines: number[]) => {
    const breakpoints = lines.map(each => ({ line: each }))
    const { breakpoints: answer } = await dap.ask('setBreakpoints', { source: { path: ORDERS }, breakpoints })
    return answer.map(({ message }) => message)
  }
  const [message] = await set(line('order->guest = guest;'))
  const [slot] = /^IAC\d/.exec(message!)!
  expect(message).toContain(await dap.evaluate(slot))
  expect(invalidated()).toEqual([['variables']])
  await set()
  expect(invalidated()).toHaveLength(2)
  expect([await dap.evaluate(slot), await dap.evaluate('dbcr0')]).toEqual([
    '0x00000000',
    expect.stringMatching(/^0x00000000/),
  ])
  await dap.ask('continue', { threadId: 1 })
  await set(line('order->guest = guest;'))
  expect(invalidated()).toHaveLength(2)
  await expect(dap.ask('exceptionInfo', { threadId: 1 })).rejects.toThrow(/running/)
})
