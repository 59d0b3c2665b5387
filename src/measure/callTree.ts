// Who called whom, and how many instructions each executed: the tree of calls of a run, from its branches alone.

import type { ExecutionObserver } from '../cpu/observer.ts'
import { isCall, isInterruptReturn, isPlainReturn } from '../isa/flow.ts'

/** What is known of the program. */
export interface CodeMap {
  /** The instruction at an address; undefined where there is no memory. */
  word(address: number): number | undefined
  /** Where the function around an address begins; the address itself where nothing tells. */
  functionAt(address: number): number
}

/** A function, called along one path. */
export class CallNode {
  readonly entry: number
  readonly parent: CallNode | undefined
  readonly children = new Map<number, CallNode>()
  /** Instructions of its own, by address. */
  readonly #pages = new Map<number, Float64Array>()
  calls = 0
  readonly #depth: number

  constructor(entry: number, parent: CallNode | undefined) {
    this.entry = entry
    this.parent = parent
    this.#depth = parent === undefined ? 0 : parent.#depth + 1
  }

  /** Where what this one calls has its place: beside it, when paths become too long. */
  get caller(): CallNode {
    return this.#depth < DEEPEST ? this : this.parent!
  }

  child(entry: number): CallNode {
    let node = this.children.get(entry)
    if (node === undefined) this.children.set(entry, (node = new CallNode(entry, this)))
    return node
  }

  page(va: number): Float64Array {
    let page = this.#pages.get(va)
    if (page === undefined) this.#pages.set(va, (page = new Float64Array(WORDS)))
    return page
  }

  /** Addresses, and how often the instruction there was executed in this node. */
  *counts(): Generator<readonly [address: number, count: number]> {
    for (const [va, page] of this.#pages)
      for (const [i, count] of page.entries()) if (count > 0) yield [(va + 4 * i) >>> 0, count]
  }
}

interface Called {
  readonly node: CallNode
  /** The function it stood in, which is the node's but where paths are too many. */
  readonly entry: number
  /** Where it goes on when it returns. */
  readonly back: number
  readonly isInterrupt: boolean
}

const PAGE = 1024
const WORDS = PAGE / 4
/** Deeper than any stack of a 440: what a program does that never returns is not kept for ever. */
const DEEPEST = 4096
const MOST_NODES = 50_000

/** What an instruction is to the tree. */
const [UNKNOWN, PLAIN, CALL, RETURN, INTERRUPT_RETURN] = [0, 1, 2, 3, 4]

interface PageCode {
  readonly kinds: Uint8Array
  /** The function of each instruction, once it is asked for. */
  readonly functions: Float64Array
}

export interface Listener {
  /** A function has been entered, `depth` calls deep; by an interrupt perhaps. */
  entered(entry: number, depth: number, from: number): void
  left(entry: number, depth: number): void
}

export class CallTree implements ExecutionObserver {
  readonly root = new CallNode(-1, undefined)
  readonly #map: CodeMap
  readonly #listener: Listener | undefined
  readonly #code = new Map<number, PageCode>()
  #stack: Called[] = []
  #node = this.root
  /** Of the node and the page at hand. */
  #va = 1
  #counts: Float64Array = new Float64Array(0)
  #kinds: Uint8Array = new Uint8Array(0)
  #functions: Float64Array = new Float64Array(0)
  /** The function that #node is about. */
  #entry = -1
  total = 0
  #nodes = 0

  constructor(map: CodeMap, listener?: Listener) {
    this.#map = map
    this.#listener = listener
  }

