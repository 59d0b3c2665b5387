// Bytes on their way: put in at the end, one or many at a time, taken out at the front. One array that grows, whatever
// the pieces were.

const LEAST = 256

export class ByteQueue {
  #bytes = new Uint8Array(LEAST)
  #start = 0
  #end = 0

  get length(): number {
    return this.#end - this.#start
  }

  /** The first byte; undefined when there is none. */
  get first(): number | undefined {
    return this.#start < this.#end ? this.#bytes[this.#start] : undefined
  }

  add(more: number | ArrayLike<number>): void {
    if (typeof more === 'number') {
      this.#makeRoom(1)
      this.#bytes[this.#end++] = more
      return
    }
    this.#makeRoom(more.length)
    this.#bytes.set(more, this.#end)
    this.#end += more.length
  }

  /** Moves what is there to the front, of a larger array where that is not enough. */
  #makeRoom(count: number): void {
    if (this.#end + count <= this.#bytes.length) return
    const { length } = this
    const room = this.#bytes.length
    const larger = length + count > room / 2 ? new Uint8Array(Math.max(2 * room, 2 * (length + count))) : this.#bytes
    larger.set(this.#bytes.subarray(this.#start, this.#end))
    this.#bytes = larger
    this.#start = 0
    this.#end = length
  }

  /** Takes out up to `most` bytes. */
  take(most = this.length): Uint8Array {
    const taken = this.#bytes.slice(this.#start, this.#start + Math.min(most, this.length))
    this.#start += taken.length
    if (this.#start === this.#end) this.clear()
    return taken
  }

  /** A copy of what waits. */
  copy(): Uint8Array {
    return this.#bytes.slice(this.#start, this.#end)
  }

  clear(): void {
    // What was large once need not stay so.
    if (this.#bytes.length > 1 << 20) this.#bytes = new Uint8Array(LEAST)
    this.#start = 0
    this.#end = 0
  }
}
