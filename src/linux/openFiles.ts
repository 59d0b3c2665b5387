// Open file descriptions, as POSIX names them: what is open, and where reading and writing go on. Descriptors lead to
// them; after dup and fork several do, of several processes, and share the offset.

import { Open } from './abi.ts'
import type { DeviceName } from './inodes.ts'

/** Flags that say how to open, and are forgotten then. */
const ONLY_OPENING = Open.CREAT | Open.EXCL | Open.NOCTTY | Open.TRUNC | Open.CLOEXEC

/** What is open. */
export type Opened = {
  readonly ino: number
  /** By which path it was opened; empty where it has none. */
  readonly path: string
} & (
  | { readonly kind: 'file' }
  /** With its names and their inode numbers as they were when it was begun to be read. */
  | { readonly kind: 'directory'; listing?: readonly (readonly [name: string, ino: number])[] }
  | { readonly kind: 'device'; readonly device: DeviceName }
  /** What was written when it was opened. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'pipe' }
  /** Only a place (O_PATH). */
  | { readonly kind: 'link' }
)

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
export const isReadable = ({ flags }: OpenFile): boolean =>
  [Open.RDONLY, Open.RDWR].some(mode => mode === modeOf(flags))
export const isWritable = ({ flags }: OpenFile): boolean =>
  [Open.WRONLY, Open.RDWR].some(mode => mode === modeOf(flags))
const modeOf = (flags: number): number => flags & (Open.ACCMODE | Open.PATH)

export interface OpenFilesState {
  readonly files: readonly OpenFile[]
  readonly next: number
}

/** Those that are open, by number: plain data. */
export class OpenFiles {
  readonly #files = new Map<number, OpenFile>()
  readonly #onClosed: (file: OpenFile) => void
  #next = 0

  /** @param onClosed called with what nothing leads to any more */
  constructor(onClosed: (file: OpenFile) => void) {
    this.#onClosed = onClosed
  }

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
    if (--file.references > 0) return
    this.#files.delete(file.id)
    this.#onClosed(file)
  }

  /** All that is open of an inode. */
  of(ino: number): readonly OpenFile[] {
    return [...this.#files.values()].filter(file => file.ino === ino)
  }

  save(): OpenFilesState {
    return { files: [...this.#files.values()].map(file => ({ ...file })), next: this.#next }
  }

  restore({ files, next }: OpenFilesState): void {
    this.#files.clear()
    for (const file of files) this.#files.set(file.id, { ...file })
    this.#next = next
  }
}
