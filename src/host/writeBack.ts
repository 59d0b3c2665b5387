// Brings what a program has changed below a directory to that directory. What is new is written beside it first and then
// put in place, each file at once; nothing outside is touched, whatever links there are: places are held to their real
// paths, and what is a link is replaced, never followed.

import { chmod, lstat, mkdir, mkdtemp, open, realpath, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileChange } from '../linux/changes.ts'
import { BLOCK } from '../linux/contents.ts'
import type { HostAnswer, HostRequest } from '../linux/host.ts'
import { beneath } from '../util/beneath.ts'

/** Whoever has the host's files as the program saw them. */
export interface HostFiles {
  answer(request: Exclude<HostRequest, { wants: 'stdin' }>): Promise<HostAnswer>
}

const PIECE = 256 << 10
/** A program sets no user that others would run as. */
const PERMISSIONS = 0o777

/** @returns sentences about what has not been brought there. */
export async function writeBack(
  directory: string,
  changes: readonly FileChange[],
  files: HostFiles,
): Promise<readonly string[]> {
  if (changes.length === 0) return []
  const root = await realpath(directory)
  const stage = await mkdtemp(join(root, '.ppc440-'))
  const problems: string[] = []
  try {
    const placed = await staged(stage, changes, files, problems)
    for (const change of placed) {
      const place = await heldPlace(root, change.names)
      if (place === undefined) problems.push(`${change.names.join('/')}: a link is in its way`)
      else await put(place, change)
    }
    await permit(root, placed)
  } finally {
    await rm(stage, { recursive: true })
  }
  return problems
}

/** A change, and where its bytes wait. */
type Staged = FileChange & { readonly staged?: string }

/** Nothing is put in place before all of it could be read. */
async function staged(
  stage: string,
  changes: readonly FileChange[],
  files: HostFiles,
  problems: string[],
): Promise<readonly Staged[]> {
  const all: Staged[] = []
  for (const change of await unfolded(changes, files)) {
    const path = change.names.join('/')
    if (beneath('/', path) === undefined) problems.push(`${path}: no file can have this name`)
    else if (change.kind === 'link' && leadsOut(change.names, change.target))
      problems.push(`${path}: this link leads out of the directory`)
    else if (change.kind !== 'file') all.push(change)
    else all.push({ ...change, staged: await stageFile(join(stage, `${all.length}`), change, files) })
  }
  return all
}

/** What was moved as a whole, one by one. */
async function unfolded(changes: readonly FileChange[], files: HostFiles): Promise<readonly FileChange[]> {
  const all: FileChange[] = []
  const unfold = async (names: readonly string[], from: string): Promise<void> => {
    const answer = await files.answer({ wants: 'path', path: from })
    const entry = answer.kind === 'path' ? answer.entry : undefined
    if (entry?.kind === 'file') {
      const contents = { length: entry.size, blocks: new Map(), base: { path: from, length: entry.size } }
      all.push({ names, kind: 'file', contents, permissions: entry.mode ?? 0o644 })
    } else if (entry?.kind === 'link') all.push({ names, kind: 'link', target: entry.target })
    else if (entry?.kind === 'directory') {
      all.push({ names, kind: 'directory', permissions: entry.mode ?? 0o755 })
      for (const name of entry.names) await unfold([...names, name], `${from}/${name}`)
    }
  }
  for (const change of changes) {
    if (change.kind === 'moved') await unfold(change.names, change.from)
    else all.push(change)
  }
  return all
}

function leadsOut(names: readonly string[], target: string): boolean {
  let depth = names.length - 1
  for (const part of target.split('/')) {
    depth += part === '..' ? -1 : part === '' || part === '.' ? 0 : 1
    if (depth < 0) return true
  }
  return target.startsWith('/')
}

async function stageFile(
  path: string,
  { contents, permissions }: FileChange & { kind: 'file' },
  files: HostFiles,
): Promise<string> {
  const { length, blocks, base } = contents
  const file = await open(path, 'wx', permissions & PERMISSIONS)
  try {
    await file.truncate(length)
    for (let offset = 0; offset < (base?.length ?? 0); offset += PIECE) {
      const answer = await files.answer({ wants: 'piece', path: base!.path, offset, length: PIECE })
      const bytes = answer.kind === 'piece' ? answer.bytes : undefined
      if (bytes === undefined) throw new Error(`cannot read ${base!.path}`)
      await file.write(bytes.subarray(0, base!.length - offset), 0, undefined, offset)
    }
    for (const [number, block] of blocks)
      await file.write(block.subarray(0, length - number * BLOCK), 0, undefined, number * BLOCK)
    await file.chmod(permissions & PERMISSIONS)
  } finally {
    await file.close()
  }
  return path
}

/** The path that names lead to, all but the last of which are directories and no links. */
async function heldPlace(root: string, names: readonly string[]): Promise<string | undefined> {
  const parent = join(root, ...names.slice(0, -1))
  return (await realpath(parent).catch(() => undefined)) === parent ? join(parent, names.at(-1)!) : undefined
}

/** Directories get their permissions last, the innermost first: they may forbid to put anything there. */
async function permit(root: string, changes: readonly Staged[]): Promise<void> {
  for (const change of [...changes].reverse()) {
    const place = change.kind === 'directory' ? await heldPlace(root, change.names) : undefined
    if (change.kind !== 'directory' || place === undefined) continue
    const stats = await lstat(place)
    const wanted = change.permissions & PERMISSIONS
    if (stats.isDirectory() && (stats.mode & PERMISSIONS) !== wanted) await chmod(place, wanted)
  }
}

async function put(place: string, change: Staged): Promise<void> {
  const there = await lstat(place).catch(() => undefined)
  switch (change.kind) {
    case 'directory':
      if (there?.isDirectory() === true) return
      if (there !== undefined) await rm(place)
      return void (await mkdir(place))
    case 'file':
      if (there?.isDirectory() === true) await rm(place, { recursive: true })
      return await rename(change.staged!, place)
    case 'link':
      if (there !== undefined) await rm(place, { recursive: true })
      return await symlink(change.target, place)
    case 'gone':
      return await rm(place, { recursive: true, force: true })
    case 'moved':
      return
  }
}
