// What a process has of files: its descriptors, each a number that leads to an open file description; its working
// directory, and the permissions that what it creates does not get.

import { Errno, Open } from './abi.ts'
import type { FileSystem } from './fileSystem.ts'
import { type Dentry, isInode, type PathEnd } from './fileTree.ts'
import type { HostRequest } from './host.ts'
import type { DirectoryInode, Inode } from './inodes.ts'
import type { OpenFile } from './openFiles.ts'

/** Numbers are below, whatever the limit is. */
export const MOST_DESCRIPTORS = 1024
const UMASK = 0o022

interface Descriptor {
  readonly file: OpenFile
  readonly closeOnExec: boolean
}

export interface DescriptorsState {
  readonly table: readonly { readonly fd: number; readonly file: number; readonly closeOnExec: boolean }[]
  readonly directory: string | number
  readonly umask: number
}

export class Descriptors {
  readonly system: FileSystem
  umask = UMASK
  /** Numbers are below: the limit of the process. */
  most = MOST_DESCRIPTORS
  /** Number of the process, which is its own in /proc. */
  readonly #pid: number
  readonly #table = new Map<number, Descriptor>()
  /** The working directory, which is kept as if it were open, or at first its path. */
  #directory: string | OpenFile

  constructor(system: FileSystem, directory: string | OpenFile, pid: number) {
    this.system = system
    this.#directory = typeof directory === 'string' ? directory : system.openFiles.take(directory)
    this.#pid = pid
  }

  /** Of a first process: its standard streams are the machine's. */
  static standard(system: FileSystem, directory: string, pid: number): Descriptors {
    const descriptors = new Descriptors(system, directory, pid)
    for (const stream of [0, 1, 2] as const) descriptors.add(system.openStream(stream))
    return descriptors
  }

