// Memory: brk and mmap and what belongs to them.

import { Errno, PAGE, Prot } from '../abi.ts'
import type { Process } from '../process.ts'
import { type Calls, nothing, type Result } from './call.ts'

const MAP_FIXED = 0x10
const MAP_ANONYMOUS = 0x20
const MREMAP_MAYMOVE = 1

const RWX = Prot.READ | Prot.WRITE | Prot.EXEC

const roundUp = (length: number): number => Math.ceil((length >>> 0) / PAGE) * PAGE

export const memoryCalls: Calls = {
  45: ['brk', (process, address) => process.space.setBreak(address! >>> 0) | 0],
  90: [
    'mmap',
    (process, start, length, prot, flags, fd, offset) =>
      mmap(process, start!, length!, prot!, flags!, fd!, offset! >>> 0),
  ],
  192: [
    'mmap2',
    (process, start, length, prot, flags, fd, pages) =>
      mmap(process, start!, length!, prot!, flags!, fd!, pages! * PAGE),
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
      return space.protect(start! >>> 0, roundUp(length!), prot! & RWX) ? 0 : -Errno.ENOMEM
    },
  ],
  163: ['mremap', (process, old, oldLength, length, flags) => mremap(process, old! >>> 0, oldLength!, length!, flags!)],
  205: ['madvise', nothing],
  144: ['msync', nothing],
}

function mmap(
  { space, files, memory }: Process,
  start: number,
  length: number,
  prot: number,
  flags: number,
  fd: number,
  offset: number,
): Result {
  if (length === 0 || start % PAGE !== 0) return -Errno.EINVAL
  const size = roundUp(length)
  const fixed = (flags & MAP_FIXED) !== 0
  if (fixed && !space.inside(start >>> 0, size)) return -Errno.ENOMEM
  const at = fixed ? start >>> 0 : space.findFree(size)
  if (at === undefined) return -Errno.ENOMEM
  if ((flags & MAP_ANONYMOUS) !== 0) {
    space.map(at, size, prot & RWX)
    return at | 0
  }
  const file = files.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (file.kind !== 'file') return -Errno.EACCES
  space.map(at, size, prot & RWX)
  memory.bytes(at, size).set(file.data.bytes.subarray(offset, offset + size))
  return at | 0
}

/** Moves wherever it has to grow: there is always room for that, or none at all. */
function mremap({ space, memory }: Process, old: number, oldLength: number, length: number, flags: number): Result {
  const from = roundUp(oldLength)
  const to = roundUp(length)
  if (to <= from) {
    if (to < from) space.unmap(old + to, from - to)
    return old | 0
  }
  if ((flags & MREMAP_MAYMOVE) === 0) return -Errno.ENOMEM
  const at = space.findFree(to)
  if (at === undefined) return -Errno.ENOMEM
  space.map(at, to, Prot.READ | Prot.WRITE)
  memory.bytes(at, from).set(memory.bytes(old, from))
  space.unmap(old, from)
  return at | 0
}
