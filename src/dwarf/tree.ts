// The entries of a unit as four numbers each. A kernel has millions of them, and nobody looks at more than a few.

/** In the order of the section; an entry is known by its index, the root's is 0. */
export interface Tree {
  readonly offsets: Uint32Array
  /** Of their abbreviations. */
  readonly codes: Uint32Array
  /** The entry around each one; -1 for the root. */
  readonly parents: Int32Array
  /** The first entry behind each one that is not in it. */
  readonly ends: Uint32Array
}

/** The index of the entry at an offset, or -1. */
export function indexAt({ offsets }: Tree, offset: number): number {
  let low = 0
  let high = offsets.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (offsets[middle] < offset) low = middle + 1
    else high = middle
  }
  return offsets[low] === offset ? low : -1
}

/** The entries directly in one. */
export function* indicesIn({ ends }: Tree, index: number): Generator<number> {
  for (let child = index + 1; child < ends[index]; child = ends[child]) yield child
}

/** Makes a tree of entries as they come. */
export class TreeWriter {
  #rows = { offsets: new Uint32Array(256), codes: new Uint32Array(256), parents: new Int32Array(256) }
  #ends = new Uint32Array(256)
  #count = 0
  readonly #open: number[] = []

  /** How many entries are around the next one. */
  get depth(): number {
    return this.#open.length
  }

  add(offset: number, code: number): void {
    const index = this.#count++
    if (index === this.#ends.length) this.#resize(2 * index)
    this.#rows.offsets[index] = offset
    this.#rows.codes[index] = code
    this.#rows.parents[index] = this.#open.at(-1) ?? -1
    this.#ends[index] = index + 1
  }

  /** What comes is in the last entry, until `close`. */
  open(): void {
    this.#open.push(this.#count - 1)
  }

  close(): void {
    const index = this.#open.pop()
    if (index !== undefined) this.#ends[index] = this.#count
  }

  /** What damage left open ends where it was found. */
  done(): Tree {
    while (this.#open.length > 0) this.close()
    this.#resize(this.#count)
    return { ...this.#rows, ends: this.#ends }
  }

  #resize(length: number): void {
    const { offsets, codes, parents } = this.#rows
    this.#rows = { offsets: resized(offsets, length), codes: resized(codes, length), parents: resized(parents, length) }
    this.#ends = resized(this.#ends, length)
  }
}

function resized<T extends Uint32Array | Int32Array>(array: T, length: number): T {
  const fitted = new (array.constructor as new (length: number) => T)(length)
  fitted.set(array.subarray(0, length))
  return fitted
}
