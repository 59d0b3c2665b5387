// The page frames of RAM, and how many address spaces have each. One that several have is copied before it is written.

import type { Cpu } from '../cpu/cpu.ts'
import { PAGE } from './abi.ts'
import type { FrameMemory } from './mappedFiles.ts'

export class Frames {
  readonly #references: Uint16Array
  readonly #onFree: (frame: number) => void
  /** Those that belong to pages behind the end of their files: nobody gets at them. */
  readonly past = new Set<number>()
  /** Where a search begins: below, frames are taken most of the time. Part of the state, since it decides which is taken. */
  from = 0
  #free: number

  /** @param onFree called with a frame that nobody has any more */
  constructor(bytes: number, onFree: (frame: number) => void) {
    this.#onFree = onFree
    this.#references = new Uint16Array(Math.floor(bytes / PAGE))
    this.#free = 0
    this.clear()
  }

  /** Of RAM. */
  get all(): number {
    return this.#references.length
  }

  /** The one that always holds zeros, and is nobody's: what is read of a page that has not been touched. */
  get zero(): number {
    return this.#references.length - 1
  }

  /**
   * As many free frames as `count` in a row, aligned to it if it is a power of two: from `preferred` on if they are free.
   * @returns the first, or undefined where there are none
   */
  take(count: number, preferred: number): number | undefined {
    if (count > this.#free) return undefined
    const first = this.#isFree(preferred, count) ? preferred : this.#find(count)
    if (first === undefined) return undefined
    this.#references.fill(1, first, first + count)
    this.#free -= count
    return first
  }

  #isFree(first: number, count: number): boolean {
    if (first + count > this.#references.length) return false
    for (let i = first; i < first + count; i++) if (this.#references[i] !== 0) return false
    return true
  }

  #find(count: number): number | undefined {
    const step = (count & (count - 1)) === 0 ? count : 1
    const all = this.#references.length
    const begin = this.from - (this.from % step)
    for (let tried = 0; tried < all; tried += step) {
      const first = (begin + tried) % (all - (all % step))
      if (!this.#isFree(first, count)) continue
      this.from = first + count
      return first
    }
    return undefined
  }

  share(frame: number): void {
    if (this.#references[frame]++ === 0) this.#free--
  }

  isShared(frame: number): boolean {
    return this.#references[frame]! > 1
  }

  release(frame: number): void {
    if (--this.#references[frame]! > 0) return
    this.#free++
    this.from = Math.min(this.from, frame)
    this.#onFree(frame)
  }

  /** All are free; who has some says so with `share`. */
  clear(): void {
    this.#references.fill(0)
    this.#references[this.zero] = 1
    this.#free = this.zero
    this.from = 0
    this.past.clear()
  }
}

/** What is in them. */
export class Ram implements FrameMemory {
  readonly past: Set<number>
  readonly onPast: () => void
  readonly #cpu: Cpu

  constructor(cpu: Cpu, { past }: Frames, onPast: () => void) {
    this.#cpu = cpu
    this.past = past
    this.onPast = onPast
  }

  bytesOf(frame: number): Uint8Array {
    return this.#cpu.state.ramBytes.subarray(frame * PAGE, (frame + 1) * PAGE)
  }

  bytesToWrite(frame: number): Uint8Array {
    this.#cpu.written(frame * PAGE, PAGE)
    this.#cpu.fetch.codeChanged(frame * PAGE, PAGE)
    return this.bytesOf(frame)
  }
}
