// What the host has answered about files. It stays as it was, so that a run does not depend on when a file is read; only
// what was asked for longest ago is forgotten when it gets more than the machine has memory.

import { type HostAnswer, type HostEntry, type HostRequest, weightOf } from './host.ts'

/** Bytes of a file that are asked for at once. */
const PIECE = 256 << 10

export class Answers {
  readonly #most: number
  /** By what was asked; oldest first. */
  readonly #kept = new Map<string, HostAnswer>()
  #weight = 0

  /** @param most bytes that are kept */
  constructor(most: number) {
    this.#most = Math.max(most, 2 * PIECE)
  }

  /** An answer to what has been answered already changes nothing. */
  add(answer: HostAnswer): void {
    const key = keyOf(answer.path, answer.kind === 'piece' ? answer.offset : undefined)
    if (this.#kept.has(key)) return
    this.#kept.set(key, answer)
    this.#weight += weightOf(answer)
    for (const [old, dropped] of this.#kept) {
      if (this.#weight <= this.#most || old === key) return
      this.#kept.delete(old)
      this.#weight -= weightOf(dropped)
    }
  }

  /** What is at `path`, or a request where that has not been asked yet. */
  entry(path: string): HostEntry | HostRequest {
    const answer = this.#kept.get(keyOf(path))
    return answer?.kind === 'path' ? answer.entry : { wants: 'path', path }
  }

  /** Bytes of a file from `offset` on, as many as are at hand; undefined where they cannot be read; or a request. */
  bytes(path: string, offset: number): Uint8Array | undefined | HostRequest {
    const start = offset - (offset % PIECE)
    const answer = this.#kept.get(keyOf(path, start))
    if (answer?.kind !== 'piece') return { wants: 'piece', path, offset: start, length: PIECE }
    return answer.bytes?.subarray(offset - start)
  }

  save(): readonly HostAnswer[] {
    return [...this.#kept.values()]
  }

  restore(answers: readonly HostAnswer[]): void {
    this.#kept.clear()
    this.#weight = 0
    for (const answer of answers) this.add(answer)
  }
}

const keyOf = (path: string, offset?: number): string => (offset === undefined ? path : `${offset}:${path}`)
