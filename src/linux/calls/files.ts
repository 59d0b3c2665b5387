// What is open: descriptors, and the bytes behind them.

import { Errno, Open } from '../abi.ts'
import { MOST_FILE_BYTES, nextData } from '../contents.ts'
import type { FileInode } from '../inodes.ts'
import { Resource } from '../limits.ts'
import { isReadable, isWritable, type OpenFile } from '../openFiles.ts'
import type { Process } from '../process.ts'
import { type Calls, isWaiting, nothing, notSupported, type Result, wide } from './call.ts'
import { fcntlLock, flock, lockCommand } from './locks.ts'
import { Buffers, isStream, readInto, readSome, tooLong, vector, writeFrom, writeSome } from './transfer.ts'

const SEEK_SET = 0
const SEEK_CUR = 1
const SEEK_END = 2
const SEEK_DATA = 3
const SEEK_HOLE = 4
const F_DUPFD = 0
const F_GETFD = 1
const F_SETFD = 2
const F_GETFL = 3
const F_SETFL = 4
const F_SETOWN = 8
const F_GETOWN = 9
const F_SETSIG = 10
const F_GETSIG = 11
const F_DUPFD_CLOEXEC = 1030
const F_GETPIPE_SZ = 1032
const PIPE_BYTES = 65536
const FD_CLOEXEC = 1
/** What F_SETFL may change. */
const CHANGEABLE = Open.APPEND | Open.NONBLOCK
const FIONREAD = 0x4004667f
const FIOCLEX = 0x20006601
const FIONCLEX = 0x20006602
const FIONBIO = 0x8004667e
const CLOSE_RANGE_CLOEXEC = 4
const FALLOC_FL_KEEP_SIZE = 1

export const fileCalls: Calls = {
  3: ['read', (process, fd, buffer, count) => read(process, fd!, one(buffer!, count!))],
  4: ['write', (process, fd, buffer, count) => write(process, fd!, one(buffer!, count!))],
  145: [
    'readv',
    (process, fd, list, count) => vectored(process, list!, count!, buffers => read(process, fd!, buffers)),
  ],
  146: [
    'writev',
    (process, fd, list, count) => vectored(process, list!, count!, buffers => write(process, fd!, buffers)),
  ],
  179: [
    'pread64',
    (process, fd, buffer, count, _pad, high, low) => pread(process, fd!, one(buffer!, count!), wide(high!, low!)),
  ],
  180: [
    'pwrite64',
    (process, fd, buffer, count, _pad, high, low) => pwrite(process, fd!, one(buffer!, count!), wide(high!, low!)),
  ],
  320: [
    'preadv',
    (process, fd, list, count, low, high) =>
      vectored(process, list!, count!, buffers => pread(process, fd!, buffers, wide(high!, low!))),
  ],
  321: [
    'pwritev',
    (process, fd, list, count, low, high) =>
      vectored(process, list!, count!, buffers => pwrite(process, fd!, buffers, wide(high!, low!))),
  ],
  186: ['sendfile', (process, out, from, offset, count) => sendfile(process, out!, from!, offset!, count!, 32)],
  226: ['sendfile64', (process, out, from, offset, count) => sendfile(process, out!, from!, offset!, count!, 64)],
  379: ['copy_file_range', notSupported],
  5: ['open', (process, path, flags, mode) => open(process, Open.AT_FDCWD, path!, flags!, mode!)],
  8: ['creat', (process, path, mode) => open(process, Open.AT_FDCWD, path!, CREATE, mode!)],
  286: ['openat', (process, at, path, flags, mode) => open(process, at!, path!, flags!, mode!)],
  6: ['close', ({ descriptors }, fd) => descriptors.close(fd!)],
  436: ['close_range', (process, first, last, flags) => closeRange(process, first! >>> 0, last! >>> 0, flags!)],
  41: ['dup', ({ descriptors }, fd) => descriptors.duplicate(fd!)],
  63: ['dup2', ({ descriptors }, fd, to) => descriptors.duplicateTo(fd!, to!)],
  316: [
    'dup3',
    ({ descriptors }, fd, to, flags) =>
      fd === to || (flags! & ~Open.CLOEXEC) !== 0
        ? -Errno.EINVAL
        : descriptors.duplicateTo(fd!, to!, (flags! & Open.CLOEXEC) !== 0),
  ],
  42: ['pipe', (process, ends) => pipe(process, ends!, 0)],
  317: ['pipe2', (process, ends, flags) => pipe(process, ends!, flags!)],
  55: ['fcntl', (process, fd, command, argument) => fcntl(process, fd!, command!, argument!)],
  204: ['fcntl64', (process, fd, command, argument) => fcntl(process, fd!, command!, argument!)],
  54: ['ioctl', (process, fd, request, argument) => ioctl(process, fd!, request!, argument!)],
  19: ['lseek', (process, fd, offset, whence) => seek(process, fd!, offset!, whence!)],
  140: [
    '_llseek',
    (process, fd, high, low, result, whence) => {
      const position = seek(process, fd!, wide(high!, low!), whence!)
      if (position < 0) return position
      process.memory.view(result!, 8).setBigInt64(0, BigInt(position))
      return 0
    },
  ],
  93: ['ftruncate', (process, fd, length) => ftruncate(process, fd!, length!)],
  194: ['ftruncate64', (process, fd, _pad, high, low) => ftruncate(process, fd!, wide(high!, low!))],
  309: [
    'fallocate',
    (process, fd, mode, offsetHigh, offsetLow, high, low) =>
      fallocate(process, fd!, mode!, wide(offsetHigh!, offsetLow!), wide(high!, low!)),
  ],
  143: ['flock', flock],
  36: ['sync', nothing],
  118: ['fsync', (process, fd) => whereOpen(process, fd!)],
  148: ['fdatasync', (process, fd) => whereOpen(process, fd!)],
  348: ['syncfs', (process, fd) => whereOpen(process, fd!)],
  191: ['readahead', (process, fd) => whereOpen(process, fd!)],
  254: ['fadvise64_64', (process, fd) => whereOpen(process, fd!)],
  308: ['sync_file_range2', (process, fd) => whereOpen(process, fd!)],
  60: ['umask', umask],
}

