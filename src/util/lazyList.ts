// Lists that are read only as far as somebody looks.

/** What an iterator gives, kept, and no more of it asked for than somebody looked at. */
export class LazyList<T> {
  readonly #source: Iterator<T>
  readonly #items: T[] = []

  constructor(source: Iterable<T>) {
    this.#source = source[Symbol.iterator]()
  }

  /** Items `from` up to, not including, `to`; fewer where the list ends. */
  slice(from: number, to: number): readonly T[] {
    while (this.#items.length < to) {
      const next = this.#source.next()
      if (next.done) break
      this.#items.push(next.value)
    }
    return this.#items.slice(from, to)
  }
}
