// The tree of files as a process finds it: what the host has, as it is asked for; what programs have made of it, which
// the host never sees; and /dev, /proc and /tmp, which are the machine's own.

import { Errno, UID } from './abi.ts'
import { nothingWritten, written } from './contents.ts'
import { type HostEntry, type HostRequest, PROGRAM } from './host.ts'
import type { DeviceName, DirectoryInode, Inode, Inodes, LinkInode } from './inodes.ts'
import { isBelow, joined, namesOf } from './paths.ts'
import { type ProcessList, procEntry } from './proc.ts'
import type { Work } from './work.ts'

export interface FileTreeOptions {
  /** Absolute path of the directory that is visible, as the process knows it; `/` where all it sees is in there. */
  readonly visible: string
  /** Absolute path of the program, which is visible too. */
  readonly executable: string
  /** The processes that /proc tells of. */
  readonly processes: ProcessList
}

/** What is meant by a path that ends in a link: where it leads, the link, or the name. */
export type PathEnd = 'target' | 'link' | 'name'

/** Where a path leads: to a name in a directory. As the kernel's, it may be negative, for something that is not there. */
export interface Dentry {
  readonly directory: DirectoryInode
  /** In that directory; `.` or `..` where the path ends so, and empty for the root. */
  readonly name: string
  /** Undefined where there is nothing of that name. */
  readonly inode: Inode | undefined
  /** A slash stood at the end: a directory was meant. */
  readonly isDirectoryMeant: boolean
}

const MOST_LINKS = 40
const LONGEST_NAME = 255
/** Work for a part of a path, and for a name the host has handed in. */
const PART = 100
/** 2000-01-01, in nanoseconds since 1970: the clock begins then, and what the host has was there. */
export const BEGINNING = 946_684_800_000_000_000n
const FILE_PERMISSIONS = 0o644
const DIRECTORY_PERMISSIONS = 0o755
const EVERYBODYS = 0o1777
const SYSTEM_UID = 0

const DEVICES: Readonly<Record<string, DeviceName>> = {
  null: 'null',
  zero: 'zero',
  full: 'full',
  random: 'random',
  urandom: 'random',
  tty: 'tty',
}
const DEVICE_LINKS = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
}

/** Who there is, for programs that ask for a name: the machine's own user, and nobody of the host's. */
const USERS: Readonly<Record<string, string>> = {
  passwd: `user:x:${UID}:${UID}:user:/tmp:/bin/sh\n`,
  group: `user:x:${UID}:\n`,
}

type Looked = Inode | number | HostRequest

export const isInode = (looked: Looked | string): looked is Inode => typeof looked === 'object' && 'ino' in looked

export class FileTree {
  readonly inodes: Inodes
  readonly root: number
  /** The standard streams' inodes, which have no name of their own. */
  readonly streams: readonly number[]
  readonly #work: Work
  readonly #options: FileTreeOptions
  /** The program, where it may not be below the visible directory. */
  readonly #program: number | undefined

