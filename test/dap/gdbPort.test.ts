// gdb beside the editor: one machine, one plan of the comparators, each other's stops.

import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Session } from '../../src/dap/session.ts'
import { PacketReader, packetOf } from '../../src/gdb/framing.ts'
import { latin } from '../../src/gdb/text.ts'
import { openGdb } from '../../src/host/gdbServer.ts'
import { nodeTiming } from '../../src/host/node.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { lineOf } from '../e2e/support/examples.ts'
import { until } from '../e2e/support/until.ts'
import { DapClient, SMALL } from '../support/dap.ts'
import { writeEndless } from '../support/endless.ts'

const COFFEE = 'examples/coffee/coffee.elf'
const clients: DapClient[] = []
afterEach(() => {
  for (const { session } of clients.splice(0)) session.dispose()
})

function client(): DapClient {
  const dap = new DapClient(nodeFiles, { openGdb })
  clients.push(dap)
  return dap
}

/** A gdb of few words. */
class Gdb {
  readonly #came: string[] = []
  readonly #socket
  #isClosed = false

  constructor(address: string) {
    const reader = new PacketReader()
    this.#socket = connect(Number(address.split(':')[1]), '127.0.0.1')
    this.#socket.on('close', () => (this.#isClosed = true))
    this.#socket.on('error', () => (this.#isClosed = true))
    this.#socket.on('data', bytes => {
      for (const token of reader.push(bytes)) if (token.kind === 'packet') this.#came.push(latin(token.data))
    })
  }

  async ask(data: string): Promise<string> {
    this.#socket.write(packetOf(data))
    return await this.came()
  }

  send(data: string): void {
    this.#socket.write(packetOf(data))
  }

  async came(): Promise<string> {
    return await until('a packet', () => this.#came.shift())
  }

  closed(): Promise<boolean> {
    return until('the end of the connection', () => this.#isClosed)
  }
}

/** Both at a program that has stopped at its first instruction, or, where it has a main, there. */
async function both(program = COFFEE): Promise<{ readonly dap: DapClient; readonly gdb: Gdb }> {
  const dap = client()
  await dap.launch(program, { stopOnEntry: program === COFFEE ? 'main' : true })
  await dap.next('stopped')
  const { address } = await dap.ask('ppc440/gdb', { port: 0 })
  const gdb = new Gdb(address)
  await gdb.ask('qSupported:error-message+')
  return { dap, gdb }
}

test('a port is opened once, and told in the console', async () => {
  const dap = client()
  await dap.launch(SMALL, { memory: '2M', gdbPort: 0 })
  const first = await dap.ask('ppc440/gdb', { port: 0 })
  expect(await dap.ask('ppc440/gdb', { port: 0 })).toEqual(first)
  expect(
    dap.events.some(({ event, body }) => event === 'output' && body.output.includes(`target remote ${first.address}`)),
  ).toBe(true)
})

test('a port that cannot be had is told, and the program is debugged without it', async () => {
  const one = client()
  await one.launch(SMALL, { memory: '2M' })
  const { address } = await one.ask('ppc440/gdb', { port: 0 })
  const other = client()
  await other.launch(SMALL, { memory: '2M', stopOnEntry: true, gdbPort: Number(address.split(':')[1]) })
  await other.next('stopped')
  expect(other.events.find(({ body }) => body?.category === 'important')!.body.output).toMatch(
    /"gdbPort".*another program has it/,
  )
})

test('both stop where one stops, and a comparator is one of either', async () => {
  const { dap, gdb } = await both()
  const line = lineOf('coffee/orders.c', 'order->guest = guest;')
  const { breakpoints } = await dap.ask('setBreakpoints', { source: { path: 'orders.c' }, breakpoints: [{ line }] })
  const address = Number.parseInt(breakpoints[0]!.instructionReference!.slice(2), 16)
  expect(breakpoints[0]!.message).toMatch(/^IAC1/)
  // gdb lets it go on; the editor hears of it, and of the stop at its own breakpoint.
  gdb.send('vCont;c')
  expect(await dap.next('continued')).toMatchObject({ threadId: 1 })
  expect(await dap.next('stopped')).toMatchObject({ reason: 'breakpoint' })
  expect(await gdb.came()).toMatch(new RegExp(`^T05.*40:${address.toString(16).padStart(8, '0')}`))
  // Four are all there are, whoever has them.
  for (const n of [1, 2, 3]) expect(await gdb.ask(`Z1,${(address + 0x400 * n).toString(16)},4`)).toBe('OK')
  expect(await gdb.ask(`Z1,${(address + 0x2000).toString(16)},4`)).toMatch(
    /^E\.No IAC slot free: IAC1 orders\.c:\d+ \(the editor\)/,
  )
  const { breakpoints: more } = await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'main' }] })
  expect(more[0]).toMatchObject({ verified: false, message: expect.stringMatching(/IAC2 0x[0-9a-f]{8} \(gdb\)/) })
})

test('gdb that the editor has moved the program beneath is shown where it stands before it goes on', async () => {
  const { dap, gdb } = await both()
  const place = /40:([0-9a-f]{8})/
  const before = place.exec(await gdb.ask('?'))![1]
  await dap.step('next')
  await dap.step('next')
  await dap.step('stepBack')
  // It asks for the registers only where the program has run.
  gdb.send('vCont;s')
  expect(await gdb.came()).toMatch(/^O/)
  const shown = place.exec(await gdb.came())![1]
  const { stackFrames } = await dap.ask('stackTrace', { threadId: 1 })
  expect([shown === before, `0x${shown}`]).toEqual([false, stackFrames[0]!.instructionPointerReference])
  gdb.send('vCont;s')
  expect(place.exec(await gdb.came())![1]).not.toBe(shown)
})

test('the program ends for both, and the port with the session', async () => {
  const { dap, gdb } = await both(writeEndless())
  gdb.send('vCont;c')
  await dap.next('continued')
  await dap.ask('terminate', {})
  expect(await gdb.came()).toBe('X09')
  expect(await gdb.closed()).toBe(true)
})

test('gdb that leaves lets the program stand as the editor has it', async () => {
  const { dap, gdb } = await both()
  expect(await gdb.ask('D')).toBe('OK')
  await gdb.closed()
  expect(await dap.stack()).not.toEqual([])
})

test('where there are no ports, that is said', async () => {
  const dap = client()
  const session = new Session({ ...nodeTiming, files: nodeFiles, emit: () => {} })
  await dap.launch(SMALL, { memory: '2M' })
  await session.request('initialize', { adapterID: 'ppc440' })
  await session.request('launch', { program: SMALL, memory: '2M' })
  await expect(session.request('ppc440/gdb', { port: 0 })).rejects.toThrow(/browser/)
  session.dispose()
})
