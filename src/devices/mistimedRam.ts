// RAM while its controller takes data from the wires at a wrong moment: what is stored gets there, and what is loaded is not
// what is there. Firmware that looks for the right moment finds out by this.

import type { Device, Size } from '../bus/device.ts'

/** Nobody drives the wires then: they are high. */
const NOTHING = 0xffffffff

export class MistimedRam implements Device {
  readonly name = 'RAM'
  readonly text = 'RAM, read at a wrong moment'
  readonly registers = []
  readonly size: number
  readonly #store: (at: number, byte: number) => void

  /** @param store puts a byte where it belongs */
  constructor(size: number, store: (at: number, byte: number) => void) {
    this.size = size
    this.#store = store
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(_: number, size: Size): number {
    return size === 4 ? NOTHING | 0 : NOTHING >>> (32 - 8 * size)
  }

  write(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++) this.#store(offset + i, (value >>> (8 * (size - 1 - i))) & 0xff)
  }
}
