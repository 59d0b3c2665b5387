// Names of files, and what is told and changed of what they lead to.

import { Errno, Open, UID } from '../abi.ts'
import { MOST_FILE_BYTES } from '../contents.ts'
import { RENAME_EXCHANGE, RENAME_NOREPLACE } from '../fileSystem.ts'
import { type Dentry, type PathEnd, permits, SEARCH, WRITE } from '../fileTree.ts'
import type { DirectoryInode, Inode } from '../inodes.ts'
import { Resource } from '../limits.ts'
import type { Process } from '../process.ts'
import { writeStat64, writeStatfs, writeStatx } from '../stat.ts'
import { type Calls, isWaiting, type Result, type Waiting, wide } from './call.ts'
import { tooLong } from './transfer.ts'

const { AT_FDCWD } = Open
const AT_SYMLINK_NOFOLLOW = 0x100
const AT_REMOVEDIR = 0x200
const AT_SYMLINK_FOLLOW = 0x400
const AT_EMPTY_PATH = 0x1000
const S_IFMT = 0o170000
const S_IFIFO = 0o010000
const S_IFREG = 0o100000
const PERMISSIONS = 0o7777

export const nameCalls: Calls = {
  33: ['access', (process, path, mode) => access(process, AT_FDCWD, path!, mode!, 0)],
  298: ['faccessat', (process, at, path, mode) => access(process, at!, path!, mode!, 0)],
  439: ['faccessat2', (process, at, path, mode, flags) => access(process, at!, path!, mode!, flags!)],
  195: ['stat64', (process, path, buffer) => stat(process, AT_FDCWD, path!, buffer!, 0)],
  196: ['lstat64', (process, path, buffer) => stat(process, AT_FDCWD, path!, buffer!, AT_SYMLINK_NOFOLLOW)],
  197: ['fstat64', (process, fd, buffer) => fstat(process, fd!, buffer!)],
  291: ['fstatat64', (process, at, path, buffer, flags) => stat(process, at!, path!, buffer!, flags!)],
  383: ['statx', (process, at, path, flags, _mask, buffer) => statx(process, at!, path!, flags!, buffer!)],
  99: ['statfs', (process, path, buffer) => statfs(process, path!, buffer!, 32)],
  100: ['fstatfs', (process, fd, buffer) => fstatfs(process, fd!, buffer!, 32)],
  252: ['statfs64', (process, path, _size, buffer) => statfs(process, path!, buffer!, 64)],
  253: ['fstatfs64', (process, fd, _size, buffer) => fstatfs(process, fd!, buffer!, 64)],
  141: ['getdents', (process, fd, buffer, size) => getdents(process, fd!, buffer!, size!, 32)],
  202: ['getdents64', (process, fd, buffer, size) => getdents(process, fd!, buffer!, size!, 64)],
  182: ['getcwd', (process, buffer, size) => getcwd(process, buffer!, size!)],
  12: ['chdir', (process, path) => chdir(process, path!)],
  133: ['fchdir', (process, fd) => fchdir(process, fd!)],
  85: ['readlink', (process, path, buffer, size) => readlink(process, AT_FDCWD, path!, buffer!, size!)],
  296: ['readlinkat', (process, at, path, buffer, size) => readlink(process, at!, path!, buffer!, size!)],
  9: ['link', (process, from, to) => link(process, AT_FDCWD, from!, AT_FDCWD, to!, 0)],
  294: ['linkat', (process, at, from, toAt, to, flags) => link(process, at!, from!, toAt!, to!, flags!)],
  10: ['unlink', (process, path) => unlink(process, AT_FDCWD, path!, 0)],
  40: ['rmdir', (process, path) => unlink(process, AT_FDCWD, path!, AT_REMOVEDIR)],
  292: ['unlinkat', (process, at, path, flags) => unlink(process, at!, path!, flags!)],
  38: ['rename', (process, from, to) => rename(process, AT_FDCWD, from!, AT_FDCWD, to!, 0)],
  293: ['renameat', (process, at, from, toAt, to) => rename(process, at!, from!, toAt!, to!, 0)],
  357: ['renameat2', (process, at, from, toAt, to, flags) => rename(process, at!, from!, toAt!, to!, flags!)],
  39: ['mkdir', (process, path, mode) => mkdir(process, AT_FDCWD, path!, mode!)],
  287: ['mkdirat', (process, at, path, mode) => mkdir(process, at!, path!, mode!)],
  14: ['mknod', (process, path, mode) => mknod(process, AT_FDCWD, path!, mode!)],
  288: ['mknodat', (process, at, path, mode) => mknod(process, at!, path!, mode!)],
  83: ['symlink', (process, target, path) => symlink(process, target!, AT_FDCWD, path!)],
  295: ['symlinkat', (process, target, at, path) => symlink(process, target!, at!, path!)],
  15: ['chmod', (process, path, mode) => attributed(process, AT_FDCWD, path!, 0, chmod(mode!))],
  94: ['fchmod', (process, fd, mode) => ofOpen(process, fd!, chmod(mode!))],
  297: ['fchmodat', (process, at, path, mode) => attributed(process, at!, path!, 0, chmod(mode!))],
  181: ['chown', (process, path, user, group) => attributed(process, AT_FDCWD, path!, 0, chown(user!, group!))],
  16: [
    'lchown',
    (process, path, user, group) => attributed(process, AT_FDCWD, path!, AT_SYMLINK_NOFOLLOW, chown(user!, group!)),
  ],
  95: ['fchown', (process, fd, user, group) => ofOpen(process, fd!, chown(user!, group!))],
  289: [
    'fchownat',
    (process, at, path, user, group, flags) => attributed(process, at!, path!, flags!, chown(user!, group!)),
  ],
  30: ['utime', (process, path, times) => setTimes(process, AT_FDCWD, path!, 0, times!, UTIMBUF)],
  251: ['utimes', (process, path, times) => setTimes(process, AT_FDCWD, path!, 0, times!, TIMEVAL)],
  290: ['futimesat', (process, at, path, times) => setTimes(process, at!, path!, 0, times!, TIMEVAL)],
  304: ['utimensat', (process, at, path, times, flags) => setTimes(process, at!, path!, flags!, times!, TIMESPEC)],
  412: [
    'utimensat_time64',
    (process, at, path, times, flags) => setTimes(process, at!, path!, flags!, times!, TIMESPEC64),
  ],
  61: ['chroot', forbidden],
  21: ['mount', forbidden],
  52: ['umount2', forbidden],
  92: ['truncate', (process, path, length) => truncate(process, path!, length!)],
  193: ['truncate64', (process, path, _pad, high, low) => truncate(process, path!, wide(high!, low!))],
}

