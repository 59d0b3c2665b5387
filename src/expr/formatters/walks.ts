// Nodes of lists and trees in their order, in memory that may hold anything: each node once, however they are linked.

/** The address of a node that is linked to another, or why there is none. */
export type NodeLink = (node: number) => number | string

/** What the nodes of a tree lead to; 0 is none. */
export interface Links {
  readonly left: NodeLink
  readonly right: NodeLink
}

/** The nodes of a list from `first` on, and at the end of a damaged one why it goes no further. */
export function* listNodes(first: number | string, next: NodeLink, end: number): Generator<number | string> {
  const seen = new Set<number>()
  for (let node = first; ; ) {
    if (typeof node === 'string') return yield node
    if (node === end) return
    if (seen.has(node)) return yield 'its nodes form a ring'
    seen.add(node)
    yield node
    node = next(node)
  }
}

/** A tree of 2^32 nodes that is kept balanced (red and black) is no deeper. */
const DEEPEST = 64

/** The nodes of a tree in order, and where it is damaged why it goes no further. */
export function* treeNodes(root: number | string, { left, right }: Links): Generator<number | string> {
  const seen = new Set<number>()
  const above: number[] = []
  let node = root
  for (;;) {
    while (node !== 0) {
      if (typeof node === 'string') return yield node
      if (seen.has(node)) return yield 'its nodes form a ring'
      if (above.length >= DEEPEST) return yield 'it is deeper than a balanced tree'
      seen.add(node)
      above.push(node)
      node = left(node)
    }
    const next = above.pop()
    if (next === undefined) return
    yield next
    node = right(next)
  }
}
