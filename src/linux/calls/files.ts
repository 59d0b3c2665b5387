// Files and streams.

import { Errno, Open } from '../abi.ts'
import { type OwnData, sizeOf } from '../fileSystem.ts'
import { isReadable, isWritable } from '../openFiles.ts'
import { MOST_FILE_BYTES, resizeOwn } from '../ownFile.ts'
import type { Process } from '../process.ts'
import { writeStat64, writeStatx } from '../stat.ts'
import { type Call, type Calls, isWaiting, nothing, notSupported, type Result, wide } from './call.ts'
import { Buffers, readFile, readInput, vector, writeFile, writeOutput } from './transfer.ts'

const SEEK_SET = 0
const SEEK_CUR = 1
const SEEK_END = 2
const F_DUPFD = 0
const F_GETFD = 1
const F_SETFD = 2
const F_GETFL = 3
const F_SETFL = 4
const F_DUPFD_CLOEXEC = 1030
const FD_CLOEXEC = 1
/** What F_SETFL may change. */
const CHANGEABLE = Open.APPEND | Open.NONBLOCK
const TCGETS = 0x402c7413
const TIOCGWINSZ = 0x40087468
const AT_EMPTY_PATH = 0x1000

/** There is no other change to a directory than a file of one's own. */
const readOnly: Call = () => -Errno.EROFS

export const fileCalls: Calls = {
  3: ['read', (process, fd, buffer, count) => read(process, fd!, one(buffer!, count!))],
  4: ['write', (process, fd, buffer, count) => write(process, fd!, one(buffer!, count!))],
  145: ['readv', (process, fd, list, count) => vectored(process, read, fd!, list!, count!)],
  146: ['writev', (process, fd, list, count) => vectored(process, write, fd!, list!, count!)],
  179: [
    'pread64',
    (process, fd, buffer, count, _pad, high, low) => pread(process, fd!, one(buffer!, count!), wide(high!, low!)),
  ],
  180: [
    'pwrite64',
    (process, fd, buffer, count, _pad, high, low) => pwrite(process, fd!, one(buffer!, count!), wide(high!, low!)),
  ],
  5: ['open', ({ descriptors, memory }, path, flags) => descriptors.open(Open.AT_FDCWD, memory.path(path!), flags!)],
  286: ['openat', ({ descriptors, memory }, at, path, flags) => descriptors.open(at!, memory.path(path!), flags!)],
  6: ['close', ({ descriptors }, fd) => descriptors.close(fd!)],
  41: ['dup', ({ descriptors }, fd) => descriptors.duplicate(fd!)],
  63: ['dup2', ({ descriptors }, fd, to) => descriptors.duplicateTo(fd!, to!)],
  316: [
    'dup3',
    ({ descriptors }, fd, to, flags) =>
      fd === to || (flags! & ~Open.CLOEXEC) !== 0
        ? -Errno.EINVAL
        : descriptors.duplicateTo(fd!, to!, (flags! & Open.CLOEXEC) !== 0),
  ],
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
  33: ['access', (process, path, mode) => access(process, Open.AT_FDCWD, path!, mode!)],
  298: ['faccessat', (process, at, path, mode) => access(process, at!, path!, mode!)],
  439: ['faccessat2', (process, at, path, mode) => access(process, at!, path!, mode!)],
  195: ['stat64', (process, path, buffer) => stat(process, Open.AT_FDCWD, path!, buffer!, 0)],
  196: ['lstat64', (process, path, buffer) => stat(process, Open.AT_FDCWD, path!, buffer!, 0)],
  197: ['fstat64', (process, fd, buffer) => fstat(process, fd!, buffer!)],
  291: ['fstatat64', (process, at, path, buffer, flags) => stat(process, at!, path!, buffer!, flags!)],
  383: ['statx', (process, at, path, flags, _mask, buffer) => statx(process, at!, path!, flags!, buffer!)],
  202: ['getdents64', (process, fd, buffer, size) => getdents(process, fd!, buffer!, size!)],
  182: [
    'getcwd',
    ({ descriptors, memory }, buffer, size) => {
      const bytes = new TextEncoder().encode(`${descriptors.directory}\0`)
      if (bytes.length > size! >>> 0) return -Errno.ERANGE
      memory.bytes(buffer!, bytes.length).set(bytes)
      return bytes.length
    },
  ],
  12: ['chdir', (process, path) => chdir(process, path!)],
  133: ['fchdir', (process, fd) => fchdir(process, fd!)],
  85: ['readlink', (process, path, buffer, size) => readlink(process, path!, buffer!, size!)],
  296: ['readlinkat', (process, _at, path, buffer, size) => readlink(process, path!, buffer!, size!)],
  10: ['unlink', (process, path) => unlink(process, Open.AT_FDCWD, path!)],
  292: ['unlinkat', (process, at, path) => unlink(process, at!, path!)],
  9: ['link', readOnly],
  14: ['mknod', readOnly],
  38: ['rename', readOnly],
  39: ['mkdir', readOnly],
  40: ['rmdir', readOnly],
  83: ['symlink', readOnly],
  287: ['mkdirat', readOnly],
  288: ['mknodat', readOnly],
  293: ['renameat', readOnly],
  294: ['linkat', readOnly],
  295: ['symlinkat', readOnly],
  357: ['renameat2', readOnly],
  15: ['chmod', (process, path) => changing(process, Open.AT_FDCWD, path!)],
  92: ['truncate', (process, path, length) => truncate(process, path!, length!)],
  193: ['truncate64', (process, path, _pad, high, low) => truncate(process, path!, wide(high!, low!))],
  93: ['ftruncate', (process, fd, length) => ftruncate(process, fd!, length!)],
  194: ['ftruncate64', (process, fd, _pad, high, low) => ftruncate(process, fd!, wide(high!, low!))],
  94: ['fchmod', nothing],
  143: ['flock', nothing],
  148: ['fdatasync', nothing],
  254: ['fadvise64_64', nothing],
  60: ['umask', umask],
  118: ['fsync', nothing],
  167: ['poll', notSupported],
}

