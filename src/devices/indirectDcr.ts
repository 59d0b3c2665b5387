// A block of registers behind two device control registers, as the 4xx parts have them for clocks, straps, the external
// bus and SDRAM: CFGADDR takes the number of a register, and CFGDATA is that register then.

import type { DcrBlock, IndirectRegisters } from '../bus/bus.ts'
import type { Stateful } from '../bus/device.ts'
import { type DeviceRegister, type DeviceRegisterRow, type RegisterPart, registerTable } from '../bus/registerTable.ts'

/** A register by its number behind CFGADDR. */
export type IndirectRow = Omit<DeviceRegisterRow, 'offset'> & { readonly index: number }

/** What all blocks of one kind have in common. */
export interface IndirectPart {
  /** What it is, for people. */
  readonly text: string
  readonly registers: Readonly<Record<string, DeviceRegister>>
  /** Status that follows from other registers. @param held the value of one of those, by its number */
  readonly status?: (index: number, held: (index: number) => number) => number | undefined
  /** Whether data comes from RAM as it is there, of a part that decides when it is taken from the wires. */
  readonly readsRam?: (held: (index: number) => number) => boolean
}

const CFGADDR = 0
const CFGDATA = 1

/** The registers of a part whose manual counts bits as IBM does. @param page the chapter of its manual */
export function indirectTable(page: string, rows: Readonly<Record<string, IndirectRow>>): IndirectPart['registers'] {
  const part: RegisterPart = { width: 32, numbering: 'msb0', page }
  // What a row does not name of a register may exist all the same, and is held.
  const held = Object.entries(rows).map(([name, row]) => [name, { defined: -1, ...row, offset: CFGDATA }])
  return registerTable(part, Object.fromEntries(held) as Record<string, DeviceRegisterRow>)
}

/** @param first what CFGDATA is after a reset: the register with the number 0 */
const accessTo = (page: string, first: number): readonly DeviceRegister[] =>
  Object.values(
    registerTable(
      { width: 32, numbering: 'msb0', page },
      {
        CFGADDR: { offset: CFGADDR, text: 'number of the register that CFGDATA is' },
        CFGDATA: { offset: CFGDATA, text: 'the register that CFGADDR names', reset: first },
      },
    ),
  )

export interface IndirectState {
  readonly address: number
  readonly values: readonly (readonly [index: number, value: number])[]
}

/** Registers hold what is written, as far as their table has them; one that it does not have holds everything. */
export class IndirectDcr implements DcrBlock, Stateful<IndirectState> {
  readonly name: string
  readonly text: string
  readonly registers: readonly DeviceRegister[]
  readonly first: number
  readonly last: number
  readonly indirect: IndirectRegisters = {
    peek: index => this.#peek(index),
    write: (index, value) => this.#write(index, value),
  }
  /** Called when a register is used that the table does not have. */
  onUnknown: (index: number) => void = () => {}
  /** Called when RAM is read rightly from now on, or not any more. */
  onRamTiming: (isRight: boolean) => void = () => {}
  readonly #part: IndirectPart
  readonly #table: ReadonlyMap<number, DeviceRegister>
  #values: Map<number, number>
  #address = 0
  #readsRam = true

  /**
   * @param reset values after a reset, by the names of registers, where they are not those of the part
   * @throws Error that says which name is none
   */
  constructor(name: string, firstDcr: number, part: IndirectPart, reset: Readonly<Record<string, number>> = {}) {
    this.name = name
    this.text = part.text
    this.first = firstDcr
    this.last = firstDcr + CFGDATA
    this.#part = part
    const own = Object.values(part.registers)
    this.#table = new Map(own.map(register => [register.index!, register]))
    const unknown = Object.keys(reset).find(given => part.registers[given] === undefined)
    if (unknown !== undefined)
      throw new Error(`${name} has no register ${unknown}: it has ${Object.keys(part.registers).join(', ')}`)
    this.#values = new Map(own.map(register => [register.index!, reset[register.name] ?? register.reset]))
    this.registers = [...accessTo(own[0]!.page, this.#values.get(0) ?? 0), ...own]
  }

  read(number: number): number {
    if (number !== this.first && !this.#table.has(this.#address)) this.onUnknown(this.#address)
    return this.peek(number)
  }

  peek(number: number): number {
    return number === this.first ? this.#address | 0 : this.#peek(this.#address)
  }

  write(number: number, value: number): void {
    if (number === this.first) this.#address = value >>> 0
    else {
      if (!this.#table.has(this.#address)) this.onUnknown(this.#address)
      this.#write(this.#address, value)
    }
  }

  #held = (index: number): number => this.#values.get(index) ?? 0

  #peek(index: number): number {
    return (this.#part.status?.(index, this.#held) ?? this.#held(index)) | 0
  }

  #write(index: number, value: number): void {
    const { writable, write, defined } = this.#table.get(index) ?? EVERYTHING
    if (!writable) return
    this.#values.set(index, write === 'oneToClear' ? this.#held(index) & ~value : value & defined)
    this.#time()
  }

  #time(): void {
    const isRight = this.#part.readsRam?.(this.#held) ?? true
    if (isRight !== this.#readsRam) this.onRamTiming(isRight)
    this.#readsRam = isRight
  }

  save(): IndirectState {
    return { address: this.#address, values: [...this.#values] }
  }

  restore({ address, values }: IndirectState): void {
    this.#address = address
    this.#values = new Map(values)
    this.#time()
  }
}

const EVERYTHING = { writable: true, write: 'plain', defined: -1 } as const
