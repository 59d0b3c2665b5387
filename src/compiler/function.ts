// One region as one function of WebAssembly: (address, instructions left, calls that may nest) to (address, instructions
// left). It keeps registers in locals, and everything it has changed is in the state when it returns. The low bits of
// the address it returns say why: see `Leave`.

import { BO } from '../isa/flow.ts'
import { planAccesses } from './accesses.ts'
import type { GuestInsn } from './effects.ts'
import type { Expressions } from './expressions.ts'
import { Floats } from './floats.ts'
import { analyse, entriesOf, type Flow, type FlowBlock, type RegisterSet, type WayIn } from './flow.ts'
import { JUMP_ENTRIES, jumpsOf, TIME_AT, TIME_CARRIES_AT, TIME_STANDS_AT, TIME_UPPER_AT } from './layout.ts'
import { ADDRESS, CTR_LOCAL, DEPTH, LEFT, Locals, TARGET } from './locals.ts'
import { type AccessPlan, MemoryAccesses, type MemoryOptions } from './memoryAccesses.ts'
import type { CodeRegion } from './region.ts'
import { RegionOperands } from './regionOperands.ts'
import { RegisterMoves } from './registerMoves.ts'
import { Statements } from './statements.ts'
import { type Code, I32, Op, type WasmFunctionType } from './wasm.ts'

/** In the low bits of a returned address; 0: look there for compiled code. */
export const Leave = {
  /** The instruction there is for the interpreter. */
  INTERPRET: 1,
  /** Too few instructions are left to go on. */
  BUDGET: 2,
} as const

export const REGION_TYPE: WasmFunctionType = { params: [I32, I32, I32], results: [I32, I32] }
/** In what is left, which is never negative otherwise: the function is on the way to the landing of its address. */
const ON_THE_WAY = -0x8000_0000
/** Index of REGION_TYPE in every module. */
const TYPE = 0

/** How a region reaches others. */
export interface RegionLinks {
  /** Address of the link to the region at `target`, whether it has been compiled or not; undefined: there is no code. */
  link(target: number): number | undefined
  /** Index in the same module, if it is there. */
  here(target: number): number | undefined
}

export interface FunctionOptions extends MemoryOptions {
  readonly links: RegionLinks
}

/** A block of WebAssembly that is open; `other`: nothing leads to its label. */
interface WasmLabel {
  readonly kind: 'loop' | 'block' | 'other'
  readonly target: number
}

export interface WrittenFunction {
  readonly locals: Locals['declared']
  /** Addresses it can be called with. */
  readonly entries: readonly number[]
}

/** Part by part: what is known of the region, what is planned for its accesses, and then `code`, all at once. */
export function* writeFunction(
  region: CodeRegion,
  code: Code,
  options: FunctionOptions,
): Generator<void, WrittenFunction> {
  const flow = analyse(region)
  yield
  const plans = flow.map(({ block, copies }) => planAccesses(copiesOf(block.insns, copies), options.lookUp))
  yield
  const locals = new Locals()
  code.clear()
  new FunctionWriter(flow, plans, code, locals, options).write()
  return { locals: locals.declared, entries: entriesOf(flow) }
}

class FunctionWriter {
  readonly #flow: Flow
  readonly #code: Code
  readonly #options: FunctionOptions
  readonly #locals: Locals
  readonly #operands: RegionOperands
  readonly #expressions: Expressions
  readonly #floats: Floats
  readonly #statements: Statements
  readonly #memory: MemoryAccesses
  readonly #registers: RegisterMoves
  readonly #frames: WasmLabel[] = []
  /** What is newer in locals than in the state, where code is being written. */
  #dirty: RegisterSet = { gpr: 0, other: 0 }
  /** Of the block at hand. */
  #block!: FlowBlock
  #index = 0
  /** Instructions counted when it was entered: of all copies. */
  #total = 0
  /** It has been asked in this block whether there is a floating-point unit. */
  #floatIsAvailable = false
  /** What is planned for the accesses of each block. */
  readonly #plans: readonly AccessPlan[]

