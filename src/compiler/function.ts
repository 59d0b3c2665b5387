// One region as one function of WebAssembly: (address, instructions left, calls that may nest) to (address, instructions
// left). It keeps registers in locals, and everything it has changed is in the state when it returns. The low bits of
// the address it returns say why: see `Leave`.

import { CODE_LINE_SHIFT } from '../cpu/state.ts'
import { WindowWord } from '../cpu/windows.ts'
import { BO } from '../isa/flow.ts'
import { Spr } from '../isa/registers.ts'
import type { FunctionName } from '../isa/rtl/language.ts'
import type { RtlCall, RtlExpression, Statement } from '../isa/rtl/tree.ts'
import { type AccessGroup, INTEGER_ACCESSES, type PlannedAccess, planAccesses } from './accesses.ts'
import { CA, CTR, crBit, type GuestInsn, LR } from './effects.ts'
import { Expressions } from './expressions.ts'
import { FLOAT_STORAGE, Floats } from './floats.ts'
import { analyse, type Flow, type FlowBlock, type RegisterSet } from './flow.ts'
import {
  CA_AT,
  type CodeContext,
  CTR_AT,
  crValueAt,
  gprAt,
  JUMP_ENTRIES,
  jumpsOf,
  LR_AT,
  RAM_BASE,
  softTlbOf,
  windowOf,
} from './layout.ts'
import { CA_LOCAL, CTR_LOCAL, crValue, DEPTH, gpr, LEFT, Locals, LR_LOCAL, TARGET, windowPart } from './locals.ts'
import type { CodeRegion } from './region.ts'
import { type Code, I32, Op, type WasmFunctionType } from './wasm.ts'

/** In the low bits of a returned address; 0: look there for compiled code. */
export const Leave = {
  /** The instruction there is for the interpreter. */
  INTERPRET: 1,
  /** Too few instructions are left to go on. */
  BUDGET: 2,
} as const

export const REGION_TYPE: WasmFunctionType = { params: [I32, I32, I32], results: [I32, I32] }
/** Index of REGION_TYPE in every module. */
const TYPE = 0

/** How a region reaches others. */
export interface RegionLinks {
  /** Address of the link to the region at `target`, whether it has been compiled or not; undefined: there is no code. */
  link(target: number): number | undefined
  /** Index in the same module, if it is there. */
  here(target: number): number | undefined
}

export interface FunctionOptions {
  readonly context: CodeContext
  readonly links: RegionLinks
  /** How it is found where an access goes: by the one large window, or page by page. */
  readonly memory: 'window' | 'pages'
  /** Each access by itself, and not several near each other at once. */
  readonly alone: boolean
  /** Where in the linear memory the map of compiled lines is (CpuState.codeLines). */
  readonly codeLines: number
}

/** The parts of a block's state that only the code behind it knows. */
interface WasmLabel {
  readonly kind: 'loop' | 'block' | 'other'
  readonly target: number
}

export function writeFunction(region: CodeRegion, code: Code, options: FunctionOptions): Locals['declared'] {
  const locals = new Locals()
  new FunctionWriter(analyse(region), code, locals, options).write()
  return locals.declared
}

class FunctionWriter {
  readonly #flow: Flow
  readonly #code: Code
  readonly #options: FunctionOptions
  readonly #locals: Locals
  readonly #expressions: Expressions
  readonly #floats: Floats
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
  #accesses: readonly (PlannedAccess | undefined)[] = []
  /** What is planned for the accesses of each block. */
  #plans: readonly (readonly (PlannedAccess | undefined)[])[] = []
  /** Where in the linear memory the lowest byte of a group is: local by group. */
  readonly #places = new Map<AccessGroup, number>()

  constructor(flow: Flow, code: Code, locals: Locals, options: FunctionOptions) {
    this.#flow = flow
    this.#code = code
    this.#locals = locals
    this.#options = options
    this.#floats = new Floats(code, locals, () => this.#leaveIf(this.#here | Leave.INTERPRET))
    this.#expressions = new Expressions(code, locals, options.context, (name, address) => this.#read(name, address))
  }

