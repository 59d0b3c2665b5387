// When a counter comes to a value of which only some bits count: beside counting.

import { expect, test } from 'vitest'
import { nextEqual } from '../../src/devices/nextEqual.ts'
import { Random } from '../support/random.ts'

const isEqual = (count: number, wanted: number, ignored: number): boolean => ((count ^ wanted) & ~ignored) === 0

const MOST = 3000

/** Undefined: not soon. */
function byCounting(count: number, wanted: number, ignored: number): number | undefined {
  for (let n = 0; n < MOST; n++) if (isEqual(count + n, wanted, ignored)) return n
  return undefined
}

test('it is the first count that is equal', () => {
  const random = new Random(32)
  const found: number[] = []
  for (let n = 0; n < 4000; n++) {
    const ignored = random.pick([~0x3ff, ~0xa5, ~0x3f0, ~0x8000_000f, ~0x38]) | (random.word() & random.word())
    const near = random.pick([0x7fff_fff0, 0xffff_ffe0, 0, random.word()])
    const [count, wanted] = [(near + random.below(64)) | 0, random.word()]
    const counted = byCounting(count, wanted, ignored)
    const counts = nextEqual(count, wanted, ignored)
    if (counted !== undefined) found.push(counts)
    // What is not soon comes once, and is equal then.
    const isRight =
      counted === undefined ? counts >= MOST && isEqual(count + counts, wanted, ignored) : counts === counted
    expect({ count, wanted, ignored, counts, counted, isRight }).toMatchObject({ isRight: true })
  }
  expect([found.length > 2000, found.some(counts => counts > 500)]).toEqual([true, true])
})

test('where all bits count it is the distance, the long way round, too', () => {
  expect(nextEqual(5, 5, 0)).toBe(0)
  expect(nextEqual(5, 4, 0)).toBe(2 ** 32 - 1)
  expect(nextEqual(-1, 0, 0)).toBe(1)
  expect(nextEqual(0, -1, 0)).toBe(2 ** 32 - 1)
  expect(nextEqual(0x7fff_ffff, 0x8000_0000 | 0, 0)).toBe(1)
  expect(nextEqual(123, 456, -1)).toBe(0)
})
