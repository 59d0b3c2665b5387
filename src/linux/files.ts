// Files of a process: standard streams, /dev/null, what lies below the working directory, for reading, and files the
// program creates, which live and die with it, in no more memory than the machine has.

import { ByteQueue } from '../util/byteQueue.ts'
import { Errno, Open } from './abi.ts'
import { Answers } from './answers.ts'
import type { HostAnswer, HostEntry, HostRequest } from './host.ts'
import { emptyFile, type OwnFile, roomOf } from './ownFile.ts'
import { isBelow, resolvePath } from './paths.ts'
import type { Work } from './work.ts'

/** Created by the program, which may therefore write it. */
export interface OwnData {
  readonly own: true
  contents: OwnFile
}

/** The host's; its contents are asked for piece by piece. */
interface HostData {
  readonly own: false
  readonly size: number
}

export const sizeOf = (data: OwnData | HostData): number => (data.own ? data.contents.length : data.size)

export type Descriptor =
  | { readonly kind: 'stdin' }
  | { readonly kind: 'output'; readonly stream: 1 | 2 }
  | { readonly kind: 'null' }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly data: OwnData | HostData
      readonly append: boolean
      offset: number
    }
  | { readonly kind: 'directory'; readonly path: string; readonly names: readonly string[]; offset: number }

const MOST_DESCRIPTORS = 256
const MOST_CREATED = 4096

/** Descriptors by number, and what the host has handed in: all that a snapshot needs of files. */
export interface FilesState {
  readonly table: readonly (readonly [number, Descriptor])[]
  readonly created: readonly (readonly [string, OwnData])[]
  readonly answers: readonly HostAnswer[]
  readonly input: Uint8Array
  readonly inputEnded: boolean
  readonly directory: string
}

export class Files {
  readonly answers: Answers
  /** Typed bytes nobody has read yet. */
  readonly input = new ByteQueue()
  inputEnded = false
  /** The working directory; chdir can change it, but not the part of the host's files that is visible. */
  directory: string
  readonly #table = new Map<number, Descriptor>([
    [0, { kind: 'stdin' }],
    [1, { kind: 'output', stream: 1 }],
    [2, { kind: 'output', stream: 2 }],
  ])
  /** Files the program has created, by path. */
  readonly #created = new Map<string, OwnData>()
  readonly #root: string
  readonly #work: Work
  /** Bytes that created files may take, and what they take at most. */
  readonly #most: number
  #taken = 0

  /** @param most bytes for the files the program creates, and as many for what it reads */
  constructor(directory: string, most: number, work: Work) {
    this.#root = directory
    this.directory = directory
    this.#most = most
    this.#work = work
    this.answers = new Answers(most)
  }

  /** What is at `path`: nothing outside the working directory; a request where the host has not been asked yet. */
  entry(path: string): HostEntry | HostRequest {
    const own = this.#created.get(path)
    if (own !== undefined) return { kind: 'file', size: sizeOf(own) }
    // Where libraries put what is temporary; it holds what the program itself has created, and begins empty.
    if (path === '/tmp') return { kind: 'directory', names: [] }
    return isBelow(this.#root, path) ? this.answers.entry(path) : { kind: 'none' }
  }

  /** Whether created files may take `bytes` more; they are taken then. */
  hasRoom(bytes: number): boolean {
    if (this.#taken + bytes > this.#most) this.#taken = this.#count()
    if (this.#taken + bytes > this.#most) return false
    this.#taken += bytes
    return true
  }

  /** What files have a name or a descriptor take. */
  #count(): number {
    const data = new Set(this.#created.values())
    for (const file of this.#table.values()) if (file.kind === 'file' && file.data.own) data.add(file.data)
    this.#work.charge(data.size)
    let sum = 0
    for (const { contents } of data) sum += roomOf(contents)
    return sum
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
          data: { own: false, size: entry.size },
          append: false,
          offset: 0,
        })
    }
  }

  #create(path: string, flags: number): number {
    if (this.#created.size >= MOST_CREATED) return -Errno.ENOSPC
    const data: OwnData = { own: true, contents: emptyFile() }
    const fd = this.#openOwn(path, data, flags)
    if (fd >= 0) this.#created.set(path, data)
    return fd
  }

  #openOwn(path: string, data: OwnData, flags: number): number {
    if ((flags & Open.TRUNC) !== 0) data.contents = emptyFile()
    return this.#add({ kind: 'file', path, data, append: (flags & Open.APPEND) !== 0, offset: 0 })
  }

  /** unlink(2): only what the program has created can go; who has it open keeps it. */
  unlink(path: string): number | HostRequest {
    return this.#created.delete(path) ? 0 : this.refusal(path)
  }

  /** What the program itself has created at `path`. */
  created(path: string): OwnData | undefined {
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
      answers: this.answers.save(),
      input: this.input.copy(),
      inputEnded: this.inputEnded,
      directory: this.directory,
    }
  }

  restore(state: FilesState): void {
    const { table, created } = structuredClone({ table: state.table, created: state.created })
    this.#table.clear()
    for (const [fd, descriptor] of table) this.#table.set(fd, descriptor)
    this.#created.clear()
    for (const [path, data] of created) this.#created.set(path, data)
    this.#taken = this.#most
    this.answers.restore(state.answers)
    this.input.clear()
    this.input.add(state.input)
    this.inputEnded = state.inputEnded
    this.directory = state.directory
  }
}
