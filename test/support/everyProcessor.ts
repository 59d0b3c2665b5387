// A long run on every processor: each takes its share of the seeds.

import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const CACHE = fileURLToPath(new URL('../../.cache/shares', import.meta.url))

/**
 * Runs `program` once a processor with the arguments FIRST, END, STRIDE and STEPS. Bundled first, which makes the core
 * five times as fast as a loader that transpiles each module.
 * @param program a file; @param what the seeds are of, for the last line
 */
export function everyProcessor(
  program: string,
  seeds: readonly [first: number, end: number],
  steps: number,
  what: string,
) {
  const outfile = join(CACHE, `${basename(program, '.ts')}.mjs`)
  buildSync({ entryPoints: [program], outfile, bundle: true, platform: 'node', format: 'esm' })
  const started = performance.now()
  const processors = availableParallelism()
  for (let n = 0; n < processors; n++) {
    const share = [seeds[0] + n, seeds[1], processors, steps].map(String)
    spawn(process.execPath, [outfile, ...share], { stdio: 'inherit' }).on('exit', status => {
      if (status !== 0) process.exitCode = 1
    })
  }
  process.on('exit', () => {
    console.log(`${seeds[1] - seeds[0]} ${what}, ${steps} steps, ${Math.round((performance.now() - started) / 1000)} s`)
  })
}
