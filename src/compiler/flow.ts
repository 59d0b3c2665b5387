// What is known of a region before a byte of it is written: the order of its blocks, which dominates which, its loops,
// and for each block which registers are wanted, and which are newer in locals than in the state.

import type { CodeBlock, CodeRegion } from './region.ts'

/** A set of registers: general ones, and those of effects.ts. */
export interface RegisterSet {
  readonly gpr: number
  readonly other: number
}

export interface FlowBlock {
  readonly block: CodeBlock
  /** Place in reverse postorder; the entry has 0. */
  readonly order: number
  /** The block through which every way leads here, by order; the entry's is itself. */
  readonly dominator: number
  /** Blocks it immediately dominates, by order, the last first. */
  readonly children: readonly number[]
  /** By order; undefined: it leaves the region there. */
  readonly next: number | undefined
  readonly taken: number | undefined
  /** How many branches lead here from blocks before it; and whether one does from behind, so that it heads a loop. */
  readonly forwardEdges: number
  readonly isLoop: boolean
  /** It begins after a call: the budget is asked for there. */
  readonly afterCall: boolean
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
  order: number
  dominator: number
  children: number[]
  next: number | undefined
  taken: number | undefined
  readonly before: number[]
  forwardEdges: number
  isLoop: boolean
  afterCall: boolean
  dirtyGpr: number
  dirtyOther: number
  liveGpr: number
  liveOther: number
  copies: number
  longest: number
}

const endsInCall = ({ insns }: CodeBlock): boolean => {
  const kind = insns.at(-1)!.ending?.kind
  return kind === 'call' || kind === 'indirectCall'
}

export function analyse(region: CodeRegion): Flow {
  const drafts = inOrder(region)
  dominators(drafts)
  loops(drafts)
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

/** Reverse postorder, with successors as places in it. */
function inOrder(region: CodeRegion): Draft[] {
  const postorder: number[] = []
  const seen = new Set<number>()
  const stack: { readonly n: number; readonly rest: number[] }[] = []
  const enter = (n: number | undefined): void => {
    if (n === undefined || seen.has(n)) return
    seen.add(n)
    const { next, taken } = region[n]!
    // The one visited last comes first in the order: what follows in memory follows in the code.
    stack.push({ n, rest: [next, taken].filter(each => each !== undefined) })
  }

  enter(0)
  while (stack.length > 0) {
    const top = stack.at(-1)!
    const successor = top.rest.pop()
    if (successor !== undefined) enter(successor)
    else postorder.push(stack.pop()!.n)
  }
  postorder.reverse()
  const orders = new Map(postorder.map((n, order) => [n, order]))
  const order = (n: number | undefined): number | undefined => (n === undefined ? undefined : orders.get(n))
  const drafts = postorder.map((n, at): Draft => {
    const block = region[n]!
    return {
      ...{ block, order: at, next: order(block.next), taken: order(block.taken), before: [] },
      ...{ dominator: -1, children: [], forwardEdges: 0, isLoop: false, afterCall: false },
      ...{ dirtyGpr: 0, dirtyOther: 0, liveGpr: 0, liveOther: 0, copies: 1, longest: 0 },
    }
  })
  for (const draft of drafts)
    for (const successor of [draft.next, draft.taken])
      if (successor !== undefined) drafts[successor]!.before.push(draft.order)
  return drafts
}

/** After Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm". */
function dominators(drafts: readonly Draft[]): void {
  drafts[0]!.dominator = 0
  const common = (a: number, b: number): number => {
    let [x, y] = [a, b]
    while (x !== y) {
      while (x > y) x = drafts[x]!.dominator
      while (y > x) y = drafts[y]!.dominator
    }
    return x
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const draft of drafts.slice(1)) {
      const known = draft.before.filter(n => drafts[n]!.dominator >= 0)
      const dominator = known.reduce(common)
      if (dominator === draft.dominator) continue
      draft.dominator = dominator
      changed = true
    }
  }
  for (const draft of drafts.slice(1)) drafts[draft.dominator]!.children.unshift(draft.order)
}

const dominates = (drafts: readonly Draft[], a: number, b: number): boolean => {
  let at = b
  while (at > a) at = drafts[at]!.dominator
  return at === a
}

/** Loops; a branch back into the middle of something leaves the region instead. */
function loops(drafts: readonly Draft[]): void {
  for (const draft of drafts) {
    const edge = (to: number | undefined): number | undefined => {
      if (to === undefined) return undefined
      const target = drafts[to]!
      if (to > draft.order) target.forwardEdges++
      else if (dominates(drafts, to, draft.order)) target.isLoop = true
      else return undefined
      return to
    }
    draft.next = edge(draft.next)
    draft.taken = edge(draft.taken)
    if (endsInCall(draft.block) && draft.next !== undefined) drafts[draft.next]!.afterCall = true
  }
}

/** Instructions of a loop that is written several times at most. */
const LONGEST_UNROLLED = 48
const MOST_COPIES = 4

/** The budget is asked for and addresses are looked at once for several rounds; each has its own way out. */
function unroll(drafts: readonly Draft[]): void {
  for (const draft of drafts) {
    const { ending } = draft.block.insns.at(-1)!
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
      if (endsInCall(draft.block)) continue
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
      let [behindGpr, behindOther] = [0, 0]
      // After a call everything is loaded anew.
      if (!endsInCall(draft.block))
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
  const { ending } = block.insns.at(-1)!
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
      if (!target.isLoop && !(target.afterCall && endsInCall(draft.block))) behind = Math.max(behind, target.longest)
    }
    draft.longest = draft.copies * draft.block.insns.length + behind
  }
}
