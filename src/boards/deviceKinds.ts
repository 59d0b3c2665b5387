// The kinds of devices that a description may name: what each takes besides its name and place, and how one is made of it.

import type { Bus, DcrSpace } from '../bus/bus.ts'
import type { Device, Stateful } from '../bus/device.ts'
import type { Alarm } from '../devices/alarm.ts'
import { Ds1556 } from '../devices/ds1556.ts'
import { Ehci } from '../devices/ehci.ts'
import { Gpio } from '../devices/gpio.ts'
import { COMPARES, Gpt } from '../devices/gpt.ts'
import type { I2cBus } from '../devices/i2c/bus.ts'
import { Ohci } from '../devices/ohci.ts'
import { OwnRegisters, WIDTHS } from '../devices/ownRegisters.ts'
import { PciHost } from '../devices/pciHost.ts'
import { PcixHost } from '../devices/pcixHost.ts'
import type { SerialPort } from '../devices/serialPort.ts'
import { DcrStub, type HearOfAccess, Stub, type StubRule } from '../devices/stub.ts'
import { Uart16550 } from '../devices/uart16550.ts'
import { UartLite } from '../devices/uartLite.ts'
import { Uic } from '../devices/uic.ts'
import { XilinxGpio } from '../devices/xilinxGpio.ts'
import { XilinxIntc } from '../devices/xilinxIntc.ts'
import { XilinxTimer } from '../devices/xilinxTimer.ts'
import { hex } from '../util/hex.ts'
import { DCR_KINDS } from './dcrKinds.ts'
import type { DeviceDescription, NamedValues } from './description.ts'
import { I2C_KINDS } from './i2cKinds.ts'
import { calendarOf, TIME_OPTION } from './startTime.ts'

/** What takes interrupts and passes them on. */
export interface InterruptController {
  setInput(n: number, level: boolean): void
  /** To which of its outputs input `n` leads; undefined while it is not enabled. */
  outputOf(n: number): number | undefined
}

/** A device as a board holds it. */
export interface BoardPart {
  /** What a snapshot takes along. */
  readonly state: Stateful<unknown>
  readonly controller?: InterruptController
  readonly uart?: SerialPort
  /** The bus behind it. */
  readonly i2c?: I2cBus
  /** The level of output `n` may have changed: `hear` is told of it. */
  connect?(hear: (n: number, level: boolean) => void): void
  /** Something from outside, for a serial port, or its own clock could make output `n` rise. */
  couldRise?(n: number): boolean
}

/** What a device is made with. */
export interface BoardPlace {
  readonly bus: Bus
  readonly dcr: DcrSpace
  /** The I²C bus that it is on. */
  readonly i2c?: I2cBus
  /** Bytes of RAM. */
  readonly ramSize: number
  /** What drives each input of it, by number. */
  readonly sources: Readonly<Record<number, string>>
  readonly alarm: Alarm
  /** Cycles of the core in a second. */
  readonly clock: number
  /** RAM gives what it holds from now on, or something else. */
  ramTiming(isRight: boolean): void
  /** Something that is not modelled has been asked of it: said once for each text. */
  tell(text: string): void
}

/** What an option of a device is, and what is said of it. */
export interface OptionRow {
  readonly kind: 'number' | 'text' | 'base64' | 'rules' | 'values'
  readonly text: string
  readonly isRequired?: boolean
}

export interface DeviceKind {
  readonly text: string
  /** Where it sits: `either` is on the bus or has device control registers. */
  readonly place: 'bus' | 'dcr' | 'either' | 'i2c'
  /** The names of its interrupt outputs, in their order. */
  readonly outputs: readonly string[]
  /** Bytes, or device control registers, that it takes; absent: nobody asks. */
  readonly size?: number
  /** It takes interrupts: so many inputs. */
  readonly inputs?: number
  readonly options: Readonly<Record<string, OptionRow>>
  /** How device trees call it (`compatible`). */
  readonly compatible: readonly string[]
  create(device: DeviceDescription, place: BoardPlace): BoardPart
}

/** A part that is one device on the bus. */
export function onBus<D extends Device & Stateful<unknown>>(
  made: D,
  { base }: DeviceDescription,
  { bus }: BoardPlace,
): D {
  bus.map(base!, made)
  return made
}

/** A serial port, which interrupts when it has heard something, if it listens. */
function serial(uart: Uart16550 | UartLite, device: DeviceDescription): BoardPart {
  uart.hasLoopbackPlug = numberOf(device, 'loopback', 0) !== 0
  return {
    state: uart,
    uart,
    connect(hear) {
      uart.onInterrupt = level => hear(0, level)
    },
    couldRise: () => uart.listens,
  }
}

const LOOPBACK: OptionRow = { kind: 'number', text: '1: a plug leads what is sent back to what is received' }

const FREQUENCY: OptionRow = {
  kind: 'number',
  text: 'Hz of the bus, whose cycles are counted; as fast as the core where nothing is said',
}

const cyclesOfCount = (device: DeviceDescription, { clock }: BoardPlace): number =>
  Math.max(1, Math.round(clock / numberOf(device, 'frequency', clock)))

