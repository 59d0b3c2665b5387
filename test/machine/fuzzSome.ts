// Some of the machines of `npm run test:fuzz`: usage fuzzSome FIRST END STRIDE STEPS. A line for each that differs.

import { fuzz } from './fuzz.ts'

const [first, end, stride, steps] = process.argv.slice(2).map(Number) as [number, number, number, number]

for (let seed = first; seed < end; seed += stride) {
  const hashes = (['whole', 'sliced', 'restored'] as const).map(cut => fuzz(seed, steps, cut))
  if (new Set(hashes).size > 1) {
    console.log(`seed ${seed}: ${hashes.join(' ')}`)
    process.exitCode = 1
  }
}
