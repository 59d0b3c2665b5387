// Bytes between a process and what it reads and writes: one buffer or several, piece by piece.

import { Errno, Open, Signal } from '../abi.ts'
import { MOST_FILE_BYTES, readContents, writeContents } from '../contents.ts'
import type { FileSystem } from '../fileSystem.ts'
import type { DeviceName, FileInode } from '../inodes.ts'
import { Resource } from '../limits.ts'
import type { OpenFile } from '../openFiles.ts'
import { readPipe, writePipe } from '../pipes.ts'
import type { Process } from '../process.ts'
import { isWaiting, RESTART, type Result } from './call.ts'

/** What one call may transfer, as in Linux: so that the count is never taken for an error. */
const MOST_BYTES = 0x7ffff000
/** Entries of the vector of readv and writev. */
const MOST_BUFFERS = 1024
/** What leaves the machine has a way before it: through messages to a window or a terminal. */
const OUTPUT = 4
/** Making a byte, beside copying one. */
const RANDOM = 2

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

  /** The memory of bytes `from` to `to`, or of as many as lie in one buffer, to be written. Goes forward only. @throws CallError */
  target({ memory }: Process, from: number, to: number): Uint8Array {
    const { address, length } = this.#piece(from, to)
    return memory.bytes(address, length)
  }

  /** The same, to be read. */
  source({ memory }: Process, from: number, to: number): Uint8Array {
    const { address, length } = this.#piece(from, to)
    return memory.read(address, length)
  }

  #piece(from: number, to: number): Buffer {
    while (from >= this.#before + this.#list[this.#index]!.length) this.#before += this.#list[this.#index++]!.length
    const { address, length } = this.#list[this.#index]!
    const start = from - this.#before
    return { address: address + start, length: Math.min(to - from, length - start) }
  }
}

/** The vector of readv and writev, or why it is none. @throws CallError */
export function vector({ memory, work }: Process, address: number, count: number): Buffers | number {
  if (count < 0 || count > MOST_BUFFERS) return -Errno.EINVAL
  work.charge(count)
  const view = memory.viewToRead(address, 8 * count)
  const list = Array.from({ length: count }, (_, i) => ({
    address: view.getUint32(8 * i),
    length: view.getInt32(8 * i + 4),
  }))
  return list.some(({ length }) => length < 0) ? -Errno.EINVAL : new Buffers(list)
}

/** Fills `target` from `offset` of what is open on, as far as its bytes are at hand. @returns how many; 0 at the end */
export function readSome(process: Process, file: OpenFile, offset: number, target: Uint8Array): Result {
  const { fileSystem } = process
  switch (file.kind) {
    case 'file': {
      fileSystem.mapped.writeBack(file.ino, offset, offset + target.length)
      const inode = fileSystem.inode(file.ino) as FileInode
      return readContents(inode.contents, offset, target, fileSystem.answers)
    }
    case 'text': {
      const part = file.bytes.subarray(Math.min(offset, file.bytes.length), offset + target.length)
      target.set(part)
      return part.length
    }
    case 'device':
      return readDevice(process, file.device, target)
    case 'pipe':
      return readPipe(fileSystem, file, target) ?? blocked(process, file, 'a pipe to have bytes')
    case 'directory':
      return -Errno.EISDIR
    case 'link':
      return -Errno.EBADF
  }
}

/** It cannot go on until others have done something. */
function blocked({ woke }: Process, file: OpenFile, what: string): Result {
  if ((file.flags & Open.NONBLOCK) !== 0) return -Errno.EAGAIN
  return woke === 'signal' ? RESTART : { wants: 'event', on: 'files', what }
}

function readDevice(process: Process, device: DeviceName, target: Uint8Array): Result {
  switch (device) {
    case 'null':
      return 0
    case 'zero':
    case 'full':
      target.fill(0)
      return target.length
    case 'random':
      for (let i = 0; i < target.length; i++) target[i] = process.random()
      return target.length
    case 'stdin':
    case 'tty':
      return readInput(process, target)
    case 'stdout':
    case 'stderr':
      return -Errno.EBADF
  }
}

