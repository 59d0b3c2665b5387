// What the `o` forms do besides their result, and the masks of the rotates.

import { Word } from '../state.ts'

/** OV takes the condition; SO is set with it and stays. */
export function overflowed(words: Int32Array, overflow: boolean): void {
  words[Word.OV] = overflow ? 1 : 0
  if (overflow) words[Word.SO] = 1
}

/** MASK(MB, ME) at index MB * 32 + ME: ones from bit MB to bit ME, wrapping round. */
export const MASKS: Int32Array = (() => {
  const masks = new Int32Array(1024)
  for (let mb = 0; mb < 32; mb++)
    for (let me = 0; me < 32; me++) {
      const from = 0xffffffff >>> mb
      const to = (0xffffffff << (31 - me)) | 0
      masks[mb * 32 + me] = mb <= me ? from & to : from | to
    }
  return masks
})()
