// What is known of a region before a byte of it is written: where it can be entered, the order of its blocks, which
// dominates which, its loops, and for each block which registers are wanted, and which are newer in locals than in the
// state.

import { dominates, graphOf, loopsOf } from './graph.ts'
import type { CodeBlock, CodeRegion } from './region.ts'

/** A set of registers: general ones, and those of effects.ts. */
export interface RegisterSet {
  readonly gpr: number
  readonly other: number
}

/** A way to where the function is to be entered: addresses, and the block to go on at, by order. */
export interface WayIn {
  readonly addresses: readonly number[]
  readonly to: number
}

export interface FlowBlock {
  readonly block: CodeBlock
  /** Place in reverse postorder; the root has 0. */
  readonly order: number
  /**
   * `root`: nothing but where the function goes on from the address it is called with. `landing`: somebody comes from
   * outside or back from a call, all registers are in the state; nothing but loading what is wanted, and asking for the
   * budget.
   */
  readonly kind: 'code' | 'root' | 'landing'
  /** Blocks it immediately dominates, by order, the last first. */
  readonly children: readonly number[]
  /** By order; undefined: it leaves the region there. */
  readonly next: number | undefined
  readonly taken: number | undefined
  /** How many branches lead here from blocks before it; and whether one does from behind, so that it heads a loop. */
  readonly forwardEdges: number
  readonly isLoop: boolean
  /** Of the root, and of loops in which there are landings: to those, and to loops within that have some. */
  readonly waysIn: readonly WayIn[]
  /** Registers that may be newer in locals than in the state when it begins. */
  readonly dirty: RegisterSet
  /** Registers whose locals must hold their value when it begins. */
  readonly live: RegisterSet
  /** How often it is written one after the other: more than once for a short loop of this block alone. */
  readonly copies: number
  /** Instructions that may be executed from here until the budget is asked for again. */
  readonly longest: number
}

export type Flow = readonly FlowBlock[]

interface Draft {
  readonly block: CodeBlock
  readonly kind: FlowBlock['kind']
  order: number
  children: number[]
  next: number | undefined
  taken: number | undefined
  waysIn: { readonly addresses: number[]; readonly to: number }[]
  forwardEdges: number
  isLoop: boolean
  dirtyGpr: number
  dirtyOther: number
  liveGpr: number
  liveOther: number
  copies: number
  longest: number
}

const endsInCall = ({ insns }: CodeBlock): boolean => {
  const kind = insns.at(-1)?.ending?.kind
  return kind === 'call' || kind === 'indirectCall'
}

export function analyse(region: CodeRegion): Flow {
  const drafts = inOrder(withLandings(region))
  unroll(drafts)
  dirtiness(drafts)
  liveness(drafts)
  lengths(drafts)
  return drafts.map(draft => ({
    ...draft,
    dirty: { gpr: draft.dirtyGpr, other: draft.dirtyOther },
    live: { gpr: draft.liveGpr, other: draft.liveOther },
  }))
}

/**
 * The addresses at which a region can be entered: where it begins, where its calls come back, and the heads of loops with
 * calls. (Not those of other loops: V8 would no longer know which registers are the same all through them.)
 */
export const entriesOf = (flow: Flow): number[] => [
  flow[0]!.block.start,
  ...new Set(flow[0]!.waysIn.flatMap(({ addresses }) => addresses)),
]

const draftOf = (block: CodeBlock, kind: Draft['kind']): Draft => ({
  ...{ block, kind, order: -1, children: [], next: undefined, taken: undefined, waysIn: [] },
  ...{ forwardEdges: 0, isLoop: false, dirtyGpr: 0, dirtyOther: 0, liveGpr: 0, liveOther: 0, copies: 1, longest: 0 },
})

/** A block without instructions in front of `block`. */
const beforeBlock = ({ start }: CodeBlock): CodeBlock => ({
  ...{ start, end: start, insns: [], next: undefined, taken: undefined },
})

/**
 * The root, the blocks, and the landings, which lead to each other by their numbers here. A branch back into the middle
 * of something leaves the region instead. To a landing within loops the way leads through their heads, so that they
 * stay loops.
 */
