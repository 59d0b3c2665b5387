// A block of device control registers that hold what is written, as the arbiters, bridges and memory controllers of the
// 4xx parts are to programs: what they do for the buses has no effect here that a program could see.

import type { DcrBlock } from '../bus/bus.ts'
import type { Stateful } from '../bus/device.ts'
import { type DeviceRegister, type DeviceRegisterRow, type RegisterPart, registerTable } from '../bus/registerTable.ts'

/** What all blocks of one kind have in common. */
export interface DcrPart {
  /** What it is, for people. */
  readonly text: string
  /** By their names; `offset` counts from the first number of the block. */
  readonly registers: Readonly<Record<string, DeviceRegister>>
  /** How many numbers it takes. */
  readonly count: number
  /** Bits that a register does not keep, by its offset: commands that are done at once. */
  readonly commands?: Readonly<Record<number, number>>
}

/** The registers of a part whose manual counts bits as IBM does; each keeps all bits where its row says nothing of them. */
export function dcrTable(
  page: string,
  rows: Readonly<Record<string, DeviceRegisterRow>>,
): Readonly<Record<string, DeviceRegister>> {
  const part: RegisterPart = { width: 32, numbering: 'msb0', page }
  const held = Object.entries(rows).map(([name, row]) => [name, { defined: -1, ...row }])
  return registerTable(part, Object.fromEntries(held) as Record<string, DeviceRegisterRow>)
}

export class DcrRegisters implements DcrBlock, Stateful<readonly number[]> {
  readonly name: string
  readonly text: string
  readonly registers: readonly DeviceRegister[]
  readonly first: number
  readonly last: number
  readonly #part: DcrPart
  readonly #table: ReadonlyMap<number, DeviceRegister>
  readonly #values: Int32Array

  constructor(name: string, firstDcr: number, part: DcrPart) {
    this.name = name
    this.text = part.text
    this.first = firstDcr
    this.last = firstDcr + part.count - 1
    this.#part = part
    this.registers = Object.values(part.registers)
    this.#table = new Map(this.registers.map(register => [register.offset, register]))
    this.#values = Int32Array.from({ length: part.count }, (_, offset) => this.#table.get(offset)?.reset ?? 0)
  }

  read(number: number): number {
    return this.peek(number)
  }

  peek(number: number): number {
    return this.#values[number - this.first]
  }

  /** A number that the block has without a register keeps nothing. */
  write(number: number, value: number): void {
    const offset = number - this.first
    const register = this.#table.get(offset)
    if (!register?.writable) return
    const { write, defined } = register
    const now = this.#values[offset]
    const kept = write === 'oneToClear' ? now & ~value : value & defined
    this.#values[offset] = kept & ~(this.#part.commands?.[offset] ?? 0)
  }

  save(): readonly number[] {
    return [...this.#values]
  }

  restore(values: readonly number[]): void {
    this.#values.set(values)
  }
}
