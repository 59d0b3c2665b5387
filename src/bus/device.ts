// What a device on the bus is.

import type { DeviceRegister } from './registerTable.ts'

/** Bytes of one access. */
export type Size = 1 | 2 | 4

/** What a person is shown of a device. */
export interface Described {
  /** `UART0`: with the name of a register behind it that is called `UART0_LSR`. */
  readonly name: string
  /** What it is: `16550 serial port`. */
  readonly text: string
  readonly registers: readonly DeviceRegister[]
}

/** A part that is reached through a device, on its I²C bus say: no access of the core comes to it at once. */
export interface PartBehind extends Described {
  /** `I²C 0x50 of IIC0`. */
  readonly where: string
  /** @param offset of one of its registers */
  peek(offset: number): number
  /** What the bus would do to write it. */
  poke(offset: number, value: number): void
}

/** Something on the bus with registers: big-endian, offsets in bytes from where it is mapped. */
export interface Device extends Described {
  /** Bytes of address space it answers to. */
  readonly size: number
  readonly behind?: readonly PartBehind[]
  read(offset: number, size: Size): number
  write(offset: number, size: Size, value: number): void
  /** What `read` would return, without its side effects: for debuggers and views. */
  peek(offset: number, size: Size): number
}

/** Something whose state a snapshot takes along, as plain data. */
export interface Stateful<State> {
  /** It holds what it has without power: a reset of the board does not reach it. */
  readonly outlastsReset?: true
  save(): State
  restore(state: State): void
}