// ---- finding ----------------------------------------------------------------------------------------------------------

const isDentry = (found: Dentry | number | Waiting): found is Dentry =>
  typeof found === 'object' && 'directory' in found

/** Follows a path, and goes on with where it leads. */
function finding(
  { descriptors, memory }: Process,
  at: number,
  path: number,
  end: PathEnd,
  goOn: (found: Dentry) => Result,
): Result {
  const found = descriptors.find(at, memory.path(path), end)
  return isDentry(found) ? goOn(found) : found
}

/** Goes on with what is at a path; with what `at` itself is for an empty one, where the flags allow that. */
function existing(process: Process, at: number, path: number, flags: number, goOn: (inode: Inode) => Result): Result {
  const { descriptors, fileSystem, memory } = process
  if ((flags & AT_EMPTY_PATH) !== 0 && memory.path(path) === '') {
    if (at === AT_FDCWD) return inWorkingDirectory(process, goOn)
    const file = descriptors.get(at)
    return file === undefined ? -Errno.EBADF : goOn(fileSystem.inode(file.ino))
  }
  return finding(
    process,
    at,
    path,
    (flags & AT_SYMLINK_NOFOLLOW) === 0 ? 'target' : 'link',
    ({ inode, isDirectoryMeant }) => {
      if (inode === undefined) return -Errno.ENOENT
      return isDirectoryMeant && inode.kind !== 'directory' ? -Errno.ENOTDIR : goOn(inode)
    },
  )
}

function inWorkingDirectory({ descriptors }: Process, goOn: (inode: Inode) => Result): Result {
  const inode = descriptors.workingDirectory()
  return typeof inode === 'number' || isWaiting(inode) ? inode : goOn(inode as Inode)
}