  constructor(flow: Flow, plans: readonly AccessPlan[], code: Code, locals: Locals, options: FunctionOptions) {
    this.#flow = flow
    this.#plans = plans
    this.#code = code
    this.#locals = locals
    this.#options = options
    const leave = (): void => this.#leaveIf(this.#here | Leave.INTERPRET)
    this.#floats = new Floats(code, locals, leave)
    this.#operands = new RegionOperands(code, locals, options.context, {
      memory: () => this.#memory,
      time: half => this.#time(half),
    })
    this.#expressions = this.#operands.expressions
    this.#memory = new MemoryAccesses(code, locals, this.#expressions, options, leave)
    this.#statements = new Statements(code, locals, this.#operands, this.#floats, this.#memory, leave)
    this.#registers = new RegisterMoves(code, locals, this.#operands.cr)
  }

  write(): void {
    this.#tree(0)
    this.#code.op(Op.unreachable)
  }

  // ---- the shape of the code: after Ramsey, "Beyond Relooper" ---------------------------------------------------------

  /** A block and everything it dominates. */
  #tree(order: number): void {
    const block = this.#flow[order]!
    this.#block = block
    if (block.isLoop) {
      this.#open(Op.loop, { kind: 'loop', target: order })
      this.#operands.cr.conditions = []
      this.#dirty = block.dirty
    }
    const merges = block.children.filter(child => this.#flow[child]!.forwardEdges > 1)
    for (const merge of merges) this.#open(Op.block, { kind: 'block', target: merge })
    if (block.isLoop) this.#askBudget(block)
    if (block.kind === 'root') this.#root(block)
    else if (block.kind === 'landing') this.#landing(block)
    else this.#straight(block)
    for (const merge of merges.reverse()) {
      this.#close()
      this.#operands.cr.conditions = []
      this.#tree(merge)
    }
    if (block.isLoop) this.#close()
  }

  /** Where the function begins: it goes on at the address it is called with. */
  #root(root: FlowBlock): void {
    const code = this.#code
    this.#memory.loadWindows(this.#plans)
    if (root.waysIn.length > 0) {
      code.get(ADDRESS)
      code.i32(root.block.start)
      code.op(Op.i32_ne)
      this.#apart(() => {
        code.get(LEFT)
        code.i32(ON_THE_WAY)
        code.op(Op.i32_or)
        code.set(LEFT)
        this.#wayIn(root.waysIn)
      })
    }
    this.#goTo(root.next!)
  }

  /** Towards the landing of the address that the function was called with. */
  #wayIn(ways: readonly WayIn[]): void {
    const code = this.#code
    for (const [n, { addresses, to }] of ways.entries()) {
      const go = (): void => {
        if (this.#flow[to]!.kind === 'landing') {
          code.get(LEFT)
          code.i32(~ON_THE_WAY)
          code.op(Op.i32_and)
          code.set(LEFT)
        }
        this.#goTo(to)
      }
      if (n === ways.length - 1) return go()
      addresses.forEach((address, i) => {
        code.get(ADDRESS)
        code.i32(address)
        code.op(Op.i32_eq)
        if (i > 0) code.op(Op.i32_or)
      })
      this.#apart(go)
    }
  }

  #landing(block: FlowBlock): void {
    const next = this.#flow[block.next!]!
    this.#dirty = NOTHING
    this.#operands.cr.conditions = []
    if (!next.isLoop) this.#askBudget(block)
    this.#registers.load(next.live)
    this.#goTo(block.next!)
  }

  #open(opcode: number, frame: WasmLabel): void {
    this.#code.open(opcode)
    this.#frames.push(frame)
  }

  #close(): void {
    this.#code.end()
    this.#frames.pop()
  }

  /** Goes on at a block of the region, from the end of the one at hand. */
  #goTo(order: number): void {
    const target = this.#flow[order]!
    const inline = order > this.#block.order && target.forwardEdges === 1
    if (!inline || target.isLoop) this.#operands.cr.settle(target.live.other >>> 3)
    if (inline) return this.#tree(order)
    const depth = [...this.#frames].reverse().findIndex(frame => frame.kind !== 'other' && frame.target === order)
    this.#code.branch(Op.br, depth)
  }

  // ---- straight lines --------------------------------------------------------------------------------------------------

  #straight(block: FlowBlock): void {
    const { insns } = block.block
    this.#block = block
    this.#dirty = block.dirty
    this.#memory.begin(this.#plans[block.order]!)
    this.#floatIsAvailable = false
    this.#locals.blockEnds()
    this.#total = block.copies * insns.length
    this.#index = 0
    this.#count(this.#total)
    for (let copy = 1; copy <= block.copies; copy++) {
      for (const insn of insns) {
        this.#insn(insn)
        this.#index++
      }
      if (copy < block.copies) this.#nextRound(block)
    }
    this.#ending(block)
  }

  /** Between two copies of a loop: out of it if the branch back is not taken. What was counted ahead is given back. */
  #nextRound({ block, next }: FlowBlock): void {
    this.#branch(block.insns.at(-1)!, false, () => {
      this.#count(this.#index - this.#total)
      this.#on(next, block.end)
    })
  }

  #insn(insn: GuestInsn): void {
    this.#operands.begin(insn)
    this.#locals.insnEnds()
    if (insn.variant.insn.unit === 'float' && !this.#floatIsAvailable) {
      this.#floats.askAvailable()
      this.#floatIsAvailable = true
    }
    this.#memory.index = this.#index
    this.#statements.write(insn)
    this.#dirty = { gpr: this.#dirty.gpr | insn.definesGpr, other: this.#dirty.other | insn.defines }
  }

  // ---- ends of blocks --------------------------------------------------------------------------------------------------

  #ending({ block, next, taken }: FlowBlock): void {
    const last = block.insns.at(-1)!
    const { ending } = last
    switch (ending?.kind) {
      case undefined:
        return this.#on(next, block.end)
      case 'jump':
        if (!ending.conditional) return this.#on(taken, ending.target)
        this.#branch(last, true, () => this.#on(taken, ending.target))
        return this.#on(next, block.end)
      case 'return':
        if (!ending.conditional) return this.#return()
        this.#branch(last, true, () => this.#return())
        return this.#on(next, block.end)
      case 'call':
        return this.#callRegion(ending.target, next, block.end)
      case 'indirectJump':
        this.#registers.store(this.#dirty)
        return this.#indirect(true)
      case 'indirectCall':
        this.#registers.store(this.#dirty)
        this.#askDepth(() => this.#code.get(this.#locals.index(TARGET)))
        this.#indirect(false)
        return this.#afterCall(next, block.end)
    }
  }

  /** Goes on in the region, or at an address outside it. */
  #on(order: number | undefined, address: number): void {
    if (order !== undefined) return this.#goTo(order)
    const link = this.#options.links.link(address)
    if (link === undefined) return this.#leaveTo(() => this.#code.i32(address | Leave.INTERPRET))
    this.#registers.store(this.#dirty)
    this.#code.i32(address)
    this.#code.get(LEFT)
    this.#code.get(DEPTH)
    this.#code.i32(0)
    this.#code.access(Op.i32_load, link)
    this.#code.callIndirect(Op.return_call_indirect, TYPE)
  }

  #return(): void {
    this.#leaveTo(() => this.#code.get(this.#locals.index(TARGET)))
  }

  /** `then` where the branch is taken, or is not. What is known there is not known behind it. */
  #branch(insn: GuestInsn, taken: boolean, then: () => void): void {
    this.#taken(insn)
    if (!taken) this.#code.op(Op.i32_eqz)
    this.#apart(then)
  }

  /** `then` if the stack holds anything but 0. It goes elsewhere, and what is known there is not known behind it. */
  #apart(then: () => void): void {
    const [conditions, dirty, block] = [[...this.#operands.cr.conditions], this.#dirty, this.#block]
    this.#open(Op.if, { kind: 'other', target: -1 })
    then()
    this.#close()
    this.#operands.cr.conditions = conditions
    this.#dirty = dirty
    this.#block = block
  }

  /** Whether the branch is taken, onto the stack (manual p.46). */
  #taken({ word }: GuestInsn): void {
    const code = this.#code
    const [bo, bi] = [(word >>> 21) & 31, (word >>> 16) & 31]
    const counts = (bo & BO.KEEPS_CTR) === 0
    if (counts) {
      code.get(this.#locals.index(CTR_LOCAL))
      code.i32(1)
      code.op(Op.i32_sub)
      code.tee(this.#locals.index(CTR_LOCAL))
      if ((bo & BO.IF_ZERO) !== 0) code.op(Op.i32_eqz)
      else {
        code.i32(0)
        code.op(Op.i32_ne)
      }
    }
    if ((bo & BO.ANY_CONDITION) !== 0) return
    this.#operands.cr.bit(bi)
    if ((bo & BO.IF_SET) === 0) code.op(Op.i32_eqz)
    if (counts) code.op(Op.i32_and)
  }

  #callRegion(target: number, next: number | undefined, back: number): void {
    const code = this.#code
    this.#registers.store(this.#dirty)
    const { here, link } = this.#options.links
    const index = here(target)
    const place = index === undefined ? link(target) : undefined
    if (index === undefined && place === undefined) {
      code.i32(target)
      code.get(LEFT)
      return code.op(Op.return)
    }
    this.#askDepth(() => code.i32(target))
    code.i32(target)
    code.get(LEFT)
    this.#oneLess()
    if (index !== undefined) code.call(Op.call, index)
    else {
      code.i32(0)
      code.access(Op.i32_load, place!)
      code.callIndirect(Op.call_indirect, TYPE)
    }
    this.#afterCall(next, back)
  }

  #oneLess(): void {
    this.#code.get(DEPTH)
    this.#code.i32(1)
    this.#code.op(Op.i32_sub)
  }

  /** Calls nest only so deep; further ones are made from outside. */
  #askDepth(target: () => void): void {
    const code = this.#code
    code.get(DEPTH)
    code.op(Op.i32_eqz)
    this.#open(Op.if, { kind: 'other', target: -1 })
    target()
    code.get(LEFT)
    code.op(Op.return)
    this.#close()
  }

  /** To the address in TARGET, through the table of jumps. */
  #indirect(jump: boolean): void {
    const code = this.#code
    const entry = this.#locals.forInsn()
    const jumps = jumpsOf(this.#options.context)
    code.get(this.#locals.index(TARGET))
    code.i32(4 * (JUMP_ENTRIES - 1))
    code.op(Op.i32_and)
    code.i32(1)
    code.op(Op.i32_shl)
    code.set(entry)
    code.get(this.#locals.index(TARGET))
    code.get(LEFT)
    if (jump) code.get(DEPTH)
    else this.#oneLess()
    // The place of another address holds 0, where nothing is called.
    code.get(entry)
    code.access(Op.i32_load, jumps + 4)
    code.i32(0)
    code.get(entry)
    code.access(Op.i32_load, jumps)
    code.get(this.#locals.index(TARGET))
    code.op(Op.i32_eq)
    code.op(Op.select)
    code.callIndirect(jump ? Op.return_call_indirect : Op.call_indirect, TYPE)
  }

  /** Back from a call: here if the called one came back here, otherwise further out. */
  #afterCall(next: number | undefined, back: number): void {
    const code = this.#code
    const address = this.#locals.index(TARGET)
    code.set(LEFT)
    if (next === undefined) {
      code.get(LEFT)
      return code.op(Op.return)
    }
    code.tee(address)
    code.i32(back)
    code.op(Op.i32_ne)
    this.#open(Op.if, { kind: 'other', target: -1 })
    code.get(address)
    code.get(LEFT)
    code.op(Op.return)
    this.#close()
    this.#dirty = NOTHING
    this.#operands.cr.conditions = []
    this.#goTo(next)
  }

  /** The time base, of which each instruction is a tick. */
  #time(half: 'TBL' | 'TBU'): void {
    const code = this.#code
    const isUpper = half === 'TBU'
    code.i32(0)
    code.access(Op.i32_load, isUpper ? TIME_CARRIES_AT : TIME_STANDS_AT)
    this.#leaveIf(this.#here | Leave.INTERPRET)
    code.i32(0)
    code.access(Op.i32_load, isUpper ? TIME_UPPER_AT : TIME_AT)
    if (isUpper) return
    code.get(LEFT)
    code.i32(this.#total - this.#index)
    code.op(Op.i32_add)
    code.op(Op.i32_sub)
  }

  // ---- counting and leaving --------------------------------------------------------------------------------------------

  #count(instructions: number): void {
    const code = this.#code
    code.get(LEFT)
    code.i32(instructions)
    code.op(Op.i32_sub)
    code.set(LEFT)
  }

  /** A loop on the way to a landing passes that on before it asks. */
  #askBudget({ block, longest, waysIn }: FlowBlock): void {
    const code = this.#code
    code.get(LEFT)
    code.i32(longest)
    code.op(Op.i32_lt_s)
    this.#apart(() => {
      if (waysIn.length > 0) {
        code.get(LEFT)
        code.i32(0)
        code.op(Op.i32_lt_s)
        this.#apart(() => this.#wayIn(waysIn))
      }
      this.#leaveTo(() => code.i32(block.start | Leave.BUDGET))
    })
  }

  /** Address of the instruction at hand. */
  get #here(): number {
    const { insns } = this.#block.block
    return insns[this.#index % insns.length]!.pc
  }

  /** Leaves before the instruction at hand if the stack holds anything but 0; what was counted ahead is given back. */
  #leaveIf(address: number): void {
    const code = this.#code
    this.#open(Op.if, { kind: 'other', target: -1 })
    this.#registers.store(this.#dirty)
    code.i32(address)
    code.get(LEFT)
    code.i32(this.#total - this.#index)
    code.op(Op.i32_add)
    code.op(Op.return)
    this.#close()
  }

  #leaveTo(address: () => void): void {
    this.#registers.store(this.#dirty)
    address()
    this.#code.get(LEFT)
    this.#code.op(Op.return)
  }
}

/** What is executed from the beginning of a block on when it is written several times. */
const copiesOf = (insns: readonly GuestInsn[], copies: number): readonly GuestInsn[] =>
  copies === 1 ? insns : Array.from({ length: copies }, () => insns).flat()

const NOTHING: RegisterSet = { gpr: 0, other: 0 }