  /** Of a process that forks: the same open files, with the same offsets. */
  copy(pid: number): Descriptors {
    const copy = new Descriptors(this.system, this.#directory, pid)
    copy.umask = this.umask
    for (const [fd, descriptor] of this.#table) copy.#set(fd, descriptor)
    return copy
  }

  /** execve(2): closes those that are not for the program that comes. */
  exec(): void {
    for (const [fd, { closeOnExec }] of this.#table) if (closeOnExec) this.close(fd)
  }

  /** The process has ended. */
  closeAll(): void {
    for (const fd of this.#table.keys()) this.close(fd)
    if (typeof this.#directory !== 'string') this.system.openFiles.release(this.#directory)
  }

  get numbers(): readonly number[] {
    return [...this.#table.keys()].sort((a, b) => a - b)
  }

  get(fd: number): OpenFile | undefined {
    return this.#table.get(fd)?.file
  }

  /** The lowest free number from `from` on, which leads to `file` then. @returns it, or an error */
  add(file: OpenFile, from = 0, closeOnExec = false): number {
    for (let fd = from; fd < this.most; fd++) {
      if (this.#table.has(fd)) continue
      this.#set(fd, { file, closeOnExec })
      return fd
    }
    return -Errno.EMFILE
  }

  #set(fd: number, descriptor: Descriptor): void {
    this.system.openFiles.take(descriptor.file)
    this.#table.set(fd, descriptor)
  }

  close(fd: number): number {
    const descriptor = this.#table.get(fd)
    if (descriptor === undefined) return -Errno.EBADF
    this.#table.delete(fd)
    this.#release(descriptor)
    return 0
  }

  /** A number leads there no longer: locks of the process on that file are gone, whatever else leads there. */
  #release({ file }: Descriptor): void {
    const { locks, openFiles } = this.system
    if (locks.forget(`process ${this.#pid}`, file.ino)) this.system.changed()
    openFiles.release(file)
  }

  /** dup(2), and F_DUPFD: another number for the same open file. */
  duplicate(fd: number, from = 0, closeOnExec = false): number {
    const file = this.get(fd)
    return file === undefined ? -Errno.EBADF : this.add(file, from, closeOnExec)
  }

  /** dup2(2). */
  duplicateTo(fd: number, to: number, closeOnExec = false): number {
    const file = this.get(fd)
    if (file === undefined || to < 0 || to >= this.most) return -Errno.EBADF
    if (fd === to) return to
    // Taken first: what was there may be the last that leads to it.
    const before = this.#table.get(to)
    this.#set(to, { file, closeOnExec })
    if (before !== undefined) this.#release(before)
    return to
  }

  isClosedOnExec(fd: number): boolean {
    return this.#table.get(fd)?.closeOnExec === true
  }

  setCloseOnExec(fd: number, closeOnExec: boolean): void {
    this.#table.set(fd, { ...this.#table.get(fd)!, closeOnExec })
  }

  // ---- paths --------------------------------------------------------------------------------------------------------

  /** What `path` leads to beside the directory `at`, or why it leads nowhere. */
  find(at: number, path: string, end: PathEnd): Dentry | number | HostRequest {
    const start = path.startsWith('/') ? this.#root : this.#start(at)
    return isInode(start) ? this.system.tree.walk(start as DirectoryInode, path, end, this.#pid) : start
  }

  get #root(): Inode {
    return this.system.inode(this.system.tree.root)
  }

  #start(at: number): Inode | number | HostRequest {
    if (at === Open.AT_FDCWD) return this.workingDirectory()
    const file = this.get(at)
    if (file === undefined) return -Errno.EBADF
    const inode = this.system.inode(file.ino)
    return inode.kind === 'directory' ? inode : -Errno.ENOTDIR
  }

  workingDirectory(): Inode | number | HostRequest {
    if (typeof this.#directory !== 'string') return this.system.inode(this.#directory.ino)
    const found = this.system.tree.walk(this.#root as DirectoryInode, this.#directory, 'target', this.#pid)
    if (typeof found === 'number' || 'wants' in found) return found
    if (found.inode?.kind !== 'directory') return -Errno.ENOENT
    this.change(found.inode)
    return found.inode
  }

  /** Undefined where it has been removed. */
  get pathOfDirectory(): string | undefined {
    if (typeof this.#directory === 'string') return this.#directory
    return this.system.tree.pathOf(this.system.inode(this.#directory.ino) as DirectoryInode)
  }

  /** chdir(2). */
  change(directory: Inode): void {
    const { openFiles } = this.system
    const before = this.#directory
    this.#directory = openFiles.take(openFiles.open({ kind: 'directory', ino: directory.ino, path: '' }, Open.PATH))
    if (typeof before !== 'string') openFiles.release(before)
  }

  /** openat(2). @returns a descriptor, an error, or what has to come from the host first. */
  open(at: number, path: string, flags: number, permissions: number): number | HostRequest {
    const isFollowed = (flags & Open.NOFOLLOW) === 0 && (flags & (Open.CREAT | Open.EXCL)) !== (Open.CREAT | Open.EXCL)
    const found = this.find(at, path, isFollowed ? 'target' : 'link')
    if (typeof found === 'number' || 'wants' in found) return found
    const file = this.system.open(found, flags, permissions & ~this.umask & 0o7777)
    if (typeof file === 'number') return file
    return this.#addNew(file, flags)
  }

  #addNew(file: OpenFile, flags: number): number {
    this.system.openFiles.take(file)
    const fd = this.add(file, 0, (flags & Open.CLOEXEC) !== 0)
    this.system.openFiles.release(file)
    return fd
  }

  /** pipe2(2). @returns the ends to read from and to write to, or an error */
  pipe(flags: number): readonly [number, number] | number {
    const inode = this.system.createPipe()
    if (typeof inode === 'number') return inode
    const [reading, writing] = ([Open.RDONLY, Open.WRONLY] as const).map(mode =>
      this.#addNew(this.system.openFiles.open({ kind: 'pipe', ino: inode.ino, path: '' }, mode | flags), flags),
    )
    if (reading! >= 0 && writing! >= 0) return [reading!, writing!]
    for (const fd of [reading!, writing!]) this.close(fd)
    return -Errno.EMFILE
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): DescriptorsState {
    const table = [...this.#table].map(([fd, { file, closeOnExec }]) => ({ fd, file: file.id, closeOnExec }))
    const directory = typeof this.#directory === 'string' ? this.#directory : this.#directory.id
    return { table, directory, umask: this.umask }
  }

  /** What is open has been restored before. */
  restore({ table, directory, umask }: DescriptorsState): void {
    this.#table.clear()
    for (const { fd, file, closeOnExec } of table)
      this.#table.set(fd, { file: this.system.openFiles.get(file), closeOnExec })
    this.#directory = typeof directory === 'string' ? directory : this.system.openFiles.get(directory)
    this.umask = umask
  }
}
