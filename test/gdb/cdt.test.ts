// cdt-gdb-adapter, the debug adapter of Eclipse CDT Cloud, through gdb at our server. It builds native code when it is
// installed, and so is no dependency: `npm install --no-save cdt-gdb-adapter@1.7`, or PPC440_CDT names where it is.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { describe, expect, test } from 'vitest'
import { Framing, framed } from '../../src/dap/framing.ts'
import { until } from '../e2e/support/until.ts'
import { GDB, served } from '../support/gdb.ts'
import { buildVisited, GCC } from '../support/guest.ts'
import { have } from '../support/tools.ts'

function adapter(): string | undefined {
  try {
    const from = process.env.PPC440_CDT ?? import.meta.url
    return createRequire(from).resolve('cdt-gdb-adapter/dist/debugTargetAdapter.js')
  } catch {
    return undefined
  }
}

class Client {
  readonly messages: P.ProtocolMessage[] = []
  readonly #child: ChildProcess
  #seq = 0

  constructor(file: string) {
    this.#child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'ignore'] })
    const framing = new Framing()
    this.#child.stdout!.on('data', (bytes: Uint8Array) => {
      for (const message of framing.push(bytes)) this.messages.push(message as P.ProtocolMessage)
    })
  }

  async ask<B>(command: string, args: object = {}): Promise<B> {
    const seq = ++this.#seq
    this.#child.stdin!.write(framed({ seq, type: 'request', command, arguments: args }))
    const isAnswer = (m: P.ProtocolMessage): m is P.Response =>
      m.type === 'response' && (m as P.Response).request_seq === seq
    const { success, message, body } = await until(command, () => this.messages.find(isAnswer))
    if (!success) throw new Error(message)
    return body as B
  }

  /** The nth event of that name, counted from 0. */
  async event(name: string, n = 0): Promise<P.Event> {
    const isIt = (m: P.ProtocolMessage): m is P.Event => m.type === 'event' && (m as P.Event).event === name
    return await until(name, () => this.messages.filter(isIt)[n])
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

describe.skipIf(adapter() === undefined || !have(GDB) || !have(GCC))('cdt-gdb-adapter', () => {
  test('stops, shows the stack and variables, steps, watches and goes on', async () => {
    const program = buildVisited('board', join(mkdtempSync(join(tmpdir(), 'ppc440-cdt-')), 'visited.elf'))
    const source = resolve('test/guest/gdb/visited.c')
    const line =
      readFileSync(source, 'utf8')
        .split('\n')
        .findIndex(text => text.includes('table[i] = square(i)')) + 1
    const { server, port } = await served(program)
    const client = new Client(adapter()!)
    await client.ask('initialize', {
      adapterID: 'test',
      pathFormat: 'path',
      linesStartAt1: true,
      columnsStartAt1: true,
    })
    const target = { type: 'remote', connectCommands: [`target remote 127.0.0.1:${port}`] }
    const attached = client.ask('attach', { program, gdb: GDB, target })
    await client.event('initialized')
    const { breakpoints } = await client.ask<P.SetBreakpointsResponse['body']>('setBreakpoints', {
      source: { path: source },
      breakpoints: [{ line, condition: 'i == 3' }],
    })
    expect(breakpoints[0]).toMatchObject({ verified: true, line })
    await client.ask('configurationDone')
    await attached
    expect((await client.event('stopped')).body).toMatchObject({ reason: 'breakpoint' })
    const { threads } = await client.ask<P.ThreadsResponse['body']>('threads')
    const threadId = threads[0]!.id
    const { stackFrames } = await client.ask<P.StackTraceResponse['body']>('stackTrace', { threadId })
    expect(stackFrames.map(({ name }) => name)).toEqual(['fill', 'main'])
    const { result } = await client.ask<P.EvaluateResponse['body']>('evaluate', {
      ...{ expression: 'i', frameId: stackFrames[0]!.id, context: 'watch' },
    })
    expect(result).toBe('3')
    await client.ask('stepIn', { threadId })
    expect((await client.event('stopped', 1)).body).toMatchObject({ reason: 'step' })
    const { stackFrames: inner } = await client.ask<P.StackTraceResponse['body']>('stackTrace', { threadId })
    expect(inner[0]!.name).toBe('square')
    client.kill()
    server.close()
  })
})
