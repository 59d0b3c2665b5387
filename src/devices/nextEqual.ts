// When a counter comes to a value of which only some bits count.

const TWO_32 = 2 ** 32

/**
 * How many counts a counter of 32 bits has to go until the bits of it that are 0 in `ignored` are those of `wanted`; 0 where
 * they are.
 */
export function nextEqual(count: number, wanted: number, ignored: number): number {
  const looked = ~ignored
  const here = ((count & ignored) | (wanted & looked)) >>> 0
  const from = count >>> 0
  if (here === from) return 0
  // The most significant bit that is wrong: what is above it may stay, if there a 1 is wanted.
  const wrong = 31 - Math.clz32(here ^ from)
  const least = (above: number, bit: number): number => {
    const below = 2 ** bit - 1
    return ((above & ~below) | (wanted & looked & below)) >>> 0
  }
  if (here > from) return least(here, wrong) - from
  // A 0 is wanted: the next bit above that may be anything, and is 0, becomes 1.
  for (let bit = wrong + 1; bit < 32; bit++) {
    const one = 2 ** bit
    if ((ignored & one) !== 0 && (from & one) === 0) return least(here | one, bit) - from
  }
  return TWO_32 + ((wanted & looked) >>> 0) - from
}
