// A region: the blocks that can be reached from one address by direct branches, through code that has been executed.
// What has not been executed yet, what stands in a granule with a breakpoint, and what is left to the interpreter are
// its borders. What has been executed has been decoded by the interpreter, with all it says about code on that occasion,
// so that compiled code has nothing more to say.

import type { GuestInsn } from './effects.ts'

/** Where code is read for compiling. */
export interface CodeSource {
  /** The word at `pc` if it has been executed and nothing has to be looked at there. */
  executed(pc: number): number | undefined
  /** What `word` at `pc` is to a compiler. */
  insn(pc: number, word: number): GuestInsn | undefined
}

export interface CodeBlock {
  readonly start: number
  readonly insns: readonly GuestInsn[]
  /** Where it goes on inside the region, as block numbers; `next`: without a branch, or when it is not taken. */
  next: number | undefined
  taken: number | undefined
  /** Address behind the last instruction. */
  readonly end: number
}

/** The blocks of a region; the first is its entry. */
export type CodeRegion = readonly [CodeBlock, ...CodeBlock[]]

/** What is far from the entry is reached through the table: a function must be compiled in no time. */
const MOST_INSNS = 400
const MOST_BLOCKS = 80

/** What has been compiled already. */
export interface KnownCode {
  /** Whether compiled code can be entered at `pc`. */
  entered(pc: number): boolean
  /** Whether some region contains all of `insns`, by address. */
  contains(insns: ReadonlyMap<number, GuestInsn>): boolean
}

/**
 * Where all of a region has been compiled with an entry further out, and it is no loop, it ends where that can be
 * entered: nothing is compiled again but what leads back there.
 * @returns undefined where not even the first instruction can be compiled
 */
export function discover(entry: number, code: CodeSource, known?: KnownCode): CodeRegion | undefined {
  const reached = reach(entry, code, () => false)
  if (!reached.insns.has(entry)) return undefined
  const again = !keepLoop(entry, reached.insns) && known?.contains(reached.insns) === true
  const { leaders, insns } = again ? reach(entry, code, pc => known.entered(pc)) : reached
  return blocksOf(entry, leaders, insns)
}

interface Reached {
  readonly insns: Map<number, GuestInsn>
  /** Where branches lead. */
  readonly leaders: ReadonlySet<number>
}

function reach(entry: number, code: CodeSource, isBorder: (pc: number) => boolean): Reached {
  const insns = new Map<number, GuestInsn>()
  const leaders = new Set<number>([entry])
  const pending = [entry]
  const ends = (pc: number): boolean => insns.has(pc) || (pc !== entry && isBorder(pc))
  while (pending.length > 0 && insns.size < MOST_INSNS && leaders.size < MOST_BLOCKS)
    follow(pending.shift()!, code, insns, ends, found => {
      if (leaders.has(found)) return
      leaders.add(found)
      pending.push(found)
    })
  return { insns, leaders }
}

/**
 * Where the entry heads a loop, only that loop is kept: what it lies in is better compiled with an entry further out,
 * where the loops of a program are the loops of the function. Compilers lay a loop out between its head and the last
 * branch back to it. @returns whether it does
 */
function keepLoop(entry: number, insns: Map<number, GuestInsn>): boolean {
  let last = -1
  for (const { pc, ending } of insns.values())
    if (ending?.kind === 'jump' && ending.target === entry) last = Math.max(last, (pc - entry) >> 2)
  for (const pc of insns.keys()) if (last >= 0 && (pc - entry) >>> 2 > last) insns.delete(pc)
  return last >= 0
}

/** Reads on from `pc` until a straight line ends. */
function follow(
  from: number,
  code: CodeSource,
  insns: Map<number, GuestInsn>,
  ends: (pc: number) => boolean,
  found: (pc: number) => void,
): void {
  for (let pc = from; !ends(pc); pc = (pc + 4) | 0) {
    const word = code.executed(pc)
    const insn = word === undefined ? undefined : code.insn(pc, word)
    if (insn === undefined) return
    insns.set(pc, insn)
    const { ending } = insn
    if (ending === undefined) continue
    if (ending.kind === 'jump') found(ending.target)
    const goesOn =
      ending.kind === 'call' ||
      ending.kind === 'indirectCall' ||
      ((ending.kind === 'jump' || ending.kind === 'return') && ending.conditional)
    if (goesOn) found((pc + 4) | 0)
    return
  }
}

function blocksOf(entry: number, leaders: ReadonlySet<number>, insns: ReadonlyMap<number, GuestInsn>): CodeRegion {
  const blocks: CodeBlock[] = []
  const numbers = new Map<number, number>()
  const visit = (start: number): number | undefined => {
    const known = numbers.get(start)
    if (known !== undefined || !insns.has(start)) return known
    const number = blocks.length
    numbers.set(start, number)
    const line: GuestInsn[] = []
    let pc = start
    for (let insn = insns.get(pc); insn !== undefined; insn = insns.get(pc)) {
      line.push(insn)
      pc = (pc + 4) | 0
      if (insn.ending !== undefined || leaders.has(pc)) break
    }
    blocks.push({ start, insns: line, next: undefined, taken: undefined, end: pc })
    return number
  }

  visit(entry)
  for (let n = 0; n < blocks.length; n++) {
    const block = blocks[n]!
    const { ending } = block.insns.at(-1)!
    if (ending?.kind === 'jump') block.taken = visit(ending.target)
    if (ending === undefined || ending.kind === 'call' || ending.kind === 'indirectCall') block.next = visit(block.end)
    else if ((ending.kind === 'jump' || ending.kind === 'return') && ending.conditional) block.next = visit(block.end)
  }
  return blocks as readonly CodeBlock[] as CodeRegion
}
