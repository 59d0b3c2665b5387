// Flash that its user wants kept: what was programmed, as changes of the files that it was filled from.

import type { BoardDescription, MemoryDescription } from '../boards/description.ts'
import type { Cpu } from '../cpu/cpu.ts'
import type { FileChange } from '../linux/changes.ts'
import { BLOCK } from '../linux/contents.ts'
import { beneath } from '../util/beneath.ts'
import { sameBytes } from '../util/sameBytes.ts'

const ERASED = 0xff

interface Kept {
  /** From the folder of the board's file. */
  readonly names: readonly string[]
  /** Where it is in the memory of a machine, and how large. */
  readonly at: number
  readonly size: number
  /** Bytes of the file as it was read. */
  readonly least: number
  /** What the file holds; undefined where that is not known. */
  held: Uint8Array | undefined
}

export class KeptFlash {
  readonly #cpu: Cpu
  readonly #all: readonly Kept[]

  private constructor(cpu: Cpu, all: readonly Kept[]) {
    this.#cpu = cpu
    this.#all = all
  }

  /**
   * @param board as it was read, with what its files hold
   * @param cpu of it, before anything has run: flash that is given a command is out of its place
   * @returns undefined where nothing is to be kept
   */
  static of({ memories }: BoardDescription, cpu: Cpu): KeptFlash | undefined {
    const all = memories.flatMap(each => keptIn(each, cpu))
    return all.length > 0 ? new KeptFlash(cpu, all) : undefined
  }

  /**
   * What has changed since this was asked last, by names from the folder of the board's file. A file becomes longer only
   * where something is programmed behind its end.
   */
  changes(): readonly FileChange[] {
    return this.#all.flatMap(each => {
      const { names, at, size, least, held } = each
      const now = used(this.#cpu.state.ramBytes.subarray(at, at + size), least).slice()
      if (held !== undefined && sameBytes(held, now)) return []
      each.held = now
      const contents = { length: now.length, blocks: blocksOf(now) }
      return [{ names, kind: 'file', contents, permissions: 0o644 }]
    })
  }

  /** They could not be written: all is a change when it is asked for again. */
  failed(): void {
    for (const each of this.#all) each.held = undefined
  }
}

function keptIn({ keep, file, base, size, contents }: MemoryDescription, { state }: Cpu): readonly Kept[] {
  const { real, ramBytes } = state
  const at = real.place(base)
  const names = keep ? beneath('', file ?? '') : undefined
  // What is there after a cold reset only may not be there.
  if (names === undefined || at < 0 || at + size > ramBytes.length) return []
  const held = contents ?? new Uint8Array()
  return [{ names, at, size, least: held.length, held }]
}

/** Up to the last byte that is programmed, `least` bytes at least. */
function used(bytes: Uint8Array, least: number): Uint8Array {
  let end = bytes.length
  while (end > least && bytes[end - 1] === ERASED) end--
  return bytes.subarray(0, end)
}

function blocksOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const blocks = new Map<number, Uint8Array>()
  for (let n = 0; n * BLOCK < bytes.length; n++) blocks.set(n, bytes.subarray(n * BLOCK, (n + 1) * BLOCK))
  return blocks
}
