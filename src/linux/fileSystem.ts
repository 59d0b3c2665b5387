// The files of a machine: what lies below its directory, for reading; files that programs create, which live and die
// with it, in no more memory than the machine has; and what is open of them.

import { ByteQueue } from '../util/byteQueue.ts'
import { Errno, Open } from './abi.ts'
import { Answers } from './answers.ts'
import type { HostAnswer, HostEntry, HostRequest } from './host.ts'
import { type HostData, type OpenFile, OpenFiles, type OpenFilesState } from './openFiles.ts'
import { emptyFile, type OwnFile, roomOf } from './ownFile.ts'
import { isBelow } from './paths.ts'
import type { Work } from './work.ts'

/** Created by a program, which may therefore write it. */
export interface OwnData {
  readonly own: true
  contents: OwnFile
}

export const sizeOf = (data: OwnData | HostData): number => (data.own ? data.contents.length : data.size)

const MOST_CREATED = 4096

/** What is open, and what the host has handed in: all that a snapshot needs of files. */
export interface FileSystemState {
  readonly openFiles: OpenFilesState
  readonly created: readonly (readonly [string, OwnData])[]
  readonly answers: readonly HostAnswer[]
  readonly input: Uint8Array
  readonly inputEnded: boolean
}

export class FileSystem {
  readonly answers: Answers
  readonly openFiles = new OpenFiles()
  /** Typed bytes nobody has read yet. */
  readonly input = new ByteQueue()
  inputEnded = false
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

  /** What files that have a name or are open take. */
  #count(): number {
    const data = new Set(this.#created.values())
    for (const file of this.openFiles) if (file.kind === 'file' && file.data.own) data.add(file.data)
    this.#work.charge(data.size)
    let sum = 0
    for (const { contents } of data) sum += roomOf(contents)
    return sum
  }

  /** @returns an open file that no descriptor leads to yet, an error, or what has to come from the host first. */
  open(path: string, flags: number): OpenFile | number | HostRequest {
    if (path === '/dev/null') return this.openFiles.open({ kind: 'null' }, flags)
    if (path === '/dev/tty' || path === '/dev/stdin') return this.openFiles.open({ kind: 'stdin' }, flags)
    const own = this.#created.get(path)
    if (own !== undefined) return this.#openOwn(path, own, flags)
    const entry = this.entry(path)
    if ('wants' in entry) return entry
    switch (entry.kind) {
      case 'none':
        return (flags & Open.CREAT) !== 0 ? this.#create(path, flags) : -Errno.ENOENT
      case 'directory':
        if ((flags & Open.ACCMODE) !== 0) return -Errno.EISDIR
        return this.openFiles.open({ kind: 'directory', path, names: entry.names }, flags)
      case 'file':
        if ((flags & Open.ACCMODE) !== 0) return -Errno.EROFS
        if ((flags & Open.DIRECTORY) !== 0) return -Errno.ENOTDIR
        return this.openFiles.open({ kind: 'file', path, data: { own: false, size: entry.size } }, flags)
    }
  }

  #create(path: string, flags: number): OpenFile | number {
    if (this.#created.size >= MOST_CREATED) return -Errno.ENOSPC
    const data: OwnData = { own: true, contents: emptyFile() }
    this.#created.set(path, data)
    return this.#openOwn(path, data, flags)
  }

  #openOwn(path: string, data: OwnData, flags: number): OpenFile {
    if ((flags & Open.TRUNC) !== 0) data.contents = emptyFile()
    return this.openFiles.open({ kind: 'file', path, data }, flags)
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

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): FileSystemState {
    // One clone of both, so that who shares a file goes on sharing it.
    return {
      ...structuredClone({ openFiles: this.openFiles.save(), created: [...this.#created] }),
      answers: this.answers.save(),
      input: this.input.copy(),
      inputEnded: this.inputEnded,
    }
  }

  restore(state: FileSystemState): void {
    const { openFiles, created } = structuredClone({ openFiles: state.openFiles, created: state.created })
    this.openFiles.restore(openFiles)
    this.#created.clear()
    for (const [path, data] of created) this.#created.set(path, data)
    this.#taken = this.#most
    this.answers.restore(state.answers)
    this.input.clear()
    this.input.add(state.input)
    this.inputEnded = state.inputEnded
  }
}