const usbHost = (host: Ehci | Ohci): BoardPart => ({
  state: host,
  connect(hear) {
    host.onInterrupt = level => hear(0, level)
  },
})

export const numberOf = ({ options }: DeviceDescription, name: string, standard: number): number =>
  (options[name] as number | undefined) ?? standard

export const DEVICE_KINDS: Readonly<Record<string, DeviceKind>> = {
  ...DCR_KINDS,
  ...I2C_KINDS,
  uic: {
    text: 'universal interrupt controller: 32 sources on device control registers',
    place: 'dcr',
    outputs: ['external', 'critical'],
    size: 9,
    inputs: 32,
    options: {},
    compatible: ['ibm,uic'],
    create({ name, dcr }, place) {
      const uic = new Uic(name, dcr!, place.sources)
      place.dcr.map(uic)
      return {
        state: uic,
        controller: uic,
        connect(hear) {
          uic.onOutput = (external, critical) => {
            hear(0, external)
            hear(1, critical)
          }
        },
      }
    },
  },
  ns16550: {
    text: '16550 serial port',
    place: 'bus',
    outputs: ['interrupt'],
    options: {
      stride: { kind: 'number', text: 'bytes from one register to the next: 1, or 4 for a Xilinx core' },
      offset: { kind: 'number', text: 'bytes from `base` to the first register: 0, or 0x1003 for a Xilinx core' },
      loopback: LOOPBACK,
    },
    compatible: ['ns16550', 'ns16550a', 'ns16450', 'ns16850'],
    create(device, place) {
      const uart = new Uart16550(device.name, numberOf(device, 'stride', 1), numberOf(device, 'offset', 0))
      return serial(onBus(uart, device, place), device)
    },
  },
  'ppc4xx-pci': {
    text: 'PCI host bridge of the 440EP and 440GP, without cards; `base` is that of its own registers',
    place: 'bus',
    outputs: [],
    options: {
      configuration: { kind: 'number', text: 'real address of CFGADDR, behind which CFGDATA is', isRequired: true },
    },
    compatible: ['ibm,plb-pci'],
    create(device, { bus }) {
      const host = new PciHost(device.name)
      bus.map(device.base!, host.windows)
      bus.map(numberOf(device, 'configuration', 0), host.configuration)
      return { state: host }
    },
  },
  'ppc4xx-pcix': {
    text: 'PCI-X host bridge of the 440GX and 460EX, without cards; `base` is that of CFGADDR',
    place: 'bus',
    outputs: [],
    options: {},
    compatible: ['ibm,plb-pcix'],
    create(device, { bus }) {
      const host = new PcixHost(device.name)
      bus.map(device.base!, host.configuration)
      bus.map(device.base! + PcixHost.ownOffset, host.own)
      return { state: host }
    },
  },
  'usb-ehci': {
    text: 'USB 2.0 host controller with nothing plugged in',
    place: 'bus',
    outputs: ['interrupt'],
    options: {},
    compatible: ['usb-ehci'],
    create: (device, place) => usbHost(onBus(new Ehci(device.name), device, place)),
  },
  'usb-ohci': {
    text: 'USB 1.1 host controller with nothing plugged in',
    place: 'bus',
    outputs: ['interrupt'],
    options: {},
    compatible: ['ohci-le'],
    create: (device, place) => usbHost(onBus(new Ohci(device.name), device, place)),
  },
  'xps-intc': {
    text: 'interrupt controller of Xilinx’s systems, 32 sources',
    place: 'bus',
    outputs: ['interrupt'],
    inputs: 32,
    options: {
      edges: { kind: 'number', text: 'C_KIND_OF_INTR: a bit for each source that counts by its rising edge' },
    },
    compatible: ['xlnx,xps-intc-1.00.a', 'xlnx,opb-intc-1.00.c'],
    create(device, place) {
      const intc = onBus(new XilinxIntc(device.name, numberOf(device, 'edges', 0), place.sources), device, place)
      return {
        state: intc,
        controller: intc,
        connect(hear) {
          intc.onOutput = level => hear(0, level)
        },
      }
    },
  },
  'xps-timer': {
    text: 'timer of Xilinx’s systems, two counters',
    place: 'bus',
    outputs: ['interrupt'],
    options: { frequency: FREQUENCY },
    compatible: ['xlnx,xps-timer-1.00.a'],
    create(device, place) {
      const timer = onBus(new XilinxTimer(device.name, cyclesOfCount(device, place), place.alarm), device, place)
      return {
        state: timer,
        connect(hear) {
          timer.onInterrupt = level => hear(0, level)
        },
        couldRise: () => timer.couldRise,
      }
    },
  },
  'xps-gpio': {
    text: 'GPIO of Xilinx’s systems, one channel or two',
    place: 'bus',
    outputs: ['interrupt'],
    size: 0x200,
    options: {
      width: { kind: 'number', text: 'pins of a channel, 1 to 32; 32 where nothing is said' },
      dual: { kind: 'number', text: '1: there is a second channel' },
      outside: {
        kind: 'number',
        text: 'what the pins are that nobody drives, a bit for each; 0 where nothing is said',
      },
      outside2: { kind: 'number', text: 'the same of the second channel' },
    },
    compatible: ['xlnx,xps-gpio-1.00.a', 'xlnx,opb-gpio-1.00.a'],
    create(device, place) {
      const width = numberOf(device, 'width', 32)
      if (width < 1 || width > 32) throw new Error(`"width" of ${device.name} is from 1 to 32`)
      const gpio = new XilinxGpio(device.name, {
        width,
        isDual: numberOf(device, 'dual', 0) !== 0,
        hasInterrupt: device.interrupts.length > 0,
        outside: [numberOf(device, 'outside', 0), numberOf(device, 'outside2', 0)],
      })
      return {
        state: onBus(gpio, device, place),
        connect(hear) {
          gpio.onInterrupt = level => hear(0, level)
        },
      }
    },
  },
  'xps-uartlite': {
    text: 'small serial port of Xilinx’s systems',
    place: 'bus',
    outputs: ['interrupt'],
    options: { loopback: LOOPBACK },
    compatible: ['xlnx,xps-uartlite-1.00.a', 'xlnx,opb-uartlite-1.00.b'],
    create(device, place) {
      return serial(onBus(new UartLite(device.name), device, place), device)
    },
  },
  gpt: {
    text: 'general purpose timers of the 4xx parts: a counter, and seven values that it is compared with',
    place: 'bus',
    outputs: Array.from({ length: COMPARES }, (_, n) => `compare ${n}`),
    options: { frequency: FREQUENCY },
    compatible: [],
    create(device, place) {
      const gpt = onBus(new Gpt(device.name, cyclesOfCount(device, place), place.alarm), device, place)
      return {
        state: gpt,
        connect(hear) {
          gpt.onInterrupt = hear
        },
        couldRise: n => gpt.couldRise(n),
      }
    },
  },
  gpio: {
    text: 'GPIO controller of the 4xx parts, 32 pins',
    place: 'bus',
    outputs: [],
    size: 0x48,
    options: { pins: { kind: 'number', text: 'what is outside of the pins, the most significant bit of 32 is pin 0' } },
    compatible: ['ibm,ppc4xx-gpio', 'ibm,gpio-440ep', 'amcc,ppc4xx-gpio'],
    create(device, place) {
      return { state: onBus(new Gpio(device.name, numberOf(device, 'pins', 0)), device, place) }
    },
  },
  registers: {
    text: 'registers of a board’s own, a CPLD say: each holds what is written',
    place: 'bus',
    outputs: [],
    options: {
      width: { kind: 'number', text: 'bits of each: 8, 16 or 32; 32 where nothing is said' },
      registers: { kind: 'values', text: 'where each is, in bytes, by its name', isRequired: true },
      reset: { kind: 'values', text: 'values after a reset, by name' },
    },
    compatible: [],
    create(device, place) {
      const { registers, reset } = device.options as Readonly<Record<string, NamedValues | undefined>>
      const width = WIDTHS.find(each => each === numberOf(device, 'width', 32))
      if (width === undefined) throw new Error(`"width" of ${device.name} is 8, 16 or 32`)
      return { state: onBus(new OwnRegisters(device.name, width, registers!, reset), device, place) }
    },
  },
  ds1556: {
    text: 'memory with a clock in its last 16 bytes, DS1556 and its relations: it runs with the cycles of the machine',
    place: 'bus',
    outputs: [],
    options: { size: { kind: 'number', text: 'bytes, from 32 to 128K', isRequired: true }, time: TIME_OPTION },
    compatible: [],
    create(device, place) {
      const size = numberOf(device, 'size', 0)
      if (size < 32 || size > 128 << 10) throw new Error(`"size" of ${device.name} is from 32 to 128K`)
      const calendar = calendarOf(device.name, device.options.time, place)
      return { state: onBus(new Ds1556(device.name, size, calendar), device, place) }
    },
  },
  stub: {
    text: 'a device of which only the place is known: it answers by rule, and each access of another kind is told once',
    place: 'either',
    outputs: [],
    options: {
      size: { kind: 'number', text: 'bytes; of device control registers their number', isRequired: true },
      rules: { kind: 'rules', text: 'what is read where, if it is not what was written last' },
    },
    compatible: [],
    create(device, place) {
      const size = numberOf(device, 'size', 0)
      const rules = device.options.rules as readonly StubRule[] | undefined
      if (device.dcr !== undefined) {
        const stub = new DcrStub(device.name, device.dcr, size, rules)
        stub.onAccess = teller(place, device.name, at => `DCR ${hex(device.dcr! + at)}`)
        place.dcr.map(stub)
        return { state: stub }
      }
      const stub = onBus(new Stub(device.name, size, rules), device, place)
      stub.onAccess = teller(place, device.name, at => hex(device.base! + at, 8))
      return { state: stub }
    },
  },
}

/** Tells each place of a stub once for loads and once for stores. */
export const teller =
  (place: Pick<BoardPlace, 'tell'>, name: string, where: (at: number) => string): HearOfAccess =>
  (access, at) =>
    place.tell(`${access} ${access === 'load' ? 'from' : 'to'} ${where(at)} of ${name}, which is not modelled`)
