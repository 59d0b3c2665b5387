// The gate to files that only the editor can reach: on a server, in a repository's page, in the browser. There a path
// has no real one to compare with, so nothing beneath a folder may be a link, nor lie in a folder that is one.

import type { ClientFiles, FilePlace, Found } from '../dap/host.ts'

/** The part of `vscode.workspace.fs` that is used, and how it names things. */
export interface VirtualFileSystem<Uri> {
  toUri(path: string): Uri
  join(folder: Uri, name: string): Uri
  stat(uri: Uri): PromiseLike<{ readonly type: number; readonly size: number }>
  readFile(uri: Uri): PromiseLike<Uint8Array>
  readDirectory(uri: Uri): PromiseLike<readonly (readonly [name: string, type: number])[]>
}

/** Bits of `vscode.FileType`. */
const FILE = 1
const DIRECTORY = 2
const LINK = 64

/** The editor hands in whole files, so none that is larger. */
const LARGEST = 256 << 20

export function virtualFiles<Uri>(fs: VirtualFileSystem<Uri>): ClientFiles {
  /** The file that is being read in pieces. */
  let last: { readonly key: string; readonly bytes: Uint8Array } | undefined

  const held = async (place: FilePlace): Promise<Uri> => {
    if (typeof place === 'string') return fs.toUri(place)
    let uri = fs.toUri(place.folder)
    for (const name of place.names) {
      uri = fs.join(uri, name)
      if (((await fs.stat(uri)).type & LINK) !== 0) throw new Error('it is a link, or behind one')
    }
    return uri
  }

  const find = async (place: FilePlace): Promise<Found> => {
    const { type, size } = await fs.stat(await held(place))
    if ((type & DIRECTORY) !== 0) return { kind: 'directory' }
    if ((type & FILE) === 0) return { kind: 'none', why: 'it is neither a file nor a folder' }
    return size > LARGEST ? { kind: 'none', why: 'it is larger than 256 MB' } : { kind: 'file', size }
  }

  return {
    stat: place => find(place).catch(error => ({ kind: 'none', why: reason(error) })),

    async read(place, offset, length) {
      const key = JSON.stringify(place)
      if (last?.key !== key || offset === 0) {
        const found = await this.stat(place)
        if (found.kind !== 'file') throw new Error(found.kind === 'none' ? found.why : 'it is a folder')
        last = { key, bytes: await fs.readFile(await held(place)) }
      }
      const { bytes } = last
      // Who has read to the end needs it no more.
      if (offset + length >= bytes.length) last = undefined
      return bytes.slice(offset, offset + length)
    },

    // What is a link there cannot be told from here.
    real: async path => path,

    names: place =>
      held(place)
        .then(uri => fs.readDirectory(uri))
        .then(
          list => list.map(([name]) => name).sort(),
          () => undefined,
        ),
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  if (code === 'FileNotFound') return 'there is no such file'
  if (code === 'FileIsADirectory') return 'it is a folder'
  if (code === 'NoPermissions') return 'permission denied'
  return message
}
