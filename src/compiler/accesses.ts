// Which accesses of a block to memory can share one look at where they go: those whose addresses lie at fixed distances
// from each other, because they are reached from the same value of a register.

import { fieldValue } from '../isa/rtl/fields.ts'
import type { FunctionName } from '../isa/rtl/language.ts'
import type { RtlExpression, Statement } from '../isa/rtl/tree.ts'
import type { GuestInsn } from './effects.ts'
import { FLOAT_STORAGE } from './floats.ts'

/** Accesses that are looked at once, by the first of them. Offsets are bytes from the value they all start from. */
export interface AccessGroup {
  first: number
  low: number
  /** Behind the last byte. */
  high: number
  writes: boolean
  /** It is looked up page by page, and not in the one large window. */
  pages: boolean
}

/** How accesses are looked up that the window often does not contain: by their page, or by it and each by itself. */
export type LookUp = 'pages' | 'alone'

export interface PlannedAccess {
  readonly group: AccessGroup
  /** Of its first byte, in the terms of its group. */
  readonly offset: number
}

/** A group reaches over at most so many bytes: `Window.LARGE` leaves as many at the end of a window. */
export const LONGEST_GROUP = 256

/** A value as a distance from one that is not known; `root` 0 is the number 0, so that the value is known. */
interface Linear {
  readonly root: number
  readonly offset: number
}

const ZERO: Linear = { root: 0, offset: 0 }

/** The integer accesses. */
export const INTEGER_ACCESSES: Partial<Record<FunctionName, { readonly size: 1 | 2 | 4; readonly write: boolean }>> = {
  ...{ read8: { size: 1, write: false }, read16: { size: 2, write: false }, read32: { size: 4, write: false } },
  ...{ write8: { size: 1, write: true }, write16: { size: 2, write: true }, write32: { size: 4, write: true } },
}

/** Of several words, to or from the register that the first argument numbers and those behind it, up to the last. */
export const MULTIPLE: Partial<Record<FunctionName, { readonly write: boolean }>> = {
  loadMultiple: { write: false },
  storeMultiple: { write: true },
}

/** @returns by index of the instruction; undefined: it does not access memory */
export function planAccesses(
  insns: readonly GuestInsn[],
  lookUp: (pc: number) => LookUp | undefined,
): readonly (PlannedAccess | undefined)[] {
  return new Planner(lookUp).plan(insns)
}

class Planner {
  #roots = 0
  /** What is known of general registers, by number; nothing yet of those that have not been looked at. */
  readonly #registers: Linear[] = []
  readonly #open = new Map<number, AccessGroup>()
  readonly #temporaries = new Map<string, Linear>()
  readonly #lookUp: (pc: number) => LookUp | undefined
  #insn!: GuestInsn

  constructor(lookUp: (pc: number) => LookUp | undefined) {
    this.#lookUp = lookUp
  }

  #unknown(): Linear {
    return { root: ++this.#roots, offset: 0 }
  }

  plan(insns: readonly GuestInsn[]): (PlannedAccess | undefined)[] {
    return insns.map((insn, i) => {
      this.#insn = insn
      if (this.#temporaries.size > 0) this.#temporaries.clear()
      let access: PlannedAccess | undefined
      for (const statement of insn.meaning) access = this.#statement(statement, i) ?? access
      return access
    })
  }

  #statement(statement: Statement, i: number): PlannedAccess | undefined {
    switch (statement.kind) {
      case 'let': {
        const access = this.#accessIn(statement.value, i)
        this.#temporaries.set(statement.name, this.#linear(statement.value))
        return access
      }
      case 'call': {
        const { name, args } = statement.call
        if (!(name in MULTIPLE)) return this.#accessIn(statement.call, i)
        const [first, address] = args.map(arg => this.#linear(arg))
        const { write } = MULTIPLE[name]!
        if (!write) for (let n = first!.offset; n < 32; n++) this.#registers[n] = this.#unknown()
        return this.#access(address!, 4 * (32 - first!.offset), write, i)
      }
      case 'assign': {
        const access = this.#accessIn(statement.value, i)
        if (statement.target.op === 'register')
          this.#registers[this.#number(statement.target.field)] = this.#linear(statement.value)
        return access
      }
      case 'if':
      case 'ifTaken':
        return undefined
    }
  }

  /** An instruction accesses memory once at most. */
  #accessIn(value: RtlExpression, i: number): PlannedAccess | undefined {
    if (value.op !== 'call') return undefined
    const kind = INTEGER_ACCESSES[value.name] ?? FLOAT_STORAGE[value.name]
    if (kind === undefined) return value.args.length === 1 ? this.#accessIn(value.args[0]!, i) : undefined
    // The floating-point ones name their register first.
    return this.#access(this.#linear(value.args[value.name in FLOAT_STORAGE ? 1 : 0]!), kind.size, kind.write, i)
  }

  #access({ root, offset }: Linear, size: number, write: boolean, i: number): PlannedAccess {
    return { group: this.#group(root, offset, offset + size, write, i), offset }
  }

  #group(root: number, low: number, high: number, write: boolean, i: number): AccessGroup {
    const lookUp = this.#lookUp(this.#insn.pc)
    const open = lookUp === 'alone' ? undefined : this.#open.get(root)
    if (open !== undefined) {
      const [from, to] = [Math.min(open.low, low), Math.max(open.high, high)]
      if (to - from <= LONGEST_GROUP) {
        open.low = from
        open.high = to
        open.writes ||= write
        open.pages ||= lookUp === 'pages'
        return open
      }
    }
    const group = { first: i, low, high, writes: write, pages: lookUp !== undefined }
    if (lookUp !== 'alone') this.#open.set(root, group)
    return group
  }

  #linear(value: RtlExpression): Linear {
    switch (value.op) {
      case 'constant':
        return { root: 0, offset: value.value }
      case 'field':
        return { root: 0, offset: fieldValue(this.#insn.variant.pattern, value.name, this.#insn.word) }
      case 'register': {
        const n = this.#number(value.field)
        return n === 0 && value.orZero ? ZERO : (this.#registers[n] ??= this.#unknown())
      }
      case 'temporary':
        return this.#temporaries.get(value.name) ?? this.#unknown()
      case 'binary': {
        const [left, right] = [this.#linear(value.left), this.#linear(value.right)]
        if (value.operator === '+' && (left.root === 0 || right.root === 0))
          return { root: left.root + right.root, offset: (left.offset + right.offset) | 0 }
        if (left.root !== 0 || right.root !== 0) {
          // mr is or with itself.
          const same = value.operator === '|' && left.root === right.root && left.offset === right.offset
          return same ? left : this.#unknown()
        }
        if (value.operator === '<<') return { root: 0, offset: left.offset << right.offset }
        return value.operator === '|' ? { root: 0, offset: left.offset | right.offset } : this.#unknown()
      }
      default:
        return this.#unknown()
    }
  }

  #number(field: string): number {
    return (this.#insn.word >>> this.#insn.variant.pattern.fields[field]!.shift) & 31
  }
}
