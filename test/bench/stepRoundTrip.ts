// A step with everything an editor then asks for, at our adapter and at cdt-gdb-adapter with gdb and qemu-ppc: the same
// program, the same lines, alternating, each in a process of its own that speaks DAP on its standard streams.

import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DebugProtocol as P } from '@vscode/debugprotocol'
import { Framing, framed } from '../../src/dap/framing.ts'
import { buildWithSource } from './build.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** A block of steps at the one adapter, then at the other. */
const BLOCK = 50
const PORT = 20_000 + (process.pid % 20_000)

/** A debug adapter in a process of its own. */
class Adapter {
  readonly #process: ChildProcess
  readonly #framing = new Framing()
  readonly #answers = new Map<number, (body: unknown) => void>()
  readonly #waiting = new Map<string, () => void>()
  #seq = 0

  constructor(command: readonly [string, ...string[]]) {
    const [file, ...args] = command
    this.#process = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#process.stdout!.on('data', (bytes: Uint8Array) => {
      for (const message of this.#framing.push(bytes)) this.#take(message as P.ProtocolMessage)
    })
  }

  #take(message: P.ProtocolMessage): void {
    if (message.type === 'event') {
      const { event } = message as P.Event
      this.#waiting.get(event)?.()
      this.#waiting.delete(event)
    } else if (message.type === 'response') {
      const { request_seq, success, body, message: why } = message as P.Response
      if (!success) throw new Error(`${why}`)
      this.#answers.get(request_seq)?.(body)
      this.#answers.delete(request_seq)
    }
  }

  ask<T>(command: string, args: unknown = {}): Promise<T> {
    const seq = ++this.#seq
    this.#process.stdin!.write(framed({ seq, type: 'request', command, arguments: args }))
    return new Promise(resolve => this.#answers.set(seq, resolve as (body: unknown) => void))
  }

  event(name: string): Promise<void> {
    return new Promise(resolve => this.#waiting.set(name, resolve))
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }
}

type Begin = readonly ['launch' | 'attach', object]

/** Starts it and runs to the first line of the loop. */
async function begin(adapter: Adapter, [how, args]: Begin, source: string, line: number): Promise<void> {
  await adapter.ask('initialize', {
    adapterID: 'bench',
    pathFormat: 'path',
    linesStartAt1: true,
    columnsStartAt1: true,
  })
  const ready = adapter.event('initialized')
  const stopped = adapter.event('stopped')
  const launched = adapter.ask(how, args)
  await ready
  await adapter.ask('setBreakpoints', { source: { path: source }, breakpoints: [{ line }] })
  await adapter.ask('configurationDone')
  await launched
  await stopped
  await adapter.ask('setBreakpoints', { source: { path: source }, breakpoints: [] })
}

/** Milliseconds from the request to the last answer: the stop, the stack, the scopes, the local variables. */
async function step(adapter: Adapter): Promise<number> {
  const started = performance.now()
  const stopped = adapter.event('stopped')
  const { threads } = await adapter.ask<P.ThreadsResponse['body']>('threads')
  const threadId = threads[0]!.id
  await adapter.ask('next', { threadId })
  await stopped
  const { stackFrames } = await adapter.ask<P.StackTraceResponse['body']>('stackTrace', { threadId, levels: 20 })
  const { scopes } = await adapter.ask<P.ScopesResponse['body']>('scopes', { frameId: stackFrames[0]!.id })
  const { variablesReference } = scopes.find(({ name }) => /local/i.test(name))!
  await adapter.ask('variables', { variablesReference })
  return performance.now() - started
}

/** It builds native code when it is installed, and so is no dependency: `npm install --no-save cdt-gdb-adapter@1.7`. */
function cdtGdbAdapter(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('cdt-gdb-adapter/dist/debugTargetAdapter.js')
  } catch {
    return undefined
  }
}

/** @returns milliseconds of each step, by adapter; undefined where there is nothing to compare with */
export async function stepRoundTrips(
  blocks: number,
): Promise<{ readonly ours: readonly number[]; readonly gdb: readonly number[] } | undefined> {
  const cdt = cdtGdbAdapter()
  if (cdt === undefined) return undefined
  const { program, source } = buildWithSource('conditions')
  const line = 13
  const rounds = '1000000'
  const ours = new Adapter([process.execPath, join(root, 'dist/cli.js'), 'dap'])
  const qemu = spawn('qemu-ppc', ['-g', String(PORT), program, rounds], { stdio: 'ignore' })
  const gdb = new Adapter([process.execPath, cdt])
  await begin(ours, ['launch', { program, args: [rounds], machine: 'linux-user' }], source, line)
  const target = { type: 'remote', connectCommands: ['set sysroot /', `target remote 127.0.0.1:${PORT}`] }
  await begin(gdb, ['attach', { program, gdb: 'gdb-multiarch', target }], source, line)
  const times = { ours: [] as number[], gdb: [] as number[] }
  for (let block = 0; block < blocks; block++)
    for (const [adapter, list] of [[ours, times.ours] as const, [gdb, times.gdb] as const])
      for (let n = 0; n < BLOCK; n++) list.push(await step(adapter))
  ours.kill()
  gdb.kill()
  qemu.kill('SIGKILL')
  return times
}