/** What was typed: as much as there is, once there is any. */
function readInput({ fileSystem, woke }: Process, target: Uint8Array): Result {
  const { input, inputEnded } = fileSystem
  if (input.length === 0 && !inputEnded) return woke === 'signal' ? RESTART : { wants: 'stdin' }
  const typed = input.take(target.length)
  target.set(typed)
  return typed.length
}

/** Whether reading gives what there is, be it little, and whether there is no offset. */
export const isStream = (file: OpenFile): boolean =>
  file.kind === 'pipe' || (file.kind === 'device' && STREAMS.includes(file.device))
const STREAMS: readonly DeviceName[] = ['stdin', 'stdout', 'stderr', 'tty']

/** Reads from `offset` on. */
export function readInto(process: Process, file: OpenFile, offset: number, buffers: Buffers): Result {
  if (offset < 0) return -Errno.EINVAL
  const perByte = file.kind === 'device' && file.device === 'random' ? RANDOM : 1
  return process.inPieces(
    buffers.length,
    (from, to) => {
      const target = buffers.target(process, from, to)
      const read = readSome(process, file, offset + from, target)
      return from > 0 && isStream(file) && isWaiting(read) ? 0 : read
    },
    perByte,
  )
}

/** Puts `bytes` at `offset` of what is open. @returns how many went there, as far as there was room */
export function writeSome(process: Process, file: OpenFile, offset: number, bytes: Uint8Array): Result {
  switch (file.kind) {
    case 'file':
      return writeFile(process, file, offset, bytes)
    case 'device':
      return writeDevice(process, file.device, bytes)
    case 'pipe':
      return writeTo(process, file, bytes)
    case 'text':
    case 'directory':
    case 'link':
      return -Errno.EBADF
  }
}

function writeFile(process: Process, { ino }: OpenFile, offset: number, bytes: Uint8Array): Result {
  if (offset + bytes.length > MOST_FILE_BYTES) return -Errno.EFBIG
  const room = process.mostOf(Resource.FSIZE) - offset
  if (room <= 0 && bytes.length > 0) return process.progress > 0 ? 0 : tooLong(process)
  return putIntoFile(process.fileSystem, ino, offset, bytes.subarray(0, room))
}

/** A file would get longer than the limit of the process. */
export function tooLong(process: Process): number {
  process.raise(Signal.SIGXFSZ)
  return -Errno.EFBIG
}

function putIntoFile(fileSystem: FileSystem, ino: number, offset: number, bytes: Uint8Array): Result {
  const { inodes, mapped, now } = fileSystem
  mapped.writeBack(ino, offset, offset + bytes.length)
  const inode = inodes.change(fileSystem.inode(ino) as FileInode)
  const { count, length } = writeContents(inode.contents, offset, bytes, inodes)
  inode.contents = { ...inode.contents, length }
  if (typeof count === 'number' && count > 0) Object.assign(inode, { modified: now, changed: now })
  if (typeof count === 'number') mapped.written(ino, offset, offset + count)
  return count
}

function writeTo(process: Process, file: OpenFile, bytes: Uint8Array): Result {
  const count = writePipe(process.fileSystem, file, bytes) ?? blocked(process, file, 'a pipe to have room')
  if (count === -Errno.EPIPE) process.raise(Signal.SIGPIPE)
  return count
}

function writeDevice(process: Process, device: DeviceName, bytes: Uint8Array): Result {
  switch (device) {
    case 'full':
      return -Errno.ENOSPC
    case 'stdin':
      return -Errno.EBADF
    case 'null':
    case 'zero':
    case 'random':
      return bytes.length
    case 'stdout':
    case 'tty':
    case 'stderr':
      process.onOutput(device === 'stderr' ? 2 : 1, bytes.slice())
      return bytes.length
  }
}

/** Writes from `offset` on; at the end where what is open says so. */
export function writeFrom(process: Process, file: OpenFile, offset: number, buffers: Buffers): Result {
  if (offset < 0) return -Errno.EINVAL
  return process.inPieces(
    buffers.length,
    (from, to) => writeSome(process, file, offset + from, buffers.source(process, from, to)),
    isStream(file) ? OUTPUT : 1,
  )
}
