// A board as a description: what is where, and what each interrupt drives. The built-in boards and those of users are
// files that say this (docs/boards.md); `build.ts` makes a board of it.

import type { StubRule } from '../devices/stub.ts'
import type { Core } from './cores.ts'

export interface BoardDescription {
  readonly name: string
  readonly text: string
  readonly core: Core
  /** Cycles of the core, and of its timers, in a second. */
  readonly clock: number
  /** Bytes of RAM, from real address 0. */
  readonly ram: number
  /** What else is memory. */
  readonly memories: readonly MemoryDescription[]
  /** Where memory is once more. */
  readonly aliases?: readonly AliasDescription[]
  readonly devices: readonly DeviceDescription[]
  /** What a program finds where nothing else is: a machine check, or a stub that remembers what was written. */
  readonly elsewhere: 'machineCheck' | 'stub'
}

/** Memory elsewhere than from address 0. A program's segments there are loaded over what it holds. */
export interface MemoryDescription {
  readonly name: string
  /** Real address. */
  readonly base: number
  /** Bytes, a multiple of 64 KB. */
  readonly size: number
  /** Stores change it: it is no ROM. */
  readonly isWritable: boolean
  /** There after a cold reset only: what firmware has before it has set up RAM, lines of the data cache say. */
  readonly cold?: true
  /** The flash chips that a ROM is made of, a row of `devices/flashChips.ts`: it can be programmed. */
  readonly chip?: string
  /** The path of what it holds, from the folder of the description. */
  readonly file?: string
  /** What is programmed is written to that file, which is below the folder of the description. */
  readonly keep?: true
  /** What it holds; the rest of a ROM is erased flash, ones. */
  readonly contents?: Uint8Array
}

/** What is at real address `of`, in memory that has all of it, is also at `base`. All are multiples of 64 KB. */
export interface AliasDescription {
  readonly name: string
  readonly base: number
  readonly size: number
  readonly of: number
}

/** Of memory elsewhere: of what its base and size are multiples, and how large one may be, in bytes. */
export const MEMORY_STEP = 64 << 10
export const MOST_MEMORY_REGION = 256 << 20

/** The members of a file that list memory, and whether stores change it. */
export const MEMORY_MEMBERS = [
  ['roms', false],
  ['moreRam', true],
] as const

export interface DeviceDescription {
  readonly name: string
  /** A row of `deviceKinds.ts`. */
  readonly type: string
  /** Real address of its first register. */
  readonly base?: number
  /** Number of its first device control register. */
  readonly dcr?: number
  /** Where it is on an I²C bus. */
  readonly i2c?: I2cPlace
  /** Where its interrupt outputs lead, in their order. */
  readonly interrupts: readonly InterruptInput[]
  /** What else its kind takes, by name. */
  readonly options: Readonly<Record<string, OptionValue>>
}

export interface I2cPlace {
  /** The device that has the bus. */
  readonly controller: string
  /** 7 bits. */
  readonly address: number
}

/** The n-th input of a controller, or an input of the core. */
export type InterruptInput = { readonly controller: string; readonly input: number } | CoreInput
export type CoreInput = 'external' | 'critical'

/** Values of registers, by name. */
export type NamedValues = Readonly<Record<string, number>>

export type OptionValue = number | string | readonly StubRule[] | NamedValues
