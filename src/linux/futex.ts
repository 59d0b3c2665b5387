// Futexes: words in memory at which threads wait until another wakes them (futex(2)).

import type { Process } from './process.ts'
import type { Thread, Wait } from './thread.ts'

/** What the kernel leaves in a lock whose holder has ended. */
export const FUTEX_WAITERS = 0x80000000 | 0
export const FUTEX_OWNER_DIED = 0x40000000
export const FUTEX_TID_MASK = 0x3fffffff

export const ALL_BITS = 0xffffffff | 0

/** By what a word is known to all that wait at it: the memory it is in, and its address there. */
export const futexKey = ({ space }: Process, address: number): string => space.keyOf(address >>> 0)

/** The lock at a word is the next's who waits for it, or nobody's. @param died FUTEX_OWNER_DIED, where its holder is gone */
export function handOver(process: Process, address: number, died = 0): void {
  const { memory, kernel } = process
  const key = futexKey(process, address)
  const [next, ...others] = [...kernel.threads.values()].filter(({ wait }) => wait?.on === 'lock' && wait.key === key)
  memory.setWord(address, (next?.id ?? 0) | (others.length > 0 ? FUTEX_WAITERS : 0) | died)
  if (next === undefined) return
  next.wake('event')
  for (const other of others) other.waitForHolder(next.id)
  kernel.scheduler.share()
}

/** Those that wait at a word for one of `bits`. */
export const isWaitingFor =
  (key: string, bits = ALL_BITS) =>
  (wait: Wait, _thread: Thread): boolean =>
    wait.on === 'futex' && wait.key === key && (wait.bits & bits) !== 0
