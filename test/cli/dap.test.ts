// The adapter as another editor starts it: `ppc440 dap` on standard input and output, and on a port.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
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
  const child = ppc440('nonsense')
  let said = ''
  child.stderr.on('data', (data: Buffer) => {
    said += data
  })
  expect(await new Promise(done => child.on('exit', done))).toBe(125)
  expect(said).toMatch(/no command "nonsense"[\s\S]*run PROGRAM\.elf/)
})

/** What a stream of bytes comes to on standard input: what was said, and the status. */
async function conversation(bytes: string, close = true) {
  const child = ppc440('dap')
  const said = { out: '', error: '' }
  child.stdout.on('data', (data: Buffer) => (said.out += data))
  child.stderr.on('data', (data: Buffer) => (said.error += data))
  if (close) child.stdin.end(bytes)
  else child.stdin.write(bytes)
  return { status: await new Promise(done => child.on('exit', done)), ...said }
}

const message = (body: string, length = Buffer.byteLength(body)) => `Content-Length: ${length}\r\n\r\n${body}`
const THREADS = message('{"seq":7,"type":"request","command":"threads"}')

test.each<[what: string, bytes: string, why: RegExp]>([
  ['JSON that is none', message('{"seq":1,'), /9 bytes is not JSON/],
  ['a length that is too short', message('{"seq":1,"type":"request","command":"threads"}', 5), /5 bytes is not JSON/],
  ['a length that is none', 'Content-Length: abc\r\n\r\n', /gives no length/],
  ['a length of a gigabyte', `Content-Length: ${1 << 30}\r\n\r\n`, /announced/],
  ['a header that never ends', `Content-Type: ${'a'.repeat(5000)}`, /more than 1024 bytes/],
  ['HTTP', 'POST / HTTP/1.1\r\nOrigin: http://evil.example\r\n\r\n', /"P" begins no header/],
])('ppc440 dap: %s ends it with a sentence and status 125, with standard input still open', async (_, bytes, why) => {
  const { status, error } = await conversation(THREADS + bytes, false)
  expect(error).toMatch(why)
  expect(error).not.toMatch(/at .*\.ts|Error:/)
  expect(status).toBe(125)
})

test('ppc440 dap: messages that are no requests are refused, and the session goes on', async () => {
  const { status, out } = await conversation(['null', '[]', '7', '{}'].map(body => message(body)).join('') + THREADS)
  expect(out.match(/no request of the debug adapter protocol/g)).toHaveLength(8)
  expect(out).toMatch(/"request_seq":7,"command":"threads","success":true/)
  expect(status).toBe(0)
})

test('ppc440 dap: a stream that ends in a message is told', async () => {
  const { status, error } = await conversation('Content-Length: 10\r\n\r\n{}')
  expect(error).toMatch(/ended in the middle of a message/)
  expect(status).toBe(125)
})

test.each(['abc', '70000', '-1', '1e3', ''])('ppc440 dap --port %j is refused', async port => {
  const child = ppc440('dap', `--port=${port}`)
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said += data))
  expect(await new Promise(done => child.on('exit', done))).toBe(125)
  expect(said).toBe(`ppc440: --port is ${port}: it must be a port number up to 65535, or 0 for any free one\n`)
})

async function listening() {
  const child = ppc440('dap', '--port', '0')
  const said = { out: '', error: '' }
  child.stdout.on('data', (data: Buffer) => (said.out += data))
  child.stderr.on('data', (data: Buffer) => (said.error += data))
  const port = Number((await until('the port', () => /listening on 127\.0\.0\.1:(\d+)/.exec(said.out)))[1])
  return { port, said }
}

/** All that comes until the other side closes. */
function untilClosed(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (data: Buffer) => (text += data))
  socket.on('error', () => {})
  return new Promise(done => socket.on('close', () => done(text)))
}

test('ppc440 dap --port: a web page that posts to the port, or anything else that is not DAP, is cut off', async () => {
  const { port, said } = await listening()
  for (const bytes of [
    `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\n\r\n${THREADS}`,
    'GET / HTTP/1.1\r\n',
    `Content-Length: 46\r\nOrigin: http://evil.example\r\n\r\n`,
    '\u0016\u0003\u0001',
  ]) {
    const socket = connect(port, '127.0.0.1')
    socket.write(bytes)
    expect(await untilClosed(socket)).toBe('')
  }
  const refused = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: THREADS }).then(
    response => response.text(),
    () => 'refused',
  )
  expect(refused).toBe('refused')
  await until('five refusals', () => said.error.match(/turned away/g)?.length === 5)
  const socket = connect(port, '127.0.0.1')
  await firstStop(new Wire(socket, socket))
})

test('ppc440 dap --port: the seventeenth client is told, and there is room again when one has gone', async () => {
  const { port } = await listening()
  const sockets = Array.from({ length: 16 }, () => connect(port, '127.0.0.1'))
  const wires = sockets.map(socket => new Wire(socket, socket))
  for (const wire of wires) await wire.ask('threads')
  expect(await untilClosed(connect(port, '127.0.0.1'))).toMatch(/serves 16 sessions already: end one/)
  sockets[1]!.destroy()
  await until('a free place', async () => {
    const socket = connect(port, '127.0.0.1')
    const text = untilClosed(socket)
    socket.end(THREADS)
    return /"success":true/.test(await text)
  })
  await firstStop(wires[0]!)
})
