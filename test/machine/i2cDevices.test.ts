// The parts of an I²C bus as devices that are shown: by what their data sheets say of them.

import { expect, test } from 'vitest'
import { BUILT_IN_BOARDS } from '../../src/boards/builtIn.ts'
import { readElf } from '../../src/elf/elf.ts'
import { devicesOf } from '../../src/machine/devices.ts'
import { Machine } from '../../src/machine/machine.ts'
import { readRegister } from '../../src/machine/registers.ts'
import { replay } from '../../src/machine/replay.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'

const ENTRY = 0x1000
const elf = readElf(writeElf(ENTRY, [{ address: ENTRY, bytes: bytesOf([e.addi(3, 3, 1), e.b(-4)]) }]))
/** A second is no long time on it. */
const board = { ...BUILT_IN_BOARDS.find(({ name }) => name === 'sam460ex')!, clock: 100_000 }
const options = { board, ramSize: 512 << 20, core: board.core, reset: 'boot' } as const
const create = (): Machine => new Machine(options, elf)

test('each is behind its controller, by its address', () => {
  const devices = devicesOf(create().cpu)
  const at = devices.findIndex(({ name }) => name === 'IIC0')
  expect(devices.slice(at, at + 5).map(({ name, text, where }) => [name, text, where])).toEqual([
    ['IIC0', 'IIC controller', '0x4ef600700'],
    ['SPD0', 'DDR2 module of 512 MB', 'I²C 0x50 of IIC0'],
    ['EEPROM0', 'EEPROM of 1024 bytes', 'I²C 0x54 of IIC0'],
    ['RTC', 'clock M41T80', 'I²C 0x68 of IIC0'],
    ['IIC1', 'IIC controller', '0x4ef600800'],
  ])
})

test('a module says what it is: 512 MB are rows, columns, four banks and 8 bytes of one rank', () => {
  const machine = create()
  const byte = (name: string): number => readRegister(machine.vcpu, `SPD0_${name}`)!
  expect(byte('TYPE')).toBe(8)
  expect(2 ** (byte('ROWS') + byte('COLUMNS')) * byte('BANKS') * (byte('WIDTH') / 8)).toBe(512 << 20)
  for (const { name, reset } of devicesOf(machine.cpu).find(({ name }) => name === 'SPD0')!.registers)
    expect([name, readRegister(machine.vcpu, name)]).toEqual([name, reset])
})

test('looking changes nothing, and what is set is set in a run that is gone through again, too', () => {
  const machine = create()
  const before = stateHash(machine)
  const read = (name: string) => readRegister(machine.vcpu, name)
  expect([read('EEPROM0_POINTER'), read('EEPROM0_DATA'), read('RTC_YEAR'), read('RTC_SEC')]).toEqual([0, 0xff, 0, 0])
  expect(stateHash(machine)).toBe(before)
  machine.setRegister('EEPROM0_POINTER', 0x1_0345)
  machine.setRegister('EEPROM0_DATA', 0x5a)
  expect([read('EEPROM0_POINTER'), read('EEPROM0_DATA')]).toEqual([0x345, 0x5a])
  machine.setRegister('EEPROM0_POINTER', 0x344)
  expect(read('EEPROM0_DATA')).toBe(0xff)
  machine.setRegister('RTC_YEAR', 0x26)
  machine.setRegister('RTC_MON', 0x12)
  machine.setRegister('RTC_DAY', 0x31)
  machine.setRegister('RTC_ALARM_MIN', 0x59)
  machine.setRegister('SPD0_ROWS', 14)
  machine.run({ budget: board.clock })
  // 2026-12-31 is a Thursday.
  expect(['YEAR', 'MON', 'DAY', 'WDAY', 'SEC', 'ALARM_MIN'].map(name => read(`RTC_${name}`))).toEqual([
    ...[0x26, 0x12, 0x31, 4, 1, 0x59],
  ])
  expect(read('SPD0_ROWS')).toBe(14)
  const again = create()
  replay(again, machine.inputs)
  again.run({ budget: board.clock })
  expect(stateHash(again)).toBe(stateHash(machine))
})
