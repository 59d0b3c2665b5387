// What a process has of files: its descriptors, each a number that leads to an open file description; its working
// directory, and the permissions that what it creates does not get.

import { Errno, Open } from './abi.ts'
import type { FileSystem } from './fileSystem.ts'
import type { HostRequest } from './host.ts'
import type { OpenFile } from './openFiles.ts'
import { resolvePath } from './paths.ts'

/** Numbers are below. */
const MOST_DESCRIPTORS = 256
const UMASK = 0o022

interface Descriptor {
  readonly file: OpenFile
  readonly closeOnExec: boolean
}

export interface DescriptorsState {
  readonly table: readonly { readonly fd: number; readonly file: number; readonly closeOnExec: boolean }[]
  readonly directory: string
  readonly umask: number
}

export class Descriptors {
  readonly system: FileSystem
  /** The working directory; chdir can change it, but not the part of the host's files that is visible. */
  directory: string
  umask = UMASK
  readonly #table = new Map<number, Descriptor>()

  constructor(system: FileSystem, directory: string) {
    this.system = system
    this.directory = directory
  }

  /** Of a first process: its standard streams are the machine's. */
  static standard(system: FileSystem, directory: string): Descriptors {
    const descriptors = new Descriptors(system, directory)
    const { openFiles } = system
    descriptors.add(openFiles.open({ kind: 'stdin' }, Open.RDONLY))
    for (const stream of [1, 2] as const) descriptors.add(openFiles.open({ kind: 'output', stream }, Open.WRONLY))
    return descriptors
  }

  /** Of a process that forks: the same open files, with the same offsets. */
  copy(): Descriptors {
    const copy = new Descriptors(this.system, this.directory)
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
  }

  get(fd: number): OpenFile | undefined {
    return this.#table.get(fd)?.file
  }

  /** The lowest free number from `from` on, which leads to `file` then. @returns it, or an error */
  add(file: OpenFile, from = 0, closeOnExec = false): number {
    for (let fd = from; fd < MOST_DESCRIPTORS; fd++) {
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
    this.system.openFiles.release(descriptor.file)
    return 0
  }

  /** dup(2), and F_DUPFD: another number for the same open file. */
  duplicate(fd: number, from = 0, closeOnExec = false): number {
    const file = this.get(fd)
    return file === undefined ? -Errno.EBADF : this.add(file, from, closeOnExec)
  }

  /** dup2(2). */
  duplicateTo(fd: number, to: number, closeOnExec = false): number {
    const file = this.get(fd)
    if (file === undefined || to < 0 || to >= MOST_DESCRIPTORS) return -Errno.EBADF
    if (fd === to) return to
    // Taken first: both may be the last to lead to it.
    const descriptor = { file, closeOnExec }
    const before = this.#table.get(to)
    this.#set(to, descriptor)
    if (before !== undefined) this.system.openFiles.release(before.file)
    return to
  }

  isClosedOnExec(fd: number): boolean {
    return this.#table.get(fd)?.closeOnExec === true
  }

  setCloseOnExec(fd: number, closeOnExec: boolean): void {
    this.#table.set(fd, { ...this.#table.get(fd)!, closeOnExec })
  }

  /** openat(2). @returns a descriptor, an error, or what has to come from the host first. */
  open(at: number, path: string, flags: number): number | HostRequest {
    const resolved = this.resolve(at, path)
    if (typeof resolved === 'number') return resolved
    const file = this.system.open(resolved, flags)
    if (typeof file === 'number' || 'wants' in file) return file
    const fd = this.add(file, 0, (flags & Open.CLOEXEC) !== 0)
    if (fd < 0) this.system.openFiles.release(file)
    return fd
  }

  /** The absolute path that `path` means beside the directory `at`, or an error. */
  resolve(at: number, path: string): string | number {
    if (path === '') return -Errno.ENOENT
    if (at === Open.AT_FDCWD || path.startsWith('/')) return resolvePath(this.directory, path)
    const directory = this.get(at)
    if (directory === undefined) return -Errno.EBADF
    return directory.kind === 'directory' ? resolvePath(directory.path, path) : -Errno.ENOTDIR
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): DescriptorsState {
    const { directory, umask } = this
    const table = [...this.#table].map(([fd, { file, closeOnExec }]) => ({ fd, file: file.id, closeOnExec }))
    return { table, directory, umask }
  }

  /** What is open has been restored before. */
  restore({ table, directory, umask }: DescriptorsState): void {
    this.#table.clear()
    for (const { fd, file, closeOnExec } of table)
      this.#table.set(fd, { file: this.system.openFiles.get(file), closeOnExec })
    this.directory = directory
    this.umask = umask
  }
}
