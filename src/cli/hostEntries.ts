// What a process asks of the files of this machine: the whole of a file, or the names in a directory.

import { readdir, readFile, stat } from 'node:fs/promises'
import type { HostEntry } from '../linux/host.ts'

export async function hostEntry(path: string): Promise<HostEntry> {
  try {
    if ((await stat(path)).isDirectory()) return { kind: 'directory', names: (await readdir(path)).sort() }
    return { kind: 'file', bytes: await readFile(path) }
  } catch {
    // What cannot be read is not there for the program either.
    return { kind: 'none' }
  }
}
