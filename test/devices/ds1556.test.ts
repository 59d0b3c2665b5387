// Memory with a clock, as U-Boot's driver reads and sets it.

import { expect, test } from 'vitest'
import { Calendar } from '../../src/devices/calendar.ts'
import { Ds1556 } from '../../src/devices/ds1556.ts'

test('the clock stands still while it is read, and is set while W is set', () => {
  let cycle = 0
  const nvram = new Ds1556('NVRAM', 0x2000, new Calendar(Date.UTC(2026, 11, 31, 23, 59, 59), () => cycle, 100))
  const time = (): number[] => Array.from({ length: 8 }, (_, n) => nvram.read(0x1ff8 + n, 1))
  expect(time()).toEqual([0x20, 0x59, 0x59, 0x23, 5, 0x31, 0x12, 0x26])
  nvram.write(0x1ff8, 1, 0x20 | 0x40)
  cycle = 100
  expect(time()).toEqual([0x60, 0x59, 0x59, 0x23, 5, 0x31, 0x12, 0x26])
  nvram.write(0x1ff8, 1, 0x20)
  expect(time()).toEqual([0x20, 0, 0, 0, 6, 1, 1, 0x27])
  nvram.write(0x1ff9, 1, 0x33)
  expect(time()[1]).toBe(0)
  nvram.write(0x1ff8, 1, 0x80)
  for (const [n, byte] of [0x30, 0x45, 0x12, 4, 0x28, 0x02, 0x96].entries()) nvram.write(0x1ff9 + n, 1, byte)
  nvram.write(0x1ff8, 1, 0x19 | 0x80)
  nvram.write(0x1ff8, 1, 0x19)
  const saved = structuredClone(nvram.save())
  cycle += 100 * 86400
  expect(time()).toEqual([0x19, 0x30, 0x45, 0x12, 5, 0x29, 0x02, 0x96])
  nvram.write(0, 4, 0x12345678)
  expect([nvram.read(0, 4), nvram.read(2, 1)]).toEqual([0x12345678, 0x56])
  nvram.restore(saved)
  expect([nvram.read(0, 4), time()[5]]).toEqual([0, 0x29])
})
