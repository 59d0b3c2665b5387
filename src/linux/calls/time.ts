// Time: a function of the cycle count, so that a run repeats. The clock on the wall starts with the year 2000.

import { CLOCK_HZ } from '../../cpu/timers.ts'
import { CLK_TCK, Errno } from '../abi.ts'
import type { Process } from '../process.ts'
import { type Call, type Calls, nothing } from './call.ts'

const NS_PER_CYCLE = 1e9 / CLOCK_HZ
const BILLION = 1_000_000_000n
const YEAR_2000 = 946_684_800n

const CLOCK_REALTIME = 0
const CLOCK_REALTIME_COARSE = 5
const HIGHEST_CLOCK = 11

const nanoseconds = (process: Process): bigint => BigInt(Math.floor(process.now * NS_PER_CYCLE))

const onTheWall = (process: Process): bigint => YEAR_2000 * BILLION + nanoseconds(process)

const clock = (process: Process, id: number): bigint =>
  id === CLOCK_REALTIME || id === CLOCK_REALTIME_COARSE ? onTheWall(process) : nanoseconds(process)

/** struct timespec: of 32-bit, or of 64-bit words. */
function writeTime({ memory }: Process, address: number, ns: bigint, bits: 32 | 64): void {
  if (bits === 64) {
    const view = memory.view(address, 16)
    view.setBigInt64(0, ns / BILLION)
    view.setBigInt64(8, ns % BILLION)
  } else {
    memory.setWord(address, Number(ns / BILLION) | 0)
    memory.setWord(address + 4, Number(ns % BILLION))
  }
}

const gettime =
  (bits: 32 | 64): Call =>
  (process, id, address) => {
    if (id! < 0 || id! > HIGHEST_CLOCK) return -Errno.EINVAL
    writeTime(process, address!, clock(process, id!), bits)
    return 0
  }

const getres =
  (bits: 32 | 64): Call =>
  (process, id, address) => {
    if (id! < 0 || id! > HIGHEST_CLOCK) return -Errno.EINVAL
    if (address !== 0) writeTime(process, address!, 3n, bits)
    return 0
  }

/** @returns undefined for what is no time. */
const readTime = ({ memory }: Process, address: number, bits: 32 | 64): bigint | undefined => {
  const view = memory.view(address, bits / 4)
  const word = (n: number): bigint => (bits === 32 ? BigInt(view.getInt32(4 * n)) : view.getBigInt64(8 * n))
  return word(0) < 0n || word(1) < 0n || word(1) >= BILLION ? undefined : word(0) * BILLION + word(1)
}

const TIMER_ABSTIME = 1

/** Sleeping is letting cycles pass. */
const sleep = (process: Process, id: number, flags: number, request: number, bits: 32 | 64): number => {
  if (id < 0 || id > HIGHEST_CLOCK) return -Errno.EINVAL
  const time = readTime(process, request, bits)
  if (time === undefined) return -Errno.EINVAL
  const ns = (flags & TIMER_ABSTIME) !== 0 ? time - clock(process, id) : time
  if (ns > 0n) process.skip(Math.ceil(Number(ns) / NS_PER_CYCLE))
  return 0
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
  162: ['nanosleep', (process, request) => sleep(process, 1, 0, request!, 32)],
  246: ['clock_gettime', gettime(32)],
  247: ['clock_getres', getres(32)],
  248: ['clock_nanosleep', (process, id, flags, request) => sleep(process, id!, flags!, request!, 32)],
  403: ['clock_gettime64', gettime(64)],
  406: ['clock_getres_time64', getres(64)],
  407: ['clock_nanosleep_time64', (process, id, flags, request) => sleep(process, id!, flags!, request!, 64)],
  105: ['getitimer', nothing],
}
