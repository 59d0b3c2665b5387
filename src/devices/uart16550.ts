// A 16550 serial port as the 440's parts carry it: eight byte registers (National Semiconductor PC16550D, chapter 8).
// Transmission takes no time; received bytes wait in a queue that stands for the FIFO.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { type BankSelection, type DeviceRegister, registerTable } from '../bus/registerTable.ts'
import { bit, inField, span } from '../isa/register.ts'
import { ByteQueue } from '../util/byteQueue.ts'
import type { SerialPort } from './serialPort.ts'

const RBR_THR = 0
const IER = 1
const IIR_FCR = 2
const LCR = 3
const MCR = 4
const LSR = 5
const MSR = 6
const SCR = 7

const behindDlab = (value: 0 | 1): BankSelection => ({ register: 'LCR', field: 'DLAB', value })

/** Bits as the data sheet counts them: 0 is the least significant. */
const UART = registerTable(
  { width: 8, numbering: 'lsb0', page: 'PC16550D, chapter 8' },
  {
    RBR: {
      offset: RBR_THR,
      text: 'receiver buffer: the byte that came first',
      access: 'r',
      onRead: 'takes the byte out of the FIFO',
      onlyWhile: behindDlab(0),
    },
    THR: { offset: RBR_THR, text: 'transmitter holding: a byte to be sent', access: 'w', onlyWhile: behindDlab(0) },
    DLL: { offset: RBR_THR, text: 'divisor latch, least significant byte', onlyWhile: behindDlab(1) },
    IER: {
      offset: IER,
      text: 'interrupt enable',
      onlyWhile: behindDlab(0),
      fields: {
        ERBFI: bit(0, 'received data available'),
        ETBEI: bit(1, 'transmitter empty'),
        ELSI: bit(2, 'line status'),
        EDSSI: bit(3, 'modem status'),
      },
    },
    DLM: { offset: IER, text: 'divisor latch, most significant byte', onlyWhile: behindDlab(1) },
    IIR: {
      offset: IIR_FCR,
      text: 'interrupt identification',
      access: 'r',
      reset: 0x01,
      onRead: 'ends the interrupt of an empty transmitter',
      fields: {
        FIFO: span(7, 6, 'FIFOs', { 0: 'off', 3: 'on' }),
        ID: span(3, 1, 'cause', {
          ...{ 0: 'modem status', 1: 'transmitter empty', 2: 'received data available' },
          ...{ 3: 'line status', 6: 'character time-out' },
        }),
        NONE: bit(0, 'no interrupt is pending'),
      },
    },
    FCR: {
      offset: IIR_FCR,
      text: 'FIFO control',
      access: 'w',
      fields: {
        RT: span(7, 6, 'receiver’s trigger level', { 0: '1 byte', 1: '4 bytes', 2: '8 bytes', 3: '14 bytes' }),
        DMS: bit(3, 'DMA mode'),
        XFR: bit(2, 'empty the transmitter’s FIFO'),
        RFR: bit(1, 'empty the receiver’s FIFO'),
        FE: bit(0, 'FIFOs enable'),
      },
    },
    LCR: {
      offset: LCR,
      text: 'line control',
      fields: {
        DLAB: span(7, 7, 'divisor latch access', { 0: 'RBR, THR and IER', 1: 'DLL and DLM' }),
        SB: bit(6, 'set break'),
        STP: bit(5, 'stick parity'),
        EPS: span(4, 4, 'parity', { 0: 'odd', 1: 'even' }),
        PEN: bit(3, 'parity enable'),
        STB: span(2, 2, 'stop bits', { 0: '1', 1: '1.5 or 2' }),
        WLS: span(1, 0, 'word length', { 0: '5 bits', 1: '6 bits', 2: '7 bits', 3: '8 bits' }),
      },
    },
    MCR: {
      offset: MCR,
      text: 'modem control',
      fields: {
        LOOP: bit(4, 'local loopback'),
        OUT2: bit(3, 'output 2'),
        OUT1: bit(2, 'output 1'),
        RTS: bit(1, 'request to send'),
        DTR: bit(0, 'data terminal ready'),
      },
    },
    LSR: {
      offset: LSR,
      text: 'line status',
      access: 'r',
      reset: 0x60,
      fields: {
        ERF: bit(7, 'error in the receiver’s FIFO'),
        TEMT: bit(6, 'transmitter empty'),
        THRE: bit(5, 'transmitter holding register empty'),
        BI: bit(4, 'break'),
        FE: bit(3, 'framing error'),
        PE: bit(2, 'parity error'),
        OE: bit(1, 'overrun error'),
        DR: bit(0, 'data ready'),
      },
    },
    MSR: {
      offset: MSR,
      text: 'modem status',
      access: 'r',
      onRead: 'clears the four bits that tell of changes',
      fields: {
        DCD: bit(7, 'data carrier detect'),
        RI: bit(6, 'ring indicator'),
        DSR: bit(5, 'data set ready'),
        CTS: bit(4, 'clear to send'),
        DDCD: bit(3, 'DCD changed'),
        TERI: bit(2, 'RI ended'),
        DDSR: bit(1, 'DSR changed'),
        DCTS: bit(0, 'CTS changed'),
      },
    },
    SCR: { offset: SCR, text: 'scratch' },
  },
)

