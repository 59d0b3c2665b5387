// A device of a board's own, a CPLD say, whose registers a description names: each holds what is written.

import type { Device, Size, Stateful } from '../bus/device.ts'
import { type DeviceRegister, registerTable } from '../bus/registerTable.ts'

export const WIDTHS = [8, 16, 32] as const
type RegisterWidth = (typeof WIDTHS)[number]

export class OwnRegisters implements Device, Stateful<readonly number[]> {
  readonly name: string
  readonly text = 'registers of the board'
  readonly registers: readonly DeviceRegister[]
  readonly size: number
  readonly #bytes: Uint8Array

  /**
   * @param offsets of the registers, in bytes, by name; each is a multiple of its width
   * @param reset values after a reset, by name; 0 where there is none
   * @throws Error that says which name is none
   */
  constructor(
    name: string,
    width: RegisterWidth,
    offsets: Readonly<Record<string, number>>,
    reset: Readonly<Record<string, number>> = {},
  ) {
    this.name = name
    const rows = Object.entries(offsets).map(([register, offset]) => {
      if (offset % (width / 8) !== 0) throw new Error(`${register} of ${name} is ${width} bits wide, and at ${offset}`)
      return [register, { offset, text: 'as the description of the board names it', reset: reset[register] ?? 0 }]
    })
    const part = { width, numbering: 'msb0', page: 'the description of the board' } as const
    this.registers = Object.values(registerTable(part, Object.fromEntries(rows)))
    const unknown = Object.keys(reset).find(register => offsets[register] === undefined)
    if (unknown !== undefined) throw new Error(`${name} has no register ${unknown}`)
    this.size = Math.max(...Object.values(offsets), 0) + width / 8
    this.#bytes = new Uint8Array(this.size)
    for (const register of this.registers) this.write(register.offset, (width / 8) as Size, register.reset)
  }

  read(offset: number, size: Size): number {
    return this.peek(offset, size)
  }

  peek(offset: number, size: Size): number {
    let value = 0
    for (let i = 0; i < size; i++) value = (value << 8) | (this.#bytes[offset + i] ?? 0)
    return value
  }

  write(offset: number, size: Size, value: number): void {
    for (let i = 0; i < size; i++) this.#bytes[offset + i] = value >>> (8 * (size - 1 - i))
  }

  save(): readonly number[] {
    return [...this.#bytes]
  }

  restore(bytes: readonly number[]): void {
    this.#bytes.set(bytes)
  }
}
