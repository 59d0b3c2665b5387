// Sets of semaphores: semget(2), semop(2), semctl(2).

import { Errno } from '../abi.ts'
import { HIGHEST_VALUE, permissionWords, permits, type SemaphoreSet } from '../ipc.ts'
import type { Process } from '../process.ts'
import type { Call, Result } from './call.ts'
import { IPC, IPC_MODE, ipcChanged, MODE_WORD, missing, putWords, secondsNow, waitingForIpc } from './ipcCommon.ts'
import { deadline } from './time.ts'

const MOST_SEMAPHORES = 32_000
const MOST_OPERATIONS = 500
const SEM_UNDO = 0o10000
const CLOCK_MONOTONIC = 1

export const semget: Call = (process, key = 0, count = 0, flags = 0) => {
  const { ipc } = process.kernel
  if (count < 0 || count > MOST_SEMAPHORES) return -Errno.EINVAL
  const make = (): SemaphoreSet | number => {
    if (count === 0) return -Errno.EINVAL
    if (ipc.sets.all.reduce((sum, { values }) => sum + values.length, count) > MOST_SEMAPHORES) return -Errno.ENOSPC
    const zeros = Array.from({ length: count }, () => 0)
    const [mode, changed] = [flags & IPC_MODE, secondsNow(process)]
    return { id: ipc.newId(), key, mode, changed, values: zeros, pids: zeros, operated: 0 }
  }
  return ipc.sets.find(key, flags, ({ values }) => (count > values.length ? -Errno.EINVAL : 0), make)
}

/** struct sembuf. */
interface Operation {
  readonly number: number
  readonly by: number
  readonly flags: number
}
const OPERATION_BYTES = 6

function operationsAt({ memory }: Process, address: number, count: number): readonly Operation[] {
  const view = memory.viewToRead(address, OPERATION_BYTES * count)
  return Array.from({ length: count }, (_, i) => ({
    number: view.getUint16(OPERATION_BYTES * i),
    by: view.getInt16(OPERATION_BYTES * i + 2),
    flags: view.getInt16(OPERATION_BYTES * i + 4),
  }))
}

/** All of the operations or none. @param address of how long it waits at most, if not 0 */
export const semtimedop =
  (bits: 32 | 64): Call =>
  (process, id = 0, list = 0, count = 0, timeout = 0) => {
    if (count < 1) return -Errno.EINVAL
    if (count > MOST_OPERATIONS) return -Errno.E2BIG
    const operations = operationsAt(process, list, count)
    const given = { address: timeout, bits, isMoment: false, clock: CLOCK_MONOTONIC }
    const until = timeout === 0 ? undefined : (process.until ?? deadline(process, given))
    if (until === null) return -Errno.EINVAL
    const set = process.kernel.ipc.sets.get(id)
    if (set === undefined) return missing(process)
    process.work.charge(count)
    if (operations.some(({ number }) => number >= set.values.length)) return -Errno.EFBIG
    if (!permits(set, operations.some(({ by }) => by !== 0) ? 2 : 4)) return -Errno.EACCES
    return operate(process, set, operations, until)
  }

function operate(
  process: Process,
  set: SemaphoreSet,
  operations: readonly Operation[],
  until: number | undefined,
): Result {
  const values = [...set.values]
  for (const { number, by, flags } of operations) {
    const value = values[number]! + by
    if (value > HIGHEST_VALUE) return -Errno.ERANGE
    if (by === 0 ? value !== 0 : value < 0) {
      if (until !== undefined && until <= process.now) return -Errno.EAGAIN
      const semaphore = { set: set.id, number, isForZero: by === 0 }
      return waitingForIpc(process, flags, `semaphore ${number} of set ${set.id}`, { until, semaphore })
    }
    values[number] = value
  }
  const { ipc } = process.kernel
  const touched = new Set(operations.filter(({ by }) => by !== 0).map(({ number }) => number))
  const pids = set.pids.map((pid, i) => (touched.has(i) ? process.pid : pid))
  ipc.sets.put({ ...set, values, pids, operated: secondsNow(process) })
  for (const { number, by, flags } of operations) if ((flags & SEM_UNDO) !== 0) wantUndone(process, set.id, number, by)
  if (touched.size > 0) ipcChanged(process)
  return 0
}

