// The files of a machine: a tree, what is open of it, and what comes from outside. What programs write lives and dies
// with the machine, in no more memory than it has.

import { ByteQueue } from '../util/byteQueue.ts'
import { Errno, Open, UID } from './abi.ts'
import { Answers } from './answers.ts'
import { nothingWritten, resized } from './contents.ts'
import { type Dentry, FileTree, type FileTreeOptions, permits, READ, SEARCH, WRITE } from './fileTree.ts'
import type { HostAnswer, HostRequest } from './host.ts'
import { type DirectoryInode, type FileInode, type Inode, Inodes, type InodesState } from './inodes.ts'
import { type Lock, Locks } from './locks.ts'
import { type FrameMemory, MappedFiles, type MappedPageState } from './mappedFiles.ts'
import { type OpenFile, OpenFiles, type OpenFilesState } from './openFiles.ts'
import { joined } from './paths.ts'
import { type MachineView, procText } from './proc.ts'
import type { Work } from './work.ts'

/** What is open, what has been changed, and what the host has handed in: all that a snapshot needs of files. */
export interface FileSystemState {
  readonly inodes: InodesState
  readonly openFiles: OpenFilesState
  readonly locks: readonly Lock[]
  readonly mapped: readonly MappedPageState[]
  readonly answers: readonly HostAnswer[]
  readonly input: Uint8Array
  readonly inputEnded: boolean
}

export interface FileSystemOptions extends FileTreeOptions {
  /** Bytes that programs may write in files, and as many for what they read of the host's. */
  readonly most: number
  readonly work: Work
  /** Nanoseconds since 1970. */
  readonly clock: () => bigint
  readonly machine: () => MachineView
  /** Where files are mapped. */
  readonly memory: FrameMemory
  /** Called when something has happened for which a call may have been waiting. */
  readonly onEvent: () => void
}

type NewInode = Partial<Inode> & Pick<Inode, 'kind' | 'permissions'>

export class FileSystem {
  readonly inodes: Inodes
  readonly tree: FileTree
  readonly openFiles = new OpenFiles(file => this.#closed(file))
  readonly locks = new Locks()
  readonly mapped: MappedFiles
  /** Typed bytes nobody has read yet. */
  readonly input = new ByteQueue()
  inputEnded = false
  readonly #options: FileSystemOptions

  constructor(options: FileSystemOptions) {
    this.#options = options
    this.inodes = new Inodes(options.most, new Answers(options.most))
    this.tree = new FileTree(options, this.inodes, options.work)
    this.mapped = new MappedFiles(this, options.memory)
  }

  get answers(): Answers {
    return this.inodes.answers
  }

  /** Something has happened for which a call may have been waiting. */
  changed(): void {
    this.#options.onEvent()
  }

  get now(): bigint {
    return this.#options.clock()
  }

  inode(ino: number): Inode {
    return this.inodes.get(ino)!
  }

  // ---- opening ------------------------------------------------------------------------------------------------------

  /**
   * open(2) of what a path leads to.
   * @param permissions of what is created @param self the process that asks
   * @returns an open file that no descriptor leads to yet, an error, or what has to come from the host first
   */
  open(found: Dentry, flags: number, permissions: number): OpenFile | number {
    const { inode } = found
    if ((flags & Open.TMPFILE) !== 0) return this.#openUnnamed(inode, flags, permissions)
    if (inode === undefined) {
      if ((flags & Open.CREAT) === 0) return -Errno.ENOENT
      if (found.isDirectoryMeant) return -Errno.EISDIR
      const created = this.create(found, { kind: 'file', permissions, contents: nothingWritten() })
      return typeof created === 'number' ? created : this.#opened(created, found, flags)
    }
    const refused = refusal(inode, found, flags)
    if (refused !== 0) return refused
    if ((flags & Open.TRUNC) !== 0 && inode.kind === 'file' && (flags & Open.PATH) === 0) this.resize(inode, 0)
    return this.#opened(inode, found, flags)
  }

  #openUnnamed(inode: Inode | undefined, flags: number, permissions: number): OpenFile | number {
    if (inode === undefined) return -Errno.ENOENT
    if (inode.kind !== 'directory') return -Errno.ENOTDIR
    if ((flags & Open.ACCMODE) === Open.RDONLY) return -Errno.EINVAL
    if (!permits(inode, WRITE | SEARCH)) return -Errno.EACCES
    const file = this.#made({ kind: 'file', permissions, contents: nothingWritten(), links: 0 })
    if (typeof file === 'number') return file
    return this.openFiles.open({ kind: 'file', ino: file.ino, path: '' }, flags & ~(Open.TMPFILE | Open.DIRECTORY))
  }

