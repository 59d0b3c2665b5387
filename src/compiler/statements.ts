// One instruction of a region, statement by statement of its meaning: what it does to registers, to memory and to the
// condition register.

import { Spr } from '../isa/registers.ts'
import type { RtlCall, RtlExpression, Statement } from '../isa/rtl/tree.ts'
import type { GuestInsn } from './effects.ts'
import { FLOAT_STORAGE, type Floats } from './floats.ts'
import { CA_LOCAL, CTR_LOCAL, gpr, type Locals, LR_LOCAL, TARGET } from './locals.ts'
import type { MemoryAccesses } from './memoryAccesses.ts'
import type { RegionOperands } from './regionOperands.ts'
import type { Code } from './wasm.ts'

export class Statements {
  readonly #code: Code
  readonly #locals: Locals
  readonly #operands: RegionOperands
  readonly #floats: Floats
  readonly #memory: MemoryAccesses
  /** Leaves before the instruction at hand if the stack holds anything but 0. */
  readonly #leaveIf: () => void

  constructor(
    code: Code,
    locals: Locals,
    operands: RegionOperands,
    floats: Floats,
    memory: MemoryAccesses,
    leaveIf: () => void,
  ) {
    this.#code = code
    this.#locals = locals
    this.#operands = operands
    this.#floats = floats
    this.#memory = memory
    this.#leaveIf = leaveIf
  }

  write(insn: GuestInsn): void {
    for (const statement of insn.meaning) this.#statement(statement, insn)
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
        this.#operands.expressions.write(statement.condition)
        return this.#leaveIf()
      case 'ifTaken':
        return this.#statement(statement.body, insn)
    }
  }

  #let({ name, value }: Statement & { kind: 'let' }): void {
    const expressions = this.#operands.expressions
    const known = expressions.constant(value)
    if (known !== undefined) return expressions.bindConstant(name, known)
    expressions.write(value)
    expressions.bind(name, value.type === 'void' ? 'i32' : value.type)
  }

  #assign({ target, value }: Statement & { kind: 'assign' }, insn: GuestInsn): void {
    const [code, expressions] = [this.#code, this.#operands.expressions]
    switch (target.op) {
      case 'register':
        expressions.write(value)
        return code.set(this.#locals.index(gpr(this.#operands.number(target.field))))
      case 'place':
        expressions.write(value)
        return code.set(
          this.#locals.index(target.name === 'LR' ? LR_LOCAL : target.name === 'CTR' ? CTR_LOCAL : CA_LOCAL),
        )
      case 'record':
        return this.#operands.cr.compare(0, true, value, ZERO)
      case 'conditionField': {
        const n = expressions.constant(target.number)!
        if (value.op === 'call' && (value.name === 'fcmpu' || value.name === 'fcmpo')) {
          this.#floats.compare(value.args.map(arg => expressions.constant(arg)!))
          return this.#operands.cr.compareFloat(n)
        }
        if (value.op === 'call' && (value.name === 'compare' || value.name === 'compareUnsigned'))
          return this.#operands.cr.compare(n, value.name === 'compare', value.args[0]!, value.args[1]!)
        expressions.write(value)
        return this.#operands.cr.setNibble(n)
      }
      case 'nextInstruction':
        if (insn.ending === undefined || insn.ending.kind === 'jump' || insn.ending.kind === 'call') return
        expressions.write(value)
        return code.set(this.#locals.index(TARGET))
    }
  }

  #call(call: RtlCall): void {
    const { name, args } = call
    const [code, expressions] = [this.#code, this.#operands.expressions]
    switch (name) {
      case 'write8':
      case 'write16':
      case 'write32':
        return this.#memory.write(name, args[0]!, args[1]!)
      case 'loadMultiple':
      case 'storeMultiple': {
        const first = expressions.constant(args[0]!)!
        const registers = Array.from({ length: 32 - first }, (_, n) => this.#locals.index(gpr(first + n)))
        return this.#memory.multiple(name, args[1]!, registers)
      }
      case 'dcbt':
      case 'dcbtst':
      case 'dcbst':
      case 'dcbf':
        return this.#memory.softTlb.careForCache(name, args[0]!)
      case 'isync':
        return this.#memory.softTlb.synchronise()
      case 'mtspr':
        expressions.write(args[1]!)
        return code.set(this.#locals.index(expressions.constant(args[0]!) === Spr.LR ? LR_LOCAL : CTR_LOCAL))
      case 'setCrBit':
        return this.#operands.cr.setBit(expressions.constant(args[0]!)!, args[1]!)
      case 'unpackCr':
        return this.#operands.cr.unpack(args[0]!, expressions.constant(args[1]!)!)
      default:
        return this.#float(call)
    }
  }

  #float({ name, args }: RtlCall): void {
    const numbers = args.map(arg => this.#operands.expressions.constant(arg))
    if (!(name in FLOAT_STORAGE)) return this.#floats.write(name, numbers as number[])
    const { place, at } = this.#memory.find(args[1]!)
    this.#floats.access(name, numbers[0]!, place, at, () => this.#operands.expressions.swap(4))
  }
}

const ZERO: RtlExpression = { op: 'constant', type: 'i32', value: 0 }
