// A fuzz: inputs by seed, one after the other, in a thread that is watched. What hangs, fills memory, or throws what is
// no answer to bad input is a failure, told by its seed.

import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { bundle } from './bundle.ts'
import { type Failure, Shared } from './surface.ts'

export interface Report {
  readonly inputs: number
  readonly slowest: { readonly ms: number; readonly seed: number }
  /** Bytes the process grew by at most. */
  readonly growth: { readonly bytes: number; readonly seed: number }
  readonly failures: readonly Failure[]
}

export interface Limits {
  /** Longer for one input, and it hangs. */
  readonly milliseconds: number
  /** What the process may grow by. */
  readonly bytes: number
}

/** How often the watcher looks. */
const WATCH_MS = 10
/** Failures beyond these are more of the same. */
const FAILURES = 50

/** Gives `surface` `count` inputs, from seed `first` on. */
export async function fuzz(
  surface: string,
  first: number,
  count: number,
  limits: Limits,
  progress?: (sofar: Report) => void,
): Promise<Report> {
  const program = await bundle(surface)
  const run = new Run(program, limits, progress)
  const end = first + count
  for (let next = first; next < end; ) {
    const ended = await run.stretch(next, end)
    next = ended === undefined || run.failures.length >= FAILURES ? end : ended + 1
  }
  rmSync(program)
  return run.report()
}

class Run {
  readonly failures: Failure[] = []
  readonly #shared = new Float64Array(new SharedArrayBuffer(8 * Shared.count))
  readonly #program: string
  readonly #limits: Limits
  readonly #progress: ((sofar: Report) => void) | undefined
  #growth = { bytes: 0, seed: 0 }
  #first: number | undefined

  constructor(program: string, limits: Limits, progress: ((sofar: Report) => void) | undefined) {
    this.#program = program
    this.#limits = limits
    this.#progress = progress
  }

  /** Inputs in one thread, until all are done. @returns the seed at which it had to be ended, if it had to. */
  stretch(first: number, end: number): Promise<number | undefined> {
    this.#first ??= first
    this.#shared[Shared.since] = 0
    const worker = new Worker(this.#program, {
      workerData: { shared: this.#shared, first, end },
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.bytes >>> 20 },
    })
    return new Promise((resolve, reject) => {
      let bytes: number | undefined
      let ended: number | undefined
      const timer = setInterval(() => {
        if (this.#shared[Shared.since] === 0) return
        bytes ??= process.memoryUsage.rss()
        const wrong = this.#watch(process.memoryUsage.rss() - bytes)
        if (wrong !== undefined) over(wrong)
        this.#progress?.(this.report())
      }, WATCH_MS)
      const over = (wrong: string): void => {
        if (this.#shared[Shared.since] === 0) reject(new Error(wrong))
        if (ended !== undefined) return
        ended = this.#shared[Shared.seed]
        this.failures.push({ seed: ended, why: wrong })
        void worker.terminate()
      }
      worker.on('message', (failure: Failure) => {
        this.failures.push(failure)
        if (this.failures.length >= FAILURES) void worker.terminate()
      })
      worker.on('error', error => over(error.stack ?? error.message))
      worker.on('exit', status => {
        // Node's status for a promise that nothing is left to settle.
        if (status === 13) over('waits for ever')
        clearInterval(timer)
        resolve(ended)
      })
    })
  }

  /** What is wrong with the input that runs, if anything is. */
  #watch(growth: number): string | undefined {
    const { milliseconds, bytes } = this.#limits
    if (growth > this.#growth.bytes) this.#growth = { bytes: growth, seed: this.#shared[Shared.seed] }
    if (growth > bytes) return `the process grew by ${growth >>> 20} MB`
    // A thread's performance clock starts with the thread: only the wall's is shared.
    const hangs = Date.now() - this.#shared[Shared.since] > milliseconds
    return hangs ? `took longer than ${milliseconds} ms` : undefined
  }

  report(): Report {
    return {
      inputs: this.#shared[Shared.seed] + 1 - this.#first!,
      slowest: { ms: this.#shared[Shared.slowestMs], seed: this.#shared[Shared.slowestSeed] },
      growth: this.#growth,
      failures: this.failures,
    }
  }
}
