// One processor's share of `npm run test:engines`: seeds from FIRST to LAST in steps of STRIDE.

import { lockStep, TRIALS, type Trial } from './lockStep.ts'

const [first, last, stride, steps] = process.argv.slice(2).map(Number)
const trials = Object.keys(TRIALS) as Trial[]
let executed = 0
for (let seed = first!; seed < last!; seed += stride!) {
  const { difference, retired } = lockStep(seed, steps!, trials[seed % trials.length])
  executed += retired
  if (difference === undefined) continue
  console.log(`program ${seed}: ${difference}`)
  process.exitCode = 1
}
console.log(`${executed} instructions`)