  write(): void {
    this.#plans = this.#flow.map(({ block, copies }) =>
      planAccesses(copiesOf(block.insns, copies), this.#options.alone),
    )
    const entry = this.#flow[0]!
    this.#block = entry
    if (!entry.isLoop) this.#askBudget(entry)
    this.#loadWindows()
    this.#load(entry.live)
    this.#tree(0)
    this.#code.op(Op.unreachable)
  }

  // ---- the shape of the code: after Ramsey, "Beyond Relooper" ---------------------------------------------------------

  /** A block and everything it dominates. */
  #tree(order: number): void {
    const block = this.#flow[order]!
    if (block.isLoop) {
      this.#open(Op.loop, { kind: 'loop', target: order })
      this.#expressions.conditions = []
      this.#block = block
      this.#dirty = block.dirty
      this.#askBudget(block)
    }
    const merges = block.children.filter(child => this.#flow[child]!.forwardEdges > 1)
    for (const merge of merges) this.#open(Op.block, { kind: 'block', target: merge })
    this.#straight(block)
    for (const merge of merges.reverse()) {
      this.#close()
      this.#expressions.conditions = []
      this.#tree(merge)
    }
    if (block.isLoop) this.#close()
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
    if (!inline || target.isLoop) this.#expressions.settle(target.live.other >>> 3)
    if (inline) return this.#tree(order)
    const depth = [...this.#frames].reverse().findIndex(frame => frame.kind !== 'other' && frame.target === order)
    this.#code.branch(Op.br, depth)
  }

  // ---- straight lines --------------------------------------------------------------------------------------------------

  #straight(block: FlowBlock): void {
    const { insns } = block.block
    this.#block = block
    this.#dirty = block.dirty
    this.#accesses = this.#plans[block.order]!
    this.#places.clear()
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
    this.#expressions.begin(insn.variant, insn.word, insn.pc)
    this.#locals.insnEnds()
    if (insn.variant.insn.unit === 'float' && !this.#floatIsAvailable) {
      this.#floats.askAvailable()
      this.#floatIsAvailable = true
    }
    for (const statement of insn.meaning) this.#statement(statement, insn)
    this.#dirty = { gpr: this.#dirty.gpr | insn.definesGpr, other: this.#dirty.other | insn.defines }
  }

