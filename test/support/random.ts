// Numbers that look random and are the same in every run.

/** A seeded generator of uniform 32-bit words (splitmix32). */
export function randomWords(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
    return (x ^ (x >>> 15)) >>> 0
  }
}

/** What a fuzzer decides with: everything from one seed. */
export class Random {
  readonly #word: () => number

  constructor(seed: number) {
    this.#word = randomWords(seed)
  }

  /** 32 bits, signed. */
  word(): number {
    return this.#word() | 0
  }

  below(limit: number): number {
    return this.#word() % limit
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#word())
  }
}
