// Graphs of blocks, given by the successors of each node: order, dominance, loops. Node 0 is where everything begins.

export interface Graph {
  /** By node. In the order of `order`, what lies behind the successor named first follows at once. */
  readonly successors: readonly (readonly number[])[]
  readonly predecessors: readonly (readonly number[])[]
  /** Nodes in reverse postorder, and where each stands in it; what cannot be reached stands nowhere: -1. */
  readonly order: readonly number[]
  readonly position: Int32Array
  /** By position: the position of the node through which every way leads there; that of node 0 is its own. */
  readonly dominator: Int32Array
}

export function graphOf(successors: readonly (readonly number[])[]): Graph {
  const order = reversePostorder(successors)
  const position = new Int32Array(successors.length).fill(-1)
  order.forEach((node, at) => {
    position[node] = at
  })
  const predecessors: number[][] = successors.map(() => [])
  for (const node of order) for (const successor of successors[node]!) predecessors[successor]!.push(node)
  return { successors, predecessors, order, position, dominator: dominators(order, position, predecessors) }
}

function reversePostorder(successors: readonly (readonly number[])[]): number[] {
  const postorder: number[] = []
  const seen = new Uint8Array(successors.length)
  const nodes = [0]
  /** How many successors of each open node have not been looked at. */
  const rest = [successors[0]!.length]
  seen[0] = 1
  while (nodes.length > 0) {
    const top = nodes.length - 1
    const node = nodes[top]!
    if (rest[top] === 0) {
      postorder.push(node)
      nodes.pop()
      rest.pop()
      continue
    }
    // The one visited last comes first in the order.
    const successor = successors[node]![--rest[top]!]!
    if (seen[successor] === 1) continue
    seen[successor] = 1
    nodes.push(successor)
    rest.push(successors[successor]!.length)
  }
  return postorder.reverse()
}

/** After Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm". */
function dominators(
  order: readonly number[],
  position: Int32Array,
  predecessors: readonly (readonly number[])[],
): Int32Array {
  const dominator = new Int32Array(order.length).fill(-1)
  dominator[0] = 0
  for (let changed = true; changed; ) {
    changed = false
    for (let at = 1; at < order.length; at++) {
      let common = -1
      for (const node of predecessors[order[at]!]!) {
        let other = position[node]!
        if (dominator[other] === -1) continue
        if (common === -1) common = other
        while (common !== other) {
          while (common > other) common = dominator[common]!
          while (other > common) other = dominator[other]!
        }
      }
      if (common === dominator[at]) continue
      dominator[at] = common
      changed = true
    }
  }
  return dominator
}

/** Whether every way to `node` leads through `through`. */
export function dominates({ position, dominator }: Graph, through: number, node: number): boolean {
  const from = position[through]!
  let at = position[node]!
  while (at > from) at = dominator[at]!
  return at === from
}

/** The loops of a graph in which every branch back leads to a node that dominates it. */
export interface Loops {
  /** By node: the head of the innermost loop that it lies in, or -1. A head lies in its own loop. */
  readonly innermost: Int32Array
  /** By head: the head of the loop around its loop, or -1. */
  readonly around: Int32Array
}

export function loopsOf({ predecessors, order, position }: Graph): Loops {
  const innermost = new Int32Array(predecessors.length).fill(-1)
  const around = new Int32Array(predecessors.length).fill(-1)
  // The inner ones first: their heads stand further back.
  for (let at = order.length - 1; at >= 0; at--) {
    const head = order[at]!
    const pending = predecessors[head]!.filter(node => position[node]! >= at)
    if (pending.length === 0) continue
    innermost[head] = head
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      let outermost = innermost[node]!
      if (outermost === -1) innermost[node] = head
      else {
        while (outermost !== head && around[outermost] !== -1) outermost = around[outermost]!
        if (outermost === head) continue
        around[outermost] = head
      }
      for (const before of predecessors[outermost === -1 ? node : outermost]!)
        if (position[before]! >= at) pending.push(before)
    }
  }
  return { innermost, around }
}
