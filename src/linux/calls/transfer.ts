// Bytes between a process and what it reads and writes: one buffer or several, piece by piece.

import { Errno } from '../abi.ts'
import type { OpenFile } from '../openFiles.ts'
import { MOST_FILE_BYTES, readOwn, writeOwn } from '../ownFile.ts'
import type { Process } from '../process.ts'
import { isWaiting, type Result } from './call.ts'

export type File = OpenFile & { readonly kind: 'file' }

/** What one call may transfer, as in Linux: so that the count is never taken for an error. */
const MOST_BYTES = 0x7ffff000
/** Entries of the vector of readv and writev. */
const MOST_BUFFERS = 1024
/** What leaves the machine has a way before it: through messages to a window or a terminal. */
const OUTPUT = 4

interface Buffer {
  readonly address: number
  readonly length: number
}

/** Where a call's bytes are. */
export class Buffers {
  readonly length: number
  readonly #list: readonly Buffer[]
  /** The buffer that was used last, and how many bytes come before it. */
  #index = 0
  #before = 0

  constructor(list: readonly Buffer[]) {
    this.#list = list
    this.length = Math.min(
      list.reduce((sum, { length }) => sum + length, 0),
      MOST_BYTES,
    )
  }

  /** The memory of bytes `from` to `to`, or of as many as lie in one buffer. Goes forward only. @throws CallError */
  piece({ memory }: Process, from: number, to: number): Uint8Array {
    while (from >= this.#before + this.#list[this.#index]!.length) this.#before += this.#list[this.#index++]!.length
    const { address, length } = this.#list[this.#index]!
    const start = from - this.#before
    return memory.bytes(address + start, Math.min(to - from, length - start))
  }
}

/** The vector of readv and writev, or why it is none. @throws CallError */
export function vector({ memory, work }: Process, address: number, count: number): Buffers | number {
  if (count < 0 || count > MOST_BUFFERS) return -Errno.EINVAL
  work.charge(count)
  const view = memory.view(address, 8 * count)
  const list = Array.from({ length: count }, (_, i) => ({
    address: view.getUint32(8 * i),
    length: view.getInt32(8 * i + 4),
  }))
  return list.some(({ length }) => length < 0) ? -Errno.EINVAL : new Buffers(list)
}

/** Fills `target` from `offset` of a file on, as far as its contents are at hand. @returns how many bytes */
export function readAt({ fileSystem }: Process, file: File, offset: number, target: Uint8Array): Result {
  if (file.data.own) return readOwn(file.data.contents, offset, target)
  if (offset >= file.data.size) return 0
  const bytes = fileSystem.answers.bytes(file.path, offset)
  if (bytes === undefined) return -Errno.EIO
  if (isWaiting(bytes)) return bytes
  const part = bytes.subarray(0, Math.min(target.length, file.data.size - offset))
  target.set(part)
  return part.length
}

/** Bytes of a file from `offset` on. */
export const readFile = (process: Process, file: File, offset: number, buffers: Buffers): Result =>
  offset < 0
    ? -Errno.EINVAL
    : process.inPieces(buffers.length, (from, to) =>
        readAt(process, file, offset + from, buffers.piece(process, from, to)),
      )

/** Only into a file that the program has created itself. */
export function writeFile(process: Process, { data }: File, offset: number, buffers: Buffers): Result {
  if (!data.own) return -Errno.EBADF
  if (offset < 0) return -Errno.EINVAL
  const room = (bytes: number): boolean => process.fileSystem.hasRoom(bytes)
  return process.inPieces(buffers.length, (from, to) => {
    const bytes = buffers.piece(process, from, to)
    if (offset + from + bytes.length > MOST_FILE_BYTES) return -Errno.EFBIG
    return writeOwn(data.contents, offset + from, bytes, room) || -Errno.ENOSPC
  })
}

/** What was typed: as much as there is, once there is any. */
export const readInput = (process: Process, buffers: Buffers): Result =>
  process.inPieces(buffers.length, (from, to) => {
    const { input, inputEnded } = process.fileSystem
    if (input.length === 0) return from > 0 || inputEnded ? 0 : { wants: 'stdin' }
    const target = buffers.piece(process, from, to)
    const typed = input.take(target.length)
    target.set(typed)
    return typed.length
  })

/** To the standard output or error. */
export const writeOutput = (process: Process, stream: 1 | 2, buffers: Buffers): Result =>
  process.inPieces(
    buffers.length,
    (from, to) => {
      const bytes = buffers.piece(process, from, to)
      process.onOutput(stream, bytes.slice())
      return bytes.length
    },
    OUTPUT,
  )
