// `npm run test:fuzz [SEEDS [STEPS [FIRST]]]`: random machines, each run whole, sliced and restored.

import { fileURLToPath } from 'node:url'
import { everyProcessor } from '../support/everyProcessor.ts'

const [seeds = 1000, steps = 1_000_000, first = 0] = process.argv.slice(2).map(Number)
const program = fileURLToPath(new URL('fuzzSome.ts', import.meta.url))
everyProcessor(program, [first, first + seeds], steps, 'machines')
