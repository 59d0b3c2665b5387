// Memory: brk and mmap and what belongs to them.

import { Errno, PAGE, Prot } from '../abi.ts'
import type { AddressSpace } from '../addressSpace.ts'
import type { FileInode } from '../inodes.ts'
import { Resource } from '../limits.ts'
import { isReadable, isWritable, type OpenFile } from '../openFiles.ts'
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
    (process, start, length, prot) => {
      const { space } = process
      if (start! % PAGE !== 0) return -Errno.EINVAL
      if (!space.isMapped(start! >>> 0, roundUp(length!))) return -Errno.ENOMEM
      if ((prot! & Prot.WRITE) !== 0 && !mayBecomeWritable(process, start! >>> 0, roundUp(length!)))
        return -Errno.EACCES
      space.permit(start! >>> 0, roundUp(length!), prot! & RWX)
      return 0
    },
  ],
  163: ['mremap', (process, old, oldLength, length, flags) => mremap(process, old! >>> 0, oldLength!, length!, flags!)],
  205: ['madvise', nothing],
  150: ['mlock', ({ space }, start, length) => wholly(space, start!, length!)],
  151: ['munlock', ({ space }, start, length) => wholly(space, start!, length!)],
  378: ['mlock2', ({ space }, start, length) => wholly(space, start!, length!)],
  152: ['mlockall', nothing],
  153: ['munlockall', nothing],
  206: ['mincore', (process, start, length, address) => mincore(process, start! >>> 0, length!, address!)],
  144: ['msync', (process, start, length, flags) => msync(process, start! >>> 0, length!, flags!)],
}

/** Whether the limits of the process allow so many bytes more. */
function allows(process: Process, bytes: number, protection: number): boolean {
  const { space } = process
  const fits = (resource: number, is: (protection: number) => boolean): boolean => {
    const { current, most: highest } = process.limit(resource)
    // As the kernel has it for Valgrind (may_expand_vm): none is as many as there could be.
    const most = Number(resource === Resource.DATA && current === 0n ? highest : current)
    return most >= ADDRESSES || space.pagesThat(is) * PAGE + bytes <= most
  }
  return fits(Resource.AS, () => true) && (!isData(protection) || fits(Resource.DATA, isData))
}

const ADDRESSES = 2 ** 32

/** Memory of one's own to be written. */
const isData = (protection: number): boolean => (protection & (Prot.WRITE | Prot.SHARED)) === Prot.WRITE

/** Sets the break if that is possible; the break as it then is. */
function brk(process: Process, address: number): Result {
  const { space } = process
  const pages = space.breakPages(address)
  if (pages === undefined || !allows(process, pages.length, Prot.WRITE)) return space.break | 0
  space.setBreak(address)
  return address | 0
}

const MAP_SHARED = 1
const MAP_PRIVATE = 2
const MAP_SHARED_VALIDATE = 3
const MAP_TYPE = 0xf

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
  const type = flags & MAP_TYPE
  if (length === 0 || start % PAGE !== 0 || offset % PAGE !== 0) return -Errno.EINVAL
  if (type !== MAP_SHARED && type !== MAP_PRIVATE && type !== MAP_SHARED_VALIDATE) return -Errno.EINVAL
  const size = roundUp(length)
  const fixed = (flags & MAP_FIXED) !== 0
  if (fixed && !space.inside(start, size)) return -Errno.ENOMEM
  const at = fixed ? start : space.findFree(size)
  if (at === undefined) return -Errno.ENOMEM
  const protection = (prot & RWX) | (type === MAP_PRIVATE ? 0 : Prot.SHARED)
  if (process.progress === 0 && !allows(process, size, protection)) return -Errno.ENOMEM
  if ((flags & MAP_ANONYMOUS) !== 0) {
    space.map(at, size, protection)
    return at | 0
  }
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (!isReadable(file)) return -Errno.EACCES
  // What /dev/zero gives is memory that is nothing's.
  if (file.kind === 'device' && file.device === 'zero') {
    space.map(at, size, protection)
    return at | 0
  }
  if (file.kind !== 'file') return -Errno.ENODEV
  const mayWrite = type === MAP_PRIVATE || isWritable(file)
  if (!mayWrite && (prot & Prot.WRITE) !== 0) return -Errno.EACCES
  if (process.progress === 0) space.unmap(at, size)
  // What is to be there comes into its frames before they are mapped: the call may have to wait.
  const { length: bytes } = (process.fileSystem.inode(file.ino) as FileInode).contents
  const there = type === MAP_PRIVATE ? Math.min(size, roundUp(Math.max(0, bytes - offset))) : size
  const filled =
    type === MAP_PRIVATE ? copied(process, file, at, there, offset) : placed(process, file, at, there, offset)
  if (isWaiting(filled)) return filled
  if (filled < there) return filled < 0 ? filled : -Errno.ENOMEM
  space.protect(at, there, protection)
  if (there < size) space.protect(at + there, size - there, protection | Prot.PAST)
  return at | 0
}

