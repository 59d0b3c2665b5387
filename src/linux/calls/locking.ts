// The locks of futex(2) whose word holds the number of the thread that has them, and that are handed over to one who
// waits. Everybody has the same priority here, so that nobody inherits one.

import { hex32 } from '../../util/hex.ts'
import { Errno } from '../abi.ts'
import { FUTEX_OWNER_DIED, FUTEX_TID_MASK, FUTEX_WAITERS, futexKey, handOver } from '../futex.ts'
import type { Process } from '../process.ts'
import type { Thread } from '../thread.ts'
import { RESTART, type Result } from './call.ts'
import { deadline, type GivenTime } from './time.ts'

/** @param timeout where the moment is at which it gives up, if not at 0 */
export function lock(process: Process, address: number, timeout: GivenTime): Result {
  const { woke } = process
  // Who has let it go has made it ours.
  if (woke === 'event') return 0
  if (woke === 'time') return -Errno.ETIMEDOUT
  if (woke === 'signal') return RESTART
  const until = timeout.address === 0 ? undefined : deadline(process, timeout)
  if (until === null) return -Errno.EINVAL
  const taken = tryLock(process, address)
  if (taken !== -Errno.EAGAIN) return taken
  const { memory, thread } = process
  const holder = memory.word(address) & FUTEX_TID_MASK
  if (waitsForEachOther(thread, holder)) return -Errno.EDEADLK
  memory.setWord(address, memory.word(address) | FUTEX_WAITERS)
  const what = `the lock at ${hex32(address)}`
  return { wants: 'event', on: 'lock', key: futexKey(process, address), address, holder, until, what }
}

/** Takes it if nobody has it. @returns EAGAIN where somebody has */
export function tryLock({ memory, thread, kernel }: Process, address: number): number {
  const word = memory.word(address)
  const holder = word & FUTEX_TID_MASK
  if (holder === thread.id) return -Errno.EDEADLK
  if (holder !== 0) return kernel.threads.has(holder) ? -Errno.EAGAIN : -Errno.ESRCH
  memory.setWord(address, thread.id | (word & (FUTEX_OWNER_DIED | FUTEX_WAITERS)))
  return 0
}

export function unlock(process: Process, address: number): number {
  if ((process.memory.word(address) & FUTEX_TID_MASK) !== process.thread.id) return -Errno.EPERM
  handOver(process, address)
  return 0
}

/** Whether one who waits for the lock of `holder` would wait for itself. */
function waitsForEachOther(thread: Thread, holder: number): boolean {
  const { threads } = thread.process.kernel
  const seen = new Set<number>()
  for (let id = holder; !seen.has(id); ) {
    if (id === thread.id) return true
    seen.add(id)
    const wait = threads.get(id)?.wait
    if (wait?.on !== 'lock') return false
    id = wait.holder
  }
  return false
}
