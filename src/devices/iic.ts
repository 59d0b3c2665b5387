// The IIC controller of the 4xx parts (440EP user's manual, IIC bus interface), as a master: up to four bytes at a time
// through its buffer, or the two wires themselves. A transfer is over as soon as it is asked for. As a slave it is never
// addressed.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { bit, span } from '../isa/register.ts'
import { I2cBus, type I2cBusState } from './i2c/bus.ts'
import { I2cWires, type WiresState } from './i2c/wires.ts'

const TABLE = registerTable(
  { width: 8, numbering: 'msb0', page: '440EP user’s manual, IIC bus interface' },
  {
    MDBUF: { offset: 0x00, text: 'master data buffer', reset: 0xff, onRead: 'takes a byte out of the buffer' },
    SDBUF: { offset: 0x02, text: 'slave data buffer' },
    LMADR: { offset: 0x04, text: 'address of the part, low: 7 bits and a 0' },
    HMADR: { offset: 0x05, text: 'address of the part, high: of one of 10 bits' },
    CNTL: {
      offset: 0x06,
      text: 'control',
      fields: {
        HMT: bit(0, 'ends the transfer'),
        AMD: bit(1, 'addresses of 10 bits'),
        TCT: span(2, 3, 'bytes', { 0: '1', 1: '2', 2: '3', 3: '4' }),
        RPST: bit(4, 'a start follows, and no stop'),
        CHT: bit(5, 'more of it follows'),
        RW: span(6, 6, 'direction', { 0: 'write', 1: 'read' }),
        PT: bit(7, 'begins a transfer'),
      },
    },
    MDCNTL: {
      offset: 0x07,
      text: 'mode',
      fields: {
        FSDB: bit(0, 'empties the slave buffer'),
        FMDB: bit(1, 'empties the master buffer'),
        EGC: bit(2, 'hears general calls'),
        FSM: bit(3, '400 kHz'),
        ESM: bit(4, 'is a slave'),
        EINT: bit(5, 'interrupts'),
        EUBS: bit(6, 'leaves an unknown state of the bus'),
        HSCL: bit(7, 'holds the clock low'),
      },
    },
    STS: {
      offset: 0x08,
      text: 'status',
      write: 'oneToClear',
      fields: {
        SSS: bit(0, 'slave operation'),
        SLPR: bit(1, 'asleep'),
        MDBS: bit(2, 'the master buffer has bytes'),
        MDBF: bit(3, 'the master buffer is full'),
        SCMP: bit(4, 'a stop is complete'),
        ERR: bit(5, 'an error: see EXTSTS'),
        IRQA: bit(6, 'interrupt'),
        PT: bit(7, 'a transfer is pending'),
      },
    },
    EXTSTS: {
      offset: 0x09,
      text: 'extended status',
      write: 'oneToClear',
      reset: 0x40,
      fields: {
        IRQP: bit(0, 'a second interrupt is pending'),
        BCS: span(1, 3, 'bus', {
          1: 'slave selected',
          2: 'slave transfer',
          3: 'master transfer',
          4: 'free',
          5: 'busy',
        }),
        IRQD: bit(4, 'interrupt on deck'),
        LA: bit(5, 'arbitration lost'),
        ICT: bit(6, 'incomplete transfer'),
        XFRA: bit(7, 'transfer aborted'),
      },
    },
    LSADR: { offset: 0x0a, text: 'own address, low' },
    HSADR: { offset: 0x0b, text: 'own address, high' },
    CLKDIV: { offset: 0x0c, text: 'clock divider' },
    INTRMSK: {
      offset: 0x0d,
      text: 'interrupts that are wanted',
      fields: {
        EIRC: bit(0, 'slave read complete'),
        EIRS: bit(1, 'slave read wants service'),
        EIWC: bit(2, 'slave write complete'),
        EIWS: bit(3, 'slave write wants service'),
        EIHE: bit(4, 'transfer ended by HMT'),
        EIIC: bit(5, 'incomplete transfer'),
        EITA: bit(6, 'transfer aborted'),
        EIMTC: bit(7, 'transfer complete'),
      },
    },
    XFRCNT: {
      offset: 0x0e,
      text: 'bytes that were moved',
      fields: { STC: span(1, 3, 'as slave'), MTC: span(5, 7, 'as master') },
    },
    XTCNTLSS: {
      offset: 0x0f,
      text: 'extended control, and status as a slave',
      fields: { SRST: bit(7, 'held in reset'), EPI: bit(6, 'pulsed interrupt') },
    },
    DIRECTCNTL: {
      offset: 0x10,
      text: 'the wires, while held in reset',
      reset: 0x0f,
      fields: {
        SDAC: bit(4, 'lets the data wire go'),
        SCC: bit(5, 'lets the clock wire go'),
        MSDA: bit(6, 'the data wire is high'),
        MSC: bit(7, 'the clock wire is high'),
      },
    },
    INTR: { offset: 0x11, text: 'interrupt of the wires' },
  },
)