const one = (address: number, length: number): Buffers => new Buffers([{ address, length: length >>> 0 }])

function read(process: Process, fd: number, buffers: Buffers): Result {
  const file = process.descriptors.get(fd)
  if (file === undefined || !isReadable(file)) return -Errno.EBADF
  switch (file.kind) {
    case 'output':
      return -Errno.EBADF
    case 'null':
      return 0
    case 'directory':
      return -Errno.EISDIR
    case 'stdin':
      return readInput(process, buffers)
    case 'file': {
      const count = readFile(process, file, file.offset, buffers)
      if (!isWaiting(count) && count > 0) file.offset += count
      return count
    }
  }
}

function write(process: Process, fd: number, buffers: Buffers): Result {
  const file = process.descriptors.get(fd)
  if (file === undefined || !isWritable(file)) return -Errno.EBADF
  if (file.kind === 'null') return buffers.length
  if (file.kind === 'output') return writeOutput(process, file.stream, buffers)
  if (file.kind !== 'file') return -Errno.EBADF
  if ((file.flags & Open.APPEND) !== 0 && file.data.own && process.progress === 0)
    file.offset = file.data.contents.length
  const count = writeFile(process, file, file.offset, buffers)
  if (!isWaiting(count) && count > 0) file.offset += count
  return count
}

function pread(process: Process, fd: number, buffers: Buffers, offset: number): Result {
  const file = process.descriptors.get(fd)
  if (file?.kind !== 'file') return file === undefined ? -Errno.EBADF : -Errno.ESPIPE
  return isReadable(file) ? readFile(process, file, offset, buffers) : -Errno.EBADF
}

