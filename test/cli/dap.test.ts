// The adapter as another editor starts it: `ppc440 dap` on standard input and output, and on a port.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { afterEach, expect, test } from 'vitest'
import { lineOf } from '../e2e/support/examples.ts'
import { until } from '../e2e/support/until.ts'

const ELF = resolve('examples/coffee/coffee.elf')
const ORDERS = resolve('examples/coffee/orders.c')
const LINE = lineOf('coffee/orders.c', 'order->guest = guest;')

const children: ChildProcessWithoutNullStreams[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill()
})

function ppc440(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args])
  children.push(child)
  return child
}

/** Frames of the base protocol (DAP, "Base Protocol"), in pieces of any size. */
class Wire {
  readonly messages: P.ProtocolMessage[] = []
  readonly #to: Writable
  #buffer = Buffer.alloc(0)
  #seq = 0

  constructor(from: Readable, to: Writable) {
    this.#to = to
    from.on('data', (data: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, data])
      while (this.#take());
    })
  }

  #take(): boolean {
    const end = this.#buffer.indexOf('\r\n\r\n')
    if (end < 0) return false
    const length = Number(/Content-Length: (\d+)/.exec(this.#buffer.toString('utf8', 0, end))![1])
    if (this.#buffer.length < end + 4 + length) return false
    this.messages.push(JSON.parse(this.#buffer.toString('utf8', end + 4, end + 4 + length)))
    this.#buffer = this.#buffer.subarray(end + 4 + length)
    return true
  }

  /** Sends in two pieces, as a network might. */
  async ask<B>(command: string, args: object = {}): Promise<B> {
    const seq = ++this.#seq
    const body = JSON.stringify({ seq, type: 'request', command, arguments: args })
    const bytes = Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    this.#to.write(bytes.subarray(0, 10))
    this.#to.write(bytes.subarray(10))
    const response = await until(command, () =>
      this.messages.find((m): m is P.Response => m.type === 'response' && (m as P.Response).request_seq === seq),
    )
    if (!response.success) throw new Error(response.message)
    return response.body as B
  }

  event(name: string): Promise<P.Event> {
    return until(name, () =>
      this.messages.find((m): m is P.Event => m.type === 'event' && (m as P.Event).event === name),
    )
  }
}

async function firstStop(wire: Wire): Promise<void> {
  const capabilities = await wire.ask<P.Capabilities>('initialize', { adapterID: 'ppc440' })
  expect(capabilities.supportsConfigurationDoneRequest).toBe(true)
  await wire.ask('launch', { program: ELF })
  await wire.event('initialized')
  const { breakpoints } = await wire.ask<P.SetBreakpointsResponse['body']>('setBreakpoints', {
    source: { path: ORDERS },
    breakpoints: [{ line: LINE }],
  })
  expect(breakpoints[0]).toMatchObject({ verified: true, line: LINE })
  await wire.ask('configurationDone')
  expect((await wire.event('stopped')).body).toMatchObject({ reason: 'breakpoint' })
  const { stackFrames } = await wire.ask<P.StackTraceResponse['body']>('stackTrace', { threadId: 1 })
  expect(stackFrames.map(({ name }) => name)).toEqual(['order_place', 'let_guests_in', 'main', '_start'])
  await wire.ask('disconnect')
}

test('ppc440 dap: a session over standard input and output ends with status 0', async () => {
  const child = ppc440('dap')
  const ended = new Promise(done => child.on('exit', done))
  await firstStop(new Wire(child.stdout, child.stdin))
  expect(await ended).toBe(0)
})

test('ppc440 dap --port: says where it listens, and serves one session after the other', async () => {
  const child = ppc440('dap', '--port', '0')
  let said = ''
  child.stdout.on('data', (data: Buffer) => {
    said += data
  })
  const port = Number((await until('the port', () => /listening on 127\.0\.0\.1:(\d+)/.exec(said)))[1])
  for (let i = 0; i < 2; i++) {
    const socket = connect(port, '127.0.0.1')
    await firstStop(new Wire(socket, socket))
  }
})

test('an unknown command is told what there is, with status 125', async () => {
  const child = ppc440('debug')
  let said = ''
  child.stderr.on('data', (data: Buffer) => {
    said += data
  })
  expect(await new Promise(done => child.on('exit', done))).toBe(125)
  expect(said).toMatch(/no command "debug"[\s\S]*run PROGRAM\.elf/)
})
