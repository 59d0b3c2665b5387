// Where memory is among the 36-bit real addresses: RAM from 0, other RAM, ROMs, and windows that lead to memory at another
// address. The linear memory has each byte once, RAM first and the others behind it, and translation gives the place there,
// so that nothing behind it has to tell them apart but who stores.

/** Memory elsewhere than from 0: a ROM, which stores do not change, or SRAM. */
export interface MemoryRegion {
  /** Real address. */
  readonly base: number
  /** Bytes, a multiple of 64 KB. */
  readonly size: number
  readonly isWritable: boolean
}

/** What is at `of` is also at `base`; both are multiples of 64 KB, as `size` is. */
export interface MemoryAlias {
  readonly base: number
  readonly size: number
  /** Real address in memory that has all of it; the window is not there where none has. */
  readonly of: number
}

/** Memory in the linear memory. */
interface PlacedMemory extends MemoryRegion {
  /** Where it begins there, behind RAM_BASE. */
  readonly at: number
  /** It gives what it holds; otherwise it is no place, and the bus answers at its addresses. */
  isReadable: boolean
}

/** Real addresses that lead to places one after the other. */
interface MemorySpan {
  readonly base: number
  readonly size: number
  readonly at: number
  readonly memory: PlacedMemory
}

const REAL_ADDRESSES = 2 ** 36
const LOW = 2 ** 32

export class RealMemory {
  /** Bytes of RAM, from real address 0. */
  readonly ramSize: number
  /** Bytes of all. */
  readonly size: number
  readonly #ram: PlacedMemory
  /** Every place is in one of them: memory as it is. */
  readonly #memories: readonly PlacedMemory[]
  /** And the windows to it. */
  readonly #spans: readonly MemorySpan[]

  constructor(ramSize: number, regions: readonly MemoryRegion[] = [], aliases: readonly MemoryAlias[] = []) {
    this.ramSize = ramSize
    let at = 0
    this.#memories = [{ base: 0, size: ramSize, isWritable: true }, ...regions].map(({ base, size, isWritable }) => {
      at += size
      return { base, size, isWritable, at: at - size, isReadable: true }
    })
    this.size = at
    this.#ram = this.#memories[0]!
    const windows = aliases.flatMap(({ base, size, of }): readonly MemorySpan[] => {
      const memory = inside(this.#memories, of)
      return memory === undefined ? [] : [{ base, size, at: memory.at + (of - memory.base), memory }]
    })
    this.#spans = [...this.#memories.map(memory => ({ ...memory, memory })), ...windows]
  }

  /** Whether the memory at a real address gives what it holds. Translations that are remembered have to be forgotten then. */
  setReadable(real: number, isReadable: boolean): void {
    inside(this.#memories, real)!.isReadable = isReadable
  }

  /** Real addresses at which memory or a window to it begins. */
  get bases(): readonly number[] {
    return this.#spans.map(({ base }) => base)
  }

  /** The place of a real address, or a number that is none and from which `realOf` gives the address again. */
  place(real: number): number {
    if (real < this.ramSize && this.#ram.isReadable) return real
    const span = inside(this.#spans, real)
    if (span === undefined) return real < this.size ? real + REAL_ADDRESSES : real
    const place = span.at + (real - span.base)
    if (span.memory.isReadable) return place
    const first = this.realOf(place)
    return first < this.size ? first + REAL_ADDRESSES : first
  }

  /** The place of an address of which the lower 32 bits are known, as of what is linked there: in the first memory that has it. */
  placeOfLow(low: number): number {
    const span = this.#spans.find(({ base, size }) => low >= base % LOW && low < (base % LOW) + size)
    return span === undefined ? this.place(low) : span.at + (low - (span.base % LOW))
  }

  /** The real address that leads to a place, the first of several, or to none. */
  realOf(place: number): number {
    if (place < this.ramSize || place >= this.size) return place % REAL_ADDRESSES
    const { base, at } = this.#memoryOf(place)
    return base + (place - at)
  }

  /** From where to where around a place there is memory of one kind, unsigned, seen from a real address that leads there. */
  around(place: number, real = this.realOf(place)): { readonly start: number; readonly end: number } {
    const { at, size } = inside(this.#spans, real) ?? this.#memoryOf(place)
    return { start: at, end: at + size }
  }

  /** Whether a place gives what memory holds there. */
  isReadable(place: number): boolean {
    return place < this.ramSize ? this.#ram.isReadable : place >= this.size || this.#memoryOf(place).isReadable
  }

  isWritable(place: number): boolean {
    return place < this.ramSize || (place < this.size && this.#memoryOf(place).isWritable)
  }

  #memoryOf(place: number): PlacedMemory {
    return this.#memories.find(({ at, size }) => place >= at && place < at + size)!
  }
}

const inside = <Span extends Pick<MemoryRegion, 'base' | 'size'>>(
  spans: readonly Span[],
  real: number,
): Span | undefined => spans.find(({ base, size }) => real >= base && real < base + size)
