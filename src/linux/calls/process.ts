// The process itself: who it is, what it may use, how it ends.

import { CLOCK_HZ } from '../../cpu/timers.ts'
import { Errno, UID } from '../abi.ts'
import type { Process } from '../process.ts'
import { type Call, type Calls, nothing, notSupported } from './call.ts'
import { prctl } from './prctl.ts'

const UTS_FIELD = 65

const uname: Call = ({ memory }, address) => {
  const fields = ['Linux', 'ppc440', '6.1.0', '#1', 'ppc', '(none)']
  const bytes = memory.bytes(address!, UTS_FIELD * fields.length).fill(0)
  for (const [i, field] of fields.entries()) bytes.set(new TextEncoder().encode(field), UTS_FIELD * i)
  return 0
}

/** What one call gives at most, as in Linux. */
const MOST_RANDOM = 0x1ffffff
/** Making a byte, beside copying one. */
const RANDOM = 2

/** Bytes for stack guards and hash seeds: the same in every run, and no secret. */
const getrandom: Call = (process, address, length) =>
  process.inPieces(
    Math.min(length! >>> 0, MOST_RANDOM),
    (from, to) => {
      const bytes = process.memory.bytes(address! + from, to - from)
      for (let i = 0; i < bytes.length; i++) bytes[i] = process.random()
      return bytes.length
    },
    RANDOM,
  )

const sysinfo: Call = ({ memory, ramSize, now }, address) => {
  memory.bytes(address!, 64).fill(0)
  memory.setWord(address!, Math.floor(now / CLOCK_HZ))
  memory.setWord(address! + 16, ramSize)
  memory.setWord(address! + 20, ramSize >>> 1)
  memory.view(address! + 40, 2).setUint16(0, 1)
  memory.setWord(address! + 52, 1)
  return 0
}

const identity =
  (id: number): Call =>
  () =>
    id

/** setuid and its kin, of `count` arguments: one may become who one is already, -1 leaves an identity alone. */
const become =
  (count: number): Call =>
  (_process, ...ids) =>
    ids.slice(0, count).every(id => id === UID || id === -1) ? 0 : -Errno.EPERM

/** getresuid and getresgid: real, effective and saved. */
const getres: Call = ({ memory }, ...addresses) => {
  for (const address of addresses.slice(0, 3)) memory.setWord(address, UID)
  return 0
}

const PRIO_PROCESS = 0
const PRIO_USER = 2
const NICEST = 19
const LEAST_NICE = -20

/** Everybody has the same turns: how nice a process is, it is told and nothing else. */
const getpriority: Call = (process, which, who) => {
  const target = priorityOf(process, which!, who!)
  return typeof target === 'number' ? target : NICEST + 1 - target.nice
}

const setpriority: Call = (process, which, who, nice) => {
  const target = priorityOf(process, which!, who!)
  return typeof target === 'number' ? target : becomeNice(target, nice!)
}

function priorityOf(process: Process, which: number, who: number): Process | number {
  if (which < PRIO_PROCESS || which > PRIO_USER) return -Errno.EINVAL
  if (which !== PRIO_PROCESS || who === 0) return process
  return process.kernel.processes.get(who) ?? process.kernel.threads.get(who)?.process ?? -Errno.ESRCH
}

/** An ordinary user does not get less nice again. */
function becomeNice(process: Process, wanted: number): number {
  const nice = Math.max(LEAST_NICE, Math.min(NICEST, wanted))
  if (nice < process.nice) return -Errno.EACCES
  process.nice = nice
  return 0
}

export const processCalls: Calls = {
  1: [
    'exit',
    ({ kernel, thread }, status) => {
      kernel.endThread(thread, status! & 0xff)
      return 0
    },
  ],
  234: [
    'exit_group',
    (process, status) => {
      process.kernel.endProcess(process, (status! & 0xff) << 8)
      return 0
    },
  ],
  20: ['getpid', ({ pid }) => pid],
  207: ['gettid', ({ thread }) => thread.id],
  64: ['getppid', ({ parent }) => parent],
  24: ['getuid', identity(UID)],
  47: ['getgid', identity(UID)],
  49: ['geteuid', identity(UID)],
  50: ['getegid', identity(UID)],
  23: ['setuid', become(1)],
  46: ['setgid', become(1)],
  70: ['setreuid', become(2)],
  71: ['setregid', become(2)],
  164: ['setresuid', become(3)],
  169: ['setresgid', become(3)],
  165: ['getresuid', getres],
  170: ['getresgid', getres],
  80: ['getgroups', nothing],
  122: ['uname', uname],
  116: ['sysinfo', sysinfo],
  158: [
    'sched_yield',
    ({ kernel }) => {
      kernel.scheduler.yield()
      return 0
    },
  ],
  34: ['nice', (process, by) => (becomeNice(process, process.nice + by!) === 0 ? 0 : -Errno.EPERM)],
  96: ['getpriority', getpriority],
  97: ['setpriority', setpriority],
  171: ['prctl', prctl],
  223: [
    'sched_getaffinity',
    ({ memory }, _pid, size, address) => {
      if (size! >>> 0 < 4) return -Errno.EINVAL
      memory.setWord(address!, 1)
      return 4
    },
  ],
  232: [
    'set_tid_address',
    ({ thread }, address) => {
      thread.clearTid = address! >>> 0
      return thread.id
    },
  ],
  359: ['getrandom', getrandom],
  387: ['rseq', notSupported],
}
