// What a flash chip is to the board that it is on, and what its array is to the chip.

import type { Stateful } from '../bus/device.ts'

/** The array of one chip, by its words. */
export interface FlashCells {
  /** Makes bits 0, and none 1. */
  program(word: number, value: number): void
  /** @param sector its number, from 0 on */
  erase(sector: number): void
  /** The sector in which a word lies. */
  sectorOf(word: number): number
}

/** What a chip makes of commands. */
export interface FlashCommands<State> extends Stateful<State> {
  /** It gives what it holds, and says nothing of itself. */
  readonly givesArray: boolean
  /** What it says of itself instead. */
  read(word: number): number
  write(word: number, value: number): void
}
