// Whether what LR holds is over: the call it is of has returned, and the code after it has come to pc.

import { directTarget, isCall, isReturn } from '../isa/flow.ts'

/** A function has that many instructions between two calls; what has more is taken for one that has not returned. */
const MOST_INSTRUCTIONS = 2000

const MTLR = 0x7c0803a6
const isMtlr = (instruction: number): boolean => (instruction & 0xfc1fffff) >>> 0 === MTLR

/**
 * Whether a way leads from `link` to `pc` on which nothing else is put into LR. In a function that has been called, and
 * has called nothing yet, there is none: LR leads out of it.
 */
export function isStaleLink(link: number, pc: number, word: (address: number) => number | undefined): boolean {
  const waiting = [link]
  const seen = new Set<number>()
  while (seen.size < MOST_INSTRUCTIONS) {
    const address = waiting.pop()
    if (address === undefined) return false
    if (address === pc) return true
    const instruction = seen.has(address) ? undefined : word(address)
    seen.add(address)
    if (instruction === undefined || isCall(instruction) || isReturn(instruction) || isMtlr(instruction)) continue
    const target = directTarget(instruction, address)
    if (target !== undefined) waiting.push(target)
    if (!isJump(instruction)) waiting.push(address + 4)
  }
  return false
}

/** `b`, and `bctr` to where only CTR says. */
const isJump = (instruction: number): boolean => instruction >>> 26 === 18 || instruction === 0x4e800420
