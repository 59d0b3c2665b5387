// Registers behind CFGADDR and CFGDATA: what a program reads and writes, what views see, and what firmware computes of them.

import { expect, test } from 'vitest'
import { buildBoard } from '../../src/boards/build.ts'
import { BAMBOO } from '../../src/boards/builtIn.ts'
import type { BoardDescription } from '../../src/boards/description.ts'
import { readBoard } from '../../src/boards/read.ts'
import { writeBoard } from '../../src/boards/write.ts'
import { SDRAM_DDR } from '../../src/devices/indirect/sdramDdr.ts'
import { SYSTEM_440EP } from '../../src/devices/indirect/system440ep.ts'
import { IndirectDcr } from '../../src/devices/indirectDcr.ts'
import { deviceRegister, peekDevice, pokeDevice } from '../../src/machine/devices.ts'

const cpuOf = (board: BoardDescription) =>
  buildBoard(board, { ramSize: 1 << 20, core: board.core, cached: false, engine: 'interpreter' }).cpu
const bamboo = () => cpuOf(BAMBOO)

test('a register is what CFGADDR names, and views see it without that', () => {
  const cpu = bamboo()
  cpu.dcr.write(0x012, 0x23)
  cpu.dcr.write(0x013, 0x12345678)
  cpu.dcr.write(0x012, 0x05)
  cpu.dcr.write(0x013, 0x80018000)
  cpu.dcr.write(0x012, 0x23)
  expect([cpu.dcr.read(0x012), cpu.dcr.read(0x013)]).toEqual([0x23, 0x12345678])
  expect(['EBC0_CFGADDR', 'EBC0_CFGDATA', 'EBC0_CFG', 'EBC0_B5CR'].map(name => peekDevice(cpu, name))).toEqual([
    0x23, 0x12345678, 0x12345678, 0x80018000,
  ])
  expect(pokeDevice(cpu, 'EBC0_B1AP', 0x1111)).toBe(true)
  expect([cpu.dcr.read(0x012), peekDevice(cpu, 'EBC0_B1AP')]).toEqual([0x23, 0x1111])
  expect(deviceRegister(cpu, 'sdr0_pinstp')?.text).toBe('strap pins')
})

test('firmware computes the clocks of the Bamboo board', () => {
  const cpu = bamboo()
  const field = (name: string, shift: number, mask: number, most: number): number =>
    (peekDevice(cpu, name)! >>> shift) & mask || most
  // 440EP user's manual, clocking: the feedback is taken from output A of the PLL.
  const forwardA = field('CPR0_PLLD', 16, 15, 16)
  const vco = (100 / 3) * field('CPR0_PLLD', 24, 31, 32) * field('CPR0_PLLD', 0, 63, 64) * forwardA
  const plb = vco / field('CPR0_PLLD', 8, 7, 8) / field('CPR0_PRIMBD', 24, 7, 8)
  const slower = ['CPR0_OPBD', 'CPR0_PERD', 'CPR0_SPCID'].map(
    name => plb / field(name, 24, name === 'CPR0_PERD' ? 7 : 3, 4),
  )
  expect([vco / forwardA / field('CPR0_PRIMAD', 24, 7, 8), plb, ...slower].map(Math.round)).toEqual([
    400, 133, 67, 33, 33,
  ])
  expect(peekDevice(cpu, 'SDR0_SDSTP0')! & 0x1fffe).toBe((12 << 12) | (2 << 8) | (6 << 5) | (1 << 2) | 2)
})

test('straps stay what they are; what the table has not is held, and told', () => {
  const sdr = new IndirectDcr('SDR0', 0x00e, SYSTEM_440EP, { PINSTP: 0xa0000000 })
  const unknown: number[] = []
  sdr.onUnknown = index => unknown.push(index)
  const read = (index: number): number => {
    sdr.write(0x00e, index)
    return sdr.read(0x00f)
  }
  const write = (index: number, value: number): void => {
    sdr.write(0x00e, index)
    sdr.write(0x00f, value)
  }
  write(0x40, 0)
  write(0x4101, 0x12)
  write(0x777, 0x34)
  expect([read(0x40), read(0x4101), read(0x777), read(0x778)]).toEqual([0xa0000000 | 0, 0x12, 0x34, 0])
  expect(unknown).toEqual([0x777, 0x777, 0x778])
  const state = structuredClone(sdr.save())
  write(0x4101, 0)
  sdr.restore(state)
  expect([sdr.peek(0x00e), read(0x4101), read(0x777)]).toEqual([0x778, 0x12, 0x34])
  expect(() => new IndirectDcr('SDR0', 0x00e, SYSTEM_440EP, { PINSTRAP: 0 })).toThrow('SDR0 has no register PINSTRAP')
})

test('the SDRAM controller says that the parts have their mode once it is enabled; errors go by a 1', () => {
  const sdram = new IndirectDcr('SDRAM0', 0x010, SDRAM_DDR, { BESR0: 0xff })
  const { peek, write } = sdram.indirect
  expect(peek(0x24)).toBe(0x20000000)
  write(0x24, -1)
  write(0x20, 0x80000000)
  expect(peek(0x24) >>> 0).toBe(0xa0000000)
  write(0x21, 0x80000000)
  expect(peek(0x24) >>> 0).toBe(0xe0000000)
  write(0x00, 0x0f)
  expect(peek(0x00)).toBe(0xf0)
})

test('a description has another strap by name, and a mistake in it is said with its line', () => {
  const text = (name: string): string =>
    `{ "name": "x", "ram": "1M",\n "devices": [{ "name": "SDR0", "type": "sdr-440ep", "dcr": "0x00e", "reset": { "${name}": "0xa0000000" } }] }`
  const board = readBoard(text('PINSTP'), 'x.json')
  expect(readBoard(writeBoard(board), 'x.json')).toEqual(board)
  expect(peekDevice(cpuOf(board), 'SDR0_PINSTP')).toBe(0xa0000000)
  expect(() => readBoard(text('PINSTAP'), 'x.json')).toThrow('x.json:2:14: SDR0 has no register PINSTAP')
})
