// `npm run test:fuzz [SEEDS [STEPS [FIRST]]]`: random machines, each run whole, sliced and restored.

import { fuzz } from './fuzz.ts'

const [seeds = 1000, steps = 1_000_000, first = 0] = process.argv.slice(2).map(Number)

const started = performance.now()
for (let seed = first; seed < first + seeds; seed++) {
  const hashes = (['whole', 'sliced', 'restored'] as const).map(cut => fuzz(seed, steps, cut))
  if (new Set(hashes).size > 1) {
    console.log(`seed ${seed}: ${hashes.join(' ')}`)
    process.exitCode = 1
  }
}
console.log(`${seeds} machines, ${steps} steps, ${Math.round((performance.now() - started) / 1000)} s`)