const { MDBUF, SDBUF, LMADR, HMADR, CNTL, MDCNTL, STS, EXTSTS, LSADR, HSADR, INTRMSK, XFRCNT, XTCNTLSS, DIRECTCNTL } =
  TABLE
const BUFFER = 4
/** BCS of EXTSTS. */
const BUS_MASTER = 0x30
const BUS_FREE = 0x40
const ERRORS = EXTSTS.mask.LA | EXTSTS.mask.ICT | EXTSTS.mask.XFRA
/** What of a register stays as it is written. */
const KEPT: Readonly<Record<number, number>> = {
  [CNTL.offset]: 0xff & ~CNTL.mask.PT,
  [MDCNTL.offset]: 0xff & ~(MDCNTL.mask.FSDB | MDCNTL.mask.FMDB | MDCNTL.mask.EUBS),
  [XFRCNT.offset]: 0x77,
  [XTCNTLSS.offset]: XTCNTLSS.mask.SRST | XTCNTLSS.mask.EPI,
}
/** Not touched by a reset by software. */
const ADDRESSES = [LMADR, HMADR, LSADR, HSADR].map(({ offset }) => offset)

/** What follows a transfer without a stop. */
type Following = 'nothing' | 'more' | 'start'

export interface IicState {
  readonly registers: readonly number[]
  readonly buffer: readonly number[]
  readonly following: Following
  readonly bus: I2cBusState
  readonly wires: WiresState
}

export class Iic implements Device, Stateful<IicState> {
  readonly name: string
  readonly text = 'IIC controller'
  readonly registers = Object.values(TABLE)
  readonly size = 0x20
  readonly bus = new I2cBus()
  readonly behind = this.bus.shown
  onInterrupt: (level: boolean) => void = () => {}
  readonly #wires = new I2cWires(this.bus)
  readonly #registers = new Uint8Array(0x20)
  #buffer: number[] = []
  #following: Following = 'nothing'

  constructor(name: string) {
    this.name = name
    this.#reset()
  }

  read(offset: number, size: Size): number {
    const value = this.peek(offset, size)
    if (offset === MDBUF.offset && this.#buffer.length > 0) this.#buffer.shift()
    return value
  }

  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | this.#byte(offset + i)
    return value
  }