function withLandings(region: CodeRegion): Draft[] {
  const drafts = [draftOf(beforeBlock(region[0]), 'root'), ...region.map(block => draftOf(block, 'code'))]
  region.forEach((block, n) => {
    drafts[n + 1]!.next = block.next === undefined ? undefined : block.next + 1
    drafts[n + 1]!.taken = block.taken === undefined ? undefined : block.taken + 1
  })
  drafts[0]!.next = 1
  const graph = graphOf(drafts.map(successorsOf))
  const stays = (from: number, to: number | undefined): number | undefined =>
    to !== undefined && graph.position[to]! <= graph.position[from]! && !dominates(graph, to, from) ? undefined : to
  for (const n of graph.order) {
    drafts[n]!.next = stays(n, drafts[n]!.next)
    drafts[n]!.taken = stays(n, drafts[n]!.taken)
  }
  const { innermost, around } = loopsOf(graphOf(drafts.map(successorsOf)))

  const landing = (before: number): number => {
    const draft = draftOf(beforeBlock(drafts[before]!.block), 'landing')
    draft.next = before
    return drafts.push(draft) - 1
  }
  /** Lets the function be entered at a landing within the loop at `within`, or within none. */
  const open = (to: number, within: number): void => {
    const { start } = drafts[to]!.block
    let inside = to
    for (let head = within; ; head = around[head]!) {
      const { waysIn } = drafts[Math.max(0, head)]!
      const known = waysIn.find(way => way.to === inside)
      if (known === undefined) waysIn.push({ addresses: [start], to: inside })
      else known.addresses.push(start)
      if (head === -1) return
      inside = head
    }
  }
  const landings = new Map<number, number>()
  for (let n = 1; n <= region.length; n++) {
    const draft = drafts[n]!
    if (!endsInCall(draft.block) || draft.next === undefined) continue
    const behind = draft.next
    let to = landings.get(behind)
    if (to === undefined) {
      to = landing(behind)
      landings.set(behind, to)
      // Before the head of a loop it may lie in that loop or not: there it is not for those who come from outside.
      if (innermost[behind] !== behind) open(to, innermost[behind]!)
    }
    draft.next = to
  }
  // Where the way to a landing leads through a loop, the loop can as well be entered itself.
  for (let n = 2; n <= region.length; n++) if (drafts[n]!.waysIn.length > 0) open(landing(n), around[n]!)
  drafts[0]!.next = landing(1)
  return drafts
}

/** What comes first in the order stands first. */
const successorsOf = ({ next, taken, waysIn }: Draft): number[] => {
  const successors = next === undefined ? [] : [next]
  if (taken !== undefined) successors.push(taken)
  for (const { to } of waysIn) successors.push(to)
  return successors
}

/** In reverse postorder, and with places in it instead of numbers. */
function inOrder(drafts: readonly Draft[]): Draft[] {
  const graph = graphOf(drafts.map(successorsOf))
  const { order, position, dominator } = graph
  const ordered = order.map(n => drafts[n]!)
  ordered.forEach((draft, at) => {
    const place = (n: number | undefined): number | undefined => (n === undefined ? undefined : position[n])
    draft.order = at
    draft.next = place(draft.next)
    draft.taken = place(draft.taken)
    draft.waysIn = draft.waysIn.map(({ addresses, to }) => ({ addresses, to: position[to]! }))
    if (at > 0) ordered[dominator[at]!]!.children.unshift(at)
  })
  for (const draft of ordered)
    for (const to of successorsOf(draft))
      if (to > draft.order) ordered[to]!.forwardEdges++
      else ordered[to]!.isLoop = true
  return ordered
}

/** Instructions of a loop that is written several times at most. */
const LONGEST_UNROLLED = 48
const MOST_COPIES = 4

/** The budget is asked for and addresses are looked at once for several rounds; each has its own way out. */
function unroll(drafts: readonly Draft[]): void {
  for (const draft of drafts) {
    const ending = draft.block.insns.at(-1)?.ending
    if (draft.taken !== draft.order || draft.next === draft.order || ending?.kind !== 'jump' || !ending.conditional)
      continue
    draft.copies = Math.max(1, Math.min(MOST_COPIES, Math.floor(LONGEST_UNROLLED / draft.block.insns.length)))
    if (draft.next !== undefined) drafts[draft.next]!.forwardEdges += draft.copies - 1
  }
}

