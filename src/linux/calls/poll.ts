// Waiting for several files at once: poll and select.

import { LAST_CYCLE } from '../../cpu/cpu.ts'
import { Errno } from '../abi.ts'
import { isReadable, isWritable, type OpenFile } from '../openFiles.ts'
import { pipeReadiness } from '../pipes.ts'
import type { Process } from '../process.ts'
import { type Call, type Calls, RESTART_BLOCK, type Result } from './call.ts'
import { withMask } from './signals.ts'
import { deadline, toCycles } from './time.ts'
import { isStream } from './transfer.ts'

const POLLIN = 0x1
const POLLOUT = 0x4
const POLLERR = 0x8
const POLLHUP = 0x10
const POLLNVAL = 0x20
const POLLRDNORM = 0x40
const POLLWRNORM = 0x100
/** Told whether asked for or not. */
const ALWAYS = POLLERR | POLLHUP | POLLNVAL
const POLLFD_BYTES = 8
const MOST_POLLED = 1024
const CLOCK_MONOTONIC = 1
/** Work for a file that is looked at. */
const LOOK = 50

export const pollCalls: Calls = {
  167: ['poll', (process, list, count, ms) => poll(process, list!, count!, afterMilliseconds(process, ms!))],
  281: ['ppoll', ppoll(32)],
  414: ['ppoll_time64', ppoll(64)],
  142: [
    '_newselect',
    (process, count, reads, writes, others, timeout) =>
      select(process, count!, [reads!, writes!, others!], afterTimeval(process, timeout!)),
  ],
  280: ['pselect6', pselect(32)],
  413: ['pselect6_time64', pselect(64)],
}

function ppoll(bits: 32 | 64): Call {
  return (process, list, count, timeout, mask, size) =>
    withMask(process, mask!, size!, () => poll(process, list!, count!, after(process, timeout!, bits)))
}

/** The mask is behind a pointer: its address, and its size. */
function pselect(bits: 32 | 64): Call {
  return (process, count, reads, writes, others, timeout, pair) => {
    const [mask, size] = pair === 0 ? [0, 0] : [process.memory.word(pair!), process.memory.word(pair! + 4)]
    return withMask(process, mask, size, () =>
      select(process, count!, [reads!, writes!, others!], after(process, timeout!, bits)),
    )
  }
}

// ---- until when -------------------------------------------------------------------------------------------------------

/** A cycle; undefined for ever, and null for what is no time. */
type Until = number | undefined | null

const later = ({ now }: Process, ns: bigint): number => Math.min(now + toCycles(ns), LAST_CYCLE)

const afterMilliseconds = (process: Process, ms: number): Until =>
  ms < 0 ? undefined : (process.until ?? later(process, BigInt(ms) * 1_000_000n))

const after = (process: Process, address: number, bits: 32 | 64): Until =>
  address === 0
    ? undefined
    : (process.until ?? deadline(process, { address, bits, isMoment: false, clock: CLOCK_MONOTONIC }))

function afterTimeval(process: Process, address: number): Until {
  if (address === 0) return undefined
  const view = process.memory.viewToRead(address, 8)
  const [seconds, microseconds] = [view.getInt32(0), view.getInt32(4)]
  if (seconds < 0 || microseconds < 0) return null
  return process.until ?? later(process, BigInt(seconds) * 1_000_000_000n + BigInt(microseconds) * 1000n)
}

/** Nothing is ready yet: it waits, unless its time is over. */
function waiting(process: Process, until: Until, isForInput: boolean): Result {
  if (until != null && until <= process.now) return 0
  if (process.woke === 'signal') return RESTART_BLOCK
  const what = isForInput ? 'its standard input' : 'files to be ready'
  return { wants: 'event', on: isForInput ? 'input' : 'files', what, until: until ?? undefined }
}

// ---- what is ready ----------------------------------------------------------------------------------------------------

/** As poll tells it. */
function eventsOf({ fileSystem, work }: Process, file: OpenFile): number {
  work.charge(LOOK)
  const reads = isReadable(file) ? POLLIN | POLLRDNORM : 0
  const writes = isWritable(file) ? POLLOUT | POLLWRNORM : 0
  if (file.kind === 'pipe') {
    const { hasBytes, hasRoom, hasReaders, hasWriters } = pipeReadiness(fileSystem, file)
    const gone = (isReadable(file) && !hasWriters ? POLLHUP : 0) | (isWritable(file) && !hasReaders ? POLLERR : 0)
    return (hasBytes ? reads : 0) | (hasRoom || !hasReaders ? writes : 0) | gone
  }
  if (!isInput(file)) return reads | writes
  const { input, inputEnded } = fileSystem
  const hung = inputEnded && input.length === 0 && file.kind === 'device' && file.device === 'stdin' ? POLLHUP : 0
  return (input.length > 0 ? reads : 0) | hung | writes
}

const isInput = (file: OpenFile): boolean =>
  isStream(file) && file.kind === 'device' && (file.device === 'stdin' || file.device === 'tty')

function poll(process: Process, list: number, count: number, until: Until): Result {
  if (count < 0 || count > MOST_POLLED || until === null) return -Errno.EINVAL
  const view = process.memory.view(list, POLLFD_BYTES * count)
  let ready = 0
  let isForInput = false
  const found: number[] = []
  for (let i = 0; i < count; i++) {
    const fd = view.getInt32(POLLFD_BYTES * i)
    const file = fd < 0 ? undefined : process.descriptors.get(fd)
    const events = file === undefined ? POLLNVAL : eventsOf(process, file)
    const told = fd < 0 ? 0 : events & (view.getInt16(POLLFD_BYTES * i + 4) | ALWAYS)
    isForInput ||= file !== undefined && isInput(file)
    if (told !== 0) ready++
    found.push(told)
  }
  if (ready === 0) {
    const result = waiting(process, until, isForInput)
    if (result !== 0) return result
  }
  for (const [i, told] of found.entries()) view.setInt16(POLLFD_BYTES * i + 6, told)
  return ready
}

/** What each of the three sets asks for. */
const ASKED = [POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, 0] as const

function select(process: Process, count: number, sets: readonly number[], until: Until): Result {
  if (count < 0 || until === null) return -Errno.EINVAL
  const words = Math.ceil(Math.min(count, MOST_POLLED) / 32)
  const views = sets.map(address => (address === 0 ? undefined : process.memory.view(address, 4 * words)))
  const found = views.map(() => new Uint32Array(words))
  let ready = 0
  let isForInput = false
  for (let fd = 0; fd < Math.min(count, MOST_POLLED); fd++) {
    const [word, bit] = [fd >>> 5, 2 ** (fd & 31)]
    for (const [i, view] of views.entries()) {
      if (view === undefined || Math.floor(view.getUint32(4 * word) / bit) % 2 === 0) continue
      const file = process.descriptors.get(fd)
      if (file === undefined) return -Errno.EBADF
      isForInput ||= isInput(file)
      if ((eventsOf(process, file) & ASKED[i]!) === 0) continue
      found[i]![word]! += bit
      ready++
    }
  }
  if (ready === 0) {
    const result = waiting(process, until, isForInput)
    if (result !== 0) return result
  }
  for (const [i, view] of views.entries()) for (let w = 0; w < words; w++) view?.setUint32(4 * w, found[i]![w]!)
  return ready
}
