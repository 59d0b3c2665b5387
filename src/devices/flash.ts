// Flash: a ROM until a command makes one of its chips say something of itself (flashAmd.ts, flashIntel.ts). Programming and
// erasing are done at once.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { AmdChip, type AmdState } from './flashAmd.ts'
import type { FlashChip } from './flashChips.ts'
import type { FlashCells, FlashCommands } from './flashCommands.ts'
import { IntelChip, type IntelState } from './flashIntel.ts'

/** The bytes of a ROM, for who may change them. */
export interface FlashBytes {
  get(offset: number): number
  set(offset: number, bytes: Uint8Array): void
  /** Whether the ROM gives its bytes; otherwise the flash is asked. */
  setReadable(isReadable: boolean): void
}

type ChipState = AmdState | IntelState

/** One or more chips of a kind, one behind the other. */
export class Flash implements Device, Stateful<readonly ChipState[]> {
  readonly outlastsReset = true
  readonly name: string
  readonly text: string
  readonly registers = []
  readonly size: number
  readonly #chip: FlashChip
  readonly #bytes: FlashBytes
  readonly #chips: readonly FlashCommands<ChipState>[]
  #isReadable = true

  constructor(name: string, size: number, chip: FlashChip, bytes: FlashBytes) {
    this.name = name
    this.text = chip.text
    this.size = size
    this.#chip = chip
    this.#bytes = bytes
    this.#chips = Array.from({ length: size / chip.size }, (_, n) => {
      const cells = cellsOf(chip, n * chip.size, bytes)
      const commands = chip.commands === 'intel' ? new IntelChip(chip, cells) : new AmdChip(chip, cells)
      return commands as FlashCommands<ChipState>
    })
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | this.#byte(offset + i)
    return value
  }

  #byte(offset: number): number {
    const { size, width } = this.#chip
    const chip = this.#chips[Math.floor(offset / size)]!
    if (chip.givesArray) return this.#bytes.get(offset)
    const value = chip.read(Math.floor((offset % size) / width))
    return width === 2 && offset % 2 === 0 ? value >>> 8 : value & 0xff
  }

  /** A store moves as many words of the chip as it has; one of a byte to wires of 16 bits is heard as that byte twice. */
  write(offset: number, size: Size, value: number): void {
    const { width } = this.#chip
    if (size < width) return this.#cycle(offset - (offset % width), value * 0x101)
    for (let i = 0; i < size; i += width) {
      const shift = 8 * (size - width - i)
      this.#cycle(offset + i, (value >>> shift) & (2 ** (8 * width) - 1))
    }
  }

  #cycle(offset: number, value: number): void {
    const { size, width } = this.#chip
    this.#chips[Math.floor(offset / size)]!.write(Math.floor((offset % size) / width), value)
    this.#update()
  }

  #update(): void {
    const isReadable = this.#chips.every(({ givesArray }) => givesArray)
    if (isReadable !== this.#isReadable) this.#bytes.setReadable(isReadable)
    this.#isReadable = isReadable
  }

  save(): readonly ChipState[] {
    return this.#chips.map(chip => chip.save())
  }

  restore(states: readonly ChipState[]): void {
    for (const [n, chip] of this.#chips.entries()) chip.restore(states[n]!)
    this.#update()
  }
}

const ERASED = 0xff

/** @param base of the chip, in bytes */
function cellsOf({ width, sectors }: FlashChip, base: number, bytes: FlashBytes): FlashCells {
  const sizes = sectors.flatMap(([count, size]) => Array<number>(count).fill(size))
  let end = 0
  const ends = sizes.map(size => (end += size))
  return {
    program(word, value) {
      const at = base + word * width
      const programmed = Uint8Array.from(
        { length: width },
        (_, i) => bytes.get(at + i) & (value >>> (8 * (width - 1 - i))),
      )
      bytes.set(at, programmed)
    },
    erase: sector => {
      const size = sizes[sector]!
      bytes.set(base + ends[sector]! - size, new Uint8Array(size).fill(ERASED))
    },
    sectorOf: word => ends.findIndex(each => word * width < each),
  }
}
