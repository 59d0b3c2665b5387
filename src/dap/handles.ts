// Numbers that stand for something the client may ask about later. They end with the stop they belong to.

import type { Frame } from '../target/unwind.ts'
import { stale } from './errors.ts'

/** Something with children in a Variables or Watch tree. */
export interface Container {
  children(start: number | undefined, count: number | undefined): readonly Child[]
}

/** A row of such a tree. */
export interface Child {
  readonly name: string
  readonly value: string
  readonly type?: string | undefined
  readonly container?: Container | undefined
  readonly namedVariables?: number | undefined
  readonly indexedVariables?: number | undefined
  /** Where it lies in memory, for the memory view. */
  readonly address?: number | undefined
  /** What to type into Watch to see it again. */
  readonly evaluateName?: string | undefined
  /** Takes a new value as typed. @returns the new text. @throws UserError. Absent: read-only. */
  set?(text: string): string
}

export class Handles {
  #containers: Container[] = []
  #frames: Frame[] = []
  /** Numbers go on where they ended, so that one of an earlier stop is never taken for one of this. */
  #firstContainer = 1
  #firstFrame = 1

  clear(): void {
    this.#firstContainer += this.#containers.length
    this.#firstFrame += this.#frames.length
    this.#containers = []
    this.#frames = []
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

  addFrame(frame: Frame): number {
    return this.#firstFrame + this.#frames.push(frame) - 1
  }

  frame(id: number): Frame {
    const frame = this.#frames[id - this.#firstFrame]
    if (frame === undefined) throw stale()
    return frame
  }
}
