// The kinds of devices around an I²C bus: the controller, and the parts that may be on it.

import type { PartBehind, Stateful } from '../bus/device.ts'
import type { I2cPart } from '../devices/i2c/bus.ts'
import { Eeprom, eepromShape } from '../devices/i2c/eeprom.ts'
import { M41t80 } from '../devices/i2c/m41t80.ts'
import { type ModuleKind, modulesOf, spdOf, spdRegisters } from '../devices/i2c/spd.ts'
import { Iic } from '../devices/iic.ts'
import { fromBase64 } from '../util/base64.ts'
import { hex } from '../util/hex.ts'
import type { DeviceDescription } from './description.ts'
import type { BoardPart, BoardPlace, DeviceKind } from './deviceKinds.ts'
import { calendarOf, TIME_OPTION } from './startTime.ts'

const MOST_EEPROM = 64 << 10
const LEAST_EEPROM = 128
const NO_PART: BoardPart = { state: { save: () => ({}), restore: () => {} } }

/** What views show of a part. */
type Shown = Pick<PartBehind, 'text' | 'registers'>

/** It is on the bus, and shown. */
function onI2c<P extends Stateful<unknown> & Pick<PartBehind, 'peek' | 'poke'>>(
  part: P,
  answering: readonly I2cPart[],
  shown: Shown,
  { name, i2c }: DeviceDescription,
  place: BoardPlace,
): BoardPart {
  const { address, controller } = i2c!
  for (const [n, each] of answering.entries()) place.i2c!.attach(address + n, each)
  place.i2c!.shown.push({
    ...{ ...shown, name, where: `I²C ${hex(address, 2)} of ${controller}` },
    peek: offset => part.peek(offset),
    poke: (offset, value) => part.poke(offset, value),
  })
  return { state: part }
}

function eepromOf(contents: Uint8Array, size: number): Eeprom {
  if (contents.length > size) throw new Error(`it has ${contents.length} bytes, and its size is ${size}`)
  return new Eeprom(eepromShape(size), contents)
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
    if (size === 0) return NO_PART
    const spd = spdOf(kind, size)
    const eeprom = eepromOf(spd, spd.length)
    const shown = { text: `${text} module of ${size / (1 << 20)} MB`, registers: spdRegisters(spd) }
    return onI2c(eeprom, eeprom.parts(), shown, device, place)
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
      const eeprom = eepromOf(contents, size)
      const shown = { text: `EEPROM of ${size} bytes`, registers: eeprom.registers }
      return onI2c(eeprom, eeprom.parts(), shown, device, place)
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
    create(device, place) {
      const clock = new M41t80(calendarOf(device.name, device.options.time, place))
      return onI2c(clock, [clock], { text: 'clock M41T80', registers: clock.registers }, device, place)
    },
  },
}
