// The tree of areas of a Linux process, in memory that is damaged: what makes no tree ends soon.

import { expect, test } from 'vitest'
import { Layout } from '../../src/debuggee/systems/layout.ts'
import { areasOf } from '../../src/debuggee/systems/linuxAreas.ts'
import type { Context } from '../../src/expr/context.ts'

const SLOTS = 16
const PLACES = { pivot: 4, slot: 4 + 4 * SLOTS }

/** A kernel's structures, of which only these members are asked for. */
class FewMembers extends Layout {
  override offset(path: string): number | undefined {
    if (path.endsWith('.pivot')) return PLACES.pivot
    return path.endsWith('.slot') ? PLACES.slot : path.startsWith('vm_area') ? undefined : 0
  }

  override size(): number {
    return 4 * SLOTS
  }
}

test('a tree of areas whose nodes all lead to one below them is read once', () => {
  const words = new Map<number, number>()
  const nodeAt = (level: number): number => 0x10000 + 256 * level
  const entryOf = (level: number): number => nodeAt(level) + (2 << 3) + 2
  words.set(0x1000, entryOf(0))
  for (let level = 0; level < 9; level++)
    for (let n = 0; n < SLOTS; n++) {
      words.set(nodeAt(level) + PLACES.pivot + 4 * n, (n + 1) * 11 ** (8 - level))
      words.set(nodeAt(level) + PLACES.slot + 4 * n, entryOf(level + 1))
    }
  let reads = 0
  const readMemory = (address: number): Uint8Array => {
    reads++
    const word = new Uint8Array(4)
    new DataView(word.buffer).setUint32(0, words.get(address) ?? 0)
    return word
  }
  const context = { readMemory } as unknown as Context
  expect(areasOf(0x1000, new FewMembers(context.symbols), context)).toEqual([])
  expect(reads).toBeLessThan(1000)
})
