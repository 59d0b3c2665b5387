// What the assembler fills: sections with their bytes, the places to be patched, and the lines they came from.

import type { SourcePlace } from './problem.ts'
import type { AsmSymbol } from './symbol.ts'

/** ELF section types and flags (gABI, "Sections"). */
export const SECTION_TYPE = { PROGBITS: 1, NOTE: 7, NOBITS: 8 } as const
export const SECTION_FLAG = { WRITE: 1, ALLOC: 2, EXECINSTR: 4, MERGE: 16, STRINGS: 32 } as const

/** The instruction at `offset` came from that line. */
export interface SourceRow {
  readonly offset: number
  readonly file: string
  readonly line: number
}

/** A patch that is left to the linker: its type is one of the PowerPC ABI's `R_PPC_…`. */
export interface Patch {
  readonly offset: number
  readonly type: number
  readonly symbol: AsmSymbol | AsmSection
  readonly addend: number
}

/** A patch, and where in the source it was asked for. */
export interface AsmRelocation extends Patch {
  readonly place: SourcePlace
}

/** The bytes that one section may have: more is a mistake, and would only use up memory. */
const MOST_BYTES = 64 << 20

export class AsmSection {
  readonly name: string
  readonly type: number
  readonly flags: number
  readonly entrySize: number
  readonly relocations: AsmRelocation[] = []
  readonly rows: SourceRow[] = []
  /** How many sections had contents before this one. */
  order = 0
  /** Bytes to which the section's address is aligned, a power of 2. */
  align = 1
  #bytes = new Uint8Array(64)
  #size = 0

  constructor(name: string, type: number, flags: number, entrySize = 0) {
    this.name = name
    this.type = type
    this.flags = flags
    this.entrySize = entrySize
    if (this.isCode) this.align = 4
  }

  get isCode(): boolean {
    return (this.flags & SECTION_FLAG.EXECINSTR) !== 0
  }

  /** Whether it has no bytes in the file: .bss. */
  get isEmpty(): boolean {
    return this.type === SECTION_TYPE.NOBITS
  }

  /** Bytes so far: the offset at which the next statement stands. */
  get size(): number {
    return this.#size
  }

  /** @returns the contents; none for .bss. Shared with the section. */
  get bytes(): Uint8Array {
    return this.isEmpty ? new Uint8Array() : this.#bytes.subarray(0, this.#size)
  }

  /** Makes room for `count` bytes, each `fill`. @returns where they are, or undefined if there would be too many. */
  reserve(count: number, fill = 0): number | undefined {
    const offset = this.#size
    if (count > MOST_BYTES - offset) return undefined
    this.#size += count
    if (!this.isEmpty) {
      this.#grow()
      this.#bytes.fill(fill, offset, this.#size)
    }
    return offset
  }

  /** Puts the low `width` bytes of `value` at `offset`, big-endian. */
  put(offset: number, width: number, value: bigint): void {
    for (let i = 0; i < width; i++)
      this.#bytes[offset + i] = Number(BigInt.asUintN(8, value >> BigInt(8 * (width - 1 - i))))
  }

  #grow(): void {
    if (this.#size <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#size, 2 * this.#bytes.length))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
