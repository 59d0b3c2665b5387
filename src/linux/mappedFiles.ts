// Pages of files that are mapped shared (MAP_SHARED): one frame of RAM for each, whoever maps it. As long as there is one,
// it has the last word about that page of the file: who reads the file looks there first, and who writes it writes there too.

import { PAGE } from './abi.ts'
import { readContents, writeContents } from './contents.ts'
import type { FileSystem } from './fileSystem.ts'
import type { FileInode } from './inodes.ts'
import { isWritable, type OpenFile } from './openFiles.ts'

/** RAM by its frames. */
export interface FrameMemory {
  /** Frames that are behind the end of their files: nobody gets at them. */
  readonly past: Set<number>
  /** Some are now that were not before. */
  onPast(): void
  /** The bytes of a frame, to read. */
  bytesOf(frame: number): Uint8Array
  /** The same, to be written: code may be there. */
  bytesToWrite(frame: number): Uint8Array
}

/** Which page of which file a frame is. */
export interface MappedPage {
  /** It is kept open as long as the page is mapped. */
  readonly file: OpenFile
  /** Bytes from the beginning of the file, over PAGE. */
  readonly page: number
}

export interface MappedPageState {
  readonly frame: number
  readonly file: number
  readonly page: number
}

export class MappedFiles {
  readonly #system: FileSystem
  readonly #memory: FrameMemory
  readonly #byFrame = new Map<number, MappedPage>()
  /** Frames by inode and page. */
  readonly #byFile = new Map<number, Map<number, number>>()

  constructor(system: FileSystem, memory: FrameMemory) {
    this.#system = system
    this.#memory = memory
  }

  at(frame: number): MappedPage | undefined {
    return this.#byFrame.get(frame)
  }

  frameOf(ino: number, page: number): number | undefined {
    return this.#byFile.get(ino)?.get(page)
  }

  /**
   * Room for what may be written to a page, before it is mapped for that: afterwards nobody could be told that there is none.
   * @param bytes what the file has there now @returns false where there is no room
   */
  reserve(file: OpenFile, page: number, bytes: Uint8Array): boolean {
    if (!isWritable(file)) return true
    const inode = this.#inode(file)
    const part = bytes.subarray(0, inode.contents.length - page * PAGE)
    if (inode.contents.length <= page * PAGE || inode.contents.blocks.has(page)) return true
    const { inodes } = this.#system
    const { count } = writeContents(inodes.change(inode).contents, page * PAGE, part, inodes)
    return count === part.length
  }

  /** A frame is that page from now on, with these bytes if it has not been before; or somebody who may write maps it as well. */
  enter(frame: number, file: OpenFile, page: number, bytes: Uint8Array): void {
    const before = this.#byFrame.get(frame)
    if (before === undefined) this.#memory.bytesToWrite(frame).set(bytes)
    this.#judge(frame, file, page)
    if (before !== undefined && (isWritable(before.file) || !isWritable(file))) return
    this.#system.openFiles.take(file)
    this.#put(frame, { file, page })
    if (before !== undefined) this.#system.openFiles.release(before.file)
  }

  #put(frame: number, mapped: MappedPage): void {
    const { file, page } = mapped
    this.#byFrame.set(frame, mapped)
    const pages = this.#byFile.get(file.ino) ?? new Map<number, number>()
    this.#byFile.set(file.ino, pages.set(page, frame))
  }

  /** Nobody has the frame any more. */
  freed(frame: number): void {
    const mapped = this.#byFrame.get(frame)
    if (mapped === undefined) return
    this.#writeBack(frame, mapped)
    this.#byFrame.delete(frame)
    this.#memory.past.delete(frame)
    const { file, page } = mapped
    const pages = this.#byFile.get(file.ino)!
    pages.delete(page)
    if (pages.size === 0) this.#byFile.delete(file.ino)
    this.#system.openFiles.release(file)
  }

  /** Whether the frame is behind the end of the file now. @returns whether it was not before */
  #judge(frame: number, file: OpenFile, page: number): boolean {
    const { past } = this.#memory
    if (page * PAGE < this.#inode(file).contents.length) {
      past.delete(frame)
      return false
    }
    const isNew = !past.has(frame)
    past.add(frame)
    return isNew
  }

  /** A file may have got another length. */
  #resized(ino: number): void {
    const pages = [...(this.#byFile.get(ino) ?? [])]
    const isNew = pages.map(([page, frame]) => this.#judge(frame, this.#byFrame.get(frame)!.file, page))
    if (isNew.includes(true)) this.#memory.onPast()
  }

  #inode({ ino }: OpenFile): FileInode {
    return this.#system.inode(ino) as FileInode
  }

  #framesIn(ino: number, from: number, to: number): readonly (readonly [page: number, frame: number])[] {
    const pages = this.#byFile.get(ino)
    if (pages === undefined) return []
    return [...pages].filter(([page]) => (page + 1) * PAGE > from && page * PAGE < to)
  }

  /** Bytes `from` up to `to` of a file are about to be looked at: what has been written to its pages comes there. */
  writeBack(ino: number, from = 0, to = Number.POSITIVE_INFINITY): void {
    for (const [, frame] of this.#framesIn(ino, from, to)) this.#writeBack(frame, this.#byFrame.get(frame)!)
  }

  /** The same of all files. */
  writeBackAll(): void {
    for (const ino of [...this.#byFile.keys()]) this.writeBack(ino)
  }

  #writeBack(frame: number, { file, page }: MappedPage): void {
    const inode = this.#inode(file)
    const start = page * PAGE
    const length = Math.min(PAGE, inode.contents.length - start)
    if (!isWritable(file) || length <= 0) return
    const { inodes, now } = this.#system
    const bytes = this.#memory.bytesOf(frame).subarray(0, length)
    const before = new Uint8Array(length)
    readContents(inode.contents, start, before, inodes.answers)
    if (bytes.every((byte, i) => byte === before[i])) return
    const changed = inodes.change(inode)
    writeContents(changed.contents, start, bytes, inodes)
    Object.assign(changed, { modified: now, changed: now })
  }

  /** Bytes `from` up to `to` of a file have been written, or cut off: they come to its pages. */
  written(ino: number, from: number, to: number): void {
    this.#resized(ino)
    for (const [page, frame] of this.#framesIn(ino, from, to)) {
      const bytes = this.#memory.bytesToWrite(frame).fill(0)
      readContents(this.#inode(this.#byFrame.get(frame)!.file).contents, page * PAGE, bytes, this.#system.answers)
    }
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): readonly MappedPageState[] {
    return [...this.#byFrame].map(([frame, { file, page }]) => ({ frame, file: file.id, page }))
  }

  /** What is open has been restored before. */
  restore(all: readonly MappedPageState[]): void {
    this.#byFrame.clear()
    this.#byFile.clear()
    for (const { frame, file, page } of all) {
      this.#put(frame, { file: this.#system.openFiles.get(file), page })
      this.#judge(frame, this.#system.openFiles.get(file), page)
    }
  }
}
