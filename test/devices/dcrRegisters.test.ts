// Device control registers that only hold.

import { expect, test } from 'vitest'
import { MAL } from '../../src/devices/dcr/mal.ts'
import { MEMORY_QUEUE } from '../../src/devices/dcr/memoryQueue.ts'
import { DcrRegisters } from '../../src/devices/dcrRegisters.ts'

test('a register keeps the bits that it has; what is no register keeps nothing', () => {
  const queue = new DcrRegisters('MQ0', 0x40, MEMORY_QUEUE)
  for (const dcr of [0x40, 0x44, 0x45, 0x48]) queue.write(dcr, -1)
  expect([0x40, 0x44, 0x45, 0x48].map(dcr => queue.read(dcr) >>> 0)).toEqual([0xffe0ffc1, 0, 0xffffffff, 0])
  const other = new DcrRegisters('MQ0', 0x40, MEMORY_QUEUE)
  other.restore(queue.save())
  expect(other.peek(0x40)).toBe(queue.peek(0x40))
})

test('errors are cleared by ones, and a reset by command is done at once', () => {
  const mal = new DcrRegisters('MAL0', 0x180, MAL)
  mal.write(0x180, 0x80000005 | 0)
  expect(mal.read(0x180)).toBe(5)
  const values = [...mal.save()]
  values[1] = 0xf0
  mal.restore(values)
  mal.write(0x181, 0x30)
  expect(mal.read(0x181)).toBe(0xc0)
})
