// Locks on files: fcntl(2) and flock(2). Who has to wait for one is told when that would be for ever.

import { Errno } from '../abi.ts'
import type { FileInode } from '../inodes.ts'
import type { Lock, LockOwner } from '../locks.ts'
import { isReadable, isWritable, type OpenFile } from '../openFiles.ts'
import type { Process } from '../process.ts'
import { type Call, RESTART, type Result } from './call.ts'

const F_GETLK = 5
const F_SETLKW = 7
const F_GETLK64 = 12
const F_SETLKW64 = 14
const F_OFD_GETLK = 36
const F_OFD_SETLKW = 38

const F_RDLCK = 0
const F_WRLCK = 1
const F_UNLCK = 2

const SEEK_CUR = 1
const SEEK_END = 2

/** The last byte that a lock may reach, and behind it. */
const END = Number.MAX_SAFE_INTEGER
/** Locks that all processes may have. */
const MOST_LOCKS = 10_000
/** Work for each lock there is. */
const LOOK = 1

/** What fcntl is asked for: of whom, how wide struct flock is, and what for. */
interface Command {
  readonly of: 'process' | 'open file'
  readonly bits: 32 | 64
  /** 0 asks who stands in the way, 1 takes a lock or fails, 2 waits for it. */
  readonly how: number
}

export function lockCommand(command: number): Command | undefined {
  if (command >= F_GETLK && command <= F_SETLKW) return { of: 'process', bits: 32, how: command - F_GETLK }
  if (command >= F_GETLK64 && command <= F_SETLKW64) return { of: 'process', bits: 64, how: command - F_GETLK64 }
  if (command >= F_OFD_GETLK && command <= F_OFD_SETLKW)
    return { of: 'open file', bits: 64, how: command - F_OFD_GETLK }
  return undefined
}

/** struct flock: type, whence, start, length, process; of `bits` each start and length. */
const layout = (bits: 32 | 64) =>
  bits === 32 ? { start: 4, length: 8, pid: 12, bytes: 16 } : { start: 8, length: 16, pid: 24, bytes: 32 }

export function fcntlLock(process: Process, file: OpenFile, { of, bits, how }: Command, address: number): Result {
  const at = layout(bits)
  const view = process.memory.view(address, at.bytes)
  const read = (offset: number): number => (bits === 32 ? view.getInt32(offset) : Number(view.getBigInt64(offset)))
  const type = view.getInt16(0)
  const range = rangeOf(process, file, { whence: view.getInt16(2), start: read(at.start), length: read(at.length) })
  if (range === undefined || type < F_RDLCK || type > F_UNLCK || (how === 0 && type === F_UNLCK)) return -Errno.EINVAL
  if (of === 'open file' && view.getInt32(at.pid) !== 0) return -Errno.EINVAL
  const owner: LockOwner = of === 'process' ? `process ${process.pid}` : `open file ${file.id}`
  const lock: Lock = { ino: file.ino, kind: 'record', owner, isExclusive: type === F_WRLCK, ...range }
  if (how > 0) {
    if (type === F_RDLCK && !isReadable(file)) return -Errno.EBADF
    if (type === F_WRLCK && !isWritable(file)) return -Errno.EBADF
    return type === F_UNLCK ? unlock(process, lock) : take(process, lock, how === 2)
  }
  const other = process.fileSystem.locks.conflict(lock)
  if (other === undefined) {
    view.setInt16(0, F_UNLCK)
    return 0
  }
  const length = other.end === END ? 0 : other.end - other.start
  view.setInt16(0, other.isExclusive ? F_WRLCK : F_RDLCK)
  view.setInt16(2, 0)
  for (const [offset, value] of [[at.start, other.start] as const, [at.length, length] as const]) {
    if (bits === 32) view.setInt32(offset, value)
    else view.setBigInt64(offset, BigInt(value))
  }
  view.setInt32(at.pid, pidOf(other) ?? -1)
  return 0
}

const pidOf = ({ owner }: Lock): number | undefined =>
  owner.startsWith('process ') ? Number(owner.slice('process '.length)) : undefined

/** The bytes that a length means, which may be negative, and 0 for all there will ever be. Undefined: there are none such. */
function rangeOf(
  { fileSystem }: Process,
  file: OpenFile,
  { whence, start, length }: { readonly whence: number; readonly start: number; readonly length: number },
): Pick<Lock, 'start' | 'end'> | undefined {
  const inode = fileSystem.inode(file.ino)
  const end = inode.kind === 'file' ? (inode as FileInode).contents.length : 0
  const from = whence === 0 ? 0 : whence === SEEK_CUR ? file.offset : whence === SEEK_END ? end : Number.NaN
  const first = from + start + Math.min(0, length)
  if (!(first >= 0) || first > END) return undefined
  return { start: first, end: length === 0 ? END : Math.min(END, first + Math.abs(length)) }
}

function unlock({ fileSystem }: Process, lock: Lock): number {
  if (fileSystem.locks.clear(lock)) fileSystem.changed()
  return 0
}

function take(process: Process, lock: Lock, mayWait: boolean): Result {
  const { locks } = process.fileSystem
  process.work.charge(LOOK * locks.count)
  const other = locks.conflict(lock)
  if (other === undefined) {
    if (locks.count >= MOST_LOCKS) return -Errno.ENOLCK
    locks.set(lock)
    // Where it had an exclusive one before, others may go on.
    process.fileSystem.changed()
    return 0
  }
  if (!mayWait) return -Errno.EAGAIN
  if (process.woke === 'signal') return RESTART
  const blocker = pidOf(other)
  if (lock.owner === `process ${process.pid}` && blocker !== undefined && waitsFor(process, blocker))
    return -Errno.EDEADLK
  return { wants: 'event', on: 'files', what: `a lock that ${other.owner} has`, blocker }
}

/** Whether a process waits for a lock that `process` has, or for one of a process that does. */
function waitsFor(process: Process, pid: number): boolean {
  const seen = new Set<number>()
  for (let at: number | undefined = pid; at !== undefined && !seen.has(at); ) {
    if (at === process.pid) return true
    seen.add(at)
    at = process.kernel.processes
      .get(at)
      ?.threads.flatMap(({ wait }) => (wait?.on === 'files' ? (wait.blocker ?? []) : []))[0]
  }
  return false
}

const LOCK_SH = 1
const LOCK_EX = 2
const LOCK_NB = 4
const LOCK_UN = 8

/** A lock on all of a file, which belongs to the open file. Another one than before is a new one: the old is gone first. */
export const flock: Call = (process, fd, operation) => {
  const file = process.descriptors.get(fd!)
  if (file === undefined) return -Errno.EBADF
  const what = operation! & ~LOCK_NB
  const lock = { ino: file.ino, kind: 'flock', owner: `open file ${file.id}`, start: 0, end: END } as const
  if (what === LOCK_UN) return unlock(process, { ...lock, isExclusive: false })
  if (what !== LOCK_SH && what !== LOCK_EX) return -Errno.EINVAL
  const isExclusive = what === LOCK_EX
  if (process.fileSystem.locks.conflict({ ...lock, isExclusive }) !== undefined)
    unlock(process, { ...lock, isExclusive })
  return take(process, { ...lock, isExclusive }, (operation! & LOCK_NB) === 0)
}
