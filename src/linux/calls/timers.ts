// Timers: alarm, setitimer and timer_create. They expire by the cycles of the run, those of a process's own time too.

import { Errno, Signal } from '../abi.ts'
import { beforeTheEnd, type Process, type Timer } from '../process.ts'
import { isSignal } from '../signals.ts'
import type { Call, Calls } from './call.ts'
import { BILLION, clock, isClock, readTime, toCycles, toNanoseconds, writeTime } from './time.ts'

const ITIMER_REAL = 0
/** Signals of ITIMER_REAL, ITIMER_VIRTUAL and ITIMER_PROF. */
const ITIMER_SIGNALS: readonly number[] = [Signal.SIGALRM, Signal.SIGVTALRM, Signal.SIGPROF]

/** Timers of setitimer have negative numbers. */
const plainId = (which: number): number => -1 - which

const THOUSAND = 1000n

/** Nanoseconds up to when it expires, and between two times. */
interface Setting {
  readonly value: bigint
  readonly interval: bigint
}

const settingOf = ({ now }: Process, timer: Timer | undefined): Setting => ({
  // A timer that is set and about to expire is not told to be none.
  value: timer?.at === undefined ? 0n : toNanoseconds(Math.max(1, timer.at - now)),
  interval: timer === undefined ? 0n : toNanoseconds(timer.interval),
})

const expiring = (process: Process, { value, interval }: Setting): Pick<Timer, 'at' | 'interval'> => ({
  at: value === 0n ? undefined : beforeTheEnd(process.now + toCycles(value)),
  interval: interval === 0n ? 0 : Math.max(SHORTEST, toCycles(interval)),
})

/** In cycles: a timer with less would leave no time for anything else. */
const SHORTEST = 4000

function setPlain(process: Process, which: number, setting: Setting): Setting {
  const id = plainId(which)
  const before = settingOf(process, process.timer(id))
  const signal = ITIMER_SIGNALS[which]!
  const fixed = { clock: 0, value: 0, thread: undefined, isPlain: true, missed: 0, overrun: 0 } as const
  process.setTimer(id, setting.value === 0n ? undefined : { id, signal, ...fixed, ...expiring(process, setting) })
  return before
}

/** struct itimerval: interval and value, each of seconds and microseconds. */
function writeItimer({ memory }: Process, address: number, { interval, value }: Setting): void {
  for (const [i, ns] of [interval, value].entries()) {
    memory.setWord(address + 8 * i, Number(ns / BILLION))
    memory.setWord(address + 8 * i + 4, Number((ns % BILLION) / THOUSAND))
  }
}

function readItimer({ memory }: Process, address: number): Setting | undefined {
  const at = (offset: number): bigint | undefined => {
    const [seconds, micros] = [memory.word(address + offset), memory.word(address + offset + 4)]
    if (seconds < 0 || micros < 0 || micros >= 1e6) return undefined
    return BigInt(seconds) * BILLION + BigInt(micros) * THOUSAND
  }
  const [interval, value] = [at(0), at(8)]
  return interval === undefined || value === undefined ? undefined : { interval, value }
}

/** Seconds, and the half ones up. */
const alarm: Call = (process, seconds) => {
  const before = setPlain(process, ITIMER_REAL, { value: BigInt(seconds! >>> 0) * BILLION, interval: 0n })
  const rest = Number((before.value + BILLION / 2n) / BILLION)
  return before.value > 0n && rest === 0 ? 1 : rest
}

const setitimer: Call = (process, which, address, old) => {
  if (ITIMER_SIGNALS[which!] === undefined) return -Errno.EINVAL
  const setting = address === 0 ? { value: 0n, interval: 0n } : readItimer(process, address!)
  if (setting === undefined) return -Errno.EINVAL
  if (old !== 0) process.memory.bytes(old!, 16)
  const before = setPlain(process, which!, setting)
  if (old !== 0) writeItimer(process, old!, before)
  return 0
}

