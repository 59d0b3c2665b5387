// Files and streams.

import { Errno, Open } from '../abi.ts'
import type { Descriptor, FileData } from '../files.ts'
import type { Process } from '../process.ts'
import { writeStat64, writeStatx } from '../stat.ts'
import { type Call, type Calls, isRequest, nothing, notSupported, type Result, wide } from './call.ts'

const SEEK_SET = 0
const SEEK_CUR = 1
const SEEK_END = 2
const F_DUPFD = 0
const F_DUPFD_CLOEXEC = 1030
const TCGETS = 0x402c7413
const TIOCGWINSZ = 0x40087468
const AT_EMPTY_PATH = 0x1000
/** What the program writes is kept in memory. */
const MOST_FILE_BYTES = 1 << 30

export const fileCalls: Calls = {
  3: ['read', (process, fd, buffer, count) => read(process, fd!, buffer!, count! >>> 0)],
  4: ['write', (process, fd, buffer, count) => write(process, fd!, buffer!, count! >>> 0)],
  145: ['readv', (process, fd, vector, count) => vectored(process, read, fd!, vector!, count!)],
  146: ['writev', (process, fd, vector, count) => vectored(process, write, fd!, vector!, count!)],
  179: [
    'pread64',
    (process, fd, buffer, count, _pad, high, low) => pread(process, fd!, buffer!, count! >>> 0, wide(high!, low!)),
  ],
  180: [
    'pwrite64',
    (process, fd, buffer, count, _pad, high, low) => pwrite(process, fd!, buffer!, count! >>> 0, wide(high!, low!)),
  ],
  5: ['open', ({ files, memory }, path, flags) => files.open(Open.AT_FDCWD, memory.text(path!), flags!)],
  286: ['openat', ({ files, memory }, at, path, flags) => files.open(at!, memory.text(path!), flags!)],
  6: ['close', ({ files }, fd) => files.close(fd!)],
  41: ['dup', ({ files }, fd) => files.duplicate(fd!)],
  63: ['dup2', ({ files }, fd, to) => files.duplicateTo(fd!, to!)],
  316: ['dup3', ({ files }, fd, to) => (fd === to ? -Errno.EINVAL : files.duplicateTo(fd!, to!))],
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
    ({ files, memory }, buffer, size) => {
      const bytes = new TextEncoder().encode(`${files.directory}\0`)
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
  38: ['rename', () => -Errno.EROFS],
  39: ['mkdir', () => -Errno.EROFS],
  15: ['chmod', (process, path) => changing(process, Open.AT_FDCWD, path!)],
  92: ['truncate', (process, path, length) => truncate(process, path!, length! >>> 0)],
  193: ['truncate64', (process, path, _pad, high, low) => truncate(process, path!, wide(high!, low!))],
  93: ['ftruncate', (process, fd, length) => ftruncate(process, fd!, length! >>> 0)],
  194: ['ftruncate64', (process, fd, _pad, high, low) => ftruncate(process, fd!, wide(high!, low!))],
  94: ['fchmod', nothing],
  143: ['flock', nothing],
  148: ['fdatasync', nothing],
  254: ['fadvise64_64', nothing],
  60: ['umask', () => 0o022],
  118: ['fsync', nothing],
  167: ['poll', notSupported],
}

function read({ files, memory }: Process, fd: number, buffer: number, count: number): Result {
  const file = files.get(fd)
  switch (file?.kind) {
    case undefined:
    case 'output':
      return -Errno.EBADF
    case 'null':
      return 0
    case 'directory':
      return -Errno.EISDIR
    case 'stdin': {
      if (count === 0) return 0
      const typed = files.readInput(count)
      if (isRequest(typed)) return typed
      memory.bytes(buffer, typed.length).set(typed)
      return typed.length
    }
    case 'file': {
      const bytes = file.data.bytes.subarray(file.offset, file.offset + count)
      memory.bytes(buffer, bytes.length).set(bytes)
      file.offset += bytes.length
      return bytes.length
    }
  }
}

function pread({ files, memory }: Process, fd: number, buffer: number, count: number, offset: number): Result {
  const file = files.get(fd)
  if (file?.kind !== 'file') return file === undefined ? -Errno.EBADF : -Errno.ESPIPE
  const bytes = file.data.bytes.subarray(offset, offset + count)
  memory.bytes(buffer, bytes.length).set(bytes)
  return bytes.length
}

function write(process: Process, fd: number, buffer: number, count: number): Result {
  const file = process.files.get(fd)
  if (file?.kind === 'null') return count
  if (file?.kind === 'file') return writeFile(file, process.memory.bytes(buffer, count))
  if (file?.kind !== 'output') return -Errno.EBADF
  process.onOutput(file.stream, process.memory.bytes(buffer, count).slice())
  return count
}

/** Only into a file that the program has created itself. */
function writeFile(file: Descriptor & { kind: 'file' }, bytes: Uint8Array): Result {
  const { data } = file
  if (file.append) file.offset = data.bytes.length
  const written = writeAt(data, file.offset, bytes)
  if (written > 0) file.offset += written
  return written
}

function writeAt(data: FileData, offset: number, bytes: Uint8Array): number {
  if (!data.own) return -Errno.EBADF
  if (offset + bytes.length > MOST_FILE_BYTES) return -Errno.EFBIG
  if (offset + bytes.length > data.bytes.length) resize(data, offset + bytes.length)
  data.bytes.set(bytes, offset)
  return bytes.length
}

/** Cut, or grown with zeros. */
function resize(data: FileData, length: number): void {
  const resized = new Uint8Array(length)
  resized.set(data.bytes.subarray(0, length))
  data.bytes = resized
}

function pwrite({ files, memory }: Process, fd: number, buffer: number, count: number, offset: number): Result {
  const file = files.get(fd)
  if (file?.kind !== 'file') return file === undefined ? -Errno.EBADF : -Errno.ESPIPE
  return writeAt(file.data, offset, memory.bytes(buffer, count))
}

function ftruncate({ files }: Process, fd: number, length: number): Result {
  const file = files.get(fd)
  if (file?.kind !== 'file' || !file.data.own) return file === undefined ? -Errno.EBADF : -Errno.EINVAL
  return resized(file.data, length)
}

function truncate({ files, memory }: Process, path: number, length: number): Result {
  const resolved = files.resolve(Open.AT_FDCWD, memory.text(path))
  if (typeof resolved === 'number') return resolved
  const own = files.created(resolved)
  return own === undefined ? files.refusal(resolved) : resized(own, length)
}

function resized(data: FileData, length: number): Result {
  if (length > MOST_FILE_BYTES) return -Errno.EFBIG
  resize(data, length)
  return 0
}

/** A change to what `path` names that nobody can see afterwards. */
function changing({ files, memory }: Process, at: number, path: number): Result {
  const resolved = files.resolve(at, memory.text(path))
  if (typeof resolved === 'number') return resolved
  return files.created(resolved) === undefined ? files.refusal(resolved) : 0
}

/** readv and writev: one buffer after the other, until one is not used up. */
function vectored(process: Process, each: typeof read, fd: number, vector: number, count: number): Result {
  let total = 0
  for (let i = 0; i < count; i++) {
    const length = process.memory.word(vector + 8 * i + 4) >>> 0
    if (length === 0) continue
    const result = each(process, fd, process.memory.word(vector + 8 * i), length)
    if (isRequest(result)) return total > 0 ? total : result
    if (result < 0) return total > 0 ? total : result
    total += result
    if (result < length) break
  }
  return total
}

function fcntl({ files }: Process, fd: number, command: number, argument: number): Result {
  if (files.get(fd) === undefined) return -Errno.EBADF
  return command === F_DUPFD || command === F_DUPFD_CLOEXEC ? files.duplicate(fd, argument) : 0
}

/** The standard streams are not terminals: programs then write in blocks, the same on every host. */
const ioctl = ({ files }: Process, fd: number, request: number, _argument: number): Result => {
  if (files.get(fd) === undefined) return -Errno.EBADF
  return request === TCGETS || request === TIOCGWINSZ ? -Errno.ENOTTY : -Errno.EINVAL
}

function seek({ files }: Process, fd: number, offset: number, whence: number): number {
  const file = files.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (file.kind === 'null') return 0
  if (file.kind !== 'file' && file.kind !== 'directory') return -Errno.ESPIPE
  const length = file.kind === 'file' ? file.data.bytes.length : file.names.length
  const from = { [SEEK_SET]: 0, [SEEK_CUR]: file.offset, [SEEK_END]: length }[whence]
  if (from === undefined || from + offset < 0) return -Errno.EINVAL
  return (file.offset = from + offset)
}

const W_OK = 2

function access({ files, memory }: Process, at: number, path: number, mode: number): Result {
  const resolved = files.resolve(at, memory.text(path))
  if (typeof resolved === 'number') return resolved
  const entry = files.entry(resolved)
  if (isRequest(entry)) return entry
  if (entry.kind === 'none') return -Errno.ENOENT
  return (mode & W_OK) !== 0 && files.created(resolved) === undefined ? -Errno.EROFS : 0
}

function unlink({ files, memory }: Process, at: number, path: number): Result {
  const resolved = files.resolve(at, memory.text(path))
  return typeof resolved === 'number' ? resolved : files.unlink(resolved)
}

function fstat({ files, memory }: Process, fd: number, buffer: number): Result {
  const file = files.get(fd)
  if (file === undefined) return -Errno.EBADF
  writeStat64(memory, buffer, file)
  return 0
}

function stat(process: Process, at: number, path: number, buffer: number, flags: number): Result {
  const entry = statted(process, at, path, flags)
  if (typeof entry === 'number' || isRequest(entry)) return entry
  writeStat64(process.memory, buffer, entry)
  return 0
}

function statx(process: Process, at: number, path: number, flags: number, buffer: number): Result {
  const entry = statted(process, at, path, flags)
  if (typeof entry === 'number' || isRequest(entry)) return entry
  writeStatx(process.memory, buffer, entry)
  return 0
}

/** What a stat call is about: the descriptor `at` itself for an empty path. */
function statted({ files, memory }: Process, at: number, path: number, flags: number) {
  const name = memory.text(path)
  if (name === '' && (flags & AT_EMPTY_PATH) !== 0) return files.get(at) ?? -Errno.EBADF
  const resolved = files.resolve(at, name)
  if (typeof resolved === 'number') return resolved
  if (resolved === '/dev/null') return { kind: 'null' } as const
  const entry = files.entry(resolved)
  if (isRequest(entry)) return entry
  return entry.kind === 'none' ? -Errno.ENOENT : entry
}

const DT_UNKNOWN = 0

/** struct linux_dirent64: inode, offset, length of the record, type, name; aligned to 8 bytes. */
function getdents({ files, memory }: Process, fd: number, buffer: number, size: number): Result {
  const file = files.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (file.kind !== 'directory') return -Errno.ENOTDIR
  const names = ['.', '..', ...file.names]
  let used = 0
  for (; file.offset < names.length; file.offset++) {
    const name = new TextEncoder().encode(`${names[file.offset]!}\0`)
    const length = Math.ceil((19 + name.length) / 8) * 8
    if (used + length > size) return used === 0 ? -Errno.EINVAL : used
    const view = memory.view(buffer + used, length)
    view.setBigInt64(0, BigInt(file.offset + 1))
    view.setBigInt64(8, BigInt(file.offset + 1))
    view.setUint16(16, length)
    view.setUint8(18, DT_UNKNOWN)
    memory.bytes(buffer + used + 19, name.length).set(name)
    used += length
  }
  return used
}

function chdir({ files, memory }: Process, path: number): Result {
  const resolved = files.resolve(Open.AT_FDCWD, memory.text(path))
  if (typeof resolved === 'number') return resolved
  const entry = files.entry(resolved)
  if (isRequest(entry)) return entry
  if (entry.kind !== 'directory') return entry.kind === 'none' ? -Errno.ENOENT : -Errno.ENOTDIR
  files.directory = resolved
  return 0
}

function fchdir({ files }: Process, fd: number): Result {
  const file = files.get(fd)
  if (file?.kind !== 'directory') return file === undefined ? -Errno.EBADF : -Errno.ENOTDIR
  files.directory = file.path
  return 0
}

/** The only link there is leads to the program itself. */
const readlink: Call = ({ memory, executable }, path, buffer, size) => {
  if (memory.text(path!) !== '/proc/self/exe') return -Errno.EINVAL
  const bytes = new TextEncoder().encode(executable).subarray(0, size! >>> 0)
  memory.bytes(buffer!, bytes.length).set(bytes)
  return bytes.length
}
