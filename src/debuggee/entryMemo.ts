// What arguments were worth when functions were entered. In a recursion each is computed from the caller's, down to
// where it began: every one once, and not by a recursion of ours, however deep the program's is.

import { type EntryItem, type EntryValue, entryKey } from '../symbols/location.ts'

/** So many frames are gone through in one go: each takes a dozen calls of ours. */
const MOST_NESTED = 50

/** Ends an evaluation that needs another first. */
class Needed<Frame> extends Error {
  readonly frame: Frame
  readonly what: EntryItem

  constructor(frame: Frame, what: EntryItem) {
    super('an entry value further out is needed first')
    this.frame = frame
    this.what = what
  }
}

export class EntryMemo<Frame extends object> {
  readonly #compute: (frame: Frame, what: EntryItem) => EntryValue | undefined
  readonly #known = new WeakMap<Frame, Map<string, EntryValue | undefined>>()
  #nested = 0

  /** @param compute may ask this for entry values of frames further out */
  constructor(compute: (frame: Frame, what: EntryItem) => EntryValue | undefined) {
    this.#compute = compute
  }

  valueOf(frame: Frame, what: EntryItem): EntryValue | undefined {
    const key = entryKey(what)
    if (!this.#of(frame).has(key)) {
      if (this.#nested >= MOST_NESTED) throw new Needed(frame, what)
      if (this.#nested === 0) this.#iterate(frame, what)
      else this.#evaluate(frame, what)
    }
    return this.#of(frame).get(key)
  }

  /** What turns out to be needed is computed first, then what needed it again. */
  #iterate(frame: Frame, what: EntryItem): void {
    const waiting = [{ frame, what }]
    for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
      try {
        this.#evaluate(next.frame, next.what)
        waiting.pop()
      } catch (error) {
        if (!(error instanceof Needed)) throw error
        waiting.push(error)
      }
    }
  }

  #evaluate(frame: Frame, what: EntryItem): void {
    this.#nested++
    try {
      const value = this.#compute(frame, what)
      this.#of(frame).set(entryKey(what), value)
    } finally {
      this.#nested--
    }
  }

  #of(frame: Frame): Map<string, EntryValue | undefined> {
    let values = this.#known.get(frame)
    if (values === undefined) this.#known.set(frame, (values = new Map()))
    return values
  }
}
