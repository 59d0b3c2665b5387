// How much is read of a file's parts that may lie over each other.

/**
 * What may be read of a part of a file that many refer to, as a multiple of its size: strings share their ends, and
 * tables are shared, a few times. A file of damage can have each of a hundred thousand references read all of it.
 */
const MOST_READINGS = 20
const SMALLEST_BUDGET = 1 << 20

/** Counts what is read of such a part. */
export class Budget {
  #left: number

  constructor(size: number) {
    this.#left = SMALLEST_BUDGET + MOST_READINGS * size
  }

  /** @returns false once too much was read. */
  spend(bytes: number): boolean {
    this.#left -= bytes
    return this.#left >= 0
  }
}