function pwrite(process: Process, fd: number, buffers: Buffers, offset: number): Result {
  const file = process.descriptors.get(fd)
  if (file?.kind !== 'file') return file === undefined ? -Errno.EBADF : -Errno.ESPIPE
  return isWritable(file) ? writeFile(process, file, offset, buffers) : -Errno.EBADF
}

/** readv and writev. */
function vectored(process: Process, each: typeof read, fd: number, list: number, count: number): Result {
  const buffers = vector(process, list, count)
  return typeof buffers === 'number' ? buffers : each(process, fd, buffers)
}

function ftruncate(process: Process, fd: number, length: number): Result {
  const file = process.descriptors.get(fd)
  if (file?.kind !== 'file' || !file.data.own) return file === undefined ? -Errno.EBADF : -Errno.EINVAL
  return resized(process, file.data, length)
}

function truncate(process: Process, path: number, length: number): Result {
  const { descriptors, memory } = process
  const resolved = descriptors.resolve(Open.AT_FDCWD, memory.path(path))
  if (typeof resolved === 'number') return resolved
  const own = descriptors.system.created(resolved)
  return own === undefined ? descriptors.system.refusal(resolved) : resized(process, own, length)
}

function resized({ work }: Process, { contents }: OwnData, length: number): Result {
  if (length < 0) return -Errno.EINVAL
  if (length > MOST_FILE_BYTES) return -Errno.EFBIG
  work.charge(contents.blocks.size)
  resizeOwn(contents, length)
  return 0
}

/** A change to what `path` names that nobody can see afterwards. */
function changing({ descriptors, memory }: Process, at: number, path: number): Result {
  const resolved = descriptors.resolve(at, memory.path(path))
  if (typeof resolved === 'number') return resolved
  return descriptors.system.created(resolved) === undefined ? descriptors.system.refusal(resolved) : 0
}

function fcntl({ descriptors }: Process, fd: number, command: number, argument: number): Result {
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return argument < 0 ? -Errno.EINVAL : descriptors.duplicate(fd, argument, command === F_DUPFD_CLOEXEC)
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
    default:
      return 0
  }
}

function umask({ descriptors }: Process, mask: number | undefined): number {
  const before = descriptors.umask
  descriptors.umask = mask! & 0o777
  return before
}

/** The standard streams are not terminals: programs then write in blocks, the same on every host. */
const ioctl = ({ descriptors }: Process, fd: number, request: number, _argument: number): Result => {
  if (descriptors.get(fd) === undefined) return -Errno.EBADF
  return request === TCGETS || request === TIOCGWINSZ ? -Errno.ENOTTY : -Errno.EINVAL
}

function seek({ descriptors }: Process, fd: number, offset: number, whence: number): number {
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (file.kind === 'null') return 0
  if (file.kind !== 'file' && file.kind !== 'directory') return -Errno.ESPIPE
  const length = file.kind === 'file' ? sizeOf(file.data) : file.names.length
  const from = { [SEEK_SET]: 0, [SEEK_CUR]: file.offset, [SEEK_END]: length }[whence]
  const position = from === undefined ? -1 : from + offset
  if (position < 0 || position > Number.MAX_SAFE_INTEGER) return -Errno.EINVAL
  return (file.offset = position)
}

const W_OK = 2

function access({ descriptors, memory }: Process, at: number, path: number, mode: number): Result {
  const resolved = descriptors.resolve(at, memory.path(path))
  if (typeof resolved === 'number') return resolved
  const entry = descriptors.system.entry(resolved)
  if (isWaiting(entry)) return entry
  if (entry.kind === 'none') return -Errno.ENOENT
  return (mode & W_OK) !== 0 && descriptors.system.created(resolved) === undefined ? -Errno.EROFS : 0
}

function unlink({ descriptors, memory }: Process, at: number, path: number): Result {
  const resolved = descriptors.resolve(at, memory.path(path))
  return typeof resolved === 'number' ? resolved : descriptors.system.unlink(resolved)
}

