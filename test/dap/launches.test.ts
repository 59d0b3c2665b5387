import { expect, test } from 'vitest'
import { type Left, launches } from './launches.ts'

test('of sessions that have ended, however they ended, nothing is left', async () => {
  const seen: Left[] = []
  await launches(60, 3, (_, left) => seen.push(left))
  const [first, , last] = seen
  expect(last!.sessions).toBeLessThanOrEqual(2)
  expect(last!.handles).toBeLessThanOrEqual(first!.handles)
  expect(last!.heapBytes - first!.heapBytes).toBeLessThan(5e6)
  expect(last!.bufferBytes - first!.bufferBytes).toBeLessThan(5e6)
})