const CREATE = Open.CREAT | Open.WRONLY | Open.TRUNC

const one = (address: number, length: number): Buffers => new Buffers([{ address, length: length >>> 0 }])

/** What is nothing but a check of its descriptor. */
const whereOpen = ({ descriptors }: Process, fd: number): number =>
  descriptors.get(fd) === undefined ? -Errno.EBADF : 0

function open({ descriptors, memory }: Process, at: number, path: number, flags: number, mode: number): Result {
  return descriptors.open(at, memory.path(path), flags, mode)
}

function closeRange({ descriptors }: Process, first: number, last: number, flags: number): number {
  if (first > last) return -Errno.EINVAL
  for (const fd of descriptors.numbers) {
    if (fd < first || fd > last) continue
    if ((flags & CLOSE_RANGE_CLOEXEC) !== 0) descriptors.setCloseOnExec(fd, true)
    else descriptors.close(fd)
  }
  return 0
}

function pipe({ descriptors, memory }: Process, ends: number, flags: number): number {
  if ((flags & ~(Open.CLOEXEC | Open.NONBLOCK)) !== 0) return -Errno.EINVAL
  const view = memory.view(ends, 8)
  const made = descriptors.pipe(flags)
  if (typeof made === 'number') return made
  for (const [i, fd] of made.entries()) view.setInt32(4 * i, fd)
  return 0
}

// ---- bytes ------------------------------------------------------------------------------------------------------------

function read(process: Process, fd: number, buffers: Buffers): Result {
  const file = process.descriptors.get(fd)
  if (file === undefined || !isReadable(file)) return -Errno.EBADF
  if (file.kind === 'directory') return -Errno.EISDIR
  const count = readInto(process, file, file.offset, buffers)
  if (!isWaiting(count) && count > 0) file.offset += count
  return count
}

function write(process: Process, fd: number, buffers: Buffers): Result {
  const file = process.descriptors.get(fd)
  if (file === undefined || !isWritable(file)) return -Errno.EBADF
  const offset = offsetToWrite(process, file, file.offset)
  const count = writeFrom(process, file, offset, buffers)
  if (!isWaiting(count) && count > 0) file.offset = offset + count
  return count
}

