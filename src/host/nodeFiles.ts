// The gate to the files of this machine. A place is resolved to its real path, which is held to be beneath its folder;
// only a regular file is opened, without waiting and without following a link that has come in the meantime; and what
// was opened is compared with what is there then. Node has no openat: a change between the two looks is noticed.

import { type BigIntStats, constants } from 'node:fs'
import { lstat, open, opendir, readlink, realpath } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { ClientFiles, FilePlace, Found } from '../dap/host.ts'

const READ_ONLY =
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0) | (constants.O_NOCTTY ?? 0)
/** Bytes of one answer. */
const LONGEST_READ = 16 << 20
const MOST_NAMES = 1 << 16
const PERMISSIONS = 0o777

/** Why a place is not opened; ends "cannot read …: ". */
class Refused extends Error {}

export const nodeFiles: ClientFiles = {
  async stat(place) {
    const link = await linkAt(place)
    return { ...(await stat(place)), ...(link !== undefined && { link }) }
  },

  async read(place, offset, length) {
    try {
      return await read(place, offset, length)
    } catch (error) {
      throw new Error(reason(error))
    }
  },

  real: path => realpath(path).catch(() => undefined),

  async names(place) {
    try {
      return await names(place)
    } catch {
      return undefined
    }
  },
}

async function stat(place: FilePlace): Promise<Found> {
  try {
    const stats = await lstat(await held(place), { bigint: true })
    // Windows has no such permissions.
    const mode = process.platform === 'win32' ? {} : { mode: Number(stats.mode) & PERMISSIONS }
    if (stats.isFile()) return { kind: 'file', size: Number(stats.size), ...mode }
    return stats.isDirectory() ? { kind: 'directory', ...mode } : { kind: 'none', why: NOT_REGULAR }
  } catch (error) {
    return { kind: 'none', why: reason(error) }
  }
}

/** What is written in the link that the last name of a place beneath a folder is. */
async function linkAt(place: FilePlace): Promise<string | undefined> {
  if (typeof place === 'string' || place.names.length === 0) return undefined
  const { folder, names } = place
  try {
    return await readlink(join(await held({ folder, names: names.slice(0, -1) }), names.at(-1)!))
  } catch {
    return undefined
  }
}

const NOT_REGULAR = 'it is neither a file nor a folder'

/** The real path of `place`. @throws Refused where that is not beneath its folder. */
async function held(place: FilePlace): Promise<string> {
  if (typeof place === 'string') return await realpath(place)
  const folder = await realpath(place.folder)
  // Beneath the root of a file system is everything, the debugger's own files in /proc too.
  if (dirname(folder) === folder) throw new Refused('the folder of the program is the root of the file system')
  const path = await realpath(join(folder, ...place.names))
  if (path !== folder && !path.startsWith(folder + sep)) throw new Refused('it leads out of the folder of the program')
  return path
}

async function read(place: FilePlace, offset: number, length: number): Promise<Uint8Array> {
  const path = await held(place)
  if (!(await lstat(path)).isFile()) throw new Refused(NOT_REGULAR)
  const file = await open(path, READ_ONLY)
  try {
    const opened = await file.stat({ bigint: true })
    if (!opened.isFile() || (await held(place)) !== path || !same(opened, await lstat(path, { bigint: true })))
      throw new Refused('it was replaced while it was opened')
    const bytes = new Uint8Array(Math.max(0, Math.min(length, LONGEST_READ, Number(opened.size) - offset)))
    let done = 0
    while (done < bytes.length) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return bytes.subarray(0, done)
  } finally {
    await file.close()
  }
}

const same = (a: BigIntStats, b: BigIntStats): boolean => a.dev === b.dev && a.ino === b.ino

async function names(place: FilePlace): Promise<readonly string[]> {
  const path = await held(place)
  const list: string[] = []
  for await (const { name } of await opendir(path)) {
    list.push(name)
    if (list.length === MOST_NAMES) break
  }
  if ((await held(place)) !== path) throw new Refused('it was replaced while it was opened')
  return list.sort()
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file'
  if (code === 'EACCES') return 'permission denied'
  if (code === 'ELOOP') return 'it is a link that leads to itself'
  if (code === 'ENAMETOOLONG') return 'its path is too long'
  if (code === 'ERR_INVALID_ARG_VALUE') return 'its path has a zero byte'
  return message
}
