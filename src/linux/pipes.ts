// Pipes: bytes between processes, in the order they were written, in pages as the kernel's (fs/pipe.c), of which there
// are only so many, full or not.

import { Errno, PAGE } from './abi.ts'
import type { FileSystem } from './fileSystem.ts'
import type { PipeInode, PipePage } from './inodes.ts'
import { isReadable, isWritable, type OpenFile } from './openFiles.ts'

const PAGES = 16
/** What is not longer is written whole or not at all. */
const PIPE_BUF = 4096

const pipeOf = (system: FileSystem, { ino }: OpenFile): PipeInode => system.inode(ino) as PipeInode
const hasReaders = (system: FileSystem, { ino }: OpenFile): boolean => system.openFiles.of(ino).some(isReadable)
const hasWriters = (system: FileSystem, { ino }: OpenFile): boolean => system.openFiles.of(ino).some(isWritable)

/** What can be done at once with a pipe, and who has its ends. */
export function pipeReadiness(system: FileSystem, file: OpenFile) {
  const { pages } = pipeOf(system, file)
  return {
    hasBytes: pages.length > 0,
    hasRoom: pages.length < PAGES,
    hasReaders: hasReaders(system, file),
    hasWriters: hasWriters(system, file),
  }
}

/** @returns how many bytes there were, 0 at the end, or undefined where more may come. */
export function readPipe(system: FileSystem, file: OpenFile, target: Uint8Array): number | undefined {
  const pipe = pipeOf(system, file)
  const [first, ...rest] = pipe.pages
  if (first === undefined) return hasWriters(system, file) ? undefined : 0
  const part = first.bytes.subarray(0, target.length)
  target.set(part)
  const left = first.bytes.subarray(part.length)
  system.inodes.change(pipe).pages = left.length > 0 ? [{ bytes: left, used: first.used }, ...rest] : rest
  system.changed()
  return part.length
}

/** @returns how many bytes went in, an error, or undefined where there has to be room first. */
export function writePipe(system: FileSystem, file: OpenFile, bytes: Uint8Array): number | undefined {
  if (!hasReaders(system, file)) return -Errno.EPIPE
  const pipe = pipeOf(system, file)
  const pages = [...pipe.pages]
  let done = 0
  // What does not fill a page goes on the last one, if all of it fits there.
  const odd = bytes.length % PAGE
  const last = pages.at(-1)
  if (last !== undefined && odd > 0 && last.used + odd <= PAGE) {
    pages[pages.length - 1] = lengthened(last, bytes.subarray(0, odd))
    done = odd
  }
  for (; done < bytes.length && pages.length < PAGES; done += PAGE) {
    const part = bytes.slice(done, done + PAGE)
    pages.push({ bytes: part, used: part.length })
  }
  if (done === 0 || (done < bytes.length && bytes.length <= PIPE_BUF)) return undefined
  system.inodes.change(pipe).pages = pages
  system.changed()
  return Math.min(done, bytes.length)
}

function lengthened({ bytes, used }: PipePage, more: Uint8Array): PipePage {
  const both = new Uint8Array(bytes.length + more.length)
  both.set(bytes)
  both.set(more, bytes.length)
  return { bytes: both, used: used + more.length }
}
