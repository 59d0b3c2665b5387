// Threads and processes: how they begin, and how their parents wait for their ends.

import { Errno, Signal, UID } from '../abi.ts'
import { Resource } from '../limits.ts'
import { CONTINUED, childCode, type Process, STOPPED } from '../process.ts'
import { Actions } from '../signals.ts'
import { NO_STACK, registersOf, type ThreadRegisters } from '../thread.ts'
import { type Call, type Calls, RESTART, type Result } from './call.ts'

const CLONE = {
  VM: 0x100,
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

/** clone(2): a thread, or a process with a memory of its own or with that of the caller. */
function clone(process: Process, wanted: Clone): Result {
  const { kernel, memory, woke, progress } = process
  const has = (flag: number): boolean => (wanted.flags & flag) !== 0
  // A parent that vfork has stopped: its child's number was the progress.
  if (woke !== undefined) return progress
  if (has(CLONE.SIGHAND) && !has(CLONE.VM)) return -Errno.EINVAL
  if (has(CLONE.THREAD) && !has(CLONE.SIGHAND)) return -Errno.EINVAL
  if (!kernel.hasRoomForThread || kernel.threads.size >= process.mostOf(Resource.NPROC)) return -Errno.EAGAIN
  if (has(CLONE.PARENT_SETTID)) memory.bytes(wanted.parentTid, 4)
  const { thread } = process
  const id = kernel.newId()
  if (has(CLONE.PARENT_SETTID)) memory.setWord(wanted.parentTid, id)
  const owner = has(CLONE.THREAD) ? process : forked(process, id, has(CLONE.VM))
  const child = kernel.addThread(id, owner)
  child.registers = registersOfChild(registersOf(kernel.cpu), wanted)
  child.blocked = thread.blocked
  child.altStack = has(CLONE.VM) && !has(CLONE.VFORK) ? NO_STACK : thread.altStack
  child.name = thread.name
  if (has(CLONE.CHILD_SETTID)) owner.memory.setWord(wanted.childTid, id)
  if (has(CLONE.CHILD_CLEARTID)) child.clearTid = wanted.childTid >>> 0
  if (!has(CLONE.VFORK)) return id
  process.progress = id
  return { wants: 'event', on: 'vfork', pid: id, what: `process ${id}, which vfork has begun` }
}

/** The child's r3 is 0. */
function registersOfChild(registers: ThreadRegisters, { flags, stack, tls }: Clone): ThreadRegisters {
  const gpr = registers.gpr.slice()
  gpr[3] = 0
  if (stack !== 0) gpr[1] = stack
  if ((flags & CLONE.SETTLS) !== 0) gpr[THREAD_POINTER] = tls
  const cr = registers.cr.map((field, n) => (n === 0 ? field & ~SUMMARY_OVERFLOW : field))
  return { ...registers, gpr, cr }
}

/** A process like the one that calls. @throws CallError where there is no memory for it */
function forked(process: Process, pid: number, sharesMemory: boolean): Process {
  const { kernel } = process
  const space = sharesMemory ? process.space : kernel.copySpace(process.space)
  const child = kernel.addProcess(pid, process.descriptors.copy(pid))
  child.use(space)
  child.parent = process.pid
  child.group = process.group
  child.session = process.session
  child.nice = process.nice
  child.setLimits(process.limits)
  child.actions = new Actions(process.actions.save())
  child.runs(process)
  return child
}

const FORK: Clone = { flags: Signal.SIGCHLD, stack: 0, parentTid: 0, tls: 0, childTid: 0 }

// ---- waiting for children -------------------------------------------------------------------------------------------

const WNOHANG = 1
const WUNTRACED = 2
const WEXITED = 4
const WCONTINUED = 8
const WNOWAIT = 0x1000000

/** What a child has come to. */
interface Change {
  readonly pid: number
  /** As wait tells it. */
  readonly status: number
}

/** The change of a child that `is` wanted, which is told once; undefined where there is none yet. */
function changeOf(process: Process, is: (child: Process) => boolean, options: number): Change | undefined | number {
  const { kernel, pid } = process
  const children = [...kernel.processes.values()].filter(child => child.parent === pid && is(child))
  if (children.length === 0) return -Errno.ECHILD
  const keeps = (options & WNOWAIT) !== 0
  for (const child of children) {
    if (child.status !== undefined && (options & WEXITED) !== 0) {
      if (!keeps) kernel.processes.delete(child.pid)
      return { pid: child.pid, status: child.status }
    }
    if (child.isStopped && child.stoppedBy !== 0 && (options & WUNTRACED) !== 0) {
      const status = (child.stoppedBy << 8) | STOPPED
      if (!keeps) child.stoppedBy = 0
      return { pid: child.pid, status }
    }
    if (child.isContinued && (options & WCONTINUED) !== 0) {
      if (!keeps) child.isContinued = false
      return { pid: child.pid, status: CONTINUED }
    }
  }
  return undefined
}

/** @returns a change, what the call comes to without one, or what it waits for */
function waited(process: Process, is: (child: Process) => boolean, options: number): Change | Result {
  const change = changeOf(process, is, options)
  if (change !== undefined) return change
  if ((options & WNOHANG) !== 0) return 0
  if (process.woke === 'signal') return RESTART
  return { wants: 'event', on: 'child', what: 'a child to end' }
}

const isChange = (result: Change | Result): result is Change =>
  typeof result === 'object' && 'pid' in result && 'status' in result

const isWanted =
  (process: Process, target: number) =>
  ({ pid, group }: Process): boolean =>
    target === -1 || (target > 0 ? pid === target : group === (target === 0 ? process.group : -target))

const RUSAGE_BYTES = 72

const wait4: Call = (process, target = -1, address = 0, options = 0, usage = 0) => {
  if ((options & ~(WNOHANG | WUNTRACED | WCONTINUED | WAIT_KINDS)) !== 0) return -Errno.EINVAL
  const { memory } = process
  const result = waited(process, isWanted(process, target), options | WEXITED)
  if (!isChange(result)) return result
  if (address !== 0) memory.setWord(address, result.status)
  if (usage !== 0) memory.bytes(usage, RUSAGE_BYTES).fill(0)
  return result.pid
}

/** __WNOTHREAD, __WALL and __WCLONE: of whose children, and of which kind. */
const WAIT_KINDS = 0xe0000000 | 0

const P_ALL = 0
const P_PID = 1
const P_PGID = 2
const SIGINFO_BYTES = 128

const waitid: Call = (process, kind, id = 0, address = 0, options = 0, usage = 0) => {
  if ((options & (WEXITED | WUNTRACED | WCONTINUED)) === 0) return -Errno.EINVAL
  const target = kind === P_ALL ? -1 : kind === P_PID ? id : kind === P_PGID ? (id === 0 ? 0 : -id) : undefined
  if (target === undefined || (kind === P_PID && id <= 0) || id < 0) return -Errno.EINVAL
  const { memory } = process
  const result = waited(process, isWanted(process, target), options)
  if (usage !== 0) memory.bytes(usage, RUSAGE_BYTES).fill(0)
  if (address !== 0 && (isChange(result) || result === 0)) {
    memory.bytes(address, SIGINFO_BYTES).fill(0)
    const { code, value } = isChange(result) ? childCode(result.status) : { code: 0, value: 0 }
    const words = isChange(result) ? [Signal.SIGCHLD, 0, code, result.pid, UID, value] : []
    for (const [i, word] of words.entries()) memory.setWord(address + 4 * i, word)
  }
  return isChange(result) ? 0 : result
}

// ---- groups and sessions --------------------------------------------------------------------------------------------

const theOne = (process: Process, pid: number): Process | undefined =>
  pid === 0 ? process : process.kernel.processes.get(pid)

const setpgid: Call = (process, pid = 0, group = 0) => {
  const target = theOne(process, pid)
  if (group < 0) return -Errno.EINVAL
  if (target === undefined || (target !== process && target.parent !== process.pid)) return -Errno.ESRCH
  if (target.session !== process.session || target.session === target.pid) return -Errno.EPERM
  target.group = group === 0 ? target.pid : group
  return 0
}

const setsid: Call = process => {
  const { pid, kernel } = process
  if ([...kernel.processes.values()].some(({ group }) => group === pid)) return -Errno.EPERM
  process.group = pid
  process.session = pid
  return pid
}

export const taskCalls: Calls = {
  2: ['fork', process => clone(process, FORK)],
  189: ['vfork', process => clone(process, { ...FORK, flags: FORK.flags | CLONE.VM | CLONE.VFORK })],
  120: [
    'clone',
    (process, flags = 0, stack = 0, parentTid = 0, tls = 0, childTid = 0) =>
      clone(process, { flags, stack, parentTid, tls, childTid }),
  ],
  7: ['waitpid', (process, target, address, options) => wait4(process, target!, address!, options!, 0)],
  114: ['wait4', wait4],
  272: ['waitid', waitid],
  57: ['setpgid', setpgid],
  65: ['getpgrp', ({ group }) => group],
  66: ['setsid', setsid],
  132: ['getpgid', (process, pid) => theOne(process, pid!)?.group ?? -Errno.ESRCH],
  147: ['getsid', (process, pid) => theOne(process, pid!)?.session ?? -Errno.ESRCH],
}
