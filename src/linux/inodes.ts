// Inodes: what files, directories and links are, apart from their names. They are plain data, and belong to the
// snapshots taken so far as well: who changes one has it copied first, if it was there at the last snapshot.

import { Errno } from './abi.ts'
import type { Answers } from './answers.ts'
import { BLOCK, type BlockKeeper, type Contents } from './contents.ts'

/** Of the streams, what the machine was given. */
export type DeviceName = 'null' | 'zero' | 'full' | 'random' | 'tty' | 'stdin' | 'stdout' | 'stderr'

interface Common {
  readonly ino: number
  /** Permissions, without the type. */
  permissions: number
  uid: number
  gid: number
  /** Names that lead to it; of a directory, itself and its directories too. */
  links: number
  /** Nanoseconds since 1970: of the contents, of the inode, and of the last reading as far as anybody sets it. */
  modified: bigint
  changed: bigint
  accessed: bigint
}

export type FileInode = Common & { readonly kind: 'file'; contents: Contents }

export type DirectoryInode = Common & {
  readonly kind: 'directory'
  /** Inode numbers by name. One that has no inode yet is the host's, who has not been asked. */
  readonly entries: Map<string, number>
  parent: number
  name: string
  /** Where the host has it. */
  readonly base?: string
  /** What the host has in it is not among the entries yet. */
  isUnlisted?: boolean
  /** Names that have been taken away, of what the host has there. */
  gone?: readonly string[]
  /** It is made of what processes are: its path below /proc, which begins with a slash or is empty. */
  readonly proc?: string
}

export type LinkInode = Common & { readonly kind: 'link'; readonly target: string; readonly proc?: string }
export type DeviceInode = Common & { readonly kind: 'device'; readonly device: DeviceName }
/** A file of /proc, which is written when it is opened. */
export type ProcInode = Common & { readonly kind: 'proc'; readonly proc: string }

/** A pipe, with a name or without: bytes on their way, in the order they were written. */
export type PipeInode = Common & { readonly kind: 'pipe'; pages: readonly PipePage[] }

export interface PipePage {
  readonly bytes: Uint8Array
  /** Bytes of the page that are used up: those, and what has been read of it. */
  readonly used: number
}

export type Inode = FileInode | DirectoryInode | LinkInode | DeviceInode | ProcInode | PipeInode

export interface InodesState {
  readonly inodes: readonly Inode[]
  readonly next: number
  readonly taken: number
}

/** About what an inode and a name take. */
const INODE_BYTES = 512
const NAME_BYTES = 64

export class Inodes implements BlockKeeper {
  readonly answers: Answers
  /** Bytes that all of it may take, and takes. */
  readonly #most: number
  #taken = 0
  readonly #all = new Map<number, Inode>()
  #next = 1
  /** Inodes and blocks that no snapshot has. */
  #own = new WeakSet<object>()
  /** As they are now, where they have been saved so. */
  #saved: InodesState | undefined

  constructor(most: number, answers: Answers) {
    this.#most = most
    this.answers = answers
  }

  // ---- room ---------------------------------------------------------------------------------------------------------

  #take(bytes: number): boolean {
    if (this.#taken + bytes > this.#most) return false
    this.#taken += bytes
    this.#saved = undefined
    return true
  }

  /** Bytes in all, and those that are free. */
  get room(): { readonly all: number; readonly free: number } {
    return { all: this.#most, free: this.#most - this.#taken }
  }

  isOwn(block: Uint8Array): boolean {
    return this.#own.has(block)
  }

  create(isMore: boolean): Uint8Array | undefined {
    if (isMore && !this.#take(BLOCK)) return undefined
    const block = new Uint8Array(BLOCK)
    this.#own.add(block)
    return block
  }

  give(blocks: number): void {
    this.#taken -= BLOCK * blocks
    this.#saved = undefined
  }

  // ---- inodes -------------------------------------------------------------------------------------------------------

  get(ino: number): Inode | undefined {
    return this.#all.get(ino)
  }

  /** A number for an inode that is yet to come. */
  number(): number {
    this.#saved = undefined
    return this.#next++
  }

  /** @returns false where there is no room. */
  add(inode: Inode): boolean {
    if (!this.#take(INODE_BYTES + (inode.kind === 'directory' ? NAME_BYTES * inode.entries.size : 0))) return false
    this.#all.set(inode.ino, inode)
    this.#own.add(inode)
    return true
  }

  /** The same inode, which may be changed. */
  change<Kind extends Inode>(inode: Kind): Kind {
    this.#saved = undefined
    const now = this.#all.get(inode.ino) as Kind
    if (this.#own.has(now)) return now
    const copy = { ...now }
    if (copy.kind === 'directory') Object.assign(copy, { entries: new Map(copy.entries) })
    if (copy.kind === 'file') copy.contents = { ...copy.contents, blocks: new Map(copy.contents.blocks) }
    this.#all.set(copy.ino, copy)
    this.#own.add(copy)
    return copy
  }

  /** @returns 0, or an error. */
  enter(directory: DirectoryInode, name: string, ino: number): number {
    if (!directory.entries.has(name) && !this.#take(NAME_BYTES)) return -Errno.ENOSPC
    this.change(directory).entries.set(name, ino)
    return 0
  }

  /** Takes a name away. */
  leave(directory: DirectoryInode, name: string): void {
    const changed = this.change(directory)
    if (!changed.entries.delete(name)) return
    this.#taken -= NAME_BYTES
    if (changed.base !== undefined && changed.gone?.includes(name) !== true)
      changed.gone = [...(changed.gone ?? []), name]
  }

  /** Nothing leads to it any more. */
  forget(inode: Inode): void {
    this.#all.delete(inode.ino)
    this.#taken -= INODE_BYTES
    if (inode.kind === 'directory') this.#taken -= NAME_BYTES * inode.entries.size
    if (inode.kind === 'file') this.give(inode.contents.blocks.size)
    this.#saved = undefined
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  /** Shares everything with what is there, which is copied before it is changed from now on. */
  save(): InodesState {
    if (this.#saved !== undefined) return this.#saved
    this.#own = new WeakSet()
    this.#saved = { inodes: [...this.#all.values()], next: this.#next, taken: this.#taken }
    return this.#saved
  }

  restore(state: InodesState): void {
    this.#all.clear()
    for (const inode of state.inodes) this.#all.set(inode.ino, inode)
    this.#next = state.next
    this.#taken = state.taken
    this.#own = new WeakSet()
    this.#saved = state
  }
}
