// Flash that hears AMD's commands (data sheets of the Am29LV040B and Am29LV320B, command definitions): it is a ROM until
// a command makes it say something of itself. Programming and erasing are done at once.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { type FlashChip, queryTable } from './flashChips.ts'

/** The bytes of a ROM, for who may change them. */
export interface FlashBytes {
  get(offset: number): number
  set(offset: number, bytes: Uint8Array): void
  /** Whether the ROM gives its bytes; otherwise the flash is asked. */
  setReadable(isReadable: boolean): void
}

/** What a chip does next, or what it says: its bytes, its identification, or its query table. */
type ChipMode = 'array' | 'identification' | 'query'
type ChipStep = 'none' | 'unlocked' | 'command' | 'program' | 'erase' | 'eraseUnlocked' | 'eraseCommand'

export interface FlashChipState {
  readonly mode: ChipMode
  readonly step: ChipStep
}

const [UNLOCK, UNLOCK_MORE] = [0x555, 0x2aa]
/** Address wires that commands look at. */
const COMMAND_WIRES = 0x7ff
const ERASED = 0xff

/** One or more chips of a kind, one behind the other. */
export class Flash implements Device, Stateful<readonly FlashChipState[]> {
  readonly name: string
  readonly text: string
  readonly registers = []
  readonly size: number
  readonly #chip: FlashChip
  readonly #query: ReadonlyMap<number, number>
  readonly #bytes: FlashBytes
  #chips: FlashChipState[]
  #isReadable = true

  constructor(name: string, size: number, chip: FlashChip, bytes: FlashBytes) {
    this.name = name
    this.text = chip.text
    this.size = size
    this.#chip = chip
    this.#query = queryTable(chip)
    this.#bytes = bytes
    this.#chips = Array.from({ length: size / chip.size }, () => ({ mode: 'array', step: 'none' }))
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
    const { mode } = this.#chips[Math.floor(offset / size)]!
    if (mode === 'array') return this.#bytes.get(offset)
    const word = Math.floor((offset % size) / width)
    const value = mode === 'query' ? (this.#query.get(word & 0xff) ?? 0) : this.#identification(word & 0xff)
    return width === 2 && offset % 2 === 0 ? value >>> 8 : value & 0xff
  }

  /** Manufacturer, device, and that a sector is not protected. */
  #identification(word: number): number {
    return [this.#chip.manufacturer, this.#chip.device][word] ?? 0
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
    const n = Math.floor(offset / size)
    const chip = this.#chips[n]!
    if (chip.step === 'program') this.#program(offset, value)
    if (chip.step === 'eraseCommand') this.#erase(offset, value & 0xff)
    const word = Math.floor((offset % size) / width) & COMMAND_WIRES
    this.#chips[n] = next(chip, word, value & 0xff, this.#chip.hasQuery)
    this.#update()
  }

  /** Bits become 0, and none becomes 1. */
  #program(offset: number, value: number): void {
    const { width } = this.#chip
    const bytes = Uint8Array.from({ length: width }, (_, i) => {
      const byte = (value >>> (8 * (width - 1 - i))) & 0xff
      return this.#bytes.get(offset + i) & byte
    })
    this.#bytes.set(offset, bytes)
  }

  #erase(offset: number, command: number): void {
    const chip = offset - (offset % this.#chip.size)
    let at = 0
    for (const [count, bytes] of this.#chip.sectors)
      for (let n = 0; n < count; n++, at += bytes) {
        const isMeant = command === 0x10 || (command === 0x30 && offset - chip >= at && offset - chip < at + bytes)
        if (isMeant) this.#bytes.set(chip + at, new Uint8Array(bytes).fill(ERASED))
      }
  }

  #update(): void {
    const isReadable = this.#chips.every(({ mode }) => mode === 'array')
    if (isReadable !== this.#isReadable) this.#bytes.setReadable(isReadable)
    this.#isReadable = isReadable
  }

  save(): readonly FlashChipState[] {
    return this.#chips
  }

  restore(chips: readonly FlashChipState[]): void {
    this.#chips = [...chips]
    this.#update()
  }
}

const ARRAY: FlashChipState = { mode: 'array', step: 'none' }

/** What a chip is after a write cycle. */
function next({ mode, step }: FlashChipState, word: number, command: number, hasQuery: boolean): FlashChipState {
  const unlocks = word === UNLOCK && command === 0xaa
  const unlocksMore = word === UNLOCK_MORE && command === 0x55
  switch (step) {
    case 'unlocked':
      return { mode, step: unlocksMore ? 'command' : 'none' }
    case 'command':
      if (word !== UNLOCK) return ARRAY
      if (command === 0x90) return { mode: 'identification', step: 'none' }
      if (command === 0xa0) return { mode: 'array', step: 'program' }
      return command === 0x80 ? { mode: 'array', step: 'erase' } : ARRAY
    case 'erase':
      return unlocks ? { mode, step: 'eraseUnlocked' } : ARRAY
    case 'eraseUnlocked':
      return unlocksMore ? { mode, step: 'eraseCommand' } : ARRAY
    case 'program':
    case 'eraseCommand':
      return ARRAY
    case 'none':
      if (unlocks) return { mode, step: 'unlocked' }
      if (hasQuery && (word & 0xff) === 0x55 && command === 0x98) return { mode: 'query', step: 'none' }
      return command === 0xf0 ? ARRAY : { mode, step: 'none' }
  }
}
