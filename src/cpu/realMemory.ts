// Where memory is among the 36-bit real addresses: RAM from 0, and regions elsewhere, ROMs and more RAM. The linear memory
// has them one behind the other, RAM first, and translation gives the place there, so that nothing behind it has to tell
// them apart but who stores.

/** Memory elsewhere than from 0: a ROM, which stores do not change, or SRAM. */
export interface MemoryRegion {
  /** Real address. */
  readonly base: number
  /** Bytes, a multiple of 64 KB. */
  readonly size: number
  readonly isWritable: boolean
}

interface PlacedRegion extends MemoryRegion {
  /** Where it begins in the linear memory, behind RAM_BASE. */
  readonly at: number
}

const REAL_ADDRESSES = 2 ** 36
const LOW = 2 ** 32

export class RealMemory {
  /** Bytes of RAM, from real address 0. */
  readonly ramSize: number
  /** Bytes of all. */
  readonly size: number
  readonly regions: readonly PlacedRegion[]

  constructor(ramSize: number, regions: readonly MemoryRegion[] = []) {
    this.ramSize = ramSize
    let at = ramSize
    this.regions = regions.map(region => {
      at += region.size
      return { ...region, at: at - region.size }
    })
    this.size = at
  }

  /** The place of a real address, or a number that is none and from which `realOf` gives the address again. */
  place(real: number): number {
    if (real < this.ramSize || this.regions.length === 0) return real
    const region = this.regions.find(({ base, size }) => real >= base && real < base + size)
    if (region !== undefined) return region.at + (real - region.base)
    return real < this.size ? real + REAL_ADDRESSES : real
  }

  /** The place of an address of which the lower 32 bits are known, as of what is linked there: in the first memory that has it. */
  placeOfLow(low: number): number {
    if (low < this.ramSize) return low
    const region = this.regions.find(({ base, size }) => low >= base % LOW && low < (base % LOW) + size)
    return region === undefined ? this.place(low) : region.at + (low - (region.base % LOW))
  }

  /** The real address that leads to a place, or to none. */
  realOf(place: number): number {
    if (place < this.ramSize || place >= this.size) return place % REAL_ADDRESSES
    const { base, at } = this.#regionOf(place)
    return base + (place - at)
  }

  /** From where to where around a place there is memory of one kind, unsigned, and whether stores change it. */
  around(place: number): { readonly start: number; readonly end: number; readonly isWritable: boolean } {
    if (place < this.ramSize) return { start: 0, end: this.ramSize, isWritable: true }
    const { at, size, isWritable } = this.#regionOf(place)
    return { start: at, end: at + size, isWritable }
  }

  isWritable(place: number): boolean {
    return place < this.ramSize || (place < this.size && this.#regionOf(place).isWritable)
  }

  /** Of a place behind the RAM that begins at 0. */
  #regionOf(place: number): PlacedRegion {
    return this.regions.find(({ at, size }) => place >= at && place < at + size)!
  }
}
