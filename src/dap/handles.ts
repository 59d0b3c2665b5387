// Numbers that stand for something the client may ask about later. They end with the stop they belong to.

import type { BrokenStack, Frame } from '../debuggee/frames.ts'
import type { Container } from '../debuggee/tree.ts'
import { LazyList } from '../util/lazyList.ts'
import { stale } from './errors.ts'

export type StackRow = Frame | BrokenStack

export class Handles {
  #containers: Container[] = []
  #read: (() => Iterable<StackRow>) | undefined
  #stack: LazyList<StackRow> | undefined
  #framesSeen = 0
  /** Numbers go on where they ended, so that one of an earlier stop is never taken for one of this. */
  #firstContainer = 1
  #firstFrame = 1

  clear(): void {
    this.#firstContainer += this.#containers.length
    this.#firstFrame += this.#framesSeen
    this.#containers = []
    this.#stack = undefined
    this.#framesSeen = 0
  }

  addContainer(container: Container): number {
    return this.#firstContainer + this.#containers.push(container) - 1
  }

  /** @throws for a reference of an earlier stop. */
  container(reference: number): Container {
    const container = this.#containers[reference - this.#firstContainer]
    if (container === undefined) throw stale()
    return container
  }

  /** Rows `from` up to `to` of this stop's call stack with their ids; `read` is asked for it once. */
  frames(read: () => Iterable<StackRow>, from: number, to: number): readonly (readonly [number, StackRow])[] {
    this.#read = read
    this.#stack ??= new LazyList(read())
    const rows = this.#stack.slice(from, to).map((row, i) => [this.#firstFrame + from + i, row] as const)
    this.#framesSeen = Math.max(this.#framesSeen, from + rows.length)
    return rows
  }

  /** The program was written to: its frames are read again, under the ids they have. */
  reread(): void {
    this.#stack = this.#read && new LazyList(this.#read())
  }

  /** @throws for an id of an earlier stop. */
  frame(id: number): StackRow {
    const index = id - this.#firstFrame
    const row = index < 0 || index >= this.#framesSeen ? undefined : this.#stack?.slice(index, index + 1)[0]
    if (row === undefined) throw stale()
    return row
  }
}