  #opened(inode: Inode, { directory, name }: Dentry, flags: number): OpenFile | number {
    const { ino } = inode
    const path = this.#pathOf(inode, directory, name)
    switch (inode.kind) {
      case 'file':
      case 'directory':
      case 'pipe':
      case 'link':
        return this.openFiles.open({ kind: inode.kind, ino, path }, flags)
      case 'device':
        return this.openFiles.open({ kind: 'device', ino, path, device: inode.device }, flags)
      case 'proc': {
        const text = procText(inode.proc, this.#options.processes, this.#options.machine())
        if (text === undefined) return -Errno.ENOENT
        return this.openFiles.open({ kind: 'text', ino, path, bytes: new TextEncoder().encode(text) }, flags)
      }
    }
  }

  #pathOf(inode: Inode, directory: DirectoryInode, name: string): string {
    if (inode.kind === 'directory') return this.tree.pathOf(inode) ?? ''
    const path = this.tree.pathOf(directory)
    return path === undefined ? '' : joined(path, name)
  }

  /** A standard stream of the first process. */
  openStream(stream: 0 | 1 | 2): OpenFile {
    const ino = this.tree.streams[stream]!
    const device = (['stdin', 'stdout', 'stderr'] as const)[stream]
    return this.openFiles.open({ kind: 'device', ino, path: '', device }, stream === 0 ? Open.RDONLY : Open.WRONLY)
  }

  /** A pipe without a name. @returns an error where there is no room */
  createPipe(): Inode | number {
    return this.#made({ kind: 'pipe', permissions: 0o600, links: 0, pages: [] })
  }

  /** Where the link of /proc to an open file leads. */
  nameOf({ ino, path, kind }: OpenFile): string {
    if (path !== '') return (this.inodes.get(ino)?.links ?? 0) > 0 ? path : `${path} (deleted)`
    return kind === 'device' || kind === 'pipe' ? `pipe:[${ino}]` : `/ (deleted)`
  }

  #closed(file: OpenFile): void {
    this.locks.forget(`open file ${file.id}`)
    this.changed()
    const inode = this.inodes.get(file.ino)
    if (inode !== undefined) this.#forgetUnused(inode)
  }

  /** What has no name and is not open is gone. */
  #forgetUnused(inode: Inode): void {
    if (inode.links > 0 || this.openFiles.of(inode.ino).length > 0) return
    this.inodes.forget(inode)
  }

  // ---- names --------------------------------------------------------------------------------------------------------

  /** Puts something new where a path leads and nothing is. @returns it, or an error */
  create({ directory, name }: Dentry, what: NewInode): Inode | number {
    const refused = this.#refusesNames(directory)
    if (refused !== 0) return refused
    const inode = this.#made(
      what.kind === 'directory' ? { ...what, links: 2, entries: new Map(), parent: directory.ino, name } : what,
    )
    if (typeof inode === 'number') return inode
    const entered = this.#enter(directory, name, inode.ino)
    if (entered === 0) {
      if (inode.kind === 'directory') this.inodes.change(directory).links++
      return inode
    }
    this.inodes.forget(inode)
    return entered
  }

  #made(what: NewInode): Inode | number {
    const now = this.now
    const times = { modified: now, changed: now, accessed: now }
    const inode = { ino: this.inodes.number(), uid: UID, gid: UID, links: 1, ...times, ...what } as Inode
    return this.inodes.add(inode) ? inode : -Errno.ENOSPC
  }

  #refusesNames(directory: DirectoryInode): number {
    if (directory.links === 0) return -Errno.ENOENT
    return permits(directory, WRITE | SEARCH) && directory.proc === undefined ? 0 : -Errno.EACCES
  }

  #enter(directory: DirectoryInode, name: string, ino: number): number {
    const entered = this.inodes.enter(directory, name, ino)
    if (entered === 0) this.#touch(directory)
    return entered
  }

  #touch(inode: Inode): void {
    Object.assign(this.inodes.change(inode), { modified: this.now, changed: this.now })
  }

  /** link(2): one more name for `inode`. */
  link(inode: Inode, { directory, name, inode: there, isDirectoryMeant }: Dentry): number {
    if (inode.kind === 'directory') return -Errno.EPERM
    if (there !== undefined) return -Errno.EEXIST
    if (isDirectoryMeant || inode.links === 0) return -Errno.ENOENT
    const refused = this.#refusesNames(directory)
    if (refused !== 0) return refused
    const entered = this.#enter(directory, name, inode.ino)
    if (entered === 0) this.#relink(inode, 1)
    return entered
  }

  #relink(inode: Inode, by: number): void {
    const changed = this.inodes.change(inode)
    changed.links += by
    changed.changed = this.now
    this.#forgetUnused(changed)
  }

  /** unlink(2). Who has it open keeps it. */
  unlink({ directory, name, inode, isDirectoryMeant }: Dentry): number {
    if (inode === undefined) return -Errno.ENOENT
    if (isDirectoryMeant && inode.kind !== 'directory') return -Errno.ENOTDIR
    const refused = this.#refusesNames(directory)
    if (refused !== 0) return refused
    if (inode.kind === 'directory') return -Errno.EISDIR
    if (!this.#mayTake(directory, inode)) return -Errno.EPERM
    this.#leave(directory, name)
    this.#relink(inode, -1)
    return 0
  }

  /** In a directory that is everybody's, one may take away what is one's own. */
  #mayTake(directory: DirectoryInode, inode: Inode): boolean {
    return (directory.permissions & STICKY) === 0 || directory.uid === UID || inode.uid === UID
  }

  #leave(directory: DirectoryInode, name: string): void {
    this.inodes.leave(directory, name)
    this.#touch(directory)
  }

  /** rmdir(2). */
  removeDirectory({ directory, name, inode }: Dentry): number | HostRequest {
    if (inode === undefined) return -Errno.ENOENT
    if (name === '.') return -Errno.EINVAL
    if (name === '..') return -Errno.ENOTEMPTY
    if (name === '') return -Errno.EBUSY
    const refused = this.#refusesNames(directory)
    if (refused !== 0) return refused
    if (inode.kind !== 'directory') return -Errno.ENOTDIR
    if (!this.#mayTake(directory, inode)) return -Errno.EPERM
    const empty = this.#isEmpty(inode)
    if (empty !== true) return empty === false ? -Errno.ENOTEMPTY : empty
    this.#leave(directory, name)
    this.inodes.change(directory).links--
    this.#relink(inode, -inode.links)
    return 0
  }

  #isEmpty(directory: DirectoryInode): boolean | HostRequest {
    const listing = this.tree.listing(directory, 0)
    return 'wants' in listing ? listing : listing.size === 0
  }

  /** renameat2(2). */
  rename(from: Dentry, to: Dentry, flags: number): number | HostRequest {
    const { inode } = from
    const target = to.inode
    if ([from.name, to.name].some(name => SPECIAL.has(name))) return -Errno.EBUSY
    if (inode === undefined) return -Errno.ENOENT
    const isDirectory = inode.kind === 'directory'
    if (target === undefined && to.isDirectoryMeant && !isDirectory) return -Errno.ENOTDIR
    if (from.isDirectoryMeant && !isDirectory) return -Errno.ENOTDIR
    if (flags === RENAME_EXCHANGE && target === undefined) return -Errno.ENOENT
    if (flags === RENAME_NOREPLACE && target !== undefined) return -Errno.EEXIST
    const refused = this.#refusesNames(from.directory) || this.#refusesNames(to.directory)
    if (refused !== 0) return refused
    if (!this.#mayTake(from.directory, inode)) return -Errno.EPERM
    if (isDirectory && this.#isWithin(to.directory, inode)) return -Errno.EINVAL
    if (target?.ino === inode.ino) return 0
    if (flags === RENAME_EXCHANGE) return this.#exchange(from, to)
    if (target !== undefined) {
      const gone = this.#makeWay(inode, to)
      if (gone !== 0) return gone
    }
    const entered = this.#enter(to.directory, to.name, inode.ino)
    if (entered !== 0) return entered
    this.#leave(from.directory, from.name)
    this.#moved(inode, from, to)
    return 0
  }

  #makeWay(inode: Inode, to: Dentry): number | HostRequest {
    if (inode.kind === 'directory') {
      if (to.inode!.kind !== 'directory') return -Errno.ENOTDIR
      return this.removeDirectory(to)
    }
    if (to.inode!.kind === 'directory') return -Errno.EISDIR
    return this.unlink({ ...to, isDirectoryMeant: false })
  }

  #exchange(from: Dentry, to: Dentry): number {
    this.#enter(from.directory, from.name, to.inode!.ino)
    this.#enter(to.directory, to.name, from.inode!.ino)
    this.#moved(to.inode!, to, from)
    this.#moved(from.inode!, from, to)
    return 0
  }

  #moved(inode: Inode, from: Dentry, to: Dentry): void {
    const moved = this.inodes.change(inode)
    moved.changed = this.now
    if (moved.kind !== 'directory') return
    moved.parent = to.directory.ino
    moved.name = to.name
    this.inodes.change(from.directory).links--
    this.inodes.change(to.directory).links++
  }

  #isWithin(directory: DirectoryInode, outer: Inode): boolean {
    for (let at = directory; ; at = this.inodes.get(at.parent) as DirectoryInode) {
      if (at.ino === outer.ino) return true
      if (at.ino === at.parent) return false
    }
  }

  // ---- changes ------------------------------------------------------------------------------------------------------

  /** Cut, or grown with zeros. */
  resize(inode: FileInode, length: number): void {
    this.mapped.writeBack(inode.ino)
    const file = this.inodes.change(inode)
    this.#options.work.charge(file.contents.blocks.size)
    const before = file.contents.length
    file.contents = resized(file.contents, length, this.inodes)
    this.mapped.written(inode.ino, Math.min(before, length), Math.max(before, length))
    this.#touch(file)
  }

  /** fchmod(2), fchown(2), utimensat(2), as far as an ordinary user may. */
  changeAttributes(inode: Inode, attributes: Partial<Inode>): number {
    if (inode.uid !== UID) return -Errno.EPERM
    Object.assign(this.inodes.change(inode), { changed: this.now }, attributes)
    return 0
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): FileSystemState {
    return {
      inodes: this.inodes.save(),
      openFiles: this.openFiles.save(),
      locks: this.locks.save(),
      mapped: this.mapped.save(),
      answers: this.answers.save(),
      input: this.input.copy(),
      inputEnded: this.inputEnded,
    }
  }

  restore(state: FileSystemState): void {
    this.inodes.restore(state.inodes)
    this.openFiles.restore(state.openFiles)
    this.locks.restore(state.locks)
    this.mapped.restore(state.mapped)
    this.answers.restore(state.answers)
    this.input.clear()
    this.input.add(state.input)
    this.inputEnded = state.inputEnded
  }
}

