// The areas of an address space, struct vm_area_struct: kernels before 6.1 have them in a list, later ones in a maple tree
// (include/linux/maple_tree.h), whose nodes lie at multiples of 256 and have their kind in the lower bits of a pointer to them.

import type { Context } from '../../expr/context.ts'
import { type Layout, wordIn } from './layout.ts'

/** A process has no more (sysctl_max_map_count). */
const MOST_AREAS = 65_536
/** Of the tree: with ten ranges in a node at least, so much is enough for all of them. */
const DEEPEST = 8

/** Kinds of nodes: the last in which there are areas, and those that lead to others. */
const LEAF = 1
const NODES = ['maple_range_64', 'maple_range_64', 'maple_range_64', 'maple_arange_64'] as const

/** @param space address of its struct mm_struct @returns their addresses, in the order of what they are about */
export function areasOf(space: number, layout: Layout, context: Context): number[] {
  const [list, next, tree, root] = [
    'mm_struct.mmap',
    'vm_area_struct.vm_next',
    'mm_struct.mm_mt',
    'maple_tree.ma_root',
  ].map(path => layout.offset(path))
  const found: number[] = []
  if (tree !== undefined && root !== undefined) {
    const entry = wordIn(context, space + tree + root) ?? 0
    if (isNode(entry)) new MapleReader(layout, context, found).visit(entry, 0xffff_ffff, 0)
  } else if (list !== undefined && next !== undefined) {
    const seen = new Set<number>()
    for (let at = wordIn(context, space + list); at && !seen.has(at); at = wordIn(context, at + next)) {
      seen.add(at)
      if (found.push(at) >= MOST_AREAS) break
    }
  }
  return found
}

/** As xa_is_node() of include/linux/xarray.h has it. */
const isNode = (entry: number): boolean => (entry & 3) === 2 && entry > 4096

class MapleReader {
  readonly #layout: Layout
  readonly #context: Context
  readonly #found: number[]
  /** A tree has each node once; memory that is damaged may lead to one again and again. */
  readonly #seen = new Set<number>()

  constructor(layout: Layout, context: Context, found: number[]) {
    this.#layout = layout
    this.#context = context
    this.#found = found
  }

  /** @param last the last address that the node is about */
  visit(entry: number, last: number, depth: number): void {
    const kind = (entry >>> 3) & 15
    const structure = NODES[kind]
    if (structure === undefined || depth > DEEPEST) return
    const node = (entry & ~255) >>> 0
    if (this.#seen.has(node)) return
    this.#seen.add(node)
    const [pivots, slots] = ['pivot', 'slot'].map(name => this.#layout.offset(`${structure}.${name}`))
    const size = this.#layout.size(`${structure}.slot`)
    if (pivots === undefined || slots === undefined || size === undefined) return
    const count = size >>> 2
    for (let n = 0; n < count && this.#found.length < MOST_AREAS; n++) {
      const pivot = n < count - 1 ? this.#word(node + pivots + 4 * n) : 0
      // What follows the last range is left from before.
      const isLast = (pivot === 0 && n > 0) || pivot >= last
      const slot = this.#word(node + slots + 4 * n)
      if (kind <= LEAF) this.#area(slot)
      else if (isNode(slot)) this.visit(slot, isLast ? last : pivot, depth + 1)
      if (isLast) return
    }
  }

  /** A gap has none. */
  #area(slot: number): void {
    if (slot !== 0 && (slot & 3) === 0) this.#found.push(slot)
  }

  #word = (address: number): number => wordIn(this.#context, address) ?? 0
}
