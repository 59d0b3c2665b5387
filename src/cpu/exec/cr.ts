// The condition register, a nibble for each field.

import type { Cpu } from '../cpu.ts'

export function setCrBit({ state: { cr } }: Cpu, bit: number, value: number): void {
  const mask = 8 >>> (bit & 3)
  cr[bit >>> 2] = value !== 0 ? cr[bit >>> 2] | mask : cr[bit >>> 2] & ~mask
}

/** CR as one word, field 0 first. */
export function packCr({ state: { cr } }: Cpu): number {
  let packed = 0
  for (let field = 0; field < 8; field++) packed = (packed << 4) | cr[field]
  return packed
}

/** The fields of CR that `fxm` selects (bit 7 for field 0) take their nibbles of `value`. */
export function unpackCr({ state: { cr } }: Cpu, value: number, fxm: number): void {
  for (let field = 0; field < 8; field++)
    if ((fxm & (0x80 >>> field)) !== 0) cr[field] = (value >>> (28 - 4 * field)) & 15
}
