// The thread of a fuzz: gives a surface its inputs and posts what was thrown that is no refusal by sentence.

import { parentPort, workerData } from 'node:worker_threads'
import { DwarfError } from '../../src/dwarf/error.ts'
import { ElfError } from '../../src/elf/error.ts'
import { UserError } from '../../src/util/userError.ts'
import { Random } from '../support/random.ts'
import { type Failure, Shared, type Surface } from './surface.ts'

/** Answers to bad input. */
const REFUSALS = [UserError, ElfError, DwarfError]

export async function work(surface: Surface): Promise<void> {
  const { shared, first, end } = workerData as { shared: Float64Array; first: number; end: number }
  process.setSourceMapsEnabled(true)
  await surface.prepare?.()
  for (let seed = first; seed < end; seed++) {
    shared[Shared.seed] = seed
    shared[Shared.since] = Date.now()
    const started = performance.now()
    try {
      const running = surface.run(new Random(seed))
      if (running !== undefined) await running
    } catch (error) {
      if (!REFUSALS.some(kind => error instanceof kind)) fail(seed, error)
    }
    const ms = performance.now() - started
    if (ms <= shared[Shared.slowestMs]) continue
    shared[Shared.slowestMs] = ms
    shared[Shared.slowestSeed] = seed
  }
  // What is left open would keep the thread: it is done.
  process.exit()
}

function fail(seed: number, error: unknown): void {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
  parentPort!.postMessage({ seed, why } satisfies Failure)
}