/** What may have been written since the region was entered, or since the last call, before which everything is stored. */
function dirtiness(drafts: readonly Draft[]): void {
  for (let changed = true; changed; ) {
    changed = false
    for (const draft of drafts) {
      if (draft.kind !== 'code' || endsInCall(draft.block)) continue
      let [gpr, other] = [draft.dirtyGpr, draft.dirtyOther]
      for (const insn of draft.block.insns) {
        gpr |= insn.definesGpr
        other |= insn.defines
      }
      for (const successor of [draft.next, draft.taken]) {
        if (successor === undefined) continue
        const target = drafts[successor]!
        if (((gpr & ~target.dirtyGpr) | (other & ~target.dirtyOther)) === 0) continue
        target.dirtyGpr |= gpr
        target.dirtyOther |= other
        changed = true
      }
    }
  }
}

/** A register is wanted where it is read, and where it may have to be stored. */
function liveness(drafts: readonly Draft[]): void {
  const through = drafts.map(wantedThrough)
  for (let changed = true; changed; ) {
    changed = false
    for (let n = drafts.length - 1; n >= 0; n--) {
      const draft = drafts[n]!
      const { gpr, other, keepsGpr, keepsOther } = through[n]!
      // A landing loads everything.
      if (draft.kind !== 'code') continue
      let [behindGpr, behindOther] = [0, 0]
      for (const successor of [draft.next, draft.taken]) {
        if (successor === undefined) continue
        behindGpr |= drafts[successor]!.liveGpr
        behindOther |= drafts[successor]!.liveOther
      }
      const liveGpr = gpr | (behindGpr & keepsGpr)
      const liveOther = other | (behindOther & keepsOther)
      if (liveGpr === draft.liveGpr && liveOther === draft.liveOther) continue
      draft.liveGpr = liveGpr
      draft.liveOther = liveOther
      changed = true
    }
  }
}

/** What a block itself wants, and what it leaves alone of what is wanted behind it. */
function wantedThrough(draft: Draft) {
  const { block, dirtyGpr, dirtyOther } = draft
  const { insns } = block
  let [gpr, other, keepsGpr, keepsOther] = [0, 0, -1, -1]
  let [writtenGpr, writtenOther] = [dirtyGpr, dirtyOther]
  for (const insn of insns) {
    // Before it may leave, all that has been written up to here is stored; what the block has written it does not want.
    gpr |= (insn.usesGpr | (insn.mayLeave ? writtenGpr : 0)) & keepsGpr
    other |= (insn.uses | (insn.mayLeave ? writtenOther : 0)) & keepsOther
    writtenGpr |= insn.definesGpr
    writtenOther |= insn.defines
    keepsGpr &= ~insn.definesGpr
    keepsOther &= ~insn.defines
  }
  if (leaves(draft)) {
    gpr |= writtenGpr & keepsGpr
    other |= writtenOther & keepsOther
  }
  if (draft.isLoop) {
    gpr |= dirtyGpr
    other |= dirtyOther
  }
  return { gpr, other, keepsGpr, keepsOther }
}

/** Whether one of the ways on leads out of the region, or into a call. */
function leaves({ block, next, taken }: Draft): boolean {
  const ending = block.insns.at(-1)?.ending
  if (ending !== undefined && ending.kind !== 'jump') return true
  if (ending?.kind === 'jump' && taken === undefined) return true
  return next === undefined && (ending === undefined || ending.conditional)
}

function lengths(drafts: readonly Draft[]): void {
  for (let n = drafts.length - 1; n >= 0; n--) {
    const draft = drafts[n]!
    let behind = 0
    for (const successor of [draft.next, draft.taken]) {
      if (successor === undefined || successor <= n) continue
      const target = drafts[successor]!
      if (!target.isLoop && target.kind === 'code') behind = Math.max(behind, target.longest)
    }
    draft.longest = draft.copies * draft.block.insns.length + behind
  }
}