  constructor(options: FileTreeOptions, inodes: Inodes, work: Work) {
    this.inodes = inodes
    this.#work = work
    this.#options = options
    const isAll = options.visible === '/'
    const root = inodes.number()
    this.root = root
    inodes.add({
      ...ownedBySystem(root, DIRECTORY_PERMISSIONS),
      kind: 'directory',
      entries: new Map(),
      parent: root,
      name: '',
      base: '/',
      isUnlisted: isAll,
      ...(isAll && { uid: UID, gid: UID }),
    })
    const dev = this.#addDirectory(this.#rootDirectory, 'dev', DIRECTORY_PERMISSIONS)
    for (const [name, device] of Object.entries(DEVICES)) this.#put(dev, name, 0o666, { kind: 'device', device })
    for (const [name, target] of Object.entries(DEVICE_LINKS)) this.#put(dev, name, 0o777, { kind: 'link', target })
    this.#addDirectory(dev, 'shm', EVERYBODYS)
    this.streams = (['stdin', 'stdout', 'stderr'] as const).map(device => {
      const ino = inodes.number()
      inodes.add({ ...ownedBySystem(ino, 0o600), uid: UID, gid: UID, kind: 'device', device })
      return ino
    })
    this.#addDirectory(this.#rootDirectory, 'proc', 0o555, { proc: '' })
    this.#addDirectory(this.#rootDirectory, 'tmp', EVERYBODYS)
    if (!isAll) {
      const etc = this.#addDirectory(this.#rootDirectory, 'etc', DIRECTORY_PERMISSIONS)
      for (const [name, text] of Object.entries(USERS))
        this.#put(etc, name, FILE_PERMISSIONS, { kind: 'file', contents: written(text) })
      const directory = this.#wayTo(options.visible)
      Object.assign(inodes.change(directory), { isUnlisted: true, uid: UID, gid: UID })
    }
    if (!isAll && isBelow(options.visible, options.executable)) return
    this.#program = inodes.number()
    if (!isAll) inodes.enter(this.#wayTo(parentOf(options.executable)), baseOf(options.executable), this.#program)
  }

  get #rootDirectory(): DirectoryInode {
    return this.inodes.get(this.root) as DirectoryInode
  }

  // ---- what is the machine's own ------------------------------------------------------------------------------------

