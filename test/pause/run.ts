// `npm run test:pause [SAMPLES [GUEST [ENGINE]]]`: how long a pause takes, from the request to the stop, for guests that are busy with
// everything a guest can be busy with; and how long a disconnect takes. The adapter is in a worker, as in the editor.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { buildSync } from 'esbuild'
import { answer } from '../../src/host/askedFiles.ts'
import type { FromWorker, ToWorker } from '../../src/host/channel.ts'
import { nodeFiles } from '../../src/host/nodeFiles.ts'
import { Random } from '../support/random.ts'
import { guestsIn } from './guests.ts'

const samples = Number(process.argv[2] ?? 1000)
const only = process.argv[3] ?? ''
const engine = process.argv[4] ?? 'auto'
const GOAL_MS = 50
const LONGEST_RUN_MS = 20
const ANSWER_MS = 10_000
/** Of programs that end by themselves. */
const MOST_LAUNCHES = 20

const bundle = fileURLToPath(new URL('../../.cache/pause/worker.cjs', import.meta.url))
const worker = fileURLToPath(new URL('../../src/worker.ts', import.meta.url))
buildSync({ entryPoints: [worker], outfile: bundle, bundle: true, platform: 'node', format: 'cjs', minify: true })

const random = new Random(1)
const sleep = (ms: number): Promise<void> => new Promise(wake => void setTimeout(wake, ms))

/** A session in a worker, whose messages are answered one after the other. */
class Client {
  readonly #worker = new Worker(bundle)
  readonly #waiting = new Map<string, (body: unknown) => void>()
  #seq = 0
  hasEnded = false

  constructor() {
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'file')
        return void answer(nodeFiles, message.question).then(reply =>
          this.#post({ kind: 'file', id: message.id, answer: reply }),
        )
      const dap = message.message as unknown as { type: string; event?: string; request_seq?: number; body?: unknown }
      this.#take(dap.type === 'event' ? dap.event! : String(dap.request_seq), dap)
    })
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  #take(key: string, body: unknown): void {
    // A program that stopped by itself, as a fatal signal has it, cannot be paused either.
    if (key === 'stopped' && !this.#waiting.has(key)) this.hasEnded = true
    this.#waiting.get(key)?.(body)
    this.#waiting.delete(key)
    if (key !== 'terminated') return
    this.hasEnded = true
    this.#take('stopped', undefined)
  }

  /** The next of that name; undefined where the program ended, or nothing came. */
  next(key: string): Promise<unknown> {
    return new Promise(come => {
      const timer = setTimeout(() => come(undefined), ANSWER_MS)
      this.#waiting.set(key, body => {
        clearTimeout(timer)
        come(body)
      })
    })
  }

  ask(command: string, args: object = {}): Promise<unknown> {
    const seq = ++this.#seq
    this.#post({ kind: 'dap', message: { type: 'request', seq, command, arguments: args } as never })
    return this.next(String(seq))
  }

  async launch(args: object): Promise<void> {
    await this.ask('initialize', { adapterID: 'ppc440' })
    const initialized = this.next('initialized')
    const response = (await this.ask('launch', args)) as { success: boolean; message?: string }
    if (!response.success) throw new Error(response.message)
    await initialized
    await this.ask('configurationDone')
  }

  end(): Promise<number> {
    return this.#worker.terminate()
  }
}

interface Measured {
  readonly pauses: number[]
  readonly disconnect: number
}

async function measure(args: object): Promise<Measured> {
  let client = new Client()
  await client.launch(args)
  const pauses: number[] = []
  for (let launches = 1; pauses.length < samples; ) {
    await sleep(random.below(LONGEST_RUN_MS * 10) / 10)
    if (!client.hasEnded) {
      const stopped = client.next('stopped')
      const started = performance.now()
      void client.ask('pause', { threadId: 1 })
      await stopped
      pauses.push(performance.now() - started)
    }
    if (!client.hasEnded) await client.ask('continue', { threadId: 1 })
    else if (launches++ < MOST_LAUNCHES) {
      await client.end()
      client = new Client()
      await client.launch(args)
    } else break
  }
  const started = performance.now()
  await client.ask('disconnect')
  const disconnect = performance.now() - started
  await client.end()
  return { pauses, disconnect }
}

/** The nearest rank: that share of all is not above it. */
const at = (sorted: readonly number[], share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'pause-'))
  const guests = guestsIn(directory).filter(([name]) => name.includes(only))
  const all: number[] = []
  let failed = false
  console.log(`${'guest'.padEnd(26)}    p50    p99  p99.9    max  disconnect (ms, ${samples} pauses each)`)
  for (const [name, launch] of guests) {
    const { pauses, disconnect } = await measure({ ...launch, engine })
    if (pauses.length === 0) continue
    const sorted = pauses.sort((a, b) => a - b)
    all.push(...sorted)
    const figures = [at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), sorted.at(-1)!, disconnect]
    const isSlow = at(sorted, 0.999) >= GOAL_MS || disconnect >= GOAL_MS
    failed ||= isSlow
    console.log(`${name.padEnd(26)} ${figures.map(ms => ms.toFixed(1).padStart(6)).join(' ')}${isSlow ? '  <--' : ''}`)
  }
  all.sort((a, b) => a - b)
  console.log(
    `all: p50 ${at(all, 0.5).toFixed(1)}, p99 ${at(all, 0.99).toFixed(1)}, p99.9 ${at(all, 0.999).toFixed(1)} ms`,
  )
  rmSync(directory, { recursive: true })
  process.exitCode = failed ? 1 : 0
}

void main()
