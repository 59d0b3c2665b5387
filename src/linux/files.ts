// Files of a process: standard streams, /dev/null, what lies below the working directory, for reading, and files the
// program creates, which live and die with it. The host hands in whole files; a file once read stays as it was, so that
// a run does not depend on when it is read.

import { Errno, Open } from './abi.ts'
import type { HostEntry, HostRequest } from './host.ts'
import { isBelow, resolvePath } from './paths.ts'

export interface FileData {
  bytes: Uint8Array
  /** Created by the program, which may therefore write it. */
  readonly own: boolean
}

export type Descriptor =
  | { readonly kind: 'stdin' }
  | { readonly kind: 'output'; readonly stream: 1 | 2 }
  | { readonly kind: 'null' }
  | { readonly kind: 'file'; readonly path: string; readonly data: FileData; readonly append: boolean; offset: number }
  | { readonly kind: 'directory'; readonly path: string; readonly names: readonly string[]; offset: number }

const MOST_DESCRIPTORS = 256

/** Descriptors by number, and what the host has handed in: all that a snapshot needs of files. */
export interface FilesState {
  readonly table: readonly (readonly [number, Descriptor])[]
  readonly created: readonly (readonly [string, FileData])[]
  readonly entries: readonly (readonly [string, HostEntry])[]
  readonly input: readonly number[]
  readonly inputEnded: boolean
  readonly directory: string
}

