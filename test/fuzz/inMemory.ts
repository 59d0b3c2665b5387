// The surroundings of a session without any outside: files in memory, turns of the event loop on demand, a clock that
// counts its readings. The same requests give the same session.

import type { ClientFiles, FilePlace, Found, SessionHost } from '../../src/dap/host.ts'

const MS_PER_READING = 4

export class InMemory implements SessionHost {
  readonly #contents: ReadonlyMap<string, Uint8Array>
  readonly events: { readonly event: string; readonly body: unknown }[] = []
  #tasks: (() => void)[] = []
  #time = 0
  readonly files: ClientFiles

  constructor(contents: ReadonlyMap<string, Uint8Array>) {
    this.#contents = contents
    const bytesAt = (place: FilePlace): Uint8Array | undefined =>
      contents.get(typeof place === 'string' ? place : [place.folder, ...place.names].join('/'))
    this.files = {
      async stat(place): Promise<Found> {
        const bytes = bytesAt(place)
        return bytes === undefined
          ? { kind: 'none', why: 'there is no such file' }
          : { kind: 'file', size: bytes.length }
      },
      async read(place, offset, length) {
        const bytes = bytesAt(place)
        if (bytes === undefined) throw new Error('there is no such file')
        return bytes.slice(offset, offset + length)
      },
      real: async path => path,
      names: async place => (place === '/' ? [...this.#contents.keys()].map(path => path.slice(1)).sort() : undefined),
    }
  }

  emit(event: string, body?: unknown): void {
    this.events.push({ event, body })
  }

  schedule(task: () => void): void {
    this.#tasks.push(task)
  }

  now(): number {
    this.#time += MS_PER_READING
    return this.#time
  }

  /** Whatever was scheduled before this turn. */
  turn(): void {
    const tasks = this.#tasks
    this.#tasks = []
    for (const task of tasks) task()
  }

  get waiting(): number {
    return this.#tasks.length
  }
}