function ofOpen({ descriptors, fileSystem }: Process, fd: number, change: Change): Result {
  const file = descriptors.get(fd)
  if (file === undefined || (file.flags & Open.PATH) !== 0) return -Errno.EBADF
  return change({ fileSystem }, fileSystem.inode(file.ino))
}

// ---- what is told -----------------------------------------------------------------------------------------------------

function access(process: Process, at: number, path: number, mode: number, flags: number): Result {
  if ((mode & ~7) !== 0) return -Errno.EINVAL
  return existing(process, at, path, flags, inode => (permits(inode, mode) ? 0 : -Errno.EACCES))
}

function stat(process: Process, at: number, path: number, buffer: number, flags: number): Result {
  return existing(process, at, path, flags, inode => {
    writeStat64(process.memory, buffer, inode)
    return 0
  })
}

function statx(process: Process, at: number, path: number, flags: number, buffer: number): Result {
  return existing(process, at, path, flags, inode => {
    writeStatx(process.memory, buffer, inode)
    return 0
  })
}

function fstat({ descriptors, fileSystem, memory }: Process, fd: number, buffer: number): Result {
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  writeStat64(memory, buffer, fileSystem.inode(file.ino))
  return 0
}

function statfs(process: Process, path: number, buffer: number, bits: 32 | 64): Result {
  return existing(process, AT_FDCWD, path, 0, () => {
    writeStatfs(process.memory, buffer, process.fileSystem.inodes, bits)
    return 0
  })
}

function fstatfs({ descriptors, fileSystem, memory }: Process, fd: number, buffer: number, bits: 32 | 64): Result {
  if (descriptors.get(fd) === undefined) return -Errno.EBADF
  writeStatfs(memory, buffer, fileSystem.inodes, bits)
  return 0
}

function putText({ memory }: Process, text: string, buffer: number, size: number): number {
  const bytes = new TextEncoder().encode(text).subarray(0, size)
  memory.bytes(buffer, bytes.length).set(bytes)
  return bytes.length
}

function getcwd(process: Process, buffer: number, size: number): Result {
  const path = process.descriptors.pathOfDirectory
  if (path === undefined) return -Errno.ENOENT
  const text = `${path}\0`
  if (new TextEncoder().encode(text).length > size >>> 0) return -Errno.ERANGE
  return putText(process, text, buffer, size >>> 0)
}

function readlink(process: Process, at: number, path: number, buffer: number, size: number): Result {
  if (size <= 0) return -Errno.EINVAL
  return existing(process, at, path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, inode =>
    inode.kind === 'link' ? putText(process, inode.target, buffer, size) : -Errno.EINVAL,
  )
}

// ---- directories ------------------------------------------------------------------------------------------------------

function chdir(process: Process, path: number): Result {
  return existing(process, AT_FDCWD, path, 0, inode => changeTo(process, inode))
}

function fchdir(process: Process, fd: number): Result {
  const file = process.descriptors.get(fd)
  return file === undefined ? -Errno.EBADF : changeTo(process, process.fileSystem.inode(file.ino))
}

function changeTo({ descriptors }: Process, inode: Inode): number {
  if (inode.kind !== 'directory') return -Errno.ENOTDIR
  if (!permits(inode, SEARCH)) return -Errno.EACCES
  descriptors.change(inode)
  return 0
}

/** Bytes of entries that one call gives at most: who wants more asks again. */
const MOST_ENTRY_BYTES = 32 << 10
/** Work for an entry. */
const ENTRY = 150

const TYPES: Readonly<Record<Inode['kind'], number>> = { pipe: 1, device: 2, directory: 4, file: 8, proc: 8, link: 10 }
const DT_UNKNOWN = 0

