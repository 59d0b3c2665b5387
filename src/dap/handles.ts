// Numbers that stand for something the client may ask about later. They end with the stop they belong to.

import type { BrokenStack, Frame } from '../debuggee/frames.ts'
import type { Container } from '../debuggee/tree.ts'
import { LazyList } from '../util/lazyList.ts'
import { stale } from './errors.ts'

export type StackRow = Frame | BrokenStack

/** The call stack of a thread. */
interface Stack {
  readonly read: () => Iterable<StackRow>
  rows: LazyList<StackRow>
  /** Of the rows, as far as they have been asked for. */
  readonly ids: number[]
}

/** A row that a number stands for. */
interface StackPlace {
  readonly thread: number | undefined
  readonly index: number
}

export class Handles {
  /** That is looked at now: whatever gets a number is its; undefined: the one on the core. */
  thread: number | undefined
  #containers: { readonly container: Container; readonly thread: number | undefined }[] = []
  readonly #stacks = new Map<number | undefined, Stack>()
  #frames: StackPlace[] = []
  /** Numbers go on where they ended, so that one of an earlier stop is never taken for one of this. */
  #firstContainer = 1
  #firstFrame = 1

  clear(): void {
    this.#firstContainer += this.#containers.length
    this.#firstFrame += this.#frames.length
    this.#containers = []
    this.#frames = []
    this.#stacks.clear()
  }

  addContainer(container: Container): number {
    return this.#firstContainer + this.#containers.push({ container, thread: this.thread }) - 1
  }

  /** With the thread whose it is. @throws for a reference of an earlier stop. */
  container(reference: number): { readonly container: Container; readonly thread: number | undefined } {
    const found = this.#containers[reference - this.#firstContainer]
    if (found === undefined) throw stale()
    return found
  }

  /** Rows `from` up to `to` of the thread's call stack with their ids; `read` is asked for it once. */
  frames(read: () => Iterable<StackRow>, from: number, to: number): readonly (readonly [number, StackRow])[] {
    const { thread } = this
    const stack = this.#stacks.get(thread) ?? { read, rows: new LazyList(read()), ids: [] }
    this.#stacks.set(thread, stack)
    return stack.rows.slice(from, to).map((row, i) => {
      const index = from + i
      stack.ids[index] ??= this.#firstFrame + this.#frames.push({ thread, index }) - 1
      return [stack.ids[index], row] as const
    })
  }

  /** The program was written to: its frames are read again, under the ids they have. */
  reread(): void {
    for (const stack of this.#stacks.values()) stack.rows = new LazyList(stack.read())
  }

  /** Whose a frame is. */
  threadOfFrame(id: number | undefined): number | undefined {
    return id === undefined ? undefined : this.#frames[id - this.#firstFrame]?.thread
  }

  /** @throws for an id of an earlier stop. */
  frame(id: number): StackRow {
    const place = this.#frames[id - this.#firstFrame]
    const row = place && this.#stacks.get(place.thread)?.rows.slice(place.index, place.index + 1)[0]
    if (row === undefined) throw stale()
    return row
  }
}
