// The kinds of devices around an I²C bus: the controller, and the parts that may be on it.

import { Eeprom, eepromShape } from '../devices/i2c/eeprom.ts'
import { M41t80 } from '../devices/i2c/m41t80.ts'
import { type ModuleKind, modulesOf, spdOf } from '../devices/i2c/spd.ts'
import { Iic } from '../devices/iic.ts'
import { fromBase64 } from '../util/base64.ts'
import type { DeviceDescription } from './description.ts'
import type { BoardPart, BoardPlace, DeviceKind } from './deviceKinds.ts'
import { calendarOf, TIME_OPTION } from './startTime.ts'

const MOST_EEPROM = 64 << 10
const LEAST_EEPROM = 128
const NO_PART: BoardPart = { state: { save: () => ({}), restore: () => {} } }

function eepromOf(contents: Uint8Array, size: number, { i2c }: DeviceDescription, place: BoardPlace): BoardPart {
  if (contents.length > size) throw new Error(`it has ${contents.length} bytes, and its size is ${size}`)
  const eeprom = new Eeprom(eepromShape(size), contents)
  for (const [n, part] of eeprom.parts().entries()) place.i2c!.attach(i2c!.address + n, part)
  return { state: eeprom }
}

const number = (value: unknown, standard: number): number => (value as number | undefined) ?? standard

/** The EEPROM of a memory module, which says what of the board's RAM is on it. */
const memoryModule = (kind: ModuleKind, text: string): DeviceKind => ({
  text: `EEPROM of a ${text} memory module: as much of RAM as one module can hold`,
  place: 'i2c',
  outputs: [],
  options: {
    module: {
      kind: 'number',
      text: 'which of the modules it is, from 0; each holds the most that fits of what is left',
    },
    soldered: { kind: 'number', text: 'bytes of RAM that are on no module' },
  },
  compatible: [],
  create(device, place) {
    const { options } = device
    const module = number(options.module, 0)
    const inModules = place.ramSize - number(options.soldered, 0)
    const size = modulesOf(kind, inModules, module + 1)[module]!
    return size === 0 ? NO_PART : eepromOf(spdOf(kind, size), 256, device, place)
  },
})

export const I2C_KINDS: Readonly<Record<string, DeviceKind>> = {
  iic: {
    text: 'IIC controller of the 4xx parts, with an I²C bus for parts with "i2c"',
    place: 'bus',
    outputs: ['interrupt'],
    size: 0x20,
    options: {},
    compatible: ['ibm,iic'],
    create({ name, base }, { bus }) {
      const iic = new Iic(name)
      bus.map(base!, iic)
      return {
        state: iic,
        i2c: iic.bus,
        connect(hear) {
          iic.onInterrupt = level => hear(0, level)
        },
      }
    },
  },
  eeprom: {
    text: 'serial EEPROM of the 24C family on an I²C bus; what is written stays while the machine runs',
    place: 'i2c',
    outputs: [],
    options: {
      size: { kind: 'number', text: 'bytes, a power of 2 from 128 to 64K; 256 where nothing is said' },
      file: { kind: 'text', text: 'what it holds, by its path from the folder of the description' },
      base64: { kind: 'base64', text: 'what it holds; the rest is erased, ones' },
    },
    compatible: ['atmel,24c02', 'at,24c02'],
    create(device, place) {
      const size = number(device.options.size, 256)
      if (size < LEAST_EEPROM || size > MOST_EEPROM || Math.log2(size) % 1 !== 0)
        throw new Error(`"size" of ${device.name} is a power of 2 from 128 to 64K`)
      const { base64 } = device.options
      const contents = base64 === undefined ? new Uint8Array() : fromBase64(base64 as string)
      if (contents === undefined) throw new Error(`"base64" of ${device.name} is what base64 makes of bytes`)
      return eepromOf(contents, size, device, place)
    },
  },
  'spd-ddr': memoryModule('ddr', 'DDR'),
  'spd-ddr2': memoryModule('ddr2', 'DDR2'),
  m41t80: {
    text: 'clock M41T80 on an I²C bus: it runs with the cycles of the machine',
    place: 'i2c',
    outputs: [],
    options: { time: TIME_OPTION },
    compatible: ['st,m41t80', 'm41t80'],
    create({ name, i2c, options }, place) {
      const clock = new M41t80(calendarOf(name, options.time, place))
      place.i2c!.attach(i2c!.address, clock)
      return { state: clock }
    },
  },
}