const STICKY = 0o1000
export const RENAME_NOREPLACE = 1
export const RENAME_EXCHANGE = 2
/** What a path can end in that is no name. */
const SPECIAL: ReadonlySet<string> = new Set(['', '.', '..'])

/** Why what there is cannot be opened so; 0 where it can. */
function refusal(inode: Inode, { isDirectoryMeant }: Dentry, flags: number): number {
  const isDirectory = inode.kind === 'directory'
  const writes = (flags & Open.ACCMODE) !== Open.RDONLY
  if ((flags & (Open.CREAT | Open.EXCL)) === (Open.CREAT | Open.EXCL)) return -Errno.EEXIST
  if (inode.kind === 'link' && (flags & Open.DIRECTORY) !== 0) return -Errno.ENOTDIR
  if (inode.kind === 'link') return (flags & Open.PATH) !== 0 ? 0 : -Errno.ELOOP
  if (!isDirectory && ((flags & Open.DIRECTORY) !== 0 || isDirectoryMeant)) return -Errno.ENOTDIR
  if ((flags & Open.PATH) !== 0) return 0
  if (isDirectory && (writes || (flags & Open.CREAT) !== 0)) return -Errno.EISDIR
  const wanted = ((flags & Open.ACCMODE) !== Open.WRONLY ? READ : 0) | (writes || flags & Open.TRUNC ? WRITE : 0)
  return permits(inode, wanted) ? 0 : -Errno.EACCES
}
