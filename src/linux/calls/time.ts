// Time: a function of the cycle count, so that a run repeats. The clock on the wall starts with the year 2000.

import { LAST_CYCLE } from '../../cpu/cpu.ts'
import { CLOCK_HZ } from '../../cpu/timers.ts'
import { CLK_TCK, Errno } from '../abi.ts'
import type { Process } from '../process.ts'
import { type Call, type Calls, RESTART_BLOCK, type Result } from './call.ts'

const NS_PER_CYCLE = 1e9 / CLOCK_HZ
export const BILLION = 1_000_000_000n
const YEAR_2000 = 946_684_800n

const CLOCK_REALTIME = 0
const CLOCK_REALTIME_COARSE = 5
const HIGHEST_CLOCK = 11

type Clock = Pick<Process, 'now'>

export const nanoseconds = ({ now }: Clock): bigint => BigInt(Math.floor(now * NS_PER_CYCLE))

export const onTheWall = (process: Clock): bigint => YEAR_2000 * BILLION + nanoseconds(process)

export const clock = (process: Process, id: number): bigint =>
  id === CLOCK_REALTIME || id === CLOCK_REALTIME_COARSE ? onTheWall(process) : nanoseconds(process)

/** struct timespec: of 32-bit, or of 64-bit words. */
export function writeTime({ memory }: Process, address: number, ns: bigint, bits: 32 | 64): void {
  if (bits === 64) {
    const view = memory.view(address, 16)
    view.setBigInt64(0, ns / BILLION)
    view.setBigInt64(8, ns % BILLION)
  } else {
    memory.setWord(address, Number(ns / BILLION) | 0)
    memory.setWord(address + 4, Number(ns % BILLION))
  }
}

/** The clocks, and those of a process's or thread's own processor time, which have negative numbers. */
export const isClock = (id: number): boolean => id <= HIGHEST_CLOCK

const gettime =
  (bits: 32 | 64): Call =>
  (process, id, address) => {
    if (!isClock(id!)) return -Errno.EINVAL
    writeTime(process, address!, clock(process, id!), bits)
    return 0
  }

const getres =
  (bits: 32 | 64): Call =>
  (process, id, address) => {
    if (!isClock(id!)) return -Errno.EINVAL
    if (address !== 0) writeTime(process, address!, 3n, bits)
    return 0
  }

/** @returns undefined for what is no time. */
export const readTime = ({ memory }: Process, address: number, bits: 32 | 64): bigint | undefined => {
  const view = memory.viewToRead(address, bits / 4)
  const word = (n: number): bigint => (bits === 32 ? BigInt(view.getInt32(4 * n)) : view.getBigInt64(8 * n))
  return word(0) < 0n || word(1) < 0n || word(1) >= BILLION ? undefined : word(0) * BILLION + word(1)
}

/** Time as a program gives it. */
export interface GivenTime {
  readonly address: number
  readonly bits: 32 | 64
  /** A moment of `clock`, and not a length. */
  readonly isMoment: boolean
  readonly clock: number
}

export const toCycles = (ns: bigint): number => Math.ceil(Number(ns) / NS_PER_CYCLE)
export const toNanoseconds = (cycles: number): bigint => BigInt(Math.floor(cycles * NS_PER_CYCLE))

/** The cycle at which that time is over; null for what is no time. @throws CallError */
export function deadline(process: Process, { address, bits, isMoment, clock: id }: GivenTime): number | null {
  const time = readTime(process, address, bits)
  if (time === undefined) return null
  const ns = isMoment ? time - clock(process, id) : time
  return Math.min(process.now + Math.max(0, toCycles(ns)), LAST_CYCLE)
}

const TIMER_ABSTIME = 1

/** Where nobody else can run, time leaps. A handler ends it, and what is left of a length is told. */
const sleep = (process: Process, id: number, flags: number, request: number, rest: number, bits: 32 | 64): Result => {
  if (!isClock(id)) return -Errno.EINVAL
  const isMoment = (flags & TIMER_ABSTIME) !== 0
  const until = process.until ?? deadline(process, { address: request, bits, isMoment, clock: id })
  if (until === null) return -Errno.EINVAL
  if (until <= process.now) return 0
  if (process.woke === 'signal') {
    if (rest !== 0 && !isMoment) writeTime(process, rest, toNanoseconds(until - process.now), bits)
    return RESTART_BLOCK
  }
  return { wants: 'event', on: 'time', until, what: 'a moment' }
}

export const timeCalls: Calls = {
  13: [
    'time',
    (process, address) => {
      const seconds = Number(onTheWall(process) / BILLION) | 0
      if (address !== 0) process.memory.setWord(address!, seconds)
      return seconds
    },
  ],
  43: [
    'times',
    (process, address) => {
      const ticks = Number((nanoseconds(process) * BigInt(CLK_TCK)) / BILLION)
      if (address !== 0) for (let i = 0; i < 4; i++) process.memory.setWord(address! + 4 * i, i === 0 ? ticks : 0)
      return ticks
    },
  ],
  78: [
    'gettimeofday',
    (process, address) => {
      const ns = onTheWall(process)
      if (address === 0) return 0
      process.memory.setWord(address!, Number(ns / BILLION) | 0)
      process.memory.setWord(address! + 4, Number((ns % BILLION) / 1000n))
      return 0
    },
  ],
  77: [
    'getrusage',
    (process, _who, address) => {
      process.memory.bytes(address!, 72).fill(0)
      writeTime(process, address!, nanoseconds(process), 32)
      process.memory.setWord(address! + 4, Number((nanoseconds(process) % BILLION) / 1000n))
      return 0
    },
  ],
  162: ['nanosleep', (process, request, rest) => sleep(process, 1, 0, request!, rest!, 32)],
  246: ['clock_gettime', gettime(32)],
  247: ['clock_getres', getres(32)],
  248: ['clock_nanosleep', (process, id, flags, request, rest) => sleep(process, id!, flags!, request!, rest!, 32)],
  403: ['clock_gettime64', gettime(64)],
  406: ['clock_getres_time64', getres(64)],
  407: [
    'clock_nanosleep_time64',
    (process, id, flags, request, rest) => sleep(process, id!, flags!, request!, rest!, 64),
  ],
}