const getitimer: Call = (process, which, address) => {
  if (ITIMER_SIGNALS[which!] === undefined) return -Errno.EINVAL
  writeItimer(process, address!, settingOf(process, process.timer(plainId(which!))))
  return 0
}

const SIGEV_SIGNAL = 0
const SIGEV_NONE = 1
const SIGEV_THREAD_ID = 4
const MOST_TIMERS = 1024

const create: Call = (process, id, event, address) => {
  if (!isClock(id!)) return -Errno.EINVAL
  const used = process.timers.map(timer => timer.id)
  const number = [...used, -1].reduce((highest, each) => Math.max(highest, each)) + 1
  if (used.length >= MOST_TIMERS) return -Errno.EAGAIN
  const { memory } = process
  const [value, signal, notify, thread] =
    event === 0 ? [number, Signal.SIGALRM, SIGEV_SIGNAL, 0] : [0, 4, 8, 12].map(offset => memory.word(event! + offset))
  if (notify === SIGEV_THREAD_ID && !process.threads.some(each => each.id === thread)) return -Errno.EINVAL
  if (notify !== SIGEV_NONE && notify !== SIGEV_SIGNAL && notify !== SIGEV_THREAD_ID) return -Errno.EINVAL
  if (notify !== SIGEV_NONE && !isSignal(signal!)) return -Errno.EINVAL
  memory.setWord(address!, number)
  process.setTimer(number, {
    ...{ id: number, clock: id!, signal: notify === SIGEV_NONE ? 0 : signal!, value: value! },
    ...{ thread: notify === SIGEV_THREAD_ID ? thread : undefined, at: undefined, interval: 0 },
    ...{ isPlain: false, missed: 0, overrun: 0 },
  })
  return 0
}

const TIMER_ABSTIME = 1

/** struct itimerspec: interval and value. */
const settime =
  (bits: 32 | 64): Call =>
  (process, id, flags, address, old) => {
    const timer = process.timer(id!)
    if (timer === undefined || timer.isPlain) return -Errno.EINVAL
    const interval = readTime(process, address!, bits)
    const given = readTime(process, address! + bits / 4, bits)
    if (interval === undefined || given === undefined) return -Errno.EINVAL
    const before = settingOf(process, timer)
    const isMoment = (flags! & TIMER_ABSTIME) !== 0 && given !== 0n
    const value = isMoment ? given - clock(process, timer.clock) : given
    if (old !== 0) writeItimerspec(process, old!, before, bits)
    // A moment that is over already is now.
    const setting = { interval, value: isMoment && value < 1n ? 1n : value }
    process.setTimer(id!, { ...timer, ...expiring(process, setting), missed: 0, overrun: 0 })
    return 0
  }

function writeItimerspec(process: Process, address: number, { interval, value }: Setting, bits: 32 | 64): void {
  process.memory.bytes(address, bits / 2)
  writeTime(process, address, interval, bits)
  writeTime(process, address + bits / 4, value, bits)
}

const gettime =
  (bits: 32 | 64): Call =>
  (process, id, address) => {
    const timer = process.timer(id!)
    if (timer === undefined || timer.isPlain) return -Errno.EINVAL
    writeItimerspec(process, address!, settingOf(process, timer), bits)
    return 0
  }

const getoverrun: Call = (process, id) => {
  const timer = process.timer(id!)
  return timer === undefined || timer.isPlain ? -Errno.EINVAL : timer.overrun
}

const remove: Call = (process, id) => {
  const timer = process.timer(id!)
  if (timer === undefined || timer.isPlain) return -Errno.EINVAL
  process.setTimer(id!, undefined)
  return 0
}

export const timerCalls: Calls = {
  27: ['alarm', alarm],
  104: ['setitimer', setitimer],
  105: ['getitimer', getitimer],
  240: ['timer_create', create],
  241: ['timer_settime', settime(32)],
  242: ['timer_gettime', gettime(32)],
  243: ['timer_getoverrun', getoverrun],
  244: ['timer_delete', remove],
  408: ['timer_gettime64', gettime(64)],
  409: ['timer_settime64', settime(64)],
}
