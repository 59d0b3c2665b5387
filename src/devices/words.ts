// Devices whose registers are words, read by accesses of any size.

import type { Size } from '../bus/device.ts'

/** What an access of `size` at `offset` reads of the word that is there, big-endian. */
export const partOfWord = (word: number, offset: number, size: Size): number =>
  size === 4 ? word | 0 : (word >>> (8 * (4 - size - (offset & 3)))) & (2 ** (8 * size) - 1)
