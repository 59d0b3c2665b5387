// What the calls of messages, semaphores and segments of memory have in common.

import { Errno } from '../abi.ts'
import type { Process } from '../process.ts'
import type { SemaphoreWait } from '../thread.ts'
import { RESTART_BLOCK, type Result } from './call.ts'
import { BILLION, onTheWall } from './time.ts'

export const IPC = { RMID: 0, SET: 1, STAT: 2 } as const
export const IPC_NOWAIT = 0o4000
/** Permissions that IPC_SET changes. */
export const IPC_MODE = 0o777

/** Seconds since 1970. */
export const secondsNow = ({ kernel }: Process): number => Number(onTheWall(kernel) / BILLION)

/** Words of a structure, from `address` on. @throws CallError */
export function putWords({ memory }: Process, address: number, words: readonly number[]): void {
  const view = memory.view(address, 4 * words.length)
  for (const [i, word] of words.entries()) view.setInt32(4 * i, word)
}

/** Where the permissions are that IPC_SET takes from a structure, in words. */
export const MODE_WORD = 5

/** It waits for others to bring something about, unless it shall not or has been told something else. */
export function waitingForIpc(
  process: Process,
  flags: number,
  what: string,
  more: { readonly until?: number | undefined; readonly semaphore?: SemaphoreWait } = {},
): Result {
  if ((flags & IPC_NOWAIT) !== 0) return -Errno.EAGAIN
  if (process.woke === 'signal') return RESTART_BLOCK
  return { wants: 'event', on: 'ipc', what, ...more }
}

/** What was there when the call was made may be gone. */
export const missing = ({ woke }: Process): number => (woke === undefined ? -Errno.EINVAL : -Errno.EIDRM)

export const ipcChanged = ({ kernel }: Process): void => void kernel.scheduler.wake(({ on }) => on === 'ipc')
