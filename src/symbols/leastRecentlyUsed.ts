// Which of the tables that can be read again from the file are kept.

/** Something that can be made again from the file. */
export interface Forgettable {
  forget(): void
}

/** Lets what was not used for long forget what it holds. */
export class LeastRecentlyUsed {
  readonly #limit: number
  readonly #kept = new Set<Forgettable>()
  #last: Forgettable | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  /** `user` is in use now; the one that was not for the longest may have to go. */
  use(user: Forgettable): void {
    if (user === this.#last) return
    this.#last = user
    this.#kept.delete(user)
    this.#kept.add(user)
    if (this.#kept.size <= this.#limit) return
    const [oldest] = this.#kept
    this.#kept.delete(oldest)
    oldest.forget()
  }
}
