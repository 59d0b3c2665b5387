// A GPIO controller of the 4xx parts (440EP user's manual, GPIO): 32 pins, each of which the registers give to the program
// or to another part of the chip. A pin reads as what drives it: the program, or whatever is outside.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { registerTable } from '../bus/registerTable.ts'
import { partOfWord } from './words.ts'

const select = (name: string, at: number, text: string) =>
  ({
    [`${name}L`]: { offset: at, text: `${text}, pins 0 to 15, two bits each` },
    [`${name}H`]: { offset: at + 4, text: `${text}, pins 16 to 31, two bits each` },
  }) as const

const OR = 0x00
const TCR = 0x04
const IR = 0x1c

const TABLE = registerTable(
  { width: 32, numbering: 'msb0', page: '440EP user’s manual, general purpose I/O' },
  {
    OR: { offset: OR, text: 'output: what the program drives' },
    TCR: { offset: TCR, text: 'three-state control: pins that are driven' },
    ...select('OSR', 0x08, 'what drives a pin'),
    ...select('TSR', 0x10, 'what decides whether a pin is driven'),
    ODR: { offset: 0x18, text: 'open drain: pins that are driven low only' },
    IR: { offset: IR, text: 'input: what the pins are', access: 'r' },
    RR1: { offset: 0x20, text: 'for the program alone' },
    RR2: { offset: 0x24, text: 'for the program alone' },
    RR3: { offset: 0x28, text: 'for the program alone' },
    ...select('ISR1', 0x30, 'pins that are input 1 of the chip'),
    ...select('ISR2', 0x38, 'pins that are input 2 of the chip'),
    ...select('ISR3', 0x40, 'pins that are input 3 of the chip'),
  },
)

export class Gpio implements Device, Stateful<readonly number[]> {
  readonly name: string
  readonly text = 'GPIO controller'
  readonly registers = Object.values(TABLE)
  readonly size = 0x48
  readonly #words = new Int32Array(this.size / 4)
  /** What is outside of the pins, a bit for each. */
  readonly #outside: number

  constructor(name: string, outside: number) {
    this.name = name
    this.#outside = outside | 0
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    const [or, driven] = [this.#words[OR / 4], this.#words[TCR / 4]]
    const word = offset >>> 2 === IR / 4 ? (or & driven) | (this.#outside & ~driven) : this.#words[offset >>> 2]
    return partOfWord(word, offset, size)
  }

  write(offset: number, size: Size, value: number): void {
    const at = offset >>> 2
    if (at === IR / 4) return
    this.#words[at] = withPart(this.#words[at], offset, size, value)
  }

  save(): readonly number[] {
    return [...this.#words]
  }

  restore(words: readonly number[]): void {
    this.#words.set(words)
  }
}

/** A big-endian word of which `size` bytes at `offset` are written. */
function withPart(word: number, offset: number, size: Size, value: number): number {
  if (size === 4) return value
  const shift = 8 * (4 - size - (offset & 3))
  const mask = (2 ** (8 * size) - 1) << shift
  return (word & ~mask) | ((value << shift) & mask)
}
