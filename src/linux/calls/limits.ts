// getrlimit(2) and its kin.

import { Errno } from '../abi.ts'
import { isResource, type Limit, RLIM_INFINITY, refusal } from '../limits.ts'
import type { Process } from '../process.ts'
import type { Calls, Result } from './call.ts'

/** struct rlimit has words, of which the highest is no limit; the old call of its kind knows signed ones only. */
const WORD_INFINITY = 0xffffffffn
const OLD_INFINITY = 0x7fffffffn

function getrlimit(process: Process, resource: number, address: number, highest: bigint): Result {
  if (!isResource(resource)) return -Errno.EINVAL
  const { current, most } = process.limit(resource)
  for (const [i, value] of [current, most].entries())
    process.memory.setWord(address + 4 * i, Number(value < highest ? value : highest) | 0)
  return 0
}

function setrlimit(process: Process, resource: number, address: number): Result {
  const [current, most] = [0, 4].map(offset => {
    const value = BigInt(process.memory.word(address + offset) >>> 0)
    return value === WORD_INFINITY ? RLIM_INFINITY : value
  })
  return set(process, resource, { current: current!, most: most! })
}

function set(process: Process, resource: number, wanted: Limit): number {
  if (!isResource(resource)) return -Errno.EINVAL
  const refused = refusal(process.limit(resource), wanted)
  if (refused === 0) process.setLimits(new Map([...process.limits, [resource, wanted]]))
  return refused
}

/** struct rlimit64: the limit that holds, and how far it could be raised. */
function prlimit(process: Process, pid: number, resource: number, wanted: number, old: number): Result {
  const target = pid === 0 ? process : process.kernel.processes.get(pid)
  if (!isResource(resource)) return -Errno.EINVAL
  if (target === undefined) return -Errno.ESRCH
  const { memory } = process
  const before = target.limit(resource)
  if (wanted !== 0) {
    const view = memory.viewToRead(wanted, 16)
    const refused = set(target, resource, { current: view.getBigUint64(0), most: view.getBigUint64(8) })
    if (refused !== 0) return refused
  }
  if (old !== 0) {
    const view = memory.view(old, 16)
    view.setBigUint64(0, before.current)
    view.setBigUint64(8, before.most)
  }
  return 0
}

export const limitCalls: Calls = {
  75: ['setrlimit', (process, resource, address) => setrlimit(process, resource!, address!)],
  76: ['getrlimit', (process, resource, address) => getrlimit(process, resource!, address!, OLD_INFINITY)],
  190: ['ugetrlimit', (process, resource, address) => getrlimit(process, resource!, address!, WORD_INFINITY)],
  325: ['prlimit64', (process, pid, resource, wanted, old) => prlimit(process, pid!, resource!, wanted!, old!)],
}
