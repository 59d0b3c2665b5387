// The files a Linux process sees: its program's folder and what is below it, by absolute paths of its own world.

import type { HostEntry } from '../linux/host.ts'
import type { Files } from './host.ts'

/** Where folders have no path that Linux would understand (a drive, a URI), the process sees them here. */
const ELSEWHERE = '/home'

export class ProcessFiles {
  readonly #files: Files
  readonly #folder: string
  /** The folder as the process knows it. */
  readonly directory: string

  /** @param program path of the executable, as the client has it. */
  constructor(files: Files, program: string) {
    this.#files = files
    this.#folder = program.replace(/[\\/]+[^\\/]*$/, '') || '/'
    this.directory = this.#folder.startsWith('/') ? this.#folder : ELSEWHERE
  }

  /** What is at an absolute path of the process's. What cannot be read is not there for it either. */
  async entry(path: string): Promise<HostEntry> {
    const here = this.#folder + path.slice(this.directory.length)
    const names = await this.#files.names(here)
    if (names !== undefined) return { kind: 'directory', names }
    return await this.#files.read(here).then(
      bytes => ({ kind: 'file', bytes }),
      () => ({ kind: 'none' }),
    )
  }
}
