// What gdb is told of a stop ("Stop Reply Packets", appendix E.3 of gdb's manual).

import type { Breakpoint, DataBreakpoint } from '../debuggee/breakpoints.ts'
import type { End, Stop } from '../debuggee/stop.ts'
import type { Target } from '../debuggee/target.ts'
import { type GdbRegister, readHex } from './registers.ts'

/** Signals that we send of ourselves, by gdb's numbers (include/gdb/signals.def). */
const GdbSignal = { INT: 2, TRAP: 5, KILL: 9 } as const
/** "Unknown signal". */
const OTHER = 143
const LAST_SAME = 15

/** Those of Linux that gdb has other numbers for; up to 15 the rest are the same. */
const OF_LINUX: ReadonlyMap<number, number> = new Map([
  ...([
    [7, 10],
    [10, 30],
    [12, 31],
    [17, 20],
    [18, 19],
    [19, 17],
    [20, 18],
    [21, 21],
    [22, 22],
  ] as const),
  ...([
    [23, 16],
    [24, 24],
    [25, 25],
    [26, 26],
    [27, 27],
    [28, 28],
    [29, 23],
    [30, 32],
    [31, 12],
  ] as const),
])

/** Real-time signals: 33 to 63 in a row, the two at the ends behind them. */
const REALTIME_33 = 45
const REALTIME_32 = 77
const REALTIME_64 = 78

function ofLinux(signal: number): number {
  if (signal === 32) return REALTIME_32
  if (signal === 64) return REALTIME_64
  if (signal > 32 && signal < 64) return REALTIME_33 + signal - 33
  return OF_LINUX.get(signal) ?? (signal <= LAST_SAME ? signal : OTHER)
}

/** Signals of Linux by gdb's numbers. */
const OF_GDB: ReadonlyMap<number, number> = new Map(
  Array.from({ length: 64 }, (_, n) => [ofLinux(n + 1), n + 1] as const).filter(([gdb]) => gdb !== OTHER),
)

/** The signal of Linux that gdb means; undefined for one of others. */
export const linuxSignal = (gdb: number): number | undefined => OF_GDB.get(gdb)

/** As gdb numbers it. */
export function gdbSignal({ reason, signal, due }: Stop): number {
  const told = signal ?? due
  if (told !== undefined) return ofLinux(told)
  return reason === 'pause' ? GdbSignal.INT : GdbSignal.TRAP
}

const two = (value: number): string => (value & 0xff).toString(16).padStart(2, '0')

/** Registers that gdb looks at on every stop: r1, PC and LR. */
const EXPEDITED: ReadonlySet<string> = new Set(['r1', 'pc', 'lr'])
export const isExpedited = ({ name }: GdbRegister): boolean => EXPEDITED.has(name)

const WATCH = { write: 'watch', read: 'rwatch', readWrite: 'awatch' } as const

/** Who is told: the owner of the breakpoints that are gdb's, what it wants of the registers, how it names the thread. */
interface Told {
  readonly name: string
  readonly threadId: string
  readonly expedited: readonly GdbRegister[]
}

export function stopReply(target: Target, stop: Stop, told: Told): string {
  const values = told.expedited.map(each => `${two(each.number)}:${readHex(target.machine, each)};`)
  const hit = stop.hit.flatMap(id => target.breakpoints.byId(id) ?? []).filter(each => each.owner === told.name)
  return `T${two(gdbSignal(stop))}${values.join('')}thread:${told.threadId};${reasonOf(hit, stop)}`
}

/** Where a history ends, in gdb's words. */
const EDGES = { beginning: 'replaylog:begin;', present: 'replaylog:end;' } as const

function reasonOf(hit: readonly Breakpoint[], stop: Stop): string {
  if (hit.length === 0 && stop.edge !== undefined) return EDGES[stop.edge]
  const watched = hit.find((each): each is DataBreakpoint => each.request.kind === 'data')
  if (watched !== undefined) {
    const { address, access } = watched.request
    return `${WATCH[access]}:${Math.max(address, stop.accessed ?? address).toString(16)};`
  }
  const [first] = hit
  if (first === undefined) return ''
  return first.slots.length > 0 ? 'hwbreak:;' : 'swbreak:;'
}

/** The program is over: with a status, or by a signal. */
export const endReply = ({ exitCode, killed }: End): string =>
  killed === true ? `X${two(GdbSignal.KILL)}` : `W${two(exitCode)}`

export const signalReply = (signal: number): string => `X${two(ofLinux(signal))}`
