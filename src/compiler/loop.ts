// The loop that interprets what is not worth a compilation, as one function of WebAssembly: it is fast from its first
// instruction on, where V8 needs seconds to make something of the interpreter. Made of the same meanings, it executes what
// the interpreter has met before, and leaves to it whatever is rare, with PC at that instruction.

import { GRANULE } from '../cpu/codePages.ts'
import { HEAT_COUNTERS, HOT } from '../cpu/heat.ts'
import {
  type CpuState,
  CR_OFFSET,
  DECODED_WORDS,
  FETCH_ENTRIES,
  FetchWord,
  SOFT_TLB_OFFSET,
  SPR_OFFSET,
  WORDS_OFFSET,
  Word,
} from '../cpu/state.ts'
import { type Variant, variants } from '../isa/decode.ts'
import { BO } from '../isa/flow.ts'
import { MSR_EE, MSR_PR, Spr } from '../isa/registers.ts'
import type { RtlCall, RtlExpression, RtlTarget, Statement } from '../isa/rtl/tree.ts'
import { flattened } from '../isa/rtl/walk.ts'
import { Leave } from './function.ts'
import { LEFT_AT, TIME_AT, TIME_STANDS_AT } from './layout.ts'
import { ADDRESS, DEPTH, LEFT, Locals } from './locals.ts'
import { formOf } from './loopForms.ts'
import { LoopMemory } from './loopMemory.ts'
import { LoopOperands } from './loopOperands.ts'
import { Code, I32, moduleBytes, Op, type WasmFunctionType } from './wasm.ts'

/** The context stands where regions are told how deep they may call. */
const CONTEXT = DEPTH

const LOOP_TYPE: WasmFunctionType = { params: [I32, I32, I32], results: [I32] }

/** @returns where it left, with `Leave`; what is left is in `LEFT_AT` */
export type Loop = (pc: number, left: number, context: number) => number

/** Cases that are written at once: all of them would hold a run up. */
const PIECE = 8

/** Makes the loop piece by piece. */
export function* makeLoop(state: CpuState): Generator<void, Loop> {
  const code = new Code()
  const locals = new Locals()
  yield* new LoopWriter(state, code, locals).write()
  const body = code.bytes.slice()
  const bytes = moduleBytes([LOOP_TYPE], [{ type: 0, locals: locals.declared, body, exported: 'loop' }])
  yield
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: 1 })
  const imports = { m: { memory: state.memory as WebAssembly.Memory, table } }
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports.loop as Loop
}

interface Case {
  readonly variant: Variant
  readonly meaning: readonly Statement[]
}

class LoopWriter {
  readonly #state: CpuState
  readonly #code: Code
  readonly #locals: Locals
  readonly #operands: LoopOperands
  readonly #memory: LoopMemory
  readonly #word: number
  /** Locals: address of the granule at hand, where it lies, where what is decoded of it is, and the soft TLB. */
  readonly #granule: number
  readonly #from: number
  readonly #decoded: number
  readonly #softTlb: number
  readonly #fetchEntries: number
  readonly #next: number
  /** Blocks of WebAssembly that are open around what is being written, beyond those of the case. */
  #inside = 0
  /** How far out the blocks of all are, from a case. */
  #toLeave = 0
  #toLoop = 0

  constructor(state: CpuState, code: Code, locals: Locals) {
    this.#state = state
    this.#code = code
    this.#locals = locals
    this.#word = locals.forInsn()
    this.#granule = locals.forInsn()
    this.#from = locals.forInsn()
    this.#decoded = locals.forInsn()
    this.#softTlb = locals.forInsn()
    this.#fetchEntries = locals.forInsn()
    this.#next = locals.forInsn()
    locals.keep()
    this.#operands = new LoopOperands(code, locals, { pc: ADDRESS, word: this.#word }, call => this.#reach(call))
    this.#memory = new LoopMemory(state, code, locals, this.#operands.expressions, this.#softTlb, () => this.#leaveIf())
  }

