// A small sample; `npm run test:engines` runs a hundred million instructions.

import { expect, test } from 'vitest'
import { lockStep } from './lockStep.ts'

const SEEDS = 12
const STEPS = 60_000

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'random program %i does the same on the interpreter and on the compiler',
  seed => {
    const engine = seed % 3 === 0 ? 'auto' : 'compiler'
    expect(lockStep(seed, STEPS, engine).difference).toBeUndefined()
  },
)