function wantUndone({ kernel: { ipc }, pid }: Process, set: number, semaphore: number, by: number): void {
  const isIt = (undo: { pid: number; set: number; semaphore: number }): boolean =>
    undo.pid === pid && undo.set === set && undo.semaphore === semaphore
  const before = ipc.undos.find(isIt)?.by ?? 0
  const others = ipc.undos.filter(undo => !isIt(undo))
  ipc.undos = before === by ? others : [...others, { pid, set, semaphore, by: before - by }]
}

const GETPID = 11
const GETVAL = 12
const GETALL = 13
const GETNCNT = 14
const GETZCNT = 15
const SETVAL = 16
const SETALL = 17

/** @param argument a value, or an address */
export const semctl: Call = (process, id = 0, number = 0, command = 0, argument = 0) => {
  const { ipc } = process.kernel
  const set = ipc.sets.get(id)
  if (set === undefined) return -Errno.EINVAL
  switch (command) {
    case IPC.RMID:
      ipc.sets.remove(id)
      ipc.undos = ipc.undos.filter(undo => undo.set !== id)
      ipcChanged(process)
      return 0
    case IPC.SET: {
      const mode = process.memory.word(argument + 4 * MODE_WORD) & IPC_MODE
      ipc.sets.put({ ...set, mode, changed: secondsNow(process) })
      return 0
    }
    case IPC.STAT:
      if (!permits(set, 4)) return -Errno.EACCES
      putWords(process, argument, [
        ...permissionWords(set),
        ...[0, set.operated, 0, set.changed, set.values.length, 0, 0],
      ])
      return 0
    case SETVAL:
    case SETALL:
      return permits(set, 2)
        ? setValues(process, set, command === SETALL ? undefined : number, argument)
        : -Errno.EACCES
    default:
      return permits(set, 4) ? told(process, set, number, command, argument) : -Errno.EACCES
  }
}

/** The value of one semaphore, or at an address those of all. */
function setValues(process: Process, set: SemaphoreSet, number: number | undefined, argument: number): Result {
  const { memory, kernel, pid } = process
  if (number !== undefined && (number < 0 || number >= set.values.length)) return -Errno.EINVAL
  const view = number === undefined ? memory.viewToRead(argument, 2 * set.values.length) : undefined
  const values = set.values.map((value, i) => view?.getUint16(2 * i) ?? (i === number ? argument : value))
  if (values.some(value => value < 0 || value > HIGHEST_VALUE)) return -Errno.ERANGE
  const isSet = (i: number): boolean => number === undefined || i === number
  const pids = set.pids.map((before, i) => (isSet(i) ? pid : before))
  kernel.ipc.sets.put({ ...set, values, pids, changed: secondsNow(process) })
  kernel.ipc.undos = kernel.ipc.undos.filter(undo => undo.set !== set.id || !isSet(undo.semaphore))
  ipcChanged(process)
  return 0
}

function told(process: Process, set: SemaphoreSet, number: number, command: number, argument: number): Result {
  if (command === GETALL) {
    const view = process.memory.view(argument, 2 * set.values.length)
    for (const [i, value] of set.values.entries()) view.setUint16(2 * i, value)
    return 0
  }
  if (number < 0 || number >= set.values.length) return -Errno.EINVAL
  switch (command) {
    case GETPID:
      return set.pids[number]!
    case GETVAL:
      return set.values[number]!
    case GETNCNT:
    case GETZCNT:
      return [...process.kernel.threads.values()].filter(({ wait }) => {
        const semaphore = wait?.on === 'ipc' ? wait.semaphore : undefined
        return semaphore?.set === set.id && semaphore.number === number && semaphore.isForZero === (command === GETZCNT)
      }).length
    default:
      return -Errno.EINVAL
  }
}
