// A small sample of random machines; `npm run test:fuzz` runs a thousand for a million steps each.

import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

const SEEDS = 24
const STEPS = 30_000

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'random machine %i ends the same however its run is cut or restored',
  seed => {
    const whole = fuzz(seed, STEPS, 'whole')
    expect(fuzz(seed, STEPS, 'sliced')).toBe(whole)
    expect(fuzz(seed, STEPS, 'restored')).toBe(whole)
  },
)

test('the hash tells machines apart', () => {
  expect(fuzz(1, 1000, 'whole')).not.toBe(fuzz(1, 2000, 'whole'))
  expect(fuzz(1, 1000, 'whole')).not.toBe(fuzz(2, 1000, 'whole'))
})
