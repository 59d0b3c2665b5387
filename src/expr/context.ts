// What an expression is evaluated over.

import type { Register } from '../isa/register.ts'
import { registerByName } from '../isa/registers.ts'
import type { FrameReaders } from '../symbols/scopes.ts'
import type { Symbols } from '../symbols/symbols.ts'
import type { Style } from './format.ts'
import type { TypeNames } from './typeNames.ts'
import type { Formatters } from './view.ts'

/** What expressions are evaluated over: a program stopped somewhere, seen from one of its frames. */
export interface Context {
  readonly symbols: Symbols
  /** In a caller's frame the address of its call. */
  readonly pc: number
  /** Which of the functions inlined at `pc` is meant: 0 is the innermost. */
  readonly inlineDepth: number
  /** Undefined where nothing is known of the frame: then there are no local variables. */
  readonly frame: FrameReaders | undefined
  /** Absent: structures are what they are made of. */
  readonly formatters?: Formatters
  /** Asked each time a value is written. */
  style?(): Style
  /** Set where the context holds for every time the program stands at its place: what it then reads. */
  readonly live?: Live
  readMemory(address: number, length: number): Uint8Array | undefined
  /** @returns false where nothing can be written. */
  writeMemory(address: number, bytes: Uint8Array): boolean
  /** A register of the machine by the manual's name, in any case. */
  readRegister(name: string): number | undefined
  writeRegister(name: string, value: number): boolean
  /** A register of one of the board's devices by its full name, in any case: `UIC0_SR`. */
  deviceRegister?(name: string): Register | undefined
  /**
   * Writes a register of the frame by its DWARF number: 4 bytes of a general, 8 of a floating-point register. In a
   * caller's frame it is written where it was saved.
   */
  writeFrameRegister(number: number, bytes: Uint8Array): boolean
}

/** The innermost frame, wherever its machine has got to. */
export interface Live {
  readonly gpr: Int32Array
  /** The canonical frame address is this register's contents and so much; undefined where it is not that simple. */
  readonly cfa: { readonly register: number; readonly offset: number } | undefined
  /** The number of 1, 2 or 4 bytes, unsigned; undefined where they do not lie in RAM, in one page. */
  peek(address: number, size: number): number | undefined
}

/** The types and macros that names mean at the context's place. */
export const typesHere = ({ symbols, pc }: Pick<Context, 'symbols' | 'pc'>): TypeNames => ({
  typeNamed: (name, keyword) => symbols.typeNamed(name, keyword, pc),
  macroHere: name => symbols.macroNamed(name, pc),
})

/** What is said of a register by name, of the core or of a device. */
export const describeRegister = (
  name: string,
  { deviceRegister }: Pick<Context, 'deviceRegister'>,
): Register | undefined => registerByName(name) ?? deviceRegister?.(name)
