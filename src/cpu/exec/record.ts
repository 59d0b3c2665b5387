// What the `.` and `o` forms of instructions do besides their result.

import { Word } from '../state.ts'

/** CR0 for a result: LT 8, GT 4, EQ 2, and a copy of SO. */
export const recorded = (result: number, so: number): number => (result < 0 ? 8 : result > 0 ? 4 : 2) | so

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