const LCR_DLAB = UART.LCR.mask.DLAB
const MCR_LOOP = UART.MCR.mask.LOOP
const LSR_DR = UART.LSR.mask.DR
const LSR_THRE_TEMT = UART.LSR.mask.THRE | UART.LSR.mask.TEMT
/** Somebody is listening. */
const MSR_CONNECTED = UART.MSR.mask.CTS | UART.MSR.mask.DSR | UART.MSR.mask.DCD
const MSR_TERI = UART.MSR.mask.TERI
const IER_RECEIVED = UART.IER.mask.ERBFI
const IER_TRANSMIT = UART.IER.mask.ETBEI
const IER_MODEM = UART.IER.mask.EDSSI
const IIR_NONE = UART.IIR.mask.NONE
const IIR_MODEM = inField(UART.IIR.mask.ID, 0)
const IIR_TRANSMIT = inField(UART.IIR.mask.ID, 1)
const IIR_RECEIVED = inField(UART.IIR.mask.ID, 2)
const IIR_FIFOS = UART.IIR.mask.FIFO
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

export class Uart16550 implements Device, SerialPort, Stateful<UartState> {
  readonly name: string
  readonly text = '16550 serial port'
  readonly registers: readonly DeviceRegister[]
  readonly size: number
  onTransmit: (byte: number) => void = () => {}
  /** Called when the level of the interrupt output may have changed. */
  onInterrupt: (level: boolean) => void = () => {}

  readonly #stride: number
  readonly #offset: number
  readonly #registers = new Uint8Array(8)
  #divisor = 0
  #fifos = false
  hasLoopbackPlug = false
  readonly #received = new ByteQueue()
  #transmitterEmptied = false
  /** The lower half of the modem status register: which inputs changed since it was read. */
  #modemChanges = 0

  /**
   * @param stride bytes from one register to the next
   * @param offset bytes from where the device is mapped to the first register
   */
  constructor(name: string, stride = 1, offset = 0) {
    this.name = name
    this.#stride = stride
    this.#offset = offset
    this.size = offset + 8 * stride
    this.registers = Object.values(UART).map(each => ({ ...each, offset: offset + stride * each.offset }))
  }

  receive(bytes: ArrayLike<number>): void {
    this.#received.add(bytes)
    this.#updateInterrupt()
  }

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
    const value = this.peek(offset, size)
    // Of neighbours that are read at once none hears of it.
    if (size > this.#stride) return value
    for (let i = 0; i < size; i++) this.#wasRead(this.#registerAt(offset + i))
    return value
  }

  #wasRead(register: number): void {
    if (register === RBR_THR && !this.#divisorLatch) this.#received.take(1)
    if (register === IIR_FCR && this.#cause === IIR_TRANSMIT) this.#transmitterEmptied = false
    if (register === MSR) this.#modemChanges = 0
    this.#updateInterrupt()
  }

  /** Registers are bytes; a wider access reads neighbours, as the part's bus does. */
  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | this.#peekByte(this.#registerAt(offset + i))
    return value
  }

  /** The register whose byte is at `offset`, or one that there is not. */
  #registerAt(offset: number): number {
    return (offset - this.#offset) / this.#stride
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
        return this.#registers[register] ?? 0
    }
  }

  write(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++)
      this.#writeByte(this.#registerAt(offset + i), (value >>> (8 * (size - 1 - i))) & 0xff)
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
    if ((this.#loops || this.hasLoopbackPlug) && this.#received.length < FIFO) this.#received.add(byte)
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
