// The bytes that have been seen of memory: at this stop, and at the one before, so that what has changed is known.

import type { MemoryContents } from '../../protocol/messages.ts'
import { fromBase64 } from '../../util/base64.ts'

/** A row of the view is looked up at once. */
const ROW = 16

type RowsSeen = Map<number, (number | undefined)[]>

export class MemoryBytes {
  #stop: number | undefined
  #now: RowsSeen = new Map()
  #before: RowsSeen = new Map()
  #gaps: MemoryContents['gaps'] = []
  #symbols: MemoryContents['symbols'] = []

  /** @param isNews something may have been written since what was seen before */
  take({ stop, address, count, pieces, gaps, symbols }: MemoryContents, isNews = false): void {
    if (stop !== this.#stop) {
      this.#before = this.#stop === undefined ? new Map() : this.#now
      this.#now = new Map()
      this.#stop = stop
    } else if (isNews) {
      const isTold = (row: number): boolean => row * ROW >= address && (row + 1) * ROW <= address + count
      for (const row of this.#now.keys()) if (!isTold(row)) this.#now.delete(row)
    }
    for (const { address, count } of gaps) for (let i = 0; i < count; i++) this.#set(address + i, undefined)
    for (const { address, base64 } of pieces) {
      const bytes = fromBase64(base64) ?? new Uint8Array()
      for (const [i, byte] of bytes.entries()) this.#set(address + i, byte)
    }
    this.#gaps = gaps
    this.#symbols = symbols
  }

  /** Another program: nothing of what was seen holds. */
  forget(): void {
    this.#stop = undefined
    this.#now = new Map()
    this.#before = new Map()
    this.#gaps = []
    this.#symbols = []
  }

  #set(address: number, byte: number | undefined): void {
    const row = Math.floor(address / ROW)
    let bytes = this.#now.get(row)
    if (bytes === undefined) this.#now.set(row, (bytes = new Array(ROW).fill(undefined)))
    bytes[address % ROW] = byte
  }

  /** The byte there; undefined where it cannot be read, or has not been. */
  at(address: number): number | undefined {
    return this.#now.get(Math.floor(address / ROW))?.[address % ROW]
  }

  /** Whether the byte was another at the stop before, when it was seen. */
  hasChanged(address: number): boolean {
    const old = this.#before.get(Math.floor(address / ROW))?.[address % ROW]
    return old !== undefined && old !== this.at(address)
  }

  /** The number of `size` bytes there, big-endian; undefined where one of them is not known. */
  number(address: number, size: number): bigint | undefined {
    let value = 0n
    for (let i = 0; i < size; i++) {
      const byte = this.at(address + i)
      if (byte === undefined) return undefined
      value = (value << 8n) | BigInt(byte)
    }
    return value
  }

  /** Why it cannot be read there. */
  whyNot(address: number): string | undefined {
    return this.#gaps.find(gap => address >= gap.address && address < gap.address + gap.count)?.why
  }

  /** The symbol that an address belongs to, and how far into it that is. */
  symbolAt(address: number): { readonly name: string; readonly offset: number } | undefined {
    const symbol = this.#symbols.filter(each => each.address <= address).at(-1)
    return symbol && { name: symbol.name, offset: address - symbol.address }
  }

  /** Symbols that begin in a row. */
  symbolsFrom(address: number, count: number): readonly string[] {
    return this.#symbols
      .filter(each => each.address >= address && each.address < address + count)
      .map(({ name }) => name)
  }
}