/** Frames of one's own get what is in a file. */
function copied(process: Process, file: OpenFile, at: number, size: number, offset: number): Result {
  const { space } = process
  return process.inPieces(
    size,
    (from, to) => {
      const target = space.ramOf(at + from, to - from).fill(0)
      space.replaced(at + from, to - from)
      const read = readSome(process, file, offset + from, target)
      return isWaiting(read) || read < 0 ? read : read === 0 ? to - from : read
    },
    CLEARING,
  )
}

/** Pages are those of a file themselves, which others may have mapped as well. */
function placed(process: Process, file: OpenFile, at: number, size: number, offset: number): Result {
  const { space, fileSystem } = process
  const { mapped } = fileSystem
  return process.inPieces(size, from => {
    const page = (offset + from) / PAGE
    const known = mapped.frameOf(file.ino, page)
    const bytes = new Uint8Array(PAGE)
    for (let done = 0; done < PAGE; ) {
      const read = readSome(process, file, offset + from + done, bytes.subarray(done))
      if (isWaiting(read) || read < 0) return read
      if (read === 0) break
      done += read
    }
    if (!mapped.reserve(file, page, bytes)) return -Errno.ENOMEM
    const frame = space.place(at + from, known)
    if (frame === undefined) return -Errno.ENOMEM
    mapped.enter(frame, file, page, bytes)
    return PAGE
  })
}

/** @returns whether nobody has opened some page of [start, start + length), which is a file's, only to read */
function mayBecomeWritable({ space, fileSystem }: Process, start: number, length: number): boolean {
  for (let at = start; at < start + length; at += PAGE) {
    const frame = (space.protectionAt(at) & Prot.SHARED) === 0 ? undefined : space.frameAt(at)
    const mapped = frame === undefined ? undefined : fileSystem.mapped.at(frame)
    if (mapped !== undefined && !isWritable(mapped.file)) return false
  }
  return true
}

/** All memory stays where it is: there is nothing to do but to look whether it is mapped. */
const wholly = (space: AddressSpace, start: number, length: number): number => {
  const first = (start >>> 0) - ((start >>> 0) % PAGE)
  return length === 0 || space.isMapped(first, roundUp((length >>> 0) + ((start >>> 0) % PAGE))) ? 0 : -Errno.ENOMEM
}

/** A byte for each page: whether it has been touched. */
function mincore({ space, memory }: Process, start: number, length: number, address: number): number {
  if (start % PAGE !== 0) return -Errno.EINVAL
  if (!space.isMapped(start, roundUp(length))) return -Errno.ENOMEM
  const told = memory.bytes(address, roundUp(length) / PAGE)
  for (let i = 0; i < told.length; i++) told[i] = space.frameAt(start + i * PAGE) === undefined ? 0 : 1
  return 0
}

const MS_ASYNC = 1
const MS_INVALIDATE = 2
const MS_SYNC = 4

/** Who reads the file sees what is in its pages anyway. */
function msync({ space }: Process, start: number, length: number, flags: number): number {
  if (start % PAGE !== 0 || (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) !== 0) return -Errno.EINVAL
  if ((flags & MS_ASYNC) !== 0 && (flags & MS_SYNC) !== 0) return -Errno.EINVAL
  return space.isMapped(start, roundUp(length)) ? 0 : -Errno.ENOMEM
}

/** Moves wherever it has to grow: there is always room for that, or none at all. */
function mremap(process: Process, old: number, oldLength: number, length: number, flags: number): Result {
  const { space, fileSystem } = process
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
  const protection = space.protectionAt(old)
  if (process.progress === 0 && !allows(process, to - from, protection)) return -Errno.ENOMEM
  const last = from === 0 ? undefined : space.frameAt(old + from - PAGE)
  const mapped = last === undefined ? undefined : fileSystem.mapped.at(last)
  if (process.progress === 0) space.unmap(at, to)
  if (mapped !== undefined) {
    const more = placed(process, mapped.file, at + from, to - from, (mapped.page + 1) * PAGE)
    if (isWaiting(more) || more < 0) return more
  }
  space.protect(at, to, protection)
  space.relocate(old, at, from)
  return at | 0
}
