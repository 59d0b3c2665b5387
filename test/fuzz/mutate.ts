// Damage to a file: the bytes and words that readers trip over, at random places.

import type { Random } from '../support/random.ts'

/** Lengths, offsets and counts at the edges of what 32 bits can say. */
const WORDS = [0, 1, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff]

/** Changes `bytes` from `low` up to `high` in one of the ways files break. */
export function mutate(bytes: Uint8Array, low: number, high: number, random: Random): void {
  if (high <= low) return
  const at = low + random.below(high - low)
  const room = high - at
  switch (random.below(6)) {
    case 0:
      bytes[at] ^= 1 << random.below(8)
      return
    case 1:
      bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)])
      return
    case 2:
      if (room >= 4) new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, random.pick(WORDS))
      return
    case 3:
      // A word a little more or less than it was: counts and offsets that just do not fit.
      if (room >= 4) {
        const view = new DataView(bytes.buffer, bytes.byteOffset)
        view.setInt32(at, view.getInt32(at) + random.below(33) - 16)
      }
      return
    case 4: {
      // A stretch from elsewhere: what refers to something refers to something else.
      const length = Math.min(room, 1 + random.below(16))
      const from = low + random.below(high - low - length + 1)
      bytes.copyWithin(at, from, from + length)
      return
    }
    default:
      bytes.set(random.bytes(Math.min(room, 1 + random.below(8))), at)
  }
}
