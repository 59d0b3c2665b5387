// The files a Linux process sees: a folder and what is beneath it, by absolute paths of its own world.

import { type HostAnswer, type HostEntry, type HostRequest, PROGRAM } from '../linux/host.ts'
import { beneath } from '../util/beneath.ts'
import type { ClientFiles, FilePlace } from './host.ts'

/** Where folders have no path that Linux would understand (a drive, a URI), the process sees them here. */
const ELSEWHERE = '/home'

type FileRequest = Exclude<HostRequest, { wants: 'stdin' }>

export class ProcessFiles {
  readonly #files: ClientFiles
  readonly #folder: string
  readonly #program: string
  /** The folder as the process knows it. */
  readonly directory: string

  /** @param folder as the client has it @param program that its user has named, wherever it is */
  constructor(files: ClientFiles, folder: string, program: string, isRoot = false) {
    this.#files = files
    this.#folder = folder
    this.#program = program
    this.directory = isRoot ? '/' : folder.startsWith('/') ? folder : ELSEWHERE
  }

  /** Where a folder of the client's is for the process; undefined where it does not see it. */
  placeOf(folder: string): string | undefined {
    const parts = (path: string): readonly string[] => path.split(/[\\/]/).filter(part => part !== '' && part !== '.')
    const [all, own] = [parts(folder), parts(this.#folder)]
    if (own.some((part, i) => part !== all[i]) || all.includes('..')) return undefined
    return `/${[...parts(this.directory), ...all.slice(own.length)].join('/')}`
  }

  /** What is at an absolute path of the process's, or a piece of it. What cannot be read is not there for it either. */
  async answer(request: FileRequest): Promise<HostAnswer> {
    const { path } = request
    if (path === PROGRAM) return this.#answer(request, this.#program)
    const names = beneath(this.#folder, path.slice(this.directory.length).replace(/^\//, ''))
    if (names === undefined) return { kind: 'path', path, entry: { kind: 'none' } }
    return this.#answer(request, { folder: this.#folder, names })
  }

  async #answer(request: FileRequest, place: FilePlace): Promise<HostAnswer> {
    const { path } = request
    if (request.wants === 'path') return { kind: 'path', path, entry: await this.#entry(place) }
    const { offset, length } = request
    const bytes = await this.#files.read(place, offset, length).catch(() => undefined)
    return { kind: 'piece', path, offset, bytes }
  }

  async #entry(place: FilePlace): Promise<HostEntry> {
    const found = await this.#files.stat(place).catch(() => undefined)
    if (found === undefined) return { kind: 'none' }
    const { link, ...rest } = found
    // What is written in links of other systems is no path of a process's.
    if (link !== undefined && this.#folder.startsWith('/')) return { kind: 'link', target: link }
    if (rest.kind === 'none') return { kind: 'none' }
    if (rest.kind === 'file') return rest
    const names = await this.#files.names(place).catch(() => undefined)
    return names === undefined ? { kind: 'none' } : { ...rest, names }
  }
}
