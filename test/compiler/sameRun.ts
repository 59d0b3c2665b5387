// One run of `ppc440 run` on every engine: what it prints, how it ends, how many instructions that takes and in which state
// the machine is then have to be the same.

import type { EngineName } from '../../src/compiler/engines.ts'
import { type Finished, runCommand } from '../support/runCommand.ts'

export interface SameRun extends Finished {
  readonly instructions: number
  /** What the engines do not agree in, or undefined. */
  readonly difference: string | undefined
}

/** @returns what the first engine has done */
export async function sameRun(
  argv: readonly string[],
  host: Parameters<typeof runCommand>[1],
  engines: readonly EngineName[] = ['interpreter', 'compiler'],
): Promise<SameRun> {
  const runs = []
  for (const engine of engines) runs.push(parted(await runCommand(['--engine', engine, '--stats', ...argv], host)))
  const first = runs[0]!
  for (const [n, run] of runs.entries())
    for (const part of ['instructions', 'status', 'out', 'error', 'state'] as const)
      if (run[part] !== first[part])
        return { ...first, difference: `${engines[n]}: ${part} is ${show(run[part])} and not ${show(first[part])}` }
  return { ...first, difference: undefined }
}

const show = (value: unknown): string => JSON.stringify(value).slice(0, 200)

/** The line of JSON is the last on standard error. */
function parted({ status, out, error }: Finished) {
  const at = error.lastIndexOf('{"instructions"')
  if (at < 0) return { status, out, error, instructions: -1, state: '' }
  const { instructions, state } = JSON.parse(error.slice(at)) as { instructions: number; state: string }
  return { status, out, error: error.slice(0, at), instructions, state }
}
