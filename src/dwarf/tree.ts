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

/** Where trees are written before anyone knows how large they become; each is copied out when it is done. */
let scratch = {
  offsets: new Uint32Array(1024),
  codes: new Uint32Array(1024),
  parents: new Int32Array(1024),
  ends: new Uint32Array(1024),
}

function enlarge(): void {
  const length = 2 * scratch.offsets.length
  const copy = <T extends Uint32Array | Int32Array>(from: T, to: T): T => {
    to.set(from)
    return to
  }
  scratch = {
    offsets: copy(scratch.offsets, new Uint32Array(length)),
    codes: copy(scratch.codes, new Uint32Array(length)),
    parents: copy(scratch.parents, new Int32Array(length)),
    ends: copy(scratch.ends, new Uint32Array(length)),
  }
}

/** Makes a tree of entries as they come; one tree at a time. */
export class TreeWriter {
  #count = 0
  readonly #open: number[] = []

  /** How many entries are around the next one. */
  get depth(): number {
    return this.#open.length
  }

  add(offset: number, code: number): void {
    const index = this.#count++
    if (index === scratch.offsets.length) enlarge()
    scratch.offsets[index] = offset
    scratch.codes[index] = code
    scratch.parents[index] = this.#open.at(-1) ?? -1
    scratch.ends[index] = index + 1
  }

  /** What comes is in the last entry, until `close`. */
  open(): void {
    this.#open.push(this.#count - 1)
  }

  close(): void {
    const index = this.#open.pop()
    if (index !== undefined) scratch.ends[index] = this.#count
  }

  /** What damage left open ends where it was found. */
  done(): Tree {
    while (this.#open.length > 0) this.close()
    const { offsets, codes, parents, ends } = scratch
    const count = this.#count
    return {
      offsets: offsets.slice(0, count),
      codes: codes.slice(0, count),
      parents: parents.slice(0, count),
      ends: ends.slice(0, count),
    }
  }
}