export class Files {
  readonly #table = new Map<number, Descriptor>([
    [0, { kind: 'stdin' }],
    [1, { kind: 'output', stream: 1 }],
    [2, { kind: 'output', stream: 2 }],
  ])
  readonly #entries = new Map<string, HostEntry>()
  /** Files the program has created, by path. */
  readonly #created = new Map<string, FileData>()
  readonly #root: string
  /** The working directory; chdir can change it, but not the part of the host's files that is visible. */
  directory: string
  /** Typed bytes nobody has read yet. */
  #input: number[] = []
  #inputEnded = false

  constructor(directory: string) {
    this.#root = directory
    this.directory = directory
  }

  // ---- what comes from the host -------------------------------------------------------------------------------------

  provide(path: string, entry: HostEntry): void {
    this.#entries.set(path, entry)
  }

  type(bytes: readonly number[]): void {
    for (const byte of bytes) this.#input.push(byte)
  }

  endInput(): void {
    this.#inputEnded = true
  }

  /** Up to `count` typed bytes; a request where there are none yet. */
  readInput(count: number): readonly number[] | HostRequest {
    if (this.#input.length === 0 && !this.#inputEnded) return { wants: 'stdin' }
    return this.#input.splice(0, count)
  }

  /** What is at `path`: nothing outside the working directory; a request where the host has not been asked yet. */
  entry(path: string): HostEntry | HostRequest {
    const own = this.#created.get(path)
    if (own !== undefined) return { kind: 'file', bytes: own.bytes }
    // Where libraries put what is temporary; it holds what the program itself has created, and begins empty.
    if (path === '/tmp') return { kind: 'directory', names: [] }
    if (!isBelow(this.#root, path)) return { kind: 'none' }
    return this.#entries.get(path) ?? { wants: 'path', path }
  }

  // ---- descriptors --------------------------------------------------------------------------------------------------

  get(fd: number): Descriptor | undefined {
    return this.#table.get(fd)
  }

  /** openat(2). @returns a descriptor, an error, or what has to come from the host first. */
  open(at: number, path: string, flags: number): number | HostRequest {
    const resolved = this.resolve(at, path)
    if (typeof resolved === 'number') return resolved
    if (resolved === '/dev/null') return this.#add({ kind: 'null' })
    if (resolved === '/dev/tty' || resolved === '/dev/stdin') return this.#add({ kind: 'stdin' })
    const own = this.#created.get(resolved)
    if (own !== undefined) return this.#openOwn(resolved, own, flags)
    const entry = this.entry(resolved)
    if ('wants' in entry) return entry
    switch (entry.kind) {
      case 'none':
        return (flags & Open.CREAT) !== 0 ? this.#create(resolved, flags) : -Errno.ENOENT
      case 'directory':
        if ((flags & Open.ACCMODE) !== 0) return -Errno.EISDIR
        return this.#add({ kind: 'directory', path: resolved, names: entry.names, offset: 0 })
      case 'file':
        if ((flags & Open.ACCMODE) !== 0) return -Errno.EROFS
        if ((flags & Open.DIRECTORY) !== 0) return -Errno.ENOTDIR
        return this.#add({
          kind: 'file',
          path: resolved,
          data: { bytes: entry.bytes, own: false },
          append: false,
          offset: 0,
        })
    }
  }

  #create(path: string, flags: number): number {
    const data = { bytes: new Uint8Array(), own: true }
    this.#created.set(path, data)
    return this.#openOwn(path, data, flags)
  }

  #openOwn(path: string, data: FileData, flags: number): number {
    if ((flags & Open.TRUNC) !== 0) data.bytes = new Uint8Array()
    return this.#add({ kind: 'file', path, data, append: (flags & Open.APPEND) !== 0, offset: 0 })
  }

  /** unlink(2): only what the program has created can go; who has it open keeps it. */
  unlink(path: string): number | HostRequest {
    return this.#created.delete(path) ? 0 : this.refusal(path)
  }

  /** What the program itself has created at `path`. */
  created(path: string): FileData | undefined {
    return this.#created.get(path)
  }

  /** Why what is at `path` cannot be changed. */
  refusal(path: string): number | HostRequest {
    const entry = this.entry(path)
    if ('wants' in entry) return entry
    return entry.kind === 'none' ? -Errno.ENOENT : -Errno.EROFS
  }

  /** The absolute path that `path` means beside the directory `at`, or an error. */
  resolve(at: number, path: string): string | number {
    if (path === '') return -Errno.ENOENT
    if (at === Open.AT_FDCWD || path.startsWith('/')) return resolvePath(this.directory, path)
    const directory = this.#table.get(at)
    if (directory === undefined) return -Errno.EBADF
    return directory.kind === 'directory' ? resolvePath(directory.path, path) : -Errno.ENOTDIR
  }

  #add(descriptor: Descriptor, from = 0): number {
    for (let fd = from; fd < MOST_DESCRIPTORS; fd++) {
      if (this.#table.has(fd)) continue
      this.#table.set(fd, descriptor)
      return fd
    }
    return -Errno.EMFILE
  }

  close(fd: number): number {
    return this.#table.delete(fd) ? 0 : -Errno.EBADF
  }

  /** dup(2), and F_DUPFD: the lowest free number from `from` on, sharing the offset. */
  duplicate(fd: number, from = 0): number {
    const descriptor = this.#table.get(fd)
    return descriptor === undefined ? -Errno.EBADF : this.#add(descriptor, from)
  }

  /** dup2(2). */
  duplicateTo(fd: number, to: number): number {
    const descriptor = this.#table.get(fd)
    if (descriptor === undefined || to < 0 || to >= MOST_DESCRIPTORS) return -Errno.EBADF
    this.#table.set(to, descriptor)
    return to
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): FilesState {
    // One clone of both, so that who shares a file or an offset goes on sharing it.
    return {
      ...structuredClone({ table: [...this.#table], created: [...this.#created] }),
      entries: [...this.#entries],
      input: [...this.#input],
      inputEnded: this.#inputEnded,
      directory: this.directory,
    }
  }

  restore(state: FilesState): void {
    const { table, created } = structuredClone({ table: state.table, created: state.created })
    this.#table.clear()
    for (const [fd, descriptor] of table) this.#table.set(fd, descriptor)
    this.#created.clear()
    for (const [path, data] of created) this.#created.set(path, data)
    this.#entries.clear()
    for (const [path, entry] of state.entries) this.#entries.set(path, entry)
    this.#input = [...state.input]
    this.#inputEnded = state.inputEnded
    this.directory = state.directory
  }
}