function fstat({ descriptors, memory }: Process, fd: number, buffer: number): Result {
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  writeStat64(memory, buffer, file)
  return 0
}

function stat(process: Process, at: number, path: number, buffer: number, flags: number): Result {
  const entry = statted(process, at, path, flags)
  if (typeof entry === 'number' || isWaiting(entry)) return entry
  writeStat64(process.memory, buffer, entry)
  return 0
}

function statx(process: Process, at: number, path: number, flags: number, buffer: number): Result {
  const entry = statted(process, at, path, flags)
  if (typeof entry === 'number' || isWaiting(entry)) return entry
  writeStatx(process.memory, buffer, entry)
  return 0
}

/** What a stat call is about: the descriptor `at` itself for an empty path. */
function statted({ descriptors, memory }: Process, at: number, path: number, flags: number) {
  const name = memory.path(path)
  if (name === '' && (flags & AT_EMPTY_PATH) !== 0) return descriptors.get(at) ?? -Errno.EBADF
  const resolved = descriptors.resolve(at, name)
  if (typeof resolved === 'number') return resolved
  if (resolved === '/dev/null') return { kind: 'null' } as const
  const entry = descriptors.system.entry(resolved)
  if (isWaiting(entry)) return entry
  return entry.kind === 'none' ? -Errno.ENOENT : entry
}

const DT_UNKNOWN = 0

/** Bytes of entries that one call gives at most: who wants more asks again. */
const MOST_ENTRY_BYTES = 32 << 10
/** Work for an entry. */
const ENTRY = 150

/** struct linux_dirent64: inode, offset, length of the record, type, name; aligned to 8 bytes. */
function getdents({ descriptors, memory, work }: Process, fd: number, buffer: number, size: number): Result {
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (file.kind !== 'directory') return -Errno.ENOTDIR
  const most = Math.min(size >>> 0, MOST_ENTRY_BYTES)
  let used = 0
  for (let name = entryName(file, file.offset); name !== undefined; name = entryName(file, file.offset)) {
    const bytes = new TextEncoder().encode(`${name}\0`)
    const length = Math.ceil((19 + bytes.length) / 8) * 8
    if (used + length > most) return used === 0 ? -Errno.EINVAL : used
    const view = memory.view(buffer + used, length)
    view.setBigInt64(0, BigInt(file.offset + 1))
    view.setBigInt64(8, BigInt(file.offset + 1))
    view.setUint16(16, length)
    view.setUint8(18, DT_UNKNOWN)
    memory.bytes(buffer + used + 19, bytes.length).set(bytes)
    work.charge(ENTRY)
    used += length
    file.offset++
  }
  return used
}

const entryName = ({ names }: { readonly names: readonly string[] }, n: number): string | undefined =>
  n < 2 ? ['.', '..'][n] : names[n - 2]

function chdir({ descriptors, memory }: Process, path: number): Result {
  const resolved = descriptors.resolve(Open.AT_FDCWD, memory.path(path))
  if (typeof resolved === 'number') return resolved
  const entry = descriptors.system.entry(resolved)
  if (isWaiting(entry)) return entry
  if (entry.kind !== 'directory') return entry.kind === 'none' ? -Errno.ENOENT : -Errno.ENOTDIR
  descriptors.directory = resolved
  return 0
}

function fchdir({ descriptors }: Process, fd: number): Result {
  const file = descriptors.get(fd)
  if (file?.kind !== 'directory') return file === undefined ? -Errno.EBADF : -Errno.ENOTDIR
  descriptors.directory = file.path
  return 0
}

/** The only link there is leads to the program itself. */
const readlink: Call = ({ memory, executable }, path, buffer, size) => {
  if (size! <= 0 || memory.path(path!) !== '/proc/self/exe') return -Errno.EINVAL
  const bytes = new TextEncoder().encode(executable).subarray(0, size)
  memory.bytes(buffer!, bytes.length).set(bytes)
  return bytes.length
}