/** What is open to append is written at its end; where that was before what this call has written so far. */
function offsetToWrite({ fileSystem, progress }: Process, file: OpenFile, offset: number): number {
  if (file.kind !== 'file' || (file.flags & Open.APPEND) === 0) return offset
  return (fileSystem.inode(file.ino) as FileInode).contents.length - progress
}

function pread(process: Process, fd: number, buffers: Buffers, offset: number): Result {
  const file = process.descriptors.get(fd)
  if (file === undefined || !isReadable(file)) return -Errno.EBADF
  if (offset < 0) return -Errno.EINVAL
  return isStream(file) ? -Errno.ESPIPE : readInto(process, file, offset, buffers)
}

function pwrite(process: Process, fd: number, buffers: Buffers, offset: number): Result {
  const file = process.descriptors.get(fd)
  if (file === undefined || !isWritable(file)) return -Errno.EBADF
  if (offset < 0) return -Errno.EINVAL
  return isStream(file) ? -Errno.ESPIPE : writeFrom(process, file, offsetToWrite(process, file, offset), buffers)
}

/** readv and writev and their kin. */
function vectored(process: Process, list: number, count: number, each: (buffers: Buffers) => Result): Result {
  const buffers = vector(process, list, count)
  return typeof buffers === 'number' ? buffers : each(buffers)
}

/** What one call of sendfile may transfer. */
const MOST_SENT = 0x7ffff000

function sendfile(process: Process, to: number, from: number, offset: number, count: number, bits: 32 | 64): Result {
  const { descriptors, memory } = process
  const input = descriptors.get(from)
  const output = descriptors.get(to)
  if (input === undefined || output === undefined) return -Errno.EBADF
  if (!isReadable(input) || !isWritable(output)) return -Errno.EBADF
  if (isStream(input) || (output.flags & Open.APPEND) !== 0) return -Errno.EINVAL
  const view = offset === 0 ? undefined : memory.view(offset, bits / 8)
  const start = view === undefined ? input.offset : bits === 32 ? view.getInt32(0) : Number(view.getBigInt64(0))
  if (start < 0) return -Errno.EINVAL
  const end = output.offset
  const sent = process.inPieces(Math.min(count >>> 0, MOST_SENT), (first, last) => {
    const bytes = new Uint8Array(last - first)
    const got = readSome(process, input, start + first, bytes)
    if (isWaiting(got) || got <= 0) return got
    return writeSome(process, output, end + first, bytes.subarray(0, got))
  })
  if (isWaiting(sent) || sent < 0) return sent
  output.offset = end + sent
  if (view === undefined) input.offset = start + sent
  else if (bits === 32) view.setInt32(0, start + sent)
  else view.setBigInt64(0, BigInt(start + sent))
  return sent
}

// ---- length and place -------------------------------------------------------------------------------------------------

function ftruncate(process: Process, fd: number, length: number): Result {
  const { descriptors, fileSystem, work } = process
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (file.kind !== 'file' || !isWritable(file) || length < 0) return -Errno.EINVAL
  if (length > MOST_FILE_BYTES) return -Errno.EFBIG
  if (length > process.mostOf(Resource.FSIZE)) return tooLong(process)
  work.charge(1)
  fileSystem.resize(fileSystem.inode(file.ino) as FileInode, length)
  return 0
}

/** Room is there or is not when it is written: nothing is set aside. */
function fallocate({ descriptors, fileSystem }: Process, fd: number, mode: number, offset: number, length: number) {
  const file = descriptors.get(fd)
  if (file === undefined || !isWritable(file)) return -Errno.EBADF
  if (offset < 0 || length <= 0) return -Errno.EINVAL
  if (file.kind !== 'file') return file.kind === 'pipe' ? -Errno.ESPIPE : -Errno.ENODEV
  if ((mode & ~FALLOC_FL_KEEP_SIZE) !== 0) return -Errno.EOPNOTSUPP
  if (offset + length > MOST_FILE_BYTES) return -Errno.EFBIG
  if (offset + length > fileSystem.inodes.room.all) return -Errno.ENOSPC
  const inode = fileSystem.inode(file.ino) as FileInode
  const grows = (mode & FALLOC_FL_KEEP_SIZE) === 0 && offset + length > inode.contents.length
  if (grows) fileSystem.resize(inode, offset + length)
  return 0
}

