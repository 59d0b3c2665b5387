// What programs have changed below a directory of the host's, for whoever wants it there too.

import type { Contents } from './contents.ts'
import type { FileSystem } from './fileSystem.ts'
import { BEGINNING } from './fileTree.ts'
import type { DirectoryInode, Inode } from './inodes.ts'
import { joined } from './paths.ts'

/** What is to be at a place, which the names lead to from the directory. */
export type FileChange = { readonly names: readonly string[] } & (
  | { readonly kind: 'directory'; readonly permissions: number }
  | { readonly kind: 'file'; readonly contents: Contents; readonly permissions: number }
  | { readonly kind: 'link'; readonly target: string }
  /** What the host has at another place, all of it: it was moved. */
  | { readonly kind: 'moved'; readonly from: string }
  | { readonly kind: 'gone' }
)

/** Changes below `path`, which the host has; directories come before what is in them, and what is gone at the end. */
export function changesBelow(system: FileSystem, path: string): readonly FileChange[] {
  system.mapped.writeBackAll()
  const directory = directoryAt(system, path)
  if (directory === undefined) return []
  const changes: FileChange[] = []
  const gone: FileChange[] = []
  const visit = (at: DirectoryInode, names: readonly string[]): void => {
    const place = names.reduce(joined, path)
    for (const [name, ino] of at.entries) {
      const here = [...names, name]
      const inode = system.inodes.get(ino)
      const change = changeOf(inode, here, joined(place, name), at)
      if (change !== undefined) changes.push(change)
      if (inode?.kind === 'directory') visit(inode, here)
    }
    if (at.base !== place) return
    for (const name of at.gone ?? []) if (!at.entries.has(name)) gone.push({ names: [...names, name], kind: 'gone' })
  }
  visit(directory, [])
  return [...changes, ...gone]
}

function directoryAt({ inodes, tree }: FileSystem, path: string): DirectoryInode | undefined {
  let at = inodes.get(tree.root)
  for (const name of path.split('/').filter(part => part !== '')) {
    const ino = at?.kind === 'directory' ? at.entries.get(name) : undefined
    at = ino === undefined ? undefined : inodes.get(ino)
  }
  return at?.kind === 'directory' ? at : undefined
}

/** @param place where the host would have it */
function changeOf(
  inode: Inode | undefined,
  names: readonly string[],
  place: string,
  directory: DirectoryInode,
): FileChange | undefined {
  switch (inode?.kind) {
    case undefined: {
      // Nobody has asked what it is: it is as the host has it.
      const from = joined(directory.base ?? '', names.at(-1)!)
      return from === place ? undefined : { names, kind: 'moved', from }
    }
    case 'directory':
      if (inode.base === place && inode.changed === BEGINNING) return undefined
      return { names, kind: 'directory', permissions: inode.permissions }
    case 'file': {
      const { contents, permissions, changed } = inode
      const isAsItWas = contents.base?.path === place && changed === BEGINNING
      return isAsItWas ? undefined : { names, kind: 'file', contents, permissions }
    }
    case 'link':
      return inode.changed === BEGINNING ? undefined : { names, kind: 'link', target: inode.target }
    case 'pipe':
    case 'device':
    case 'proc':
      return undefined
  }
}
