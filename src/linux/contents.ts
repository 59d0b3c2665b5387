// The contents of a file: blocks that a program has written, over those of a file of the host's that it may have been
// before. What was never written takes no room and reads as zeros.

import { Errno } from './abi.ts'
import type { Answers } from './answers.ts'
import type { HostRequest } from './host.ts'

export const BLOCK = 4096
/** No file that is written is larger. */
export const MOST_FILE_BYTES = 1 << 30

export interface Contents {
  readonly length: number
  /** By number. */
  readonly blocks: Map<number, Uint8Array>
  /** The host's file that shows where no block is, and how much of it does. */
  readonly base?: { readonly path: string; readonly length: number }
}

/** What may be changed where it is: everything else belongs to a snapshot, or to the host, and is copied before. */
export interface BlockKeeper {
  readonly answers: Answers
  isOwn(block: Uint8Array): boolean
  /** A block of zeros of one's own, in the place of another or as one more; undefined where there is no room. */
  create(isMore: boolean): Uint8Array | undefined
  /** Blocks are gone. */
  give(blocks: number): void
}

export const nothingWritten = (): Contents => ({ length: 0, blocks: new Map() })

/** A text of at most a block. */
export function written(text: string): Contents {
  const bytes = new TextEncoder().encode(text)
  const block = new Uint8Array(BLOCK)
  block.set(bytes)
  return { length: bytes.length, blocks: new Map([[0, block]]) }
}

type Count = number | HostRequest

/** Copies bytes from `offset` on into `target`, as far as they are at hand. @returns how many there were, an error, or a request */
export function readContents(contents: Contents, offset: number, target: Uint8Array, answers: Answers): Count {
  const count = Math.max(0, Math.min(target.length, contents.length - offset))
  let done = 0
  while (done < count) {
    const part = readSome(contents, offset + done, target.subarray(done, count), answers)
    if (typeof part !== 'number' || part < 0) return done > 0 ? done : part
    done += part
  }
  return done
}

/** Of one block, or of what the host has there. `target` is not empty, and within the file. */
function readSome({ blocks, base }: Contents, offset: number, target: Uint8Array, answers: Answers): Count {
  const at = offset % BLOCK
  const length = Math.min(target.length, BLOCK - at)
  const block = blocks.get(Math.floor(offset / BLOCK))
  if (block !== undefined) {
    target.set(block.subarray(at, at + length))
    return length
  }
  if (base === undefined || offset >= base.length) {
    target.fill(0, 0, length)
    return length
  }
  const bytes = answers.bytes(base.path, offset)
  if (bytes === undefined) return -Errno.EIO
  if ('wants' in bytes) return bytes
  const part = Math.min(length, base.length - offset)
  target.set(bytes.subarray(0, part))
  // The host's file has become shorter.
  target.fill(0, Math.min(part, bytes.length), part)
  return part
}

/** @returns how many bytes were written before room or the host's bytes ran out, an error, or a request; and the length it has then. */
export function writeContents(
  contents: Contents,
  offset: number,
  bytes: Uint8Array,
  keeper: BlockKeeper,
): { readonly count: Count; readonly length: number } {
  let { length } = contents
  let done = 0
  const result = (count: Count) => ({ count: done > 0 ? done : count, length })
  while (done < bytes.length) {
    const at = (offset + done) % BLOCK
    const part = Math.min(bytes.length - done, BLOCK - at)
    const number = Math.floor((offset + done) / BLOCK)
    const block = blockToWrite(contents, number, part === BLOCK, keeper)
    if (typeof block === 'number' || 'wants' in block) return result(block)
    block.set(bytes.subarray(done, done + part), at)
    done += part
    length = Math.max(length, offset + done)
  }
  return result(0)
}

/** @param isWhole whether all of it is about to be written */
function blockToWrite(
  contents: Contents,
  number: number,
  isWhole: boolean,
  keeper: BlockKeeper,
): Uint8Array | number | HostRequest {
  const { blocks } = contents
  const old = blocks.get(number)
  if (old !== undefined && keeper.isOwn(old)) return old
  const start = number * BLOCK
  const before = new Uint8Array(isWhole ? 0 : Math.max(0, Math.min(BLOCK, contents.length - start)))
  const read = readContents(contents, start, before, keeper.answers)
  if (typeof read !== 'number' || read < before.length) return typeof read === 'number' ? -Errno.EIO : read
  const block = keeper.create(old === undefined)
  if (block === undefined) return -Errno.ENOSPC
  block.set(before)
  blocks.set(number, block)
  return block
}

/** Cut, or grown with zeros. */
export function resized(contents: Contents, length: number, keeper: BlockKeeper): Contents {
  const { blocks, base } = contents
  if (length < contents.length) {
    let gone = 0
    for (const number of blocks.keys()) if (number * BLOCK >= length && blocks.delete(number)) gone++
    keeper.give(gone)
    const last = Math.floor(length / BLOCK)
    const cut = blocks.get(last)
    if (cut !== undefined) {
      const block = keeper.isOwn(cut) ? cut : keeper.create(false)!
      block.set(cut.subarray(0, length % BLOCK))
      block.fill(0, length % BLOCK)
      blocks.set(last, block)
    }
  }
  return { length, blocks, ...(base && { base: { ...base, length: Math.min(base.length, length) } }) }
}

/** The first byte from `offset` on that is data, or that is a hole, as lseek tells them apart. */
export function nextData({ length, blocks, base }: Contents, offset: number, wanted: 'data' | 'hole'): number {
  const isData = (at: number): boolean => at < (base?.length ?? 0) || blocks.has(Math.floor(at / BLOCK))
  let at = offset
  while (at < length && isData(at) !== (wanted === 'data')) at = (Math.floor(at / BLOCK) + 1) * BLOCK
  return Math.min(at, length)
}
