// Where control leaves a range of addresses, so that a loop in it can run instead of being stepped.

import { directTarget, transfer } from '../../isa/flow.ts'
import type { View } from './goal.ts'

/** Bytes of the longest range that is looked through. */
const LONGEST = 4096

/** The addresses outside [start, end) at which control comes out of it; undefined where an instruction does not tell. */
export function exitsOf(view: Pick<View, 'word'>, start: number, end: number): readonly number[] | undefined {
  if (end - start > LONGEST) return undefined
  const exits = new Set([end])
  for (let at = start; at < end; at += 4) {
    const word = view.word(at)
    if (word === undefined) return undefined
    if (transfer(word) === undefined) continue
    const target = directTarget(word, at)
    if (target === undefined) return undefined
    if (target < start || target >= end) exits.add(target >>> 0)
  }
  return [...exits]
}
