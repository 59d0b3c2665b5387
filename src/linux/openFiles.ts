// Open file descriptions, as POSIX names them: what is open, and where reading and writing go on. Descriptors lead to
// them; after dup and fork several do, of several processes, and share the offset.

import { Open } from './abi.ts'
import type { OwnData } from './fileSystem.ts'

/** The host's; its contents are asked for piece by piece. */
export interface HostData {
  readonly own: false
  readonly size: number
}

/** Flags that say how to open, and are forgotten then. */
const ONLY_OPENING = Open.CREAT | Open.EXCL | Open.NOCTTY | Open.TRUNC | Open.CLOEXEC

/** What is open. */
export type Opened =
  | { readonly kind: 'stdin' }
  | { readonly kind: 'output'; readonly stream: 1 | 2 }
  | { readonly kind: 'null' }
  | { readonly kind: 'file'; readonly path: string; readonly data: OwnData | HostData }
  | { readonly kind: 'directory'; readonly path: string; readonly names: readonly string[] }

export type OpenFile = Opened & {
  readonly id: number
  /** Flags of open(2): the access mode, and those that fcntl changes. */
  flags: number
  /** In bytes; of a directory, in entries. */
  offset: number
  /** Descriptors that lead to it, of all processes. */
  references: number
}

/** What its access mode permits. */
export const isReadable = ({ flags }: OpenFile): boolean => (flags & Open.ACCMODE) !== Open.WRONLY
export const isWritable = ({ flags }: OpenFile): boolean => (flags & Open.ACCMODE) !== Open.RDONLY

/** Those that are open, by number: plain data. */
export class OpenFiles {
  readonly #files = new Map<number, OpenFile>()
  #next = 0

  /** Nothing leads to it yet: whoever gives it to a descriptor takes it. */
  open(opened: Opened, flags: number): OpenFile {
    const file = { ...opened, id: this.#next++, flags: flags & ~ONLY_OPENING, offset: 0, references: 0 }
    this.#files.set(file.id, file)
    return file
  }

  get(id: number): OpenFile {
    return this.#files.get(id)!
  }

  take(file: OpenFile): OpenFile {
    file.references++
    return file
  }

  /** What nothing leads to any more is closed. */
  release(file: OpenFile): void {
    if (--file.references <= 0) this.#files.delete(file.id)
  }

  [Symbol.iterator](): IterableIterator<OpenFile> {
    return this.#files.values()
  }

  /** The files themselves, not copies: whoever keeps them copies them with what they share. */
  save(): OpenFilesState {
    return { files: [...this.#files.values()], next: this.#next }
  }

  /** @param state nobody else's */
  restore({ files, next }: OpenFilesState): void {
    this.#files.clear()
    for (const file of files) this.#files.set(file.id, file)
    this.#next = next
  }
}

export interface OpenFilesState {
  readonly files: readonly OpenFile[]
  readonly next: number
}
