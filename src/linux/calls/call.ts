// What the tables of system calls are made of.

import { Errno } from '../abi.ts'
import type { HostRequest } from '../host.ts'
import type { Process } from '../process.ts'
import type { Wait } from '../thread.ts'

/** A call that has much to do goes on in the next run: it is made again, as it is when something has come. */
export const LATER = { wants: 'time' } as const

/** Others, or time, have to bring something about: the call is made again then, and learns why (`Process.woke`). */
export type Event = Wait & { readonly wants: 'event' }

/** Why a call is not at its end. */
export type Waiting = HostRequest | Event | typeof LATER

/** A signal has come while the call waited: it is made again after the handler, or fails with EINTR (signal(7)). */
export const RESTART = -512
/** The same of a call that knows until when it waits: it fails whatever handler runs, and waits on where none does. */
export const RESTART_BLOCK = -516

/** The registers are those of another context: r3 is no result. */
export const CONTEXT_IS_SET = -513

/** What r3 gets: a value, or an error as a small negative number; or what the call waits for. */
export type Result = number | Waiting

/** A call with its six arguments, r3 to r8, as signed words. */
export type Call = (process: Process, ...args: number[]) => Result

/** Calls by number (arch/powerpc/kernel/syscalls/syscall.tbl of the kernel, 32-bit column), with their names. */
export type Calls = Readonly<Record<number, readonly [name: string, call: Call]>>

export const isWaiting = <T extends Waiting>(result: T | number | string | object | undefined): result is T =>
  typeof result === 'object' && 'wants' in result

/** A call that succeeds and does nothing, because nothing it could change exists here. */
export const nothing: Call = () => 0

/** The calls of a pair whose second word is the low one: 64-bit arguments come in an aligned pair of registers. */
export const wide = (high: number, low: number): number => high * 0x1_0000_0000 + (low >>> 0)

export const notSupported: Call = () => -Errno.ENOSYS
