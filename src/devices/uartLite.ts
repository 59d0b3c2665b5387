// The small serial port of Xilinx's embedded systems, XPS UART Lite (product guide DS571): 16 bytes each way at a fixed
// speed. Transmission takes no time; received bytes wait in a queue that stands for the FIFO.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit } from '../isa/register.ts'
import { ByteQueue } from '../util/byteQueue.ts'
import type { SerialPort } from './serialPort.ts'
import { partOfWord } from './words.ts'

const RX = 0x00
const TX = 0x04
const STATUS = 0x08
const CONTROL = 0x0c

const REGISTERS = registerTable(
  { width: 32, numbering: 'lsb0', page: 'DS571, register definition' },
  {
    RX: { offset: RX, text: 'receive FIFO', access: 'r', onRead: 'takes the first byte' },
    TX: { offset: TX, text: 'transmit FIFO', access: 'w' },
    STAT: {
      offset: STATUS,
      text: 'status',
      access: 'r',
      reset: 4,
      fields: {
        RXVALID: bit(0, 'a byte has come'),
        RXFULL: bit(1, 'the receive FIFO is full'),
        TXEMPTY: bit(2, 'the transmit FIFO is empty'),
        TXFULL: bit(3, 'the transmit FIFO is full'),
        INTR: bit(4, 'interrupts are enabled'),
        OVERRUN: bit(5, 'a byte was lost'),
      },
    },
    CTRL: {
      offset: CONTROL,
      text: 'control',
      access: 'w',
      fields: {
        RSTTX: bit(0, 'empties the transmit FIFO'),
        RSTRX: bit(1, 'empties the receive FIFO'),
        INTR: bit(4, 'enables interrupts'),
      },
    },
  },
)

const { RXVALID, RXFULL, TXEMPTY, INTR } = REGISTERS.STAT.mask
const { RSTRX } = REGISTERS.CTRL.mask
const FIFO = 16

export interface UartLiteState {
  readonly received: readonly number[]
  readonly interrupts: boolean
  readonly emptied: boolean
}

export class UartLite implements Device, SerialPort, Stateful<UartLiteState> {
  readonly name: string
  readonly text = 'XPS UART Lite'
  readonly registers = Object.values(REGISTERS)
  readonly size = 0x10
  onTransmit: (byte: number) => void = () => {}
  /** Called when the level of the interrupt output may have changed: it rises for a moment, so the controller has edges. */
  onInterrupt: (level: boolean) => void = () => {}
  hasLoopbackPlug = false
  readonly #received = new ByteQueue()
  #interrupts = false
  #emptied = false

  constructor(name: string) {
    this.name = name
  }

  receive(bytes: ArrayLike<number>): void {
    this.#received.add(bytes)
    this.#update()
  }

  get unread(): number {
    return this.#received.length
  }

  get listens(): boolean {
    return this.#interrupts
  }

  read(offset: number, size: Size): number {
    const value = this.peek(offset, size)
    if ((offset & ~3) === RX) this.#received.take(1)
    this.#update()
    return value
  }

  peek(offset: number, size: Size): number {
    return partOfWord(this.#word(offset & ~3), offset, size)
  }

  #word(offset: number): number {
    if (offset === RX) return this.#received.first ?? 0
    if (offset !== STATUS) return 0
    const { length } = this.#received
    return TXEMPTY | (length > 0 ? RXVALID : 0) | (length >= FIFO ? RXFULL : 0) | (this.#interrupts ? INTR : 0)
  }

  write(offset: number, size: Size, value: number): void {
    if ((offset & ~3) === TX && offset + size === TX + 4) {
      this.onTransmit(value & 0xff)
      if (this.hasLoopbackPlug) this.#received.add([value & 0xff])
      this.#emptied = this.#interrupts
      this.#update()
      this.#emptied = false
    }
    if (offset === CONTROL && size === 4) {
      if ((value & RSTRX) !== 0) this.#received.clear()
      this.#interrupts = (value & INTR) !== 0
    }
    this.#update()
  }

  #update(): void {
    this.onInterrupt(this.#interrupts && (this.#received.length > 0 || this.#emptied))
  }

  save(): UartLiteState {
    return { received: [...this.#received.copy()], interrupts: this.#interrupts, emptied: this.#emptied }
  }

  restore({ received, interrupts, emptied }: UartLiteState): void {
    this.#received.clear()
    this.#received.add(received)
    this.#interrupts = interrupts
    this.#emptied = emptied
    this.#update()
  }
}
