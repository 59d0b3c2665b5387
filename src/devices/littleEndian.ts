// Little-endian parts of a big-endian bus.

import type { Device, Size } from '../bus/device.ts'

abstract class LittleEndianPart implements Device {
  abstract readonly name: string
  abstract readonly text: string
  abstract readonly registers: Device['registers']
  abstract readonly size: number
  abstract getByte(offset: number): number
  abstract write(offset: number, size: Size, value: number): void

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | this.getByte(offset + i)
    return value
  }
}

/** Each byte has its place. */
export abstract class LittleEndian extends LittleEndianPart {
  abstract setByte(offset: number, value: number): void

  write(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++) this.setByte(offset + i, (value >>> (8 * (size - 1 - i))) & 0xff)
  }
}

/** Registers are words, and a store of less than a word leaves the rest of it as it is. */
export abstract class LittleEndianWords extends LittleEndianPart {
  abstract getWord(offset: number): number
  abstract setWord(offset: number, value: number): void

  getByte(offset: number): number {
    return (this.getWord(offset & ~3) >>> shiftOf(offset)) & 0xff
  }

  write(offset: number, size: Size, value: number): void {
    const words = new Map<number, number>()
    for (let i = 0; i < size; i++) {
      const at = offset + i
      const word = words.get(at & ~3) ?? this.getWord(at & ~3)
      const byte = (value >>> (8 * (size - 1 - i))) & 0xff
      words.set(at & ~3, (word & ~(0xff << shiftOf(at))) | (byte << shiftOf(at)))
    }
    for (const [at, word] of words) this.setWord(at, word)
  }
}

/** Where a byte is in its word. */
const shiftOf = (offset: number): number => 8 * (offset & 3)