  #statement(statement: Statement, insn: GuestInsn): void {
    switch (statement.kind) {
      case 'let':
        return this.#let(statement)
      case 'assign':
        return this.#assign(statement, insn)
      case 'call':
        return this.#call(statement.call)
      case 'if':
        // Only traps are conditional in what is compiled.
        this.#expressions.write(statement.condition)
        return this.#leaveIf(insn.pc | Leave.INTERPRET)
      case 'ifTaken':
        return this.#statement(statement.body, insn)
    }
  }

  #let({ name, value }: Statement & { kind: 'let' }): void {
    const expressions = this.#expressions
    const known = expressions.constant(value)
    if (known !== undefined) return expressions.bindConstant(name, known)
    expressions.write(value)
    expressions.bind(name, value.type === 'void' ? 'i32' : value.type)
  }

  #assign({ target, value }: Statement & { kind: 'assign' }, insn: GuestInsn): void {
    const [code, expressions] = [this.#code, this.#expressions]
    switch (target.op) {
      case 'register':
        expressions.write(value)
        return code.set(this.#locals.index(gpr(expressions.number(target.field))))
      case 'place':
        expressions.write(value)
        return code.set(
          this.#locals.index(target.name === 'LR' ? LR_LOCAL : target.name === 'CTR' ? CTR_LOCAL : CA_LOCAL),
        )
      case 'record':
        return expressions.compare(0, true, value, ZERO)
      case 'conditionField': {
        const n = expressions.constant(target.number)!
        if (value.op === 'call' && (value.name === 'fcmpu' || value.name === 'fcmpo')) {
          this.#floats.compare(value.args.map(arg => expressions.constant(arg)!))
          return expressions.compareFloat(n)
        }
        if (value.op === 'call' && (value.name === 'compare' || value.name === 'compareUnsigned'))
          return expressions.compare(n, value.name === 'compare', value.args[0]!, value.args[1]!)
        expressions.write(value)
        return expressions.setNibble(n)
      }
      case 'nextInstruction':
        if (insn.ending === undefined || insn.ending.kind === 'jump' || insn.ending.kind === 'call') return
        expressions.write(value)
        return code.set(this.#locals.index(TARGET))
    }
  }

  #call(call: RtlCall): void {
    const { name, args } = call
    const [code, expressions] = [this.#code, this.#expressions]
    switch (name) {
      case 'write8':
      case 'write16':
      case 'write32':
        return this.#write(name, args[0]!, args[1]!)
      case 'mtspr':
        expressions.write(args[1]!)
        return code.set(this.#locals.index(expressions.constant(args[0]!) === Spr.LR ? LR_LOCAL : CTR_LOCAL))
      case 'setCrBit':
        return expressions.setBit(expressions.constant(args[0]!)!, args[1]!)
      case 'unpackCr':
        return expressions.unpack(args[0]!, expressions.constant(args[1]!)!)
      default:
        return this.#float(call)
    }
  }

  #float({ name, args }: RtlCall): void {
    const numbers = args.map(arg => this.#expressions.constant(arg))
    if (!(name in FLOAT_STORAGE)) return this.#floats.write(name, numbers as number[])
    const { group, offset } = this.#accesses[this.#index]!
    const place = this.#place(group, offset, args[1]!)
    this.#floats.access(name, numbers[0]!, place, RAM_BASE + offset - group.low, () => this.#expressions.swap(4))
  }

  // ---- memory ----------------------------------------------------------------------------------------------------------

  #read(name: FunctionName, address: RtlExpression): void {
    const code = this.#code
    const { group, offset } = this.#accesses[this.#index]!
    const { size } = INTEGER_ACCESSES[name]!
    const place = this.#place(group, offset, address)
    const at = RAM_BASE + offset - group.low
    code.get(place)
    if (size !== 2) {
      code.access(LOADS[size], at)
      return this.#expressions.swap(size)
    }
    // Two bytes are put together faster than they are exchanged.
    code.access(Op.i32_load8_u, at)
    code.i32(8)
    code.op(Op.i32_shl)
    code.get(place)
    code.access(Op.i32_load8_u, at + 1)
    code.op(Op.i32_or)
  }

  #write(name: FunctionName, address: RtlExpression, value: RtlExpression): void {
    const code = this.#code
    const { group, offset } = this.#accesses[this.#index]!
    const { size } = INTEGER_ACCESSES[name]!
    code.get(this.#place(group, offset, address))
    this.#expressions.write(value)
    this.#expressions.swap(size)
    code.access(STORES[size], RAM_BASE + offset - group.low)
  }

  /** The local that leads to the lowest byte of a group; where that is not known yet, code that finds out, or leaves. */
  #place(group: AccessGroup, offset: number, address: RtlExpression): number {
    const known = this.#places.get(group)
    if (known !== undefined) return known
    const place = this.#locals.forInsn()
    this.#locals.keep()
    this.#places.set(group, place)
    this.#expressions.write(address)
    if (group.low !== offset) {
      this.#code.i32((group.low - offset) | 0)
      this.#code.op(Op.i32_add)
    }
    this.#code.set(place)
    if (this.#options.memory === 'window') this.#throughWindow(group, place)
    else this.#throughPages(group, place)
    return place
  }

  #throughWindow({ low, high, writes }: AccessGroup, place: number): void {
    const code = this.#code
    const local = (part: number): number => this.#locals.index(windowPart(part + (writes ? WindowWord.WRITE : 0)))
    code.get(place)
    code.get(local(WindowWord.LOW))
    code.op(Op.i32_sub)
    code.get(local(high - low <= 8 ? WindowWord.SMALL : WindowWord.LARGE))
    code.op(Op.i32_ge_u)
    this.#leaveIf(this.#here | Leave.INTERPRET)
    code.get(place)
    code.get(local(WindowWord.ADDEND))
    code.op(Op.i32_add)
    code.set(place)
  }

  /** As cpu/memory.ts does it: the entry of the page says whether the last byte lies in it, too. */
  #throughPages({ low, high, writes }: AccessGroup, place: number): void {
    const code = this.#code
    const entry = this.#locals.forInsn()
    const base = softTlbOf(this.#options.context)
    code.get(place)
    code.i32(8)
    code.op(Op.i32_shr_u)
    code.i32(0x3ff0)
    code.op(Op.i32_and)
    code.tee(entry)
    code.access(Op.i32_load, base + (writes ? 12 : 0))
    code.get(place)
    if (high - low > 1) {
      code.i32(high - low - 1)
      code.op(Op.i32_add)
    }
    code.i32(~0xfff)
    code.op(Op.i32_and)
    code.op(Op.i32_ne)
    this.#leaveIf(this.#here | Leave.INTERPRET)
    code.get(place)
    code.get(entry)
    code.access(Op.i32_load, base + 8)
    code.op(Op.i32_add)
    code.set(place)
    if (writes) this.#besideCode(high - low, place)
  }

  /** Leaves where a store may change what is compiled. A group reaches over two lines at most. */
  #besideCode(bytes: number, place: number): void {
    const code = this.#code
    const line = (offset: number): void => {
      code.get(place)
      if (offset > 0) {
        code.i32(offset)
        code.op(Op.i32_add)
      }
      code.i32(CODE_LINE_SHIFT)
      code.op(Op.i32_shr_u)
      code.access(Op.i32_load8_u, this.#options.codeLines)
    }
    line(0)
    if (bytes > 1) {
      line(bytes - 1)
      code.op(Op.i32_or)
    }
    this.#leaveIf(this.#here | Leave.INTERPRET)
  }

  #loadWindows(): void {
    if (this.#options.memory !== 'window') return
    const all = new Set<AccessGroup>()
    for (const plan of this.#plans) for (const access of plan) if (access !== undefined) all.add(access.group)
    for (const writes of [false, true]) {
      const groups = [...all].filter(group => group.writes === writes)
      if (groups.length === 0) continue
      for (const part of [WindowWord.LOW, WindowWord.SMALL, WindowWord.LARGE, WindowWord.ADDEND]) {
        if (part === WindowWord.SMALL && groups.every(({ low, high }) => high - low > 8)) continue
        if (part === WindowWord.LARGE && groups.every(({ low, high }) => high - low <= 8)) continue
        this.#code.i32(0)
        this.#code.access(Op.i32_load, windowOf(this.#options.context) + 4 * (part + (writes ? WindowWord.WRITE : 0)))
        this.#code.set(this.#locals.index(windowPart(part + (writes ? WindowWord.WRITE : 0))))
      }
    }
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
        this.#store(this.#dirty)
        return this.#indirect(true)
      case 'indirectCall':
        this.#store(this.#dirty)
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
    this.#store(this.#dirty)
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
    const [conditions, dirty, block] = [[...this.#expressions.conditions], this.#dirty, this.#block]
    this.#open(Op.if, { kind: 'other', target: -1 })
    then()
    this.#close()
    this.#expressions.conditions = conditions
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
    this.#expressions.bit(bi)
    if ((bo & BO.IF_SET) === 0) code.op(Op.i32_eqz)
    if (counts) code.op(Op.i32_and)
  }

  #callRegion(target: number, next: number | undefined, back: number): void {
    const code = this.#code
    this.#store(this.#dirty)
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
    const target = this.#flow[next]!
    this.#dirty = NOTHING
    this.#expressions.conditions = []
    if (!target.isLoop) this.#askBudgetAt(target, back)
    this.#load(target.live)
    this.#goTo(next)
  }

  // ---- counting and leaving --------------------------------------------------------------------------------------------

  #count(instructions: number): void {
    const code = this.#code
    code.get(LEFT)
    code.i32(instructions)
    code.op(Op.i32_sub)
    code.set(LEFT)
  }

  #askBudget(block: FlowBlock): void {
    this.#askBudgetAt(block, block.block.start)
  }

  #askBudgetAt({ longest }: FlowBlock, address: number): void {
    const code = this.#code
    code.get(LEFT)
    code.i32(longest)
    code.op(Op.i32_lt_s)
    this.#open(Op.if, { kind: 'other', target: -1 })
    this.#leaveTo(() => code.i32(address | Leave.BUDGET))
    this.#close()
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
    this.#store(this.#dirty)
    code.i32(address)
    code.get(LEFT)
    code.i32(this.#total - this.#index)
    code.op(Op.i32_add)
    code.op(Op.return)
    this.#close()
  }

  #leaveTo(address: () => void): void {
    this.#store(this.#dirty)
    address()
    this.#code.get(LEFT)
    this.#code.op(Op.return)
  }

  // ---- between locals and the state ------------------------------------------------------------------------------------

  #load({ gpr: general, other }: RegisterSet): void {
    const code = this.#code
    const load = (opcode: number, address: number, local: number): void => {
      code.i32(0)
      code.access(opcode, address)
      code.set(this.#locals.index(local))
    }
    for (let n = 0; n < 32; n++) if ((general & (1 << n)) !== 0) load(Op.i32_load, gprAt(n), gpr(n))
    if ((other & LR) !== 0) load(Op.i32_load, LR_AT, LR_LOCAL)
    if ((other & CTR) !== 0) load(Op.i32_load, CTR_AT, CTR_LOCAL)
    if ((other & CA) !== 0) load(Op.i32_load, CA_AT, CA_LOCAL)
    for (let n = 0; n < 8; n++) if ((other & crBit(n)) !== 0) load(Op.i64_load, crValueAt(n), crValue(n))
  }

  #store({ gpr: general, other }: RegisterSet): void {
    const code = this.#code
    const store = (opcode: number, address: number, local: number): void => {
      code.i32(0)
      code.get(this.#locals.index(local))
      code.access(opcode, address)
    }
    for (let n = 0; n < 32; n++) if ((general & (1 << n)) !== 0) store(Op.i32_store, gprAt(n), gpr(n))
    if ((other & LR) !== 0) store(Op.i32_store, LR_AT, LR_LOCAL)
    if ((other & CTR) !== 0) store(Op.i32_store, CTR_AT, CTR_LOCAL)
    if ((other & CA) !== 0) store(Op.i32_store, CA_AT, CA_LOCAL)
    for (let n = 0; n < 8; n++) {
      if ((other & crBit(n)) === 0) continue
      code.i32(0)
      this.#expressions.crValue(n)
      code.access(Op.i64_store, crValueAt(n))
    }
  }
}

/** What is executed from the beginning of a block on when it is written several times. */
const copiesOf = (insns: readonly GuestInsn[], copies: number): readonly GuestInsn[] =>
  copies === 1 ? insns : Array.from({ length: copies }, () => insns).flat()

const NOTHING: RegisterSet = { gpr: 0, other: 0 }
const ZERO: RtlExpression = { op: 'constant', type: 'i32', value: 0 }
const LOADS = { 1: Op.i32_load8_u, 4: Op.i32_load } as const
const STORES = { 1: Op.i32_store8, 2: Op.i32_store16, 4: Op.i32_store } as const
