// What a step into the line can be told to enter: the calls that are still to come in it, and what is inlined there.

import { inRange } from '../../dwarf/ranges.ts'
import { directTarget, isCall } from '../../isa/flow.ts'
import { lineHere, type View } from './goal.ts'

export interface StepTarget {
  /** The address of the call, or of the first instruction of the copy that is inlined: it tells targets apart. */
  readonly at: number
  /** Where what is called begins; undefined where only the registers will tell. */
  readonly callee: number | undefined
  /** What a copy is one of. */
  readonly inlined?: string
}

/** Nobody chooses among the calls of more instructions than this. */
const MOST_INSTRUCTIONS = 10_000

/** In the order in which their instructions stand. */
export function stepTargets(view: View): StepTarget[] {
  const { ranges } = lineHere(view)
  const code = ranges ?? [{ low: view.pc, high: view.pc + 4 }]
  const here = code.find(range => inRange(range, view.pc))
  const isDone = (at: number): boolean => here !== undefined && inRange(here, at) && at < view.pc
  const copies = view.copiesCalledHere().map(({ entry, name }) => ({ at: entry, callee: entry, inlined: name }))
  return [...calls(view, code), ...copies].filter(({ at }) => !isDone(at)).sort((a, b) => a.at - b.at)
}

function calls(view: View, code: readonly { readonly low: number; readonly high: number }[]): StepTarget[] {
  const found: StepTarget[] = []
  const function_ = view.functionAt(view.pc)
  let left = MOST_INSTRUCTIONS
  for (const { low, high } of code)
    for (let at = low; at < high && left > 0; at += 4, left--) {
      const word = view.word(at) ?? 0
      const callee = directTarget(word, at)
      const isEntry = callee !== undefined && view.functionAt(callee)?.entry === callee
      // A branch to another function is a call in the last place, but of assembly language.
      const isLast = isEntry && callee !== function_?.entry && function_?.isAssembly === false
      if (isCall(word) ? callee === undefined || isEntry || view.functionAt(callee) === undefined : isLast)
        found.push({ at, callee })
    }
  return found
}
