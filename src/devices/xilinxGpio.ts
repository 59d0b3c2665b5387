// The GPIO of Xilinx's embedded systems, XPS GPIO (product guide DS569; Linux's gpio-xilinx.c is what drives it): up to 32
// pins, on one channel or on two. A pin reads as what drives it: the program, or whatever is outside, which stays.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { type DeviceRegister, registerTable } from '../bus/registerTable.ts'
import { bit } from '../isa/register.ts'
import { partOfWord } from './words.ts'

const DATA = 0x000
const TRI = 0x004
/** From the registers of the first channel to those of the second. */
const CHANNEL = 0x008
const GIER = 0x11c
const IPISR = 0x120
const IPIER = 0x128
const SIZE = 0x200
const GIER_IE = 0x80000000 | 0

const PART = { width: 32, numbering: 'lsb0', page: 'DS569, register descriptions' } as const
const CHANNELS = { CH1: bit(0, 'channel 1'), CH2: bit(1, 'channel 2') }

const channel = (name: string, at: number, text: string) =>
  ({
    [`${name}DATA`]: { offset: at + DATA, text: `data${text}: what is driven, and what the pins are` },
    [`${name}TRI`]: { offset: at + TRI, text: `three-state control${text}: pins that are inputs`, reset: 0xffffffff },
  }) as const

const INTERRUPTS = {
  GIER: { offset: GIER, text: 'global interrupt enable', fields: { IE: bit(31, 'the output is enabled') } },
  IPISR: { offset: IPISR, text: 'interrupt status: an input has changed; ones toggle', fields: CHANNELS },
  IPIER: { offset: IPIER, text: 'interrupt enable', fields: CHANNELS },
} as const

export interface XilinxGpioShape {
  /** Pins of each channel, from bit 0 on: C_GPIO_WIDTH. */
  readonly width: number
  /** C_IS_DUAL. */
  readonly isDual: boolean
  /** C_INTERRUPT_PRESENT. */
  readonly hasInterrupt: boolean
  /** What is outside of the pins of each channel. */
  readonly outside: readonly [first: number, second: number]
}

export interface XilinxGpioState {
  readonly data: readonly number[]
  readonly tri: readonly number[]
  readonly interrupts: readonly [enabled: number, status: number, mask: number]
}

export class XilinxGpio implements Device, Stateful<XilinxGpioState> {
  readonly name: string
  readonly text = 'XPS GPIO'
  readonly registers: readonly DeviceRegister[]
  readonly size = SIZE
  onInterrupt: (level: boolean) => void = () => {}
  readonly #shape: XilinxGpioShape
  readonly #pins: number
  readonly #data = new Int32Array(2)
  readonly #tri = new Int32Array(2).fill(-1)
  #enabled = 0
  #status = 0
  #mask = 0

  constructor(name: string, shape: XilinxGpioShape) {
    this.name = name
    this.#shape = shape
    this.#pins = (2 ** shape.width - 1) | 0
    const { isDual, hasInterrupt } = shape
    this.registers = Object.values({
      ...registerTable(PART, channel('', 0, isDual ? ' of channel 1' : '')),
      ...(isDual && registerTable(PART, channel('2', CHANNEL, ' of channel 2'))),
      ...(hasInterrupt && registerTable(PART, INTERRUPTS)),
    })
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    return partOfWord(this.#word(offset & ~3), offset, size)
  }

  #word(at: number): number {
    const { isDual, hasInterrupt } = this.#shape
    if (at < CHANNEL || (isDual && at < 2 * CHANNEL)) {
      const n = at < CHANNEL ? 0 : 1
      return at % CHANNEL === TRI ? this.#tri[n] & this.#pins : this.#pinsOf(n)
    }
    if (!hasInterrupt) return 0
    if (at === GIER) return this.#enabled
    if (at === IPISR) return this.#status
    return at === IPIER ? this.#mask : 0
  }

  /** What the pins of a channel are. */
  #pinsOf(n: number): number {
    const tri = this.#tri[n]
    return ((this.#data[n] & ~tri) | (this.#shape.outside[n]! & tri)) & this.#pins
  }

  /** Registers are written as words: what is stored of less is the right end of one, as the bus has it. */
  write(offset: number, _size: Size, value: number): void {
    const at = offset & ~3
    const channels = this.#shape.isDual ? 3 : 1
    if (at < CHANNEL || (this.#shape.isDual && at < 2 * CHANNEL)) this.#writeChannel(at < CHANNEL ? 0 : 1, at, value)
    else if (!this.#shape.hasInterrupt) return
    else if (at === GIER) this.#enabled = value & GIER_IE
    else if (at === IPISR) this.#status ^= value & channels
    else if (at === IPIER) this.#mask = value & channels
    this.#update()
  }

  #writeChannel(n: number, at: number, value: number): void {
    const before = this.#pinsOf(n)
    const registers = at % CHANNEL === TRI ? this.#tri : this.#data
    registers[n] = value
    const inputs = this.#tri[n] & this.#pins
    if (((before ^ this.#pinsOf(n)) & inputs) !== 0) this.#status |= 1 << n
  }

  #update(): void {
    this.onInterrupt(this.#enabled !== 0 && (this.#status & this.#mask) !== 0)
  }

  save(): XilinxGpioState {
    return {
      data: [...this.#data],
      tri: [...this.#tri],
      interrupts: [this.#enabled, this.#status, this.#mask],
    }
  }

  restore({ data, tri, interrupts }: XilinxGpioState): void {
    this.#data.set(data)
    this.#tri.set(tri)
    ;[this.#enabled, this.#status, this.#mask] = interrupts
    this.#update()
  }
}