/** struct linux_dirent and linux_dirent64: inode, offset of the next, length of the record, type, name; aligned. */
function getdents(process: Process, fd: number, buffer: number, size: number, bits: 32 | 64): Result {
  const { descriptors, fileSystem, memory, work } = process
  const file = descriptors.get(fd)
  if (file === undefined) return -Errno.EBADF
  if (file.kind !== 'directory') return -Errno.ENOTDIR
  const directory = fileSystem.inode(file.ino) as DirectoryInode
  if (file.listing === undefined) {
    const listing = fileSystem.tree.listing(directory, process.pid)
    if (isWaiting(listing)) return listing
    const { ino, parent } = directory
    file.listing = [['.', ino], ['..', parent], ...(listing as ReadonlyMap<string, number>)]
    work.charge(file.listing.length)
  }
  const most = Math.min(size >>> 0, MOST_ENTRY_BYTES)
  const header = bits === 64 ? 19 : 10
  let used = 0
  for (; file.offset < file.listing.length; file.offset++) {
    const [name, ino] = file.listing[file.offset]!
    // What has been taken away since is not there any more.
    if (file.offset >= 2 && directory.proc === undefined && directory.entries.get(name) !== ino) continue
    const bytes = new TextEncoder().encode(`${name}\0`)
    const length = Math.ceil((header + bytes.length + (bits === 64 ? 0 : 1)) / 8) * 8
    if (used + length > most) return used === 0 ? -Errno.EINVAL : used
    const view = memory.view(buffer + used, length)
    const inode = fileSystem.inodes.get(ino)
    const type = inode === undefined ? DT_UNKNOWN : TYPES[inode.kind]
    if (bits === 64) {
      view.setBigInt64(0, BigInt(ino))
      view.setBigInt64(8, BigInt(file.offset + 1))
      view.setUint8(18, type)
    } else {
      view.setUint32(0, ino)
      view.setUint32(4, file.offset + 1)
      view.setUint8(length - 1, type)
    }
    view.setUint16(header - (bits === 64 ? 3 : 2), length)
    memory.bytes(buffer + used + header, bytes.length).set(bytes)
    work.charge(ENTRY)
    used += length
  }
  return used
}

/** Puts something new where a path leads to nothing. */
function creating(
  process: Process,
  at: number,
  path: number,
  what: Parameters<Process['fileSystem']['create']>[1],
): Result {
  return finding(process, at, path, 'name', found => {
    if (found.inode !== undefined) return -Errno.EEXIST
    if (found.isDirectoryMeant && what.kind !== 'directory') return -Errno.ENOENT
    const created = process.fileSystem.create(found, what)
    return typeof created === 'number' ? created : 0
  })
}

function mkdir(process: Process, at: number, path: number, mode: number): Result {
  const permissions = mode & ~process.descriptors.umask & 0o1777
  return creating(process, at, path, { kind: 'directory', permissions })
}

/** Files and pipes; devices are not an ordinary user's to make. */
function mknod(process: Process, at: number, path: number, mode: number): Result {
  const permissions = mode & ~process.descriptors.umask & PERMISSIONS
  switch (mode & S_IFMT) {
    case 0:
    case S_IFREG:
      return creating(process, at, path, { kind: 'file', permissions, contents: { length: 0, blocks: new Map() } })
    case S_IFIFO:
      return creating(process, at, path, { kind: 'pipe', permissions, pages: [] })
    default:
      return -Errno.EPERM
  }
}

function symlink(process: Process, target: number, at: number, path: number): Result {
  const text = process.memory.path(target)
  if (text === '') return -Errno.ENOENT
  return creating(process, at, path, { kind: 'link', permissions: 0o777, target: text })
}

function link(process: Process, at: number, from: number, toAt: number, to: number, flags: number): Result {
  const how = (flags & AT_SYMLINK_FOLLOW) !== 0 ? 0 : AT_SYMLINK_NOFOLLOW
  return existing(process, at, from, how | (flags & AT_EMPTY_PATH), inode =>
    finding(process, toAt, to, 'name', found => process.fileSystem.link(inode, found)),
  )
}

function unlink(process: Process, at: number, path: number, flags: number): Result {
  if ((flags & ~AT_REMOVEDIR) !== 0) return -Errno.EINVAL
  return finding(process, at, path, 'name', found =>
    flags === AT_REMOVEDIR ? process.fileSystem.removeDirectory(found) : process.fileSystem.unlink(found),
  )
}

function rename(process: Process, at: number, from: number, toAt: number, to: number, flags: number): Result {
  if (flags !== 0 && flags !== RENAME_EXCHANGE && flags !== RENAME_NOREPLACE) return -Errno.EINVAL
  return finding(process, at, from, 'name', source =>
    finding(process, toAt, to, 'name', target => process.fileSystem.rename(source, target, flags)),
  )
}

