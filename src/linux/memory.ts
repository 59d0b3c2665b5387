// How the kernel reaches the memory of its process: by effective address, page permissions aside, and never by a fault.

import { Errno, PAGE } from './abi.ts'
import type { AddressSpace } from './addressSpace.ts'

/** What a call was given cannot be used: it fails with this number. A pointer that leads nowhere most of the time. */
export class CallError extends Error {
  readonly errno: number

  constructor(errno: number) {
    super()
    this.errno = errno
  }
}

const NOTHING = new Uint8Array()
/** Bytes that are to lie in a row in RAM at once. */
const PIECE = 64 << 10
/** No path is longer, with its zero byte. */
const PATH_MAX = 4096

export class UserMemory {
  readonly #space: AddressSpace

  constructor(space: AddressSpace) {
    this.#space = space
  }

  /** The bytes at `ea` themselves, not a copy, to be written. @throws CallError */
  bytes(ea: number, length: number): Uint8Array {
    this.#check(ea >>> 0, length)
    return length > 0 ? this.#space.ramOf(ea >>> 0, length) : NOTHING
  }

  /** What is at `ea`, to be read and nothing else: those who share it go on sharing it. @throws CallError */
  read(ea: number, length: number): Uint8Array {
    this.#check(ea >>> 0, length)
    return length > 0 ? this.#space.bytesAt(ea >>> 0, length) : NOTHING
  }

  #check(start: number, length: number): void {
    if (length <= 0) return
    const isThere = this.#space.isMapped(start - (start % PAGE), (start % PAGE) + length)
    if (!isThere || this.#space.hasPast(start, length)) throw new CallError(Errno.EFAULT)
  }

  /** Writes as many bytes as there are. @throws CallError */
  write(ea: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const size = Math.min(PIECE - ((ea + done) % PIECE), bytes.length - done)
      this.bytes(ea + done, size).set(bytes.subarray(done, done + size))
      done += size
    }
  }

  view(ea: number, length: number): DataView {
    const bytes = this.bytes(ea, length)
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }

  /** Of what is read and nothing else. @throws CallError */
  viewToRead(ea: number, length: number): DataView {
    const bytes = this.read(ea, length)
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }

  word(ea: number): number {
    return this.viewToRead(ea, 4).getInt32(0)
  }

  setWord(ea: number, value: number): void {
    this.view(ea, 4).setInt32(0, value)
  }

  /** A set of signals: two words, of which the first holds signals 1 to 32. */
  signalSet(ea: number): bigint {
    const view = this.viewToRead(ea, 8)
    return (BigInt(view.getUint32(4)) << 32n) | BigInt(view.getUint32(0))
  }

  setSignalSet(ea: number, set: bigint): void {
    const view = this.view(ea, 8)
    view.setUint32(0, Number(set & 0xffffffffn))
    view.setUint32(4, Number((set >> 32n) & 0xffffffffn))
  }

  /** Bytes up to a zero byte as text. @throws CallError where there are more than `most` */
  text(ea: number, most: number): string {
    const parts: Uint8Array[] = []
    for (let done = 0, at = ea >>> 0; done < most; ) {
      const part = this.read(at, Math.min(most - done, PAGE - (at % PAGE)))
      const end = part.indexOf(0)
      parts.push(part.slice(0, end < 0 ? part.length : end))
      if (end >= 0) return new TextDecoder().decode(Uint8Array.from(parts.flatMap(each => [...each])))
      done += part.length
      at += part.length
    }
    throw new CallError(Errno.E2BIG)
  }

  /** A path, up to its zero byte. @throws CallError where it is longer than paths may be */
  path(ea: number): string {
    const bytes = new Uint8Array(PATH_MAX)
    for (let done = 0, at = ea >>> 0; done < PATH_MAX; ) {
      const part = this.read(at, Math.min(PATH_MAX - done, PAGE - (at % PAGE)))
      bytes.set(part, done)
      const end = part.indexOf(0)
      if (end >= 0) return new TextDecoder().decode(bytes.subarray(0, done + end))
      done += part.length
      at += part.length
    }
    throw new CallError(Errno.ENAMETOOLONG)
  }
}
