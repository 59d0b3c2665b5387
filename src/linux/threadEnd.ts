// What a thread leaves in memory when it ends: a word that says so, and the locks that it still has.

import { FUTEX_OWNER_DIED, FUTEX_TID_MASK, FUTEX_WAITERS, futexKey, handOver, isWaitingFor } from './futex.ts'
import { CallError } from './memory.ts'
import type { Process } from './process.ts'
import type { Thread } from './thread.ts'

/** Entries of a list that may lead anywhere, as the kernel bounds it. */
const MOST_ROBUST = 2048
const WORD = 4

/** Addresses are the program's, and may lead nowhere: nobody is told. */
export function leaveMemory(thread: Thread): void {
  for (const leave of [leaveHandedLocks, leaveRobustLocks, clearTid]) {
    try {
      leave(thread)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
    }
  }
}

/** The word says that the thread is gone, and who waits for that goes on. */
function clearTid({ process, clearTid: address }: Thread): void {
  if (address === 0) return
  process.memory.setWord(address, 0)
  process.kernel.scheduler.wake(isWaitingFor(futexKey(process, address)), 1)
}

/** Locks that are handed over: whoever waits for one has it now, whatever the thread has left in the word. */
function leaveHandedLocks({ process: { kernel }, id }: Thread): void {
  for (const { process, wait } of kernel.threads.values())
    if (wait?.on === 'lock' && wait.holder === id) handOver(process, wait.address, FUTEX_OWNER_DIED)
}

/** Locks that the thread holds are marked, and one who waits is told (struct robust_list_head of the kernel). */
function leaveRobustLocks({ process, robustList, id }: Thread): void {
  if (robustList === 0) return
  const { memory } = process
  const offset = memory.word(robustList + WORD)
  const pending = memory.word(robustList + 2 * WORD)
  let entry = memory.word(robustList)
  for (let n = 0; n < MOST_ROBUST && entry >>> 0 !== robustList; n++) {
    const next = memory.word(entry & ~1)
    if (entry !== pending) leaveLock(process, ((entry & ~1) + offset) >>> 0, id)
    entry = next
  }
  if (pending !== 0) leaveLock(process, ((pending & ~1) + offset) >>> 0, id)
}

function leaveLock(process: Process, address: number, thread: number): void {
  const { memory, kernel } = process
  const word = memory.word(address)
  if ((word & FUTEX_TID_MASK) !== thread) return
  memory.setWord(address, (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED)
  if ((word & FUTEX_WAITERS) !== 0) kernel.scheduler.wake(isWaitingFor(futexKey(process, address)), 1)
}
