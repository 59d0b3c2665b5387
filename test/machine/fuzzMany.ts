// `npm run test:fuzz [SEEDS [STEPS [FIRST]]]`: random machines, each run whole, sliced and restored; every processor
// takes its share. Bundled first, which makes the core five times as fast as a loader that transpiles each module.

import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const [seeds = 1000, steps = 1_000_000, first = 0] = process.argv.slice(2).map(Number)
const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const program = beside('../../.cache/fuzz/some.mjs')
buildSync({ entryPoints: [beside('fuzzSome.ts')], outfile: program, bundle: true, platform: 'node', format: 'esm' })

const started = performance.now()
const processors = availableParallelism()
for (let n = 0; n < processors; n++) {
  const share = [first + n, first + seeds, processors, steps].map(String)
  spawn(process.execPath, [program, ...share], { stdio: 'inherit' }).on('exit', status => {
    if (status !== 0) process.exitCode = 1
  })
}
process.on('exit', () => {
  console.log(`${seeds} machines, ${steps} steps, ${Math.round((performance.now() - started) / 1000)} s`)
})
