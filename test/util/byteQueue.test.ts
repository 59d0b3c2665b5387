import { expect, test } from 'vitest'
import { ByteQueue } from '../../src/util/byteQueue.ts'
import { Random } from '../support/random.ts'

test('bytes come out in the order they went in, however they were cut', () => {
  const random = new Random(7)
  const queue = new ByteQueue()
  const model: number[] = []
  for (let i = 0; i < 3000; i++) {
    if (random.chance(30)) {
      queue.add(i & 0xff)
      model.push(i & 0xff)
    } else if (random.chance(50)) {
      const some = Array.from({ length: random.below(random.chance(5) ? 5000 : 20) }, () => random.below(256))
      queue.add(random.chance(50) ? some : Uint8Array.from(some))
      model.push(...some)
    } else {
      const most = random.below(400)
      expect([...queue.take(most)]).toEqual(model.splice(0, most))
    }
    expect([queue.length, queue.first]).toEqual([model.length, model[0]])
  }
  expect([...queue.copy()]).toEqual(model)
  expect([...queue.take()]).toEqual(model)
  expect(queue.length).toBe(0)
})

test('one write of 10 MB is no problem, nor are a million of one byte', () => {
  const queue = new ByteQueue()
  queue.add(new Uint8Array(10 << 20).fill(3))
  for (let i = 0; i < 1 << 20; i++) queue.add(4)
  expect(queue.length).toBe(11 << 20)
  expect(queue.take(10 << 20).at(-1)).toBe(3)
  expect(queue.first).toBe(4)
})