  *write(): Generator<void> {
    const code = this.#code
    this.#enter()
    const cases: Case[] = []
    for (const variant of variants()) {
      const meaning = formOf(variant)
      if (meaning !== undefined) cases.push({ variant, meaning })
      if (variant.opcode % (4 * PIECE) === 0) yield
    }
    code.open(Op.block)
    code.open(Op.loop)
    for (let n = 0; n < cases.length; n++) code.open(Op.block)
    this.#fetch(cases)
    for (const [n, { variant, meaning }] of cases.entries()) {
      code.end()
      this.#toLoop = cases.length - 1 - n
      this.#toLeave = this.#toLoop + 1
      this.#locals.insnEnds()
      this.#case(variant, meaning)
      if (n % PIECE === 0) yield
    }
    code.end()
    code.end()
    this.#leave(Leave.INTERPRET)
  }

  #leave(why: number): void {
    const code = this.#code
    code.i32(0)
    code.get(LEFT)
    code.access(Op.i32_store, LEFT_AT)
    code.get(ADDRESS)
    if (why === 0) return
    code.i32(why)
    code.op(Op.i32_or)
  }

  #enter(): void {
    const code = this.#code
    const ofContext = (base: number, bytes: number, local: number): void => {
      code.get(CONTEXT)
      code.i32(bytes)
      code.op(Op.i32_mul)
      code.i32(base)
      code.op(Op.i32_add)
      code.set(local)
    }
    ofContext(SOFT_TLB_OFFSET, 0x4000, this.#softTlb)
    ofContext(this.#state.fetchEntries.byteOffset, 16 * FETCH_ENTRIES, this.#fetchEntries)
    // In no granule so far.
    code.get(ADDRESS)
    code.i32(GRANULE)
    code.op(Op.i32_xor)
    code.i32(-GRANULE)
    code.op(Op.i32_and)
    code.set(this.#granule)
  }

  // ---- from instruction to instruction -----------------------------------------------------------------------------------

  /** Inside of all blocks: finds the instruction and goes to its case. */
  #fetch(cases: readonly Case[]): void {
    const code = this.#code
    const [at, entry] = [this.#locals.forInsn(), this.#locals.forInsn()]
    const leave = cases.length + 1
    code.get(LEFT)
    code.op(Op.i32_eqz)
    code.open(Op.if)
    this.#leave(Leave.BUDGET)
    code.op(Op.return)
    code.end()
    code.get(ADDRESS)
    code.get(this.#granule)
    code.op(Op.i32_sub)
    code.tee(at)
    code.i32(GRANULE)
    code.op(Op.i32_ge_u)
    code.open(Op.if)
    code.get(this.#fetchEntries)
    code.get(ADDRESS)
    code.i32(6)
    code.op(Op.i32_shr_u)
    code.i32(16 * (FETCH_ENTRIES - 1))
    code.op(Op.i32_and)
    code.op(Op.i32_add)
    code.tee(entry)
    code.access(Op.i32_load, 4 * FetchWord.ADDRESS)
    code.get(ADDRESS)
    code.i32(-GRANULE)
    code.op(Op.i32_and)
    code.tee(this.#granule)
    code.op(Op.i32_ne)
    code.branch(Op.br_if, leave + 1)
    code.get(entry)
    code.access(Op.i32_load, 4 * FetchWord.CODE)
    code.set(this.#from)
    code.get(entry)
    code.access(Op.i32_load, 4 * FetchWord.DECODED)
    code.set(this.#decoded)
    code.get(ADDRESS)
    code.i32(GRANULE - 1)
    code.op(Op.i32_and)
    code.set(at)
    code.end()
    code.get(this.#from)
    code.get(at)
    code.op(Op.i32_add)
    code.access(Op.i32_load, 0)
    this.#operands.expressions.swap(4)
    code.get(this.#decoded)
    code.get(at)
    code.op(Op.i32_add)
    code.access(Op.i32_load, 0)
    code.tee(this.#word)
    code.op(Op.i32_ne)
    code.branch(Op.br_if, leave)
    code.get(this.#decoded)
    code.get(at)
    code.i32(1)
    code.op(Op.i32_shr_u)
    code.op(Op.i32_add)
    code.access(Op.i32_load16_u, DECODED_WORDS)
    const places = new Map(cases.map(({ variant: { opcode } }, n) => [opcode, n]))
    const table = Array.from({ length: variants().length + 1 }, (_, opcode) => places.get(opcode) ?? leave)
    code.brTable(table, leave)
  }

  #case(variant: Variant, meaning: readonly Statement[]): void {
    const code = this.#code
    if (variant.insn.privileged === true) {
      code.i32(0)
      code.access(Op.i32_load, WORDS_OFFSET + 4 * Word.MSR)
      code.i32(MSR_PR)
      code.op(Op.i32_and)
      this.#leaveIf()
    }
    this.#operands.begin(variant)
    const transfers = flattened(meaning).some(each => each.kind === 'assign' && each.target.op === 'nextInstruction')
    if (transfers) {
      this.#behind()
      code.set(this.#next)
    }
    for (const statement of meaning) this.#statement(statement)
    if (transfers) return this.#goOn()
    this.#behind()
    code.set(ADDRESS)
    this.#oneLess()
    code.branch(Op.br, this.#toLoop)
  }

  /** The address behind the instruction. */
  #behind(): void {
    this.#code.get(ADDRESS)
    this.#code.i32(4)
    this.#code.op(Op.i32_add)
  }

  #oneLess(): void {
    const code = this.#code
    code.get(LEFT)
    code.i32(1)
    code.op(Op.i32_sub)
    code.set(LEFT)
  }

  /** To NEXT; where branches have led often enough, out of the loop. */
  #goOn(): void {
    const code = this.#code
    const [counter, heat] = [this.#locals.forInsn(), this.#locals.forInsn()]
    code.get(this.#next)
    code.get(ADDRESS)
    code.op(Op.i32_sub)
    code.get(this.#next)
    code.set(ADDRESS)
    this.#oneLess()
    code.i32(4)
    code.op(Op.i32_eq)
    code.branch(Op.br_if, this.#toLoop)
    code.get(ADDRESS)
    code.i32(2)
    code.op(Op.i32_shr_u)
    code.i32(HEAT_COUNTERS - 1)
    code.op(Op.i32_and)
    code.tee(counter)
    code.get(counter)
    code.access(Op.i32_load8_u, this.#state.heat.byteOffset)
    code.i32(1)
    code.op(Op.i32_add)
    code.tee(heat)
    code.i32(HOT)
    code.op(Op.i32_gt_u)
    code.open(Op.if)
    this.#leave(0)
    code.op(Op.return)
    code.end()
    code.get(heat)
    code.access(Op.i32_store8, this.#state.heat.byteOffset)
    code.branch(Op.br, this.#toLoop)
  }

  /** Leaves before the instruction if the stack holds anything but 0. */
  #leaveIf(): void {
    this.#code.branch(Op.br_if, this.#toLeave + this.#inside)
  }

  // ---- statements --------------------------------------------------------------------------------------------------------

  #statement(statement: Statement): void {
    const { expressions } = this.#operands
    switch (statement.kind) {
      case 'let':
        expressions.write(statement.value)
        return expressions.bind(statement.name, statement.value.type === 'i64' ? 'i64' : 'i32')
      case 'assign':
        return this.#assign(statement.target, statement.value)
      case 'call':
        return this.#call(statement.call)
      case 'if':
        // Only traps are conditional in what it has a form of.
        expressions.write(statement.condition)
        return this.#leaveIf()
      case 'ifTaken':
        this.#taken()
        this.#code.open(Op.if)
        this.#inside++
        this.#statement(statement.body)
        this.#inside--
        return this.#code.end()
    }
  }

  #assign(target: RtlTarget, value: RtlExpression): void {
    const code = this.#code
    const operands = this.#operands
    const written = (): void => operands.expressions.write(value)
    /** What is written may leave: the address comes first, and nothing has happened by then. */
    const store = (address: () => void, offset: number): void => {
      address()
      written()
      code.access(Op.i32_store, offset)
    }
    switch (target.op) {
      case 'register':
        return store(() => operands.gprAddress(target.field), 0)
      case 'place':
        return store(() => code.i32(0), operands.placeAddress(target.name))
      case 'record':
        code.i32(0)
        operands.compare(true, written, () => code.i32(0))
        return code.access(Op.i32_store, CR_OFFSET)
      case 'conditionField':
        return store(() => operands.crAddress(target.number), CR_OFFSET)
      case 'nextInstruction':
        written()
        return code.set(this.#next)
    }
  }

  #call(call: RtlCall): void {
    const code = this.#code
    const { name, args } = call
    switch (name) {
      case 'mtspr':
        this.#sprAddress(args[0]!)
        this.#operands.expressions.write(args[1]!)
        return code.access(Op.i32_store, SPR_OFFSET)
      case 'wrtee':
        return this.#setExternalEnable(args[0]!)
      case 'setCrBit':
        return this.#operands.setCrBit(args[0]!, args[1]!)
      case 'unpackCr':
        return this.#operands.unpack(args[0]!, args[1]!)
      default:
        if (!this.#memory.access(call)) throw new Error(`the loop has no form of ${name}`)
    }
  }

  /** The value of a call that reaches beyond registers. */
  #reach(call: RtlCall): boolean {
    if (call.name !== 'mfspr') return this.#memory.access(call)
    this.#readSpr(call.args[0]!)
    return true
  }

  /** LR, CTR or the time base, of which each instruction is a tick. */
  #readSpr(number: RtlExpression): void {
    const code = this.#code
    this.#operands.expressions.write(number)
    code.i32(Spr.TBL)
    code.op(Op.i32_eq)
    code.open(Op.if, I32)
    this.#inside++
    code.i32(0)
    code.access(Op.i32_load, TIME_STANDS_AT)
    this.#leaveIf()
    code.i32(0)
    code.access(Op.i32_load, TIME_AT)
    code.get(LEFT)
    code.op(Op.i32_sub)
    code.op(Op.else)
    this.#sprAddress(number)
    code.access(Op.i32_load, SPR_OFFSET)
    this.#inside--
    code.end()
  }

  /** The address of LR or CTR; it leaves for any other register. */
  #sprAddress(number: RtlExpression): void {
    const code = this.#code
    const spr = this.#locals.forInsn()
    this.#operands.expressions.write(number)
    code.tee(spr)
    code.i32(~1)
    code.op(Op.i32_and)
    code.i32(Spr.LR)
    code.op(Op.i32_ne)
    this.#leaveIf()
    code.get(spr)
    code.i32(2)
    code.op(Op.i32_shl)
  }

  /** Whether the branch is taken, onto the stack, after CTR has been counted down if BO says so (manual p.46). */
  #taken(): void {
    const code = this.#code
    const operands = this.#operands
    const taken = this.#locals.forInsn()
    const ctr = this.#locals.forInsn()
    const inWord = (bit: number): void => {
      code.get(this.#word)
      code.i32(bit << 21)
      code.op(Op.i32_and)
    }
    code.i32(1)
    code.set(taken)
    inWord(BO.KEEPS_CTR)
    code.op(Op.i32_eqz)
    code.open(Op.if)
    code.i32(0)
    code.i32(0)
    code.access(Op.i32_load, operands.placeAddress('CTR'))
    code.i32(1)
    code.op(Op.i32_sub)
    code.tee(ctr)
    code.access(Op.i32_store, operands.placeAddress('CTR'))
    code.get(ctr)
    code.op(Op.i32_eqz)
    inWord(BO.IF_ZERO)
    code.i32(0)
    code.op(Op.i32_ne)
    code.op(Op.i32_eq)
    code.set(taken)
    code.end()
    inWord(BO.ANY_CONDITION)
    code.op(Op.i32_eqz)
    code.open(Op.if)
    operands.expressions.write({
      op: 'call',
      type: 'i32',
      name: 'CRBIT',
      args: [{ op: 'field', type: 'i32', name: 'BI' }],
    })
    inWord(BO.IF_SET)
    code.i32(0)
    code.op(Op.i32_ne)
    code.op(Op.i32_eq)
    code.get(taken)
    code.op(Op.i32_and)
    code.set(taken)
    code.end()
    code.get(taken)
  }

  /** Where it is set anew, interrupts have to be looked at: it leaves. */
  #setExternalEnable(value: RtlExpression): void {
    const code = this.#code
    const [enabled, msr] = [this.#locals.forInsn(), this.#locals.forInsn()]
    const at = WORDS_OFFSET + 4 * Word.MSR
    this.#operands.expressions.write(value)
    code.i32(MSR_EE)
    code.op(Op.i32_and)
    code.set(enabled)
    code.get(enabled)
    code.i32(0)
    code.access(Op.i32_load, at)
    code.tee(msr)
    code.i32(-1)
    code.op(Op.i32_xor)
    code.op(Op.i32_and)
    this.#leaveIf()
    code.i32(0)
    code.get(msr)
    code.i32(~MSR_EE)
    code.op(Op.i32_and)
    code.get(enabled)
    code.op(Op.i32_or)
    code.access(Op.i32_store, at)
  }
}
