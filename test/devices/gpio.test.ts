// GPIO, and registers that a board names itself.

import { expect, test } from 'vitest'
import { buildBoard } from '../../src/boards/build.ts'
import { readBoard } from '../../src/boards/read.ts'
import { writeBoard } from '../../src/boards/write.ts'
import { Gpio } from '../../src/devices/gpio.ts'
import { peekDevice } from '../../src/machine/devices.ts'

test('a pin reads as the program drives it, or as what is outside', () => {
  const gpio = new Gpio('GPIO0', 0xff00ff00)
  expect(gpio.read(0x1c, 4)).toBe(0xff00ff00 | 0)
  gpio.write(0x00, 4, 0x0f0f0f0f)
  gpio.write(0x04, 4, 0xffff0000 | 0)
  gpio.write(0x1c, 4, -1)
  expect(gpio.read(0x1c, 4)).toBe(0x0f0fff00)
  gpio.write(0x05, 1, 0x0f)
  gpio.write(0x0a, 2, 0x1234)
  expect([gpio.read(0x04, 4), gpio.read(0x1d, 1), gpio.read(0x08, 4)]).toEqual([0xff0f0000 | 0, 0x0f, 0x1234])
  const state = structuredClone(gpio.save())
  gpio.write(0x04, 4, 0)
  gpio.restore(state)
  expect(gpio.read(0x1c, 4)).toBe(0x0f0fff00)
})

test('a board names registers of its own', () => {
  const text = (more: string): string =>
    `{ "name": "x", "ram": "1M", "devices": [
       { "name": "CPLD", "type": "registers", "base": "0x80002000", "width": 8, "registers": { "ID": 3, "LEDS": 7 }, ${more} }] }`
  const board = readBoard(text('"reset": { "ID": "0xc0" }'), 'x.json')
  const { cpu } = buildBoard(board, { ramSize: 1 << 20, core: '440ep', cached: false, engine: 'interpreter' })
  cpu.bus.write(0x80002007, 1, 0x55)
  expect([peekDevice(cpu, 'CPLD_ID'), peekDevice(cpu, 'CPLD_LEDS'), cpu.bus.read(0x80002004, 4)]).toEqual([
    ...[0xc0, 0x55, 0x55],
  ])
  expect(readBoard(writeBoard(board), 'again.json')).toEqual(board)
  expect(() => readBoard(text('"reset": { "IDS": 1 }'), 'x.json')).toThrow('CPLD has no register IDS')
  expect(() => readBoard(text('"reset": {}').replace('"width": 8', '"width": 9'), 'x.json')).toThrow(
    '"width" of CPLD is 8, 16 or 32',
  )
  expect(() => readBoard(text('"reset": {}').replace('"width": 8', '"width": 16'), 'x.json')).toThrow(
    'ID of CPLD is 16 bits wide, and at 3',
  )
})
