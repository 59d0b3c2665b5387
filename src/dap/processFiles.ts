// The files a Linux process sees: a folder and what is beneath it, by absolute paths of its own world.

import type { HostAnswer, HostEntry, HostRequest } from '../linux/host.ts'
import { beneath } from '../util/beneath.ts'
import type { ClientFiles, FilePlace } from './host.ts'

/** Where folders have no path that Linux would understand (a drive, a URI), the process sees them here. */
const ELSEWHERE = '/home'

export class ProcessFiles {
  readonly #files: ClientFiles
  readonly #folder: string
  /** The folder as the process knows it. */
  readonly directory: string

  /** @param folder as the client has it */
  constructor(files: ClientFiles, folder: string) {
    this.#files = files
    this.#folder = folder
    this.directory = folder.startsWith('/') ? folder : ELSEWHERE
  }

  /** What is at an absolute path of the process's, or a piece of it. What cannot be read is not there for it either. */
  async answer(request: Exclude<HostRequest, { wants: 'stdin' }>): Promise<HostAnswer> {
    const { path } = request
    const names = beneath(this.#folder, path.slice(this.directory.length).replace(/^\//, ''))
    if (names === undefined) return { kind: 'path', path, entry: { kind: 'none' } }
    const place = { folder: this.#folder, names }
    if (request.wants === 'path') return { kind: 'path', path, entry: await this.#entry(place) }
    const { offset, length } = request
    const bytes = await this.#files.read(place, offset, length).catch(() => undefined)
    return { kind: 'piece', path, offset, bytes }
  }

  async #entry(place: FilePlace): Promise<HostEntry> {
    const found = await this.#files.stat(place).catch(() => undefined)
    if (found === undefined || found.kind === 'none') return { kind: 'none' }
    if (found.kind === 'file') return found
    const names = await this.#files.names(place).catch(() => undefined)
    return names === undefined ? { kind: 'none' } : { kind: 'directory', names }
  }
}
