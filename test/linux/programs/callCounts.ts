// How system calls of programs end, counted where they are served: done, refused with an error, or not there at all.

import { Errno } from '../../../src/linux/abi.ts'
import type { Call } from '../../../src/linux/calls/call.ts'
import { calls } from '../../../src/linux/calls/index.ts'

export interface CallCounts {
  done: number
  refused: number
  /** By number, of those that do not exist here, as far as a program says so. */
  readonly unknown: Map<string, number>
}

const MOST_ERRNO = 4095

/** Counts all calls from now on. */
export function countCalls(): CallCounts {
  const counts: CallCounts = { done: 0, refused: 0, unknown: new Map() }
  const counted =
    (name: string, call: Call): Call =>
    (process, ...args) => {
      const result = call(process, ...args)
      if (typeof result !== 'number') return result
      if (result === -Errno.ENOSYS) counts.unknown.set(name, (counts.unknown.get(name) ?? 0) + 1)
      else if (result < 0 && result >= -MOST_ERRNO) counts.refused++
      else counts.done++
      return result
    }
  const table = calls as Record<number, readonly [string, Call]>
  for (const [number, [name, call]] of Object.entries(calls)) table[Number(number)] = [name, counted(name, call)]
  return counts
}
