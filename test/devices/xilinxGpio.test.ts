// XPS GPIO as Linux's gpio-xilinx.c uses it: directions, data, and interrupts of inputs that change.

import { expect, test } from 'vitest'
import { XilinxGpio, type XilinxGpioShape } from '../../src/devices/xilinxGpio.ts'

const [DATA, TRI, DATA2, TRI2, GIER, IPISR, IPIER] = [0x0, 0x4, 0x8, 0xc, 0x11c, 0x120, 0x128]

function gpio(shape: Partial<XilinxGpioShape> = {}) {
  const device = new XilinxGpio('X', { width: 8, isDual: false, hasInterrupt: true, outside: [0x35, 0x5a], ...shape })
  const levels: boolean[] = []
  device.onInterrupt = level => levels.push(level)
  const get = (offset: number): number => device.read(offset, 4) >>> 0
  const put = (offset: number, value: number): void => device.write(offset, 4, value | 0)
  return { device, get, put, levels }
}

test('all pins are inputs after a reset; a driven one reads as it is driven, and no pin is there beyond the width', () => {
  const { get, put } = gpio()
  expect([get(DATA), get(TRI)]).toEqual([0x35, 0xff])
  put(DATA, 0xffffffff)
  expect(get(DATA)).toBe(0x35)
  put(TRI, 0xfffffff0)
  expect([get(DATA), get(TRI)]).toEqual([0x3f, 0xf0])
  put(DATA, 0xfa)
  expect(get(DATA)).toBe(0x3a)
  expect([get(DATA2), get(TRI2)]).toEqual([0, 0])
})

test('the second channel has its own pins, of all 32 bits if there are so many', () => {
  const { get, put } = gpio({ isDual: true, width: 32, outside: [0, 0x80000001] })
  put(TRI2, 0x80000000)
  put(DATA2, 0x7ffffff0)
  expect([get(DATA2), get(TRI2), get(DATA), get(TRI)]).toEqual([0xfffffff0, 0x80000000, 0, 0xffffffff])
})

test('an input that changes interrupts, if it may, until its status is toggled back', () => {
  const { get, put, levels } = gpio({ isDual: true })
  put(IPIER, 3)
  put(GIER, 0xffffffff)
  put(DATA, 0xff)
  put(TRI, 0)
  expect([get(IPISR), get(GIER)]).toEqual([0, 0x80000000])
  put(TRI, 0xff)
  expect([get(IPISR), levels.at(-1)]).toEqual([1, true])
  put(IPISR, 1)
  expect([get(IPISR), levels.at(-1)]).toEqual([0, false])
  put(IPISR, 0xfe)
  expect([get(IPISR), levels.at(-1)]).toEqual([2, true])
  put(IPIER, 1)
  expect(levels.at(-1)).toBe(false)
})

test('without an interrupt there are no registers for one', () => {
  const { device, get, put, levels } = gpio({ hasInterrupt: false })
  for (const offset of [GIER, IPISR, IPIER]) put(offset, 0xffffffff)
  expect([get(GIER), get(IPISR), get(IPIER), levels.includes(true)]).toEqual([0, 0, 0, false])
  expect(device.registers.map(({ name }) => name)).toEqual(['DATA', 'TRI'])
})

test('a snapshot has pins and interrupts', () => {
  const { device, get, put } = gpio({ isDual: true })
  for (const [at, value] of [
    [TRI, 0],
    [DATA, 0x12],
    [DATA2, 7],
    [TRI2, 1],
    [GIER, -1],
    [IPIER, 2],
    [IPISR, 2],
  ] as const)
    put(at, value)
  const other = gpio({ isDual: true })
  other.device.restore(device.save())
  for (const at of [DATA, TRI, DATA2, TRI2, GIER, IPISR, IPIER]) expect([at, other.get(at)]).toEqual([at, get(at)])
  expect(other.levels).toEqual([true])
})
