// Whether what LR holds is over: the call it is of has returned, and the code after it has come to pc.

import { directTarget, isCall, isReturn, isUnconditional } from '../isa/flow.ts'
import { registerOperands } from '../isa/registerOperands.ts'
import { Spr } from '../isa/registers.ts'

/** A function has that many instructions between two calls; what has more is taken for one that has not returned. */
const MOST_INSTRUCTIONS = 2000

function isMtlr(instruction: number): boolean {
  const operands = registerOperands(instruction)
  return operands?.name === 'mtspr' && operands.spr === Spr.LR
}

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
    if (!isUnconditional(instruction)) waiting.push(address + 4)
  }
  return false
}