function seek({ descriptors, fileSystem }: Process, fd: number, offset: number, whence: number): number {
  const file = descriptors.get(fd)
  if (file === undefined || file.kind === 'link') return -Errno.EBADF
  if (isStream(file)) return -Errno.ESPIPE
  if (file.kind === 'device') return 0
  const inode = fileSystem.inode(file.ino)
  const contents = inode.kind === 'file' ? inode.contents : undefined
  if (contents !== undefined && (whence === SEEK_DATA || whence === SEEK_HOLE)) {
    if (offset < 0 || offset >= contents.length) return -Errno.ENXIO
    const next = nextData(contents, offset, whence === SEEK_DATA ? 'data' : 'hole')
    return whence === SEEK_DATA && next === contents.length ? -Errno.ENXIO : (file.offset = next)
  }
  const length = contents?.length ?? (file.kind === 'text' ? file.bytes.length : 0)
  const from = { [SEEK_SET]: 0, [SEEK_CUR]: file.offset, [SEEK_END]: length }[whence]
  const position = from === undefined ? -1 : from + offset
  if (position < 0 || position > Number.MAX_SAFE_INTEGER) return -Errno.EINVAL
  if (file.kind === 'directory' && position === 0) delete file.listing
  return (file.offset = position)
}

// ---- what descriptors are ---------------------------------------------------------------------------------------------

function fcntl(process: Process, fd: number, command: number, argument: number): Result {
  const { descriptors } = process
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      if (argument < 0 || argument >= descriptors.most) return -Errno.EINVAL
      return descriptors.duplicate(fd, argument, command === F_DUPFD_CLOEXEC)
    case F_GETFD:
      return descriptors.isClosedOnExec(fd) ? FD_CLOEXEC : 0
    case F_SETFD:
      descriptors.setCloseOnExec(fd, (argument & FD_CLOEXEC) !== 0)
      return 0
    case F_GETFL:
      return file.flags
    case F_SETFL:
      file.flags = (file.flags & ~CHANGEABLE) | (argument & CHANGEABLE)
      return 0
    case F_GETPIPE_SZ:
      return file.kind === 'pipe' ? PIPE_BYTES : -Errno.EBADF
    // Nobody is told by a signal that a file is ready.
    case F_SETOWN:
    case F_GETOWN:
    case F_SETSIG:
    case F_GETSIG:
      return 0
  }
  const lock = lockCommand(command)
  return lock === undefined ? -Errno.EINVAL : fcntlLock(process, file, lock, argument)
}

function umask({ descriptors }: Process, mask: number | undefined): number {
  const before = descriptors.umask
  descriptors.umask = mask! & 0o777
  return before
}

/** The standard streams are not terminals: programs then write in blocks, the same on every host. */
function ioctl(process: Process, fd: number, request: number, argument: number): Result {
  const { descriptors, memory } = process
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  switch (request) {
    case FIOCLEX:
    case FIONCLEX:
      descriptors.setCloseOnExec(fd, request === FIOCLEX)
      return 0
    case FIONBIO:
      file.flags = (file.flags & ~Open.NONBLOCK) | (memory.word(argument) === 0 ? 0 : Open.NONBLOCK)
      return 0
    case FIONREAD: {
      const unread = unreadOf(process, file)
      if (unread >= 0) memory.setWord(argument, unread)
      return Math.min(unread, 0)
    }
    default:
      return -Errno.ENOTTY
  }
}

/** Bytes that can be read at once, or an error. */
function unreadOf({ fileSystem }: Process, file: OpenFile): number {
  const inode = fileSystem.inode(file.ino)
  if (inode.kind === 'file') return Math.max(0, inode.contents.length - file.offset) | 0
  if (inode.kind === 'pipe') return inode.pages.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return file.kind === 'device' && file.device === 'stdin' ? fileSystem.input.length : -Errno.ENOTTY
}