  executed(pc: number, next: number, times: number): void {
    if (this.#va === 1 || ((pc ^ this.#va) & -PAGE) !== 0) this.#turn(pc & -PAGE)
    const i = (pc & (PAGE - 1)) >>> 2
    const entry = this.#functionOf(pc, i)
    // Without a call: a branch to another function, after which that one returns in this one's place.
    if (entry !== this.#entry) this.#replace(entry, pc)
    this.#counts[i]! += times
    this.total += times
    if (next === ((pc + 4) | 0)) return
    let kind = this.#kinds[i]!
    if (kind === UNKNOWN) this.#kinds[i] = kind = kindOf(this.#map.word(pc >>> 0))
    if (kind === CALL) this.#call(next, (pc + 4) | 0, false, pc)
    else if (kind === RETURN) this.#return(next)
    else if (kind === INTERRUPT_RETURN) this.#interruptReturn()
  }

  interrupted(_ivor: number, from: number): void {
    this.#call(UNKNOWN_ENTRY, from | 0, true, from)
  }

  #functionOf(pc: number, i: number): number {
    let entry = this.#functions[i]!
    if (Number.isNaN(entry)) this.#functions[i] = entry = this.#map.functionAt(pc >>> 0)
    return entry
  }

  #turn(va: number): void {
    let code = this.#code.get(va)
    if (code === undefined) {
      code = { kinds: new Uint8Array(WORDS), functions: new Float64Array(WORDS).fill(Number.NaN) }
      this.#code.set(va, code)
    }
    this.#va = va
    this.#kinds = code.kinds
    this.#functions = code.functions
    this.#counts = this.#node.page(va)
  }

  /** A new path only while there are not too many: then `node` stands for what it calls. */
  #childOf(node: CallNode, entry: number): CallNode {
    if (node.children.has(entry)) return node.child(entry)
    if (this.#nodes >= MOST_NODES) return node
    this.#nodes++
    return node.child(entry)
  }

  #stand(node: CallNode): void {
    this.#node = node
    if (this.#va !== 1) this.#counts = node.page(this.#va)
  }

  #call(target: number, back: number, isInterrupt: boolean, from: number): void {
    if (this.#stack.length >= DEEPEST) this.#stack = this.#stack.slice(DEEPEST / 2)
    this.#stack.push({ node: this.#node, entry: this.#entry, back, isInterrupt })
    // Of an interrupt its first instruction tells where it leads.
    if (target === UNKNOWN_ENTRY) {
      this.#entry = UNKNOWN_ENTRY
      return
    }
    const entry = this.#map.functionAt(target >>> 0)
    const node = this.#childOf(this.#node.caller, entry)
    node.calls++
    this.#stand(node)
    this.#entry = entry
    this.#listener?.entered(entry, this.#stack.length, from >>> 0)
  }

  /** What is executed belongs to another function than was called last. */
  #replace(entry: number, from: number): void {
    const caller = this.#stack.at(-1)?.node ?? this.root
    const node = this.#childOf(caller.caller, entry)
    node.calls++
    this.#stand(node)
    this.#entry = entry
    this.#listener?.entered(entry, this.#stack.length, from >>> 0)
  }

  /** To whoever called so that the program goes on at `next`; where nobody did, the program has its own ways. */
  #return(next: number): void {
    for (let n = this.#stack.length - 1; n >= 0; n--) {
      const { back, isInterrupt } = this.#stack[n]!
      if (isInterrupt) return
      if (back === next) return this.#unwindTo(n)
    }
  }

  #interruptReturn(): void {
    for (let n = this.#stack.length - 1; n >= 0; n--) if (this.#stack[n]!.isInterrupt) return this.#unwindTo(n)
  }

  #unwindTo(n: number): void {
    this.#listener?.left(this.#entry, this.#stack.length)
    const { node, entry } = this.#stack[n]!
    this.#stack.length = n
    this.#stand(node)
    this.#entry = entry
  }
}

const UNKNOWN_ENTRY = -2

function kindOf(word: number | undefined): number {
  if (word === undefined) return PLAIN
  if (isCall(word)) return CALL
  if (isPlainReturn(word)) return RETURN
  return isInterruptReturn(word) ? INTERRUPT_RETURN : PLAIN
}