// ---- what is changed --------------------------------------------------------------------------------------------------

type Change = (process: Pick<Process, 'fileSystem'>, inode: Inode) => Result

const attributed = (process: Process, at: number, path: number, flags: number, change: Change): Result =>
  existing(process, at, path, flags, inode => change(process, inode))

const chmod =
  (mode: number): Change =>
  ({ fileSystem }, inode) =>
    fileSystem.changeAttributes(inode, { permissions: mode & PERMISSIONS })

/** An ordinary user can give nothing away. */
const chown =
  (user: number, group: number): Change =>
  ({ fileSystem }, inode) =>
    [user, group].every(id => id === UID || id === -1) ? fileSystem.changeAttributes(inode, {}) : -Errno.EPERM

/** Of two times one after the other: bytes of each part, and nanoseconds that a unit of the second part has. */
interface TimesLayout {
  readonly bytes: 4 | 8
  readonly unit: bigint
}
const UTIMBUF: TimesLayout = { bytes: 4, unit: 0n }
const TIMEVAL: TimesLayout = { bytes: 4, unit: 1000n }
const TIMESPEC: TimesLayout = { bytes: 4, unit: 1n }
const TIMESPEC64: TimesLayout = { bytes: 8, unit: 1n }
const BILLION = 1_000_000_000n
const UTIME_NOW = 0x3fffffffn
const UTIME_OMIT = 0x3ffffffen

function setTimes(
  process: Process,
  at: number,
  path: number,
  flags: number,
  address: number,
  layout: TimesLayout,
): Result {
  const times = address === 0 ? undefined : readTimes(process, address, layout)
  if (typeof times === 'number') return times
  const change: Change = ({ fileSystem }, inode) => {
    const { now } = fileSystem
    if (times === undefined) {
      if (inode.uid !== UID && !permits(inode, WRITE)) return -Errno.EACCES
      return fileSystem.changeAttributes(inode, { accessed: now, modified: now })
    }
    const [accessed, modified] = times
    return fileSystem.changeAttributes(inode, {
      accessed: accessed === 'now' ? now : (accessed ?? inode.accessed),
      modified: modified === 'now' ? now : (modified ?? inode.modified),
    })
  }
  return path === 0 ? ofOpen(process, at, change) : attributed(process, at, path, flags, change)
}

type Time = bigint | 'now' | undefined

/** Times of access and modification: undefined is left as it is. Or an error. */
function readTimes({ memory }: Process, address: number, { bytes, unit }: TimesLayout): readonly [Time, Time] | number {
  const count = unit === 0n ? 2 : 4
  const view = memory.viewToRead(address, bytes * count)
  const words = Array.from({ length: count }, (_, i) =>
    bytes === 4 ? BigInt(view.getInt32(4 * i)) : view.getBigInt64(8 * i),
  )
  if (unit === 0n) return [words[0]! * BILLION, words[1]! * BILLION]
  const times = [0, 2].map((i): Time | 'wrong' => {
    const [seconds, part] = [words[i]!, words[i + 1]!]
    if (unit === 1n && part === UTIME_NOW) return 'now'
    if (unit === 1n && part === UTIME_OMIT) return undefined
    return part < 0n || part * unit >= BILLION ? 'wrong' : seconds * BILLION + part * unit
  })
  return times.includes('wrong') ? -Errno.EINVAL : (times as [Time, Time])
}

function truncate(process: Process, path: number, length: number): Result {
  if (length < 0) return -Errno.EINVAL
  return existing(process, AT_FDCWD, path, 0, inode => {
    if (inode.kind !== 'file') return inode.kind === 'directory' ? -Errno.EISDIR : -Errno.EINVAL
    if (!permits(inode, WRITE)) return -Errno.EACCES
    if (length > MOST_FILE_BYTES) return -Errno.EFBIG
    if (length > process.mostOf(Resource.FSIZE)) return tooLong(process)
    process.fileSystem.resize(inode, length)
    return 0
  })
}

/** Not an ordinary user's. */
function forbidden(): number {
  return -Errno.EPERM
}
