// A ring of structures in memory that lead to the next and to the one before: what such lists of an operating system have
// in common. One that is damaged, or just being changed, ends with a word about it, and never goes on for ever.

import type { Context } from '../../expr/context.ts'
import { hex32 } from '../../util/hex.ts'
import { wordIn } from './layout.ts'

export interface MemoryRing {
  /** What it holds, for what is said of it: `tasks`. */
  readonly what: string
  /** The address of the node that is its head and holds nothing. */
  readonly head: number
  /** In a node, bytes to the pointer to the next, and to that to the one before. */
  readonly next: number
  readonly previous: number
  /** No healthy one has more. */
  readonly most: number
}

/** Calls `visit` with each node after the head. @returns why it ended early: what `visit` says, or a damage */
export function followRing(
  { what, head, next, previous, most }: MemoryRing,
  context: Context,
  visit: (node: number) => string | undefined,
): string | undefined {
  let last = head >>> 0
  for (let n = 0; n <= most; n++) {
    const node = wordIn(context, last + next)
    if (node === undefined || wordIn(context, node + previous) !== last)
      return `the list of ${what} is damaged at ${hex32(last)}, or just being changed`
    if (node === head >>> 0) return undefined
    const why = visit(node)
    if (why !== undefined) return why
    last = node
  }
  return `the list of ${what} has more than ${most}, as many as there can be`
}
