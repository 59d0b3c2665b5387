// What the tables of system calls are made of.

import { Errno } from '../abi.ts'
import type { HostRequest } from '../host.ts'
import type { Process } from '../process.ts'

/** A call that has much to do goes on in the next run: it is made again, as it is when something has come. */
export const LATER = { wants: 'time' } as const

/** Why a call is not at its end. */
export type Waiting = HostRequest | typeof LATER

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
