// A 16550 serial port as the 440's parts carry it: eight byte registers (National Semiconductor PC16550D, chapter 8).
// Transmission takes no time; received bytes wait in a queue that stands for the FIFO.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { ByteQueue } from '../util/byteQueue.ts'

const RBR_THR = 0
const IER = 1
const IIR_FCR = 2
const LCR = 3
const MCR = 4
const LSR = 5
const MSR = 6
const SCR = 7

const LCR_DLAB = 0x80
const MCR_LOOP = 0x10
const LSR_DR = 0x01
const LSR_THRE_TEMT = 0x60
/** CTS, DSR and DCD: somebody is listening. */
const MSR_CONNECTED = 0xb0
const MSR_TERI = 0x04
const IER_RECEIVED = 0x01
const IER_TRANSMIT = 0x02
const IER_MODEM = 0x08
const IIR_MODEM = 0x00
const IIR_NONE = 0x01
const IIR_TRANSMIT = 0x02
const IIR_RECEIVED = 0x04
const IIR_FIFOS = 0xc0
/** Bytes of the receiver's FIFO: what the guest sends itself beyond them is lost. */
const FIFO = 16

/** What the guest can find out about a port, as plain data. */
export interface UartState {
  readonly registers: readonly number[]
  readonly divisor: number
  readonly fifos: boolean
  readonly received: readonly number[]
  readonly transmitterEmptied: boolean
  readonly modemChanges: number
}

export class Uart16550 implements Device, Stateful<UartState> {
  readonly name: string
  readonly size = 8
  /** Called with every byte the guest sends. */
  onTransmit: (byte: number) => void = () => {}
  /** Called when the level of the interrupt output may have changed. */
  onInterrupt: (level: boolean) => void = () => {}

  readonly #registers = new Uint8Array(8)
  #divisor = 0
  #fifos = false
  readonly #received = new ByteQueue()
  #transmitterEmptied = false
  /** The lower half of the modem status register: which inputs changed since it was read. */
  #modemChanges = 0

  constructor(name: string) {
    this.name = name
  }

  /** Bytes from the outside; the caller has logged them with their cycle. */
  receive(bytes: ArrayLike<number>): void {
    this.#received.add(bytes)
    this.#updateInterrupt()
  }

  /** Bytes that came and have not been read. */
  get unread(): number {
    return this.#received.length
  }

  /** A receiver interrupt is enabled: input could wake a waiting core. */
  get listens(): boolean {
    return (this.#registers[IER] & IER_RECEIVED) !== 0
  }

  save(): UartState {
    return {
      registers: [...this.#registers],
      divisor: this.#divisor,
      fifos: this.#fifos,
      received: [...this.#received.copy()],
      transmitterEmptied: this.#transmitterEmptied,
      modemChanges: this.#modemChanges,
    }
  }

  restore(state: UartState): void {
    this.#registers.set(state.registers)
    this.#divisor = state.divisor
    this.#fifos = state.fifos
    this.#received.clear()
    this.#received.add(state.received)
    this.#transmitterEmptied = state.transmitterEmptied
    this.#modemChanges = state.modemChanges
    this.#updateInterrupt()
  }

  read(offset: number, size: Size): number {
    if (size !== 1) return this.peek(offset, size)
    const value = this.peek(offset, 1)
    if (offset === RBR_THR && !this.#divisorLatch) this.#received.take(1)
    if (offset === IIR_FCR && (value & 0x0f) === IIR_TRANSMIT) this.#transmitterEmptied = false
    if (offset === MSR) this.#modemChanges = 0
    this.#updateInterrupt()
    return value
  }

  /** Registers are bytes; a wider access reads neighbours, as the part's bus does. */
  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | this.#peekByte((offset + i) & 7)
    return value
  }

  #peekByte(register: number): number {
    switch (register) {
      case RBR_THR:
        return this.#divisorLatch ? this.#divisor & 0xff : (this.#received.first ?? 0)
      case IER:
        return this.#divisorLatch ? this.#divisor >>> 8 : this.#registers[IER]
      case IIR_FCR:
        return this.#cause | (this.#fifos ? IIR_FIFOS : 0)
      case LSR:
        return LSR_THRE_TEMT | (this.#received.length > 0 ? LSR_DR : 0)
      case MSR:
        return this.#modemInputs | this.#modemChanges
      default:
        return this.#registers[register]
    }
  }

  write(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++) this.#writeByte((offset + i) & 7, (value >>> (8 * (size - 1 - i))) & 0xff)
    this.#updateInterrupt()
  }

  #writeByte(register: number, value: number): void {
    switch (register) {
      case RBR_THR:
        if (this.#divisorLatch) this.#divisor = (this.#divisor & 0xff00) | value
        else this.#transmit(value)
        return
      case IER:
        if (this.#divisorLatch) this.#divisor = (this.#divisor & 0xff) | (value << 8)
        else this.#enable(value & 0x0f)
        return
      case IIR_FCR:
        this.#fifos = (value & 1) !== 0
        if ((value & 2) !== 0) this.#received.clear()
        return
      case MCR:
        this.#setModemControl(value)
        return
      case LCR:
      case SCR:
        this.#registers[register] = value
    }
  }

  #transmit(byte: number): void {
    this.#transmitterEmptied = true
    if (!this.#loops) this.onTransmit(byte)
    else if (this.#received.length < FIFO) this.#received.add(byte)
  }

  /** Local loopback, the chip's self-test (p.17): what is sent is received, and the outputs are the modem inputs. */
  get #loops(): boolean {
    return (this.#registers[MCR] & MCR_LOOP) !== 0
  }

  /** DCD, RI, DSR and CTS; in loopback OUT2, OUT1, DTR and RTS. */
  get #modemInputs(): number {
    if (!this.#loops) return MSR_CONNECTED
    const mcr = this.#registers[MCR]
    return ((mcr & 8) << 4) | ((mcr & 4) << 4) | ((mcr & 1) << 5) | ((mcr & 2) << 3)
  }

  #setModemControl(value: number): void {
    const before = this.#modemInputs
    this.#registers[MCR] = value & 0x1f
    const after = this.#modemInputs
    // RI counts only when it ends (TERI); the others on any change.
    const ended = ((before & ~after) >>> 4) & MSR_TERI
    this.#modemChanges |= (((before ^ after) >>> 4) & ~MSR_TERI) | ended
  }

  /** Enabling the transmitter interrupt while it is empty raises it at once. */
  #enable(value: number): void {
    if ((value & ~this.#registers[IER] & IER_TRANSMIT) !== 0) this.#transmitterEmptied = true
    this.#registers[IER] = value
  }

  get #divisorLatch(): boolean {
    return (this.#registers[LCR] & LCR_DLAB) !== 0
  }

  get #cause(): number {
    const enabled = this.#registers[IER]
    if ((enabled & IER_RECEIVED) !== 0 && this.#received.length > 0) return IIR_RECEIVED
    if ((enabled & IER_TRANSMIT) !== 0 && this.#transmitterEmptied) return IIR_TRANSMIT
    if ((enabled & IER_MODEM) !== 0 && this.#modemChanges !== 0) return IIR_MODEM
    return IIR_NONE
  }

  #updateInterrupt(): void {
    this.onInterrupt(this.#cause !== IIR_NONE)
  }
}
