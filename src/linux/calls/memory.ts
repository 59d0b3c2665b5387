// Memory: brk and mmap and what belongs to them.

import { Errno, PAGE, Prot } from '../abi.ts'
import { isReadable } from '../openFiles.ts'
import type { Process } from '../process.ts'
import { type Calls, isWaiting, nothing, type Result } from './call.ts'
import { readSome } from './transfer.ts'

const MAP_FIXED = 0x10
const MAP_ANONYMOUS = 0x20
const MREMAP_MAYMOVE = 1

const RWX = Prot.READ | Prot.WRITE | Prot.EXEC

const roundUp = (length: number): number => Math.ceil((length >>> 0) / PAGE) * PAGE

/** Clearing a page is copying, and whoever executes it has to be told. */
const CLEARING = 2

export const memoryCalls: Calls = {
  45: ['brk', (process, address) => brk(process, address! >>> 0)],
  90: [
    'mmap',
    (process, start, length, prot, flags, fd, offset) =>
      mmap(process, start! >>> 0, length!, prot!, flags!, fd!, offset! >>> 0),
  ],
  192: [
    'mmap2',
    (process, start, length, prot, flags, fd, pages) =>
      mmap(process, start! >>> 0, length!, prot!, flags!, fd!, (pages! >>> 0) * PAGE),
  ],
  91: [
    'munmap',
    ({ space }, start, length) => {
      if (start! % PAGE !== 0 || length === 0) return -Errno.EINVAL
      if (space.inside(start! >>> 0, roundUp(length!))) space.unmap(start! >>> 0, roundUp(length!))
      return 0
    },
  ],
  125: [
    'mprotect',
    ({ space }, start, length, prot) => {
      if (start! % PAGE !== 0) return -Errno.EINVAL
      if (!space.isMapped(start! >>> 0, roundUp(length!))) return -Errno.ENOMEM
      space.permit(start! >>> 0, roundUp(length!), prot! & RWX)
      return 0
    },
  ],
  163: ['mremap', (process, old, oldLength, length, flags) => mremap(process, old! >>> 0, oldLength!, length!, flags!)],
  205: ['madvise', nothing],
  144: ['msync', nothing],
}

/** Sets the break if that is possible; the break as it then is. */
function brk({ space }: Process, address: number): Result {
  if (space.breakPages(address) === undefined) return space.break | 0
  space.setBreak(address)
  return address | 0
}

const MAP_SHARED = 1

function mmap(
  process: Process,
  start: number,
  length: number,
  prot: number,
  flags: number,
  fd: number,
  offset: number,
): Result {
  const { space, descriptors } = process
  if (length === 0 || start % PAGE !== 0 || offset % PAGE !== 0) return -Errno.EINVAL
  const size = roundUp(length)
  const fixed = (flags & MAP_FIXED) !== 0
  if (fixed && !space.inside(start, size)) return -Errno.ENOMEM
  const at = fixed ? start : space.findFree(size)
  if (at === undefined) return -Errno.ENOMEM
  if ((flags & MAP_ANONYMOUS) !== 0) {
    space.map(at, size, (prot & RWX) | ((flags & MAP_SHARED) !== 0 ? Prot.SHARED : 0))
    return at | 0
  }
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (!isReadable(file)) return -Errno.EACCES
  // What /dev/zero gives is memory that is nothing's.
  if (file.kind === 'device' && file.device === 'zero') {
    space.map(at, size, prot & RWX)
    return at | 0
  }
  if (file.kind !== 'file') return -Errno.ENODEV
  // What is to be there comes into its frames before they are mapped: the call may have to wait.
  const done = process.inPieces(
    size,
    (from, to) => {
      const target = space.ramOf(at + from, to - from).fill(0)
      space.replaced(at + from, to - from)
      const read = readSome(process, file, offset + from, target)
      return isWaiting(read) || read < 0 ? read : read === 0 ? to - from : read
    },
    CLEARING,
  )
  if (isWaiting(done)) return done
  if (done < size) return done < 0 ? done : -Errno.EIO
  space.protect(at, size, prot & RWX)
  return at | 0
}

/** Moves wherever it has to grow: there is always room for that, or none at all. */
function mremap({ space }: Process, old: number, oldLength: number, length: number, flags: number): Result {
  const from = roundUp(oldLength)
  const to = roundUp(length)
  if (old % PAGE !== 0 || to === 0) return -Errno.EINVAL
  if (!space.isMapped(old, from)) return -Errno.EFAULT
  if (to <= from) {
    if (to < from) space.unmap(old + to, from - to)
    return old | 0
  }
  if ((flags & MREMAP_MAYMOVE) === 0) return -Errno.ENOMEM
  const at = space.findFree(to)
  if (at === undefined) return -Errno.ENOMEM
  space.map(at, to, space.protectionAt(old) & ~Prot.PRESENT)
  space.relocate(old, at, from)
  return at | 0
}
