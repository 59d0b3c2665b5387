// Threads and processes: how they begin, and how their parents wait for their ends.

import { Errno } from '../abi.ts'
import type { Process } from '../process.ts'
import { NO_STACK, registersOf } from '../thread.ts'
import type { Calls } from './call.ts'

const CLONE = {
  VM: 0x100,
  FS: 0x200,
  FILES: 0x400,
  SIGHAND: 0x800,
  VFORK: 0x4000,
  THREAD: 0x10000,
  SETTLS: 0x80000,
  PARENT_SETTID: 0x100000,
  CHILD_CLEARTID: 0x200000,
  CHILD_SETTID: 0x1000000,
} as const

const THREAD_POINTER = 2
const SUMMARY_OVERFLOW = 1

interface Clone {
  readonly flags: number
  /** Its stack pointer, or 0 for that of the caller. */
  readonly stack: number
  readonly parentTid: number
  readonly tls: number
  readonly childTid: number
}

function clone(process: Process, { flags, stack, parentTid, tls, childTid }: Clone): number {
  const { kernel, memory, thread } = process
  const has = (flag: number): boolean => (flags & flag) !== 0
  if (has(CLONE.THREAD) && !(has(CLONE.SIGHAND) && has(CLONE.VM))) return -Errno.EINVAL
  if (!kernel.hasRoomForThread) return -Errno.EAGAIN
  if (!has(CLONE.THREAD)) return -Errno.ENOSYS
  if (has(CLONE.PARENT_SETTID)) memory.bytes(parentTid, 4)
  const id = kernel.newId()
  const child = kernel.addThread(id, process)
  const { gpr, cr, ...rest } = registersOf(kernel.cpu)
  const own = gpr.slice()
  own[3] = 0
  if (stack !== 0) own[1] = stack
  if (has(CLONE.SETTLS)) own[THREAD_POINTER] = tls
  const flagsOf0 = cr.slice()
  flagsOf0[0]! &= ~SUMMARY_OVERFLOW
  child.registers = { ...rest, gpr: own, cr: flagsOf0 }
  child.blocked = thread.blocked
  child.altStack = NO_STACK
  child.name = thread.name
  if (has(CLONE.PARENT_SETTID)) memory.setWord(parentTid, id)
  if (has(CLONE.CHILD_SETTID)) memory.setWord(childTid, id)
  if (has(CLONE.CHILD_CLEARTID)) child.clearTid = childTid >>> 0
  return id
}

export const taskCalls: Calls = {
  120: [
    'clone',
    (process, flags = 0, stack = 0, parentTid = 0, tls = 0, childTid = 0) =>
      clone(process, { flags, stack, parentTid, tls, childTid }),
  ],
}