  #put(directory: DirectoryInode, name: string, permissions: number, what: Partial<Inode>): Inode {
    const ino = this.inodes.number()
    const inode = { ...ownedBySystem(ino, permissions), ...what } as Inode
    this.inodes.add(inode)
    this.inodes.enter(directory, name, ino)
    return inode
  }

  #addDirectory(parent: DirectoryInode, name: string, permissions: number, more: Partial<DirectoryInode> = {}) {
    const what = { kind: 'directory', entries: new Map(), parent: parent.ino, name, ...more } as const
    this.inodes.change(parent).links++
    return this.#put(parent, name, permissions, { ...what, links: 2 }) as DirectoryInode
  }

  /** Directories that lead to what is visible, and where nothing else is. */
  #wayTo(path: string): DirectoryInode {
    let directory = this.#rootDirectory
    let base = ''
    for (const name of namesOf(path)) {
      base += `/${name}`
      const ino = directory.entries.get(name)
      const there = ino === undefined ? undefined : this.inodes.get(ino)
      const next = there ?? this.#addDirectory(directory, name, DIRECTORY_PERMISSIONS)
      directory = this.inodes.change(next as DirectoryInode)
      Object.assign(directory, { base })
    }
    return directory
  }

  // ---- looking up ---------------------------------------------------------------------------------------------------

  /** All names in a directory and their inode numbers. @param self the process that asks */
  listing(directory: DirectoryInode, self: number): ReadonlyMap<string, number> | HostRequest {
    if (directory.proc !== undefined) return this.#procListing(directory, directory.proc, self)
    const listed = this.#listed(directory)
    return 'wants' in listed ? listed : listed.entries
  }

  /** With the names of the host's among its entries. */
  #listed(directory: DirectoryInode): DirectoryInode | HostRequest {
    if (directory.isUnlisted !== true) return directory
    const entry = this.inodes.answers.entry(directory.base!)
    if ('wants' in entry) return entry
    const listed = this.inodes.change(directory)
    listed.isUnlisted = false
    if (entry.kind !== 'directory') return listed
    listed.permissions = entry.mode ?? listed.permissions
    for (const name of entry.names) if (!listed.entries.has(name)) this.inodes.enter(listed, name, this.inodes.number())
    this.#work.charge(entry.names.length)
    return listed
  }

  /** What `name` is in a directory, or why there is nothing. */
  child(directory: DirectoryInode, name: string, self: number): Looked {
    if (directory.proc !== undefined) return this.#procChild(directory, directory.proc, name, self)
    // What is the machine's own is there whatever the host has.
    const listed = directory.entries.has(name) ? directory : this.#listed(directory)
    if ('wants' in listed) return listed
    const ino = listed.entries.get(name)
    if (ino === undefined) return -Errno.ENOENT
    return this.inodes.get(ino) ?? this.#fromHost(listed, name, ino)
  }

  #fromHost(directory: DirectoryInode, name: string, ino: number): Looked {
    const path = ino === this.#program ? PROGRAM : joined(directory.base!, name)
    const entry = this.inodes.answers.entry(path)
    if ('wants' in entry) return entry
    const inode = this.#made(entry, { ino, parent: directory.ino, name, path })
    if (inode === undefined) return -Errno.ENOENT
    return this.inodes.add(inode) ? inode : -Errno.ENOMEM
  }

  #made(
    entry: HostEntry,
    { ino, parent, name, path }: { ino: number; parent: number; name: string; path: string },
  ): Inode | undefined {
    const common = { ...ownedBySystem(ino, 0), uid: UID, gid: UID }
    switch (entry.kind) {
      case 'none':
        return undefined
      case 'link':
        return { ...common, kind: 'link', permissions: 0o777, target: entry.target }
      case 'file': {
        const contents = { ...nothingWritten(), length: entry.size, base: { path, length: entry.size } }
        return { ...common, kind: 'file', permissions: entry.mode ?? FILE_PERMISSIONS, contents }
      }
      case 'directory': {
        this.#work.charge(entry.names.length)
        const entries = new Map(entry.names.map(each => [each, this.inodes.number()]))
        const permissions = entry.mode ?? DIRECTORY_PERMISSIONS
        return { ...common, kind: 'directory', permissions, links: 2, entries, parent, name, base: path }
      }
    }
  }

  // ---- /proc --------------------------------------------------------------------------------------------------------

  #procListing(directory: DirectoryInode, path: string, self: number): ReadonlyMap<string, number> {
    const entry = procEntry(path, self, this.#options.processes)
    const names = entry?.kind === 'directory' ? entry.names : []
    this.#work.charge(names.length)
    return new Map(names.map(name => [name, directory.entries.get(name) ?? this.#procNumber(directory, name)]))
  }

  #procNumber(directory: DirectoryInode, name: string): number {
    const ino = this.inodes.number()
    this.inodes.enter(directory, name, ino)
    return ino
  }

  /** It is looked at anew each time: processes come and go. */
  #procChild(directory: DirectoryInode, parent: string, name: string, self: number): Looked {
    const proc = `${parent}/${name}`
    const entry = procEntry(proc, self, this.#options.processes)
    if (entry === undefined) return -Errno.ENOENT
    const ino = directory.entries.get(name) ?? this.#procNumber(directory, name)
    const known = this.inodes.get(ino)
    if (known !== undefined && (entry.kind !== 'link' || (known as LinkInode).target === entry.target)) return known
    if (known !== undefined) this.inodes.forget(known)
    const inode = procInode(entry, { ino, proc, name, parent: directory.ino })
    return this.inodes.add(inode) ? inode : -Errno.ENOMEM
  }

  // ---- paths --------------------------------------------------------------------------------------------------------

  /**
   * Follows `path` from a directory on.
   * @param end what is done about a link at its end; `link` is followed where a slash comes after it
   * @param self the process that asks
   */
  walk(start: DirectoryInode, path: string, end: PathEnd, self: number): Dentry | number | HostRequest {
    if (path === '') return -Errno.ENOENT
    let directory = path.startsWith('/') ? this.#rootDirectory : start
    const left = namesOf(path).reverse()
    const isDirectoryMeant = path.endsWith('/')
    let links = 0
    for (let last: Dentry = { directory, name: '', inode: directory, isDirectoryMeant }; ; ) {
      const name = left.pop()
      if (name === undefined) return last
      this.#work.charge(PART)
      const child = this.#step(directory, name, self)
      const isLast = left.length === 0
      if (child === -Errno.ENOENT && isLast) return { directory, name, inode: undefined, isDirectoryMeant }
      if (!isInode(child)) return child
      if (child.kind === 'link' && (!isLast || end === 'target' || (end === 'link' && isDirectoryMeant))) {
        if (++links > MOST_LINKS) return -Errno.ELOOP
        const target = this.#target(child)
        if (isInode(target)) {
          if (!isLast && target.kind !== 'directory') return -Errno.ENOTDIR
          last = { directory, name, inode: target, isDirectoryMeant }
          if (target.kind === 'directory') directory = target
          continue
        }
        if (typeof target !== 'string') return target
        if (target.startsWith('/')) directory = this.#rootDirectory
        last = { directory, name: '', inode: directory, isDirectoryMeant }
        left.push(...namesOf(target).reverse())
        continue
      }
      if (!isLast && child.kind !== 'directory') return -Errno.ENOTDIR
      last = { directory, name, inode: child, isDirectoryMeant }
      if (child.kind === 'directory') directory = child
    }
  }

  #step(directory: DirectoryInode, name: string, self: number): Looked {
    if (name.length > LONGEST_NAME) return -Errno.ENAMETOOLONG
    if (!permits(directory, SEARCH)) return -Errno.EACCES
    if (name === '.') return directory
    if (name === '..') return this.inodes.get(directory.parent) ?? -Errno.ENOENT
    return this.child(directory, name, self)
  }

  /** Where a link leads: a path, or for some links of /proc a file itself. */
  #target(link: LinkInode): string | Inode | number | HostRequest {
    const [, pid, kind, fd] = link.proc?.split('/') ?? []
    if (kind === 'exe' && link.target === this.#options.executable && this.#program !== undefined)
      return this.inodes.get(this.#program) ?? this.#fromHost(this.#rootDirectory, '', this.#program)
    if (kind !== 'fd') return link.target
    const file = this.#options.processes.view(Number(pid))?.descriptors.get(Number(fd))
    return (file && this.inodes.get(file.ino)) ?? -Errno.ENOENT
  }

  /** Of a directory that has not been removed. */
  pathOf(directory: DirectoryInode): string | undefined {
    const names: string[] = []
    for (let at = directory; at.ino !== this.root; ) {
      const parent = this.inodes.get(at.parent)
      if (at.links === 0 || parent?.kind !== 'directory') return undefined
      names.unshift(at.name)
      at = parent
    }
    return `/${names.join('/')}`
  }
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const ownedBySystem = (ino: number, permissions: number) => ({
  ...{ ino, permissions, uid: SYSTEM_UID, gid: SYSTEM_UID, links: 1 },
  ...{ modified: BEGINNING, changed: BEGINNING, accessed: BEGINNING },
})

function procInode(
  entry: NonNullable<ReturnType<typeof procEntry>>,
  { ino, proc, name, parent }: { ino: number; proc: string; name: string; parent: number },
): Inode {
  const common = { ...ownedBySystem(ino, 0o444), proc }
  switch (entry.kind) {
    case 'directory':
      return { ...common, kind: 'directory', permissions: 0o555, links: 2, entries: new Map(), parent, name }
    case 'link':
      return { ...common, kind: 'link', permissions: 0o777, target: entry.target }
    case 'proc':
      return { ...common, kind: 'proc' }
  }
}

// ---- permissions ------------------------------------------------------------------------------------------------------

export const READ = 4
export const WRITE = 2
export const SEARCH = 1

/** Whether an ordinary user may do all of `wanted`. */
export function permits({ permissions, uid, gid }: Inode, wanted: number): boolean {
  const shift = uid === UID ? 6 : gid === UID ? 3 : 0
  return ((permissions >>> shift) & wanted) === wanted
}
