// The two wires of an I²C bus, driven by a program: bytes are made of their edges (I²C-bus specification, 3.1).

import type { I2cBus } from './bus.ts'

export interface WiresState {
  readonly clock: boolean
  readonly data: boolean
  readonly answer: boolean
  readonly bits: number
  readonly value: number
  readonly phase: WirePhase
  /** What comes after the byte that is being acknowledged. */
  readonly next: WirePhase
}

/** Nothing, the byte with the address, or bytes to or from the part. */
type WirePhase = 'idle' | 'address' | 'write' | 'read'

const IDLE: WiresState = { clock: true, data: true, answer: true, bits: 0, value: 0, phase: 'idle', next: 'idle' }

export class I2cWires {
  readonly #bus: I2cBus
  #is: WiresState = IDLE

  constructor(bus: I2cBus) {
    this.#bus = bus
  }

  /** How the data wire is: low while the master or a part pulls it. */
  get data(): boolean {
    return this.#is.data && this.#is.answer
  }

  /** The master lets a wire go high (true) or pulls it low. */
  drive(clock: boolean, data: boolean): void {
    const before = this.#is
    if (before.clock && clock && before.data !== data) this.#startOrStop(data)
    else if (!before.clock && clock) this.#rises(data)
    else if (before.clock && !clock) this.#falls()
    this.#is = { ...this.#is, clock, data }
  }

  #startOrStop(isStop: boolean): void {
    if (isStop) {
      this.#bus.stop()
      this.#is = { ...this.#is, phase: 'idle', answer: true }
    } else this.#is = { ...this.#is, phase: 'address', bits: 0, value: 0, answer: true }
  }

  /** Eight bits, of which the sender sets each while the clock is low, and one that acknowledges. */
  #rises(data: boolean): void {
    const { phase, bits, value } = this.#is
    if (phase === 'idle') return
    if (phase === 'read' && bits === 8 && data) this.#is = { ...this.#is, phase: 'idle' }
    this.#is = { ...this.#is, bits: bits + 1, value: bits < 8 ? ((value << 1) | Number(data)) & 0xff : value }
  }

  #falls(): void {
    const { phase, bits, value } = this.#is
    if (phase === 'idle') this.#is = { ...this.#is, answer: true }
    else if (bits === 8 && phase === 'read') this.#is = { ...this.#is, answer: true }
    else if (bits === 8) this.#heard(value)
    else if (bits === 9) this.#nextByte()
    else if (phase === 'read') this.#send()
  }

  /** The part has heard a byte, and pulls the wire low where it acknowledges it. */
  #heard(byte: number): void {
    const isAddress = this.#is.phase === 'address'
    const isRead = (byte & 1) !== 0
    const isAcknowledged = isAddress ? this.#bus.start(byte >>> 1, isRead) : this.#bus.write(byte)
    const next = !isAcknowledged ? 'idle' : isAddress && isRead ? 'read' : 'write'
    this.#is = { ...this.#is, next, answer: !isAcknowledged }
  }

  #nextByte(): void {
    const phase = this.#is.phase === 'read' ? 'read' : this.#is.next
    this.#is = { ...this.#is, phase, bits: 0, value: phase === 'read' ? this.#bus.read() : 0, answer: true }
    if (phase === 'read') this.#send()
  }

  /** Of a byte that is read the bit that comes next; `value` has moved left by those that have gone. */
  #send(): void {
    this.#is = { ...this.#is, answer: (this.#is.value & 0x80) !== 0 }
  }

  save(): WiresState {
    return this.#is
  }

  restore(state: WiresState): void {
    this.#is = state
  }
}
