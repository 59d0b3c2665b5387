// Little-endian parts of a big-endian bus.

import type { Device, Size } from '../bus/device.ts'

/** Each byte has its place. */
export abstract class LittleEndian implements Device {
  abstract readonly name: string
  abstract readonly text: string
  abstract readonly registers: Device['registers']
  abstract readonly size: number
  abstract getByte(offset: number): number
  abstract setByte(offset: number, value: number): void

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | this.getByte(offset + i)
    return value
  }

  write(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++) this.setByte(offset + i, (value >>> (8 * (size - 1 - i))) & 0xff)
  }
}

/** Registers are words, and a store of less than a word leaves the rest of it as it is. */
export abstract class LittleEndianWords implements Device {
  abstract readonly name: string
  abstract readonly text: string
  abstract readonly registers: Device['registers']
  abstract readonly size: number
  abstract getWord(offset: number): number
  abstract setWord(offset: number, value: number): void

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | ((this.#wordAt(offset + i) >>> shiftOf(offset + i)) & 0xff)
    return value
  }

  write(offset: number, size: Size, value: number): void {
    const words = new Map<number, number>()
    for (let i = 0; i < size; i++) {
      const at = offset + i
      const word = words.get(at & ~3) ?? this.#wordAt(at)
      const byte = (value >>> (8 * (size - 1 - i))) & 0xff
      words.set(at & ~3, (word & ~(0xff << shiftOf(at))) | (byte << shiftOf(at)))
    }
    for (const [at, word] of words) this.setWord(at, word)
  }

  #wordAt(offset: number): number {
    return this.getWord(offset & ~3)
  }
}

/** Where a byte is in its word. */
const shiftOf = (offset: number): number => 8 * (offset & 3)
