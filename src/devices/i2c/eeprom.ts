// A serial EEPROM of the 24C family (AT24C01 to AT24C512): a byte or two of an address, and the bytes from there on. One of
// 512 to 2048 bytes with one byte of address answers at several addresses of the bus, 256 bytes at each.

import type { Stateful } from '../../bus/device.ts'
import { registerTable } from '../../bus/registerTable.ts'
import type { I2cPart } from './bus.ts'

export interface EepromShape {
  /** Bytes, a power of 2. */
  readonly size: number
  /** Bytes of an address. */
  readonly addressBytes: number
  /** Bytes that are written at once; an address wraps around within them. */
  readonly page: number
}

/** A part of this size as it is sold. */
export const eepromShape = (size: number): EepromShape => ({
  size,
  addressBytes: size > 2048 ? 2 : 1,
  page: size > 16384 ? 64 : size > 2048 ? 32 : size > 256 ? 16 : 8,
})

/** Offsets of what is no byte of it. */
const [POINTER, DATA] = [0x1_0000, 0x1_0001]

const TABLE = registerTable(
  { width: 8, numbering: 'lsb0', page: '24C family, device addressing' },
  {
    POINTER: { offset: POINTER, text: 'address of the byte that is read next' },
    DATA: { offset: DATA, text: 'that byte' },
  },
)

const BLOCK = 256
const ERASED = 0xff

export interface EepromState {
  readonly pointer: number
  readonly addressed: number
  /** Bytes that are not what they were at first. */
  readonly changed: readonly (readonly [at: number, value: number])[]
}

export class Eeprom implements Stateful<EepromState> {
  readonly outlastsReset = true
  readonly shape: EepromShape
  readonly #first: Uint8Array
  readonly #bytes: Uint8Array
  #pointer = 0
  /** Bytes of the address that have come since the start. */
  #addressed = 0

  constructor(shape: EepromShape, contents: Uint8Array = new Uint8Array()) {
    this.shape = shape
    this.#first = new Uint8Array(shape.size).fill(ERASED)
    this.#first.set(contents)
    this.#bytes = this.#first.slice()
  }

  /** What answers, at one address of the bus after the other. */
  parts(): readonly I2cPart[] {
    const { size, addressBytes } = this.shape
    const count = addressBytes === 1 ? Math.max(1, size / BLOCK) : 1
    return Array.from({ length: count }, (_, block) => this.#part(block))
  }

  #part(block: number): I2cPart {
    const { size, addressBytes, page } = this.shape
    return {
      start: isRead => {
        if (!isRead) this.#addressed = 0
        return true
      },
      read: () => {
        const byte = this.#bytes[this.#pointer]!
        this.#pointer = (this.#pointer + 1) % size
        return byte
      },
      write: byte => {
        if (this.#addressed < addressBytes) {
          const above = this.#addressed === 0 ? block : this.#pointer
          this.#pointer = ((above << 8) | byte) % size
          this.#addressed++
        } else {
          this.#bytes[this.#pointer] = byte
          const start = this.#pointer - (this.#pointer % page)
          this.#pointer = start + ((this.#pointer + 1 - start) % page)
        }
        return true
      },
      stop: () => {},
    }
  }

  /** Of a part this large: where it stands, and the byte there. */
  get registers() {
    const [last, reset] = [this.shape.size - 1, this.#first[0]!]
    return [
      { ...TABLE.POINTER, width: last > 0xff ? 16 : 8, defined: last },
      { ...TABLE.DATA, reset },
    ] as const
  }

  /** @param offset of a byte, or of one of `registers` */
  peek(offset: number): number {
    return offset === POINTER ? this.#pointer : this.#bytes[offset === DATA ? this.#pointer : offset]!
  }

  poke(offset: number, value: number): void {
    if (offset === POINTER) this.#pointer = value & (this.shape.size - 1)
    else this.#bytes[offset === DATA ? this.#pointer : offset] = value
  }

  save(): EepromState {
    const changed = [...this.#bytes.entries()].filter(([at, value]) => value !== this.#first[at])
    return { pointer: this.#pointer, addressed: this.#addressed, changed }
  }

  restore({ pointer, addressed, changed }: EepromState): void {
    this.#pointer = pointer
    this.#addressed = addressed
    this.#bytes.set(this.#first)
    for (const [at, value] of changed) this.#bytes[at] = value
  }
}
