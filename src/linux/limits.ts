// What a process may use of each resource (getrlimit(2)): the limit that holds, and how far it may be raised.

import { Errno } from './abi.ts'
import { MOST_DESCRIPTORS } from './descriptors.ts'

/** By the names of RLIMIT_…, as far as anything here asks for them. */
export const Resource = { FSIZE: 1, DATA: 2, STACK: 3, NPROC: 6, NOFILE: 7, AS: 9 } as const
const RESOURCES = 16

export const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn

export interface Limit {
  /** In bytes, or as many as there may be. */
  readonly current: bigint
  readonly most: bigint
}

/** By the numbers of resources; of what is not there, there is no limit. */
export type ResourceLimits = ReadonlyMap<number, Limit>

export const NO_LIMIT: Limit = { current: RLIM_INFINITY, most: RLIM_INFINITY }

/** Those of a first process. @param stack in bytes */
export const firstLimits = (stack: number): ResourceLimits =>
  new Map([
    [Resource.STACK, { current: BigInt(stack), most: RLIM_INFINITY }],
    [Resource.NOFILE, { current: BigInt(MOST_DESCRIPTORS), most: BigInt(MOST_DESCRIPTORS) }],
  ])

export const isResource = (resource: number): boolean => resource >= 0 && resource < RESOURCES

/** @returns why an ordinary user cannot have that limit; 0 where he can */
export function refusal(now: Limit, wanted: Limit): number {
  if (wanted.current > wanted.most) return -Errno.EINVAL
  return wanted.most > now.most ? -Errno.EPERM : 0
}
