// Segments of memory: shmget(2), shmat(2), shmdt(2), shmctl(2).

import { Errno, PAGE, Prot } from '../abi.ts'
import { IPC_PRIVATE, permissionWords, permits, type SharedSegment } from '../ipc.ts'
import type { Process } from '../process.ts'
import { PAGES_PER_UNIT } from '../work.ts'
import { type Call, isWaiting } from './call.ts'
import { IPC, IPC_MODE, MODE_WORD, putWords, secondsNow } from './ipcCommon.ts'

const SHM_RDONLY = 0o10000
const SHM_RND = 0o20000
const SHM_REMAP = 0o40000
const SHM_EXEC = 0o100000
const SHM_DEST = 0o1000

/** What is new is nobody's to find until it has been cleared, which may take more than one run. */
export const shmget: Call = (process, key = 0, size = 0, flags = 0) => {
  const { kernel, thread } = process
  const { ipc } = kernel
  const bytes = size >>> 0
  const make = (): SharedSegment | number => {
    if (bytes === 0 || bytes > process.ramSize) return -Errno.EINVAL
    const frames = ipc.framesFor(Math.ceil(bytes / PAGE))
    if (frames === undefined) return -Errno.ENOMEM
    process.work.charge(frames.length / PAGES_PER_UNIT)
    return {
      ...{ id: ipc.newId(), key: IPC_PRIVATE, mode: flags & IPC_MODE, changed: secondsNow(process), bytes, frames },
      ...{ isDoomed: true, attached: 0, detached: 0, creator: process.pid, last: 0, maker: thread.id },
    }
  }
  const isTooSmall = (segment: SharedSegment): number => (bytes > segment.bytes ? -Errno.EINVAL : 0)
  const making = ipc.segments.all.find(({ maker }) => maker === thread.id)
  const id = making?.id ?? ipc.segments.find(key, flags, isTooSmall, make)
  const segment = ipc.segments.get(id)
  if (segment?.maker !== thread.id) return id
  const cleared = process.inPieces(bytes, (from, to) => {
    ipc.clear(segment, from, to)
    return to - from
  })
  if (isWaiting(cleared)) return cleared
  ipc.segments.put({ ...segment, key, isDoomed: false, maker: undefined })
  return id
}

export const shmat: Call = (process, id = 0, address = 0, flags = 0) => {
  const { space, kernel } = process
  const segment = kernel.ipc.segments.get(id)
  if (segment === undefined) return -Errno.EINVAL
  const isToRead = (flags & SHM_RDONLY) !== 0
  if (!permits(segment, isToRead ? 4 : 6)) return -Errno.EACCES
  const length = segment.frames.length * PAGE
  const given = (flags & SHM_RND) !== 0 ? address - (address % PAGE) : address
  if (given % PAGE !== 0 || (given === 0 && (flags & SHM_REMAP) !== 0)) return -Errno.EINVAL
  const at = given === 0 ? space.findFree(length) : given >>> 0
  if (at === undefined || !space.inside(at, length)) return -Errno.ENOMEM
  if ((flags & SHM_REMAP) === 0 && !space.isFree(at, length)) return -Errno.EINVAL
  space.unmap(at, length)
  for (const [i, frame] of segment.frames.entries()) space.place(at + i * PAGE, frame)
  const write = isToRead ? 0 : Prot.WRITE
  space.protect(at, length, Prot.READ | write | ((flags & SHM_EXEC) !== 0 ? Prot.EXEC : 0) | Prot.SHARED)
  space.attached.set(at, id)
  kernel.ipc.segments.put({ ...segment, attached: secondsNow(process), last: process.pid })
  return at | 0
}

export const shmdt: Call = (process, address = 0) => {
  const { space, kernel } = process
  const at = address >>> 0
  const segment = kernel.ipc.segments.get(space.attached.get(at) ?? -1)
  if (segment === undefined || space.frameAt(at) !== segment.frames[0]) return -Errno.EINVAL
  space.unmap(at, segment.frames.length * PAGE)
  space.attached.delete(at)
  kernel.ipc.segments.put({ ...segment, detached: secondsNow(process), last: process.pid })
  kernel.ipc.sweep()
  return 0
}

export const shmctl: Call = (process, id = 0, command = 0, address = 0) => {
  const { kernel, memory } = process
  const { segments } = kernel.ipc
  const segment = segments.get(id)
  if (segment === undefined) return -Errno.EINVAL
  switch (command) {
    case IPC.RMID:
      // Who has it keeps it; nobody finds it any more.
      segments.put({ ...segment, isDoomed: true, key: 0, mode: segment.mode | SHM_DEST })
      kernel.ipc.sweep()
      return 0
    case IPC.SET: {
      const mode = memory.word(address + 4 * MODE_WORD) & IPC_MODE
      segments.put({ ...segment, mode: (segment.mode & ~IPC_MODE) | mode, changed: secondsNow(process) })
      return 0
    }
    case IPC.STAT:
      if (!permits(segment, 4)) return -Errno.EACCES
      putWords(process, address, wordsOf(process, segment))
      return 0
    default:
      return -Errno.EINVAL
  }
}

/** struct shmid64_ds. */
function wordsOf({ kernel }: Process, segment: SharedSegment): readonly number[] {
  const { attached, detached, changed, bytes, creator, last } = segment
  const times = [0, attached, 0, detached, 0, changed]
  return [...permissionWords(segment), ...times, 0, bytes, creator, last, kernel.ipc.uses(segment), 0, 0]
}
