// futex(2). Those of its locks are in locking.ts.

import { hex32 } from '../../util/hex.ts'
import { Errno } from '../abi.ts'
import { ALL_BITS, futexKey, isWaitingFor } from '../futex.ts'
import type { Process } from '../process.ts'
import { type Call, type Calls, RESTART, RESTART_BLOCK, type Result } from './call.ts'
import { lock, tryLock, unlock } from './locking.ts'
import { deadline } from './time.ts'

const PRIVATE_FLAG = 0x80
const CLOCK_REALTIME_FLAG = 0x100
const FUTEX = {
  WAIT: 0,
  WAKE: 1,
  REQUEUE: 3,
  CMP_REQUEUE: 4,
  WAKE_OP: 5,
  LOCK_PI: 6,
  UNLOCK_PI: 7,
  TRYLOCK_PI: 8,
  WAIT_BITSET: 9,
  WAKE_BITSET: 10,
  LOCK_PI2: 13,
} as const

const CLOCK_REALTIME = 0
const CLOCK_MONOTONIC = 1
const clockOf = (isReal: boolean): number => (isReal ? CLOCK_REALTIME : CLOCK_MONOTONIC)

interface Arguments {
  readonly address: number
  readonly value: number
  readonly timeout: number
  readonly other: number
  readonly last: number
}

const futex =
  (bits: 32 | 64): Call =>
  (process, address = 0, operation = 0, value = 0, timeout = 0, other = 0, last = 0) => {
    const command = operation & ~(PRIVATE_FLAG | CLOCK_REALTIME_FLAG)
    const words = { address, value, timeout, other, last }
    if (address % 4 !== 0) return -Errno.EINVAL
    switch (command) {
      case FUTEX.WAIT:
      case FUTEX.WAIT_BITSET:
        return wait(process, words, command, (operation & CLOCK_REALTIME_FLAG) !== 0, bits)
      case FUTEX.WAKE:
        return wake(process, address, value, ALL_BITS)
      case FUTEX.WAKE_BITSET:
        return last === 0 ? -Errno.EINVAL : wake(process, address, value, last)
      case FUTEX.REQUEUE:
        return requeue(process, words)
      case FUTEX.CMP_REQUEUE:
        if (process.memory.word(address) !== last) return -Errno.EAGAIN
        return requeue(process, words, true)
      case FUTEX.WAKE_OP:
        return wakeOp(process, words)
      case FUTEX.LOCK_PI:
      case FUTEX.LOCK_PI2: {
        const isReal = command === FUTEX.LOCK_PI || (operation & CLOCK_REALTIME_FLAG) !== 0
        return lock(process, address, { address: timeout, bits, isMoment: true, clock: clockOf(isReal) })
      }
      case FUTEX.TRYLOCK_PI:
        return tryLock(process, address)
      case FUTEX.UNLOCK_PI:
        return unlock(process, address)
      default:
        return -Errno.ENOSYS
    }
  }

/** The word has to be `value`; the time of WAIT is a length, that of WAIT_BITSET a moment. */
function wait(
  process: Process,
  { address, value, timeout, last }: Arguments,
  command: number,
  isReal: boolean,
  bits: 32 | 64,
): Result {
  const isMoment = command === FUTEX.WAIT_BITSET
  if (isMoment && last === 0) return -Errno.EINVAL
  const { woke } = process
  if (woke === 'event') return 0
  if (woke === 'time') return -Errno.ETIMEDOUT
  // Without an end it goes on after the handler; otherwise it would have to know how long it has waited.
  if (woke === 'signal') return timeout === 0 ? RESTART : RESTART_BLOCK
  const clock = clockOf(isReal)
  const until =
    timeout === 0 ? undefined : (process.until ?? deadline(process, { address: timeout, bits, isMoment, clock }))
  if (until === null) return -Errno.EINVAL
  if (process.memory.word(address) !== value) return -Errno.EAGAIN
  return {
    ...{ wants: 'event', on: 'futex', key: futexKey(process, address), bits: isMoment ? last : ALL_BITS, until },
    what: `the futex at ${hex32(address)}`,
  }
}

const wake = (process: Process, address: number, most: number, bits: number): number => {
  process.memory.word(address)
  return process.kernel.scheduler.wake(isWaitingFor(futexKey(process, address), bits), Math.max(1, most))
}

/** Wakes `value` of those that wait, and lets as many as `timeout` says wait at another word. */
function requeue(process: Process, { address, value, timeout, other }: Arguments, countsAll = false): number {
  if (value < 0 || timeout < 0) return -Errno.EINVAL
  const [from, to] = [futexKey(process, address), futexKey(process, other)]
  const woken = value === 0 ? 0 : process.kernel.scheduler.wake(isWaitingFor(from), value)
  let moved = 0
  for (const thread of process.kernel.threads.values()) {
    if (moved >= timeout || thread.wait?.on !== 'futex' || thread.wait.key !== from) continue
    thread.waitElsewhere(to)
    moved++
  }
  return countsAll ? woken + moved : woken
}

const sign12 = (field: number): number => (field << 20) >> 20

const OPERATIONS: readonly ((old: number, argument: number) => number)[] = [
  (_, argument) => argument,
  (old, argument) => old + argument,
  (old, argument) => old | argument,
  (old, argument) => old & ~argument,
  (old, argument) => old ^ argument,
]
const COMPARISONS: readonly ((old: number, argument: number) => boolean)[] = [
  (old, argument) => old === argument,
  (old, argument) => old !== argument,
  (old, argument) => old < argument,
  (old, argument) => old <= argument,
  (old, argument) => old > argument,
  (old, argument) => old >= argument,
]

/** Changes another word, wakes those at the first, and those at the other where its value was as `last` says. */
function wakeOp(process: Process, { address, value, timeout, other, last }: Arguments): number {
  const operation = OPERATIONS[(last >>> 28) & 7]
  const comparison = COMPARISONS[(last >>> 24) & 15]
  if (operation === undefined || comparison === undefined) return -Errno.ENOSYS
  const field = sign12(last >>> 12)
  const argument = last < 0 ? 1 << (field & 31) : field
  const old = process.memory.word(other)
  process.memory.setWord(other, operation(old, argument))
  const woken = wake(process, address, value, ALL_BITS)
  return comparison(old, sign12(last)) ? woken + wake(process, other, timeout, ALL_BITS) : woken
}

const ROBUST_HEAD_BYTES = 12

function getRobustList(process: Process, id: number, head: number, size: number): number {
  const thread = id === 0 ? process.thread : process.kernel.threads.get(id)
  if (thread === undefined) return -Errno.ESRCH
  process.memory.setWord(size, ROBUST_HEAD_BYTES)
  process.memory.setWord(head, thread.robustList)
  return 0
}

export const futexCalls: Calls = {
  221: ['futex', futex(32)],
  422: ['futex_time64', futex(64)],
  300: [
    'set_robust_list',
    ({ thread }, head, size) => {
      if (size !== ROBUST_HEAD_BYTES) return -Errno.EINVAL
      thread.robustList = head! >>> 0
      return 0
    },
  ],
  299: ['get_robust_list', (process, id, head, size) => getRobustList(process, id!, head!, size!)],
}
