// What the tables of system calls are made of.

import { Errno } from '../abi.ts'
import type { HostRequest } from '../host.ts'
import type { Process } from '../process.ts'

/** What r3 gets: a value, or an error as a small negative number; or what has to come from the host first. */
export type Result = number | HostRequest

/** A call with its six arguments, r3 to r8, as signed words. */
export type Call = (process: Process, ...args: number[]) => Result

/** Calls by number (arch/powerpc/kernel/syscalls/syscall.tbl of the kernel, 32-bit column), with their names. */
export type Calls = Readonly<Record<number, readonly [name: string, call: Call]>>

export const isRequest = (result: object | number | string): result is HostRequest =>
  typeof result === 'object' && 'wants' in result

/** A call that succeeds and does nothing, because nothing it could change exists here. */
export const nothing: Call = () => 0

/** The calls of a pair whose second word is the low one: 64-bit arguments come in an aligned pair of registers. */
export const wide = (high: number, low: number): number => high * 0x1_0000_0000 + (low >>> 0)

export const notSupported: Call = () => -Errno.ENOSYS