  write(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++) this.#store(offset + i, (value >>> (8 * (size - 1 - i))) & 0xff)
  }

  #byte(offset: number): number {
    switch (offset) {
      case MDBUF.offset:
        return this.#buffer[0] ?? 0xff
      case STS.offset: {
        const { length } = this.#buffer
        const filled = (length > 0 ? STS.mask.MDBS : 0) | (length === BUFFER ? STS.mask.MDBF : 0)
        const error = (this.#registers[EXTSTS.offset]! & ERRORS) !== 0 ? STS.mask.ERR : 0
        return this.#registers[offset]! | filled | error
      }
      case EXTSTS.offset:
        return this.#registers[offset]! | (this.bus.isBusy ? BUS_MASTER : BUS_FREE)
      case DIRECTCNTL.offset: {
        const driven = this.#registers[offset]! & (DIRECTCNTL.mask.SDAC | DIRECTCNTL.mask.SCC)
        const clock = (driven & DIRECTCNTL.mask.SCC) !== 0 ? DIRECTCNTL.mask.MSC : 0
        return driven | clock | (this.#wires.data ? DIRECTCNTL.mask.MSDA : 0)
      }
      default:
        return this.#registers[offset] ?? 0
    }
  }

  #store(offset: number, value: number): void {
    switch (offset) {
      case MDBUF.offset:
        if (this.#buffer.length < BUFFER) this.#buffer.push(value)
        break
      case SDBUF.offset:
        break
      case STS.offset:
        this.#registers[offset]! &= ~(value & (STS.mask.SCMP | STS.mask.IRQA))
        break
      case EXTSTS.offset:
        this.#registers[offset]! &= ~value
        break
      default:
        if (offset < this.#registers.length) this.#registers[offset] = value & (KEPT[offset] ?? 0xff)
        this.#follow(offset, value)
    }
    this.onInterrupt(this.#interrupts)
  }

  #follow(offset: number, value: number): void {
    if (offset === CNTL.offset) {
      if ((value & CNTL.mask.HMT) !== 0) this.#halt()
      else if ((value & CNTL.mask.PT) !== 0) this.#transfer(value)
    } else if (offset === MDCNTL.offset && (value & MDCNTL.mask.FMDB) !== 0) this.#buffer = []
    else if (offset === XTCNTLSS.offset && (value & XTCNTLSS.mask.SRST) !== 0) this.#reset()
    else if (offset === DIRECTCNTL.offset && (this.#registers[XTCNTLSS.offset]! & XTCNTLSS.mask.SRST) !== 0)
      this.#wires.drive((value & DIRECTCNTL.mask.SCC) !== 0, (value & DIRECTCNTL.mask.SDAC) !== 0)
  }

  get #interrupts(): boolean {
    const { mask } = MDCNTL
    return (this.#registers[MDCNTL.offset]! & mask.EINT) !== 0 && (this.#registers[STS.offset]! & STS.mask.IRQA) !== 0
  }

  /** Something has happened that interrupts, if any of `wanted` is set in INTRMSK. */
  #happened(wanted: number): void {
    const isWanted = (this.#registers[INTRMSK.offset]! & wanted) !== 0
    if (isWanted && (this.#registers[MDCNTL.offset]! & MDCNTL.mask.EINT) !== 0)
      this.#registers[STS.offset]! |= STS.mask.IRQA
  }

  #transfer(control: number): void {
    const isRead = (control & CNTL.mask.RW) !== 0
    const wanted = ((control & CNTL.mask.TCT) >>> 4) + 1
    this.#registers[EXTSTS.offset]! &= ~ERRORS
    const address = this.#registers[LMADR.offset]! >>> 1
    const isAddressed = this.#following === 'more' || this.bus.start(address, isRead)
    const moved = !isAddressed ? 0 : isRead ? this.#receive(wanted) : this.#send(wanted)
    this.#registers[XFRCNT.offset] = moved
    if (moved < wanted) this.#registers[EXTSTS.offset]! |= moved === 0 ? EXTSTS.mask.XFRA : EXTSTS.mask.ICT
    const follows = moved === wanted ? followingOf(control) : 'nothing'
    if (follows === 'nothing') this.#stop()
    this.#following = follows
    const error = moved === wanted ? 0 : INTRMSK.mask.EITA | INTRMSK.mask.EIIC
    this.#happened(INTRMSK.mask.EIMTC | error)
  }

  #receive(wanted: number): number {
    this.#buffer = Array.from({ length: wanted }, () => this.bus.read())
    return wanted
  }

  /** @returns bytes that were acknowledged */
  #send(wanted: number): number {
    const bytes = this.#buffer.splice(0, wanted)
    const refused = bytes.findIndex(byte => !this.bus.write(byte))
    return refused < 0 ? bytes.length : refused
  }

  #halt(): void {
    if (!this.bus.isBusy) return
    this.#stop()
    this.#following = 'nothing'
    this.#happened(INTRMSK.mask.EIHE)
  }

  #stop(): void {
    this.bus.stop()
    this.#registers[STS.offset]! |= STS.mask.SCMP
  }

  #reset(): void {
    for (const { offset, reset } of this.registers) {
      const isKept = ADDRESSES.includes(offset) || offset === XTCNTLSS.offset
      if (!isKept) this.#registers[offset] = offset === EXTSTS.offset ? 0 : reset
    }
    this.#buffer = []
    this.#following = 'nothing'
    this.bus.stop()
  }

  save(): IicState {
    return {
      ...{ registers: [...this.#registers], buffer: [...this.#buffer], following: this.#following },
      ...{ bus: this.bus.save(), wires: this.#wires.save() },
    }
  }

  restore({ registers, buffer, following, bus, wires }: IicState): void {
    this.#registers.set(registers)
    this.#buffer = [...buffer]
    this.#following = following
    this.bus.restore(bus)
    this.#wires.restore(wires)
    this.onInterrupt(this.#interrupts)
  }
}

const followingOf = (control: number): Following =>
  (control & CNTL.mask.RPST) !== 0 ? 'start' : (control & CNTL.mask.CHT) !== 0 ? 'more' : 'nothing'
