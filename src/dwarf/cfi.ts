// Call frame information: the rules of a frame at an address (DWARF 5, §6.4).

import { hex } from '../util/hex.ts'
import { DW_CFA } from './constants.ts'
import { DwarfError } from './error.ts'
import type { Fde } from './frames.ts'
import type { Reader } from './reader.ts'

/** How to get a register's value in the caller (DWARF 5, §6.4.1). */
export type RegisterRule =
  | { readonly kind: 'undefined' }
  | { readonly kind: 'sameValue' }
  /** Saved at CFA + offset. */
  | { readonly kind: 'offset'; readonly offset: number }
  /** Equal to CFA + offset. */
  | { readonly kind: 'valOffset'; readonly offset: number }
  | { readonly kind: 'register'; readonly register: number }
  /** Saved at the address the expression computes from the CFA. */
  | { readonly kind: 'expression'; readonly expression: Uint8Array }
  | { readonly kind: 'valExpression'; readonly expression: Uint8Array }

export type CfaRule =
  | { readonly kind: 'register'; readonly register: number; readonly offset: number }
  | { readonly kind: 'expression'; readonly expression: Uint8Array }

/** A row of the unwind table: from `low` up to `high` the frame is found by these rules. */
export interface CfiRow {
  readonly low: number
  readonly high: number
  readonly cfa: CfaRule
  /** Registers that are not mentioned have their value still, or were never saved: see the ABI. */
  readonly rules: ReadonlyMap<number, RegisterRule>
  readonly returnAddress: number
  readonly isSignalFrame: boolean
}

interface CfiState {
  cfa: CfaRule
  rules: Map<number, RegisterRule>
}

const rememberLimit = 256
/** Registers of a PowerPC that a frame can save, with all special ones the ABI has numbers for in use. */
const mostRules = 256
/** A function of a megabyte has some thousand. */
const mostInstructions = 100_000

/** The row for `pc`, by executing the call frame instructions up to there (§6.4.2, §6.4.3). */
export function cfiRowAt(fde: Fde, pc: number): CfiRow {
  const { cie } = fde
  const state: CfiState = { cfa: { kind: 'register', register: 1, offset: 0 }, rules: new Map() }
  const initial = new Interpreter(fde, state, undefined)
  initial.run(cie.initialInstructions, Number.POSITIVE_INFINITY)
  const body = new Interpreter(fde, state, new Map(state.rules))
  const high = body.run(fde.instructions, pc)
  return {
    low: body.location,
    high,
    cfa: state.cfa,
    rules: state.rules,
    returnAddress: cie.returnAddress,
    isSignalFrame: cie.isSignalFrame,
  }
}

class Interpreter {
  location: number
  readonly #fde: Fde
  readonly #state: CfiState
  /** The rules the CIE set up, to which DW_CFA_restore goes back. */
  readonly #initial: ReadonlyMap<number, RegisterRule> | undefined
  readonly #remembered: CfiState[] = []

  constructor(fde: Fde, state: CfiState, initial: ReadonlyMap<number, RegisterRule> | undefined) {
    this.#fde = fde
    this.location = fde.low
    this.#state = state
    this.#initial = initial
  }

  /** Execute until the location passes `pc`. @returns where the next row begins. */
  run(instructions: Reader, pc: number): number {
    const reader = instructions.at(instructions.offset)
    for (let count = 0; !reader.atEnd; count++) {
      if (count > mostInstructions) throw reader.error('too many call frame instructions')
      const opcode = reader.u8()
      const next = this.#advance(opcode, reader)
      if (next === undefined) this.#execute(opcode, reader)
      else if (next > pc) return next
      else this.location = next
    }
    return this.#fde.high
  }

  /** The new location, of an instruction that makes a row. */
  #advance(opcode: number, reader: Reader): number | undefined {
    const ahead = (delta: number) => this.location + delta * this.#fde.cie.codeAlign
    if ((opcode & 0xc0) === DW_CFA.advance_loc) return ahead(opcode & 0x3f)
    switch (opcode) {
      case DW_CFA.set_loc:
        return reader.address()
      case DW_CFA.advance_loc1:
        return ahead(reader.u8())
      case DW_CFA.advance_loc2:
        return ahead(reader.u16())
      case DW_CFA.advance_loc4:
        return ahead(reader.u32())
      default:
        return undefined
    }
  }

  #execute(opcode: number, reader: Reader): void {
    const { dataAlign } = this.#fde.cie
    if ((opcode & 0xc0) === DW_CFA.offset) {
      this.#save(opcode & 0x3f, reader.count() * dataAlign)
      return
    }
    if ((opcode & 0xc0) === DW_CFA.restore) {
      this.#restore(opcode & 0x3f)
      return
    }
    switch (opcode) {
      case DW_CFA.nop:
        return
      case DW_CFA.offset_extended:
        this.#save(reader.count(), reader.count() * dataAlign)
        return
      case DW_CFA.offset_extended_sf:
        this.#save(reader.count(), reader.delta() * dataAlign)
        return
      case DW_CFA.GNU_negative_offset_extended:
        this.#save(reader.count(), -reader.count() * dataAlign)
        return
      case DW_CFA.restore_extended:
        this.#restore(reader.count())
        return
      case DW_CFA.undefined:
        this.#rule(reader.count(), { kind: 'undefined' })
        return
      case DW_CFA.same_value:
        this.#rule(reader.count(), { kind: 'sameValue' })
        return
      case DW_CFA.register:
        this.#rule(reader.count(), { kind: 'register', register: reader.count() })
        return
      case DW_CFA.val_offset:
        this.#rule(reader.count(), { kind: 'valOffset', offset: reader.count() * dataAlign })
        return
      case DW_CFA.val_offset_sf:
        this.#rule(reader.count(), { kind: 'valOffset', offset: reader.delta() * dataAlign })
        return
      case DW_CFA.expression:
        this.#rule(reader.count(), { kind: 'expression', expression: reader.block(reader.count()) })
        return
      case DW_CFA.val_expression:
        this.#rule(reader.count(), { kind: 'valExpression', expression: reader.block(reader.count()) })
        return
      case DW_CFA.remember_state:
        if (this.#remembered.length >= rememberLimit) throw reader.error('too many remembered states')
        this.#remembered.push({ cfa: this.#state.cfa, rules: new Map(this.#state.rules) })
        return
      case DW_CFA.restore_state: {
        const state = this.#remembered.pop()
        if (state === undefined) throw reader.error('no state was remembered')
        this.#state.cfa = state.cfa
        this.#state.rules = state.rules
        return
      }
      case DW_CFA.GNU_args_size:
        reader.uleb()
        return
      default:
        this.#defineCfa(opcode, reader)
    }
  }

  #defineCfa(opcode: number, reader: Reader): void {
    const { dataAlign } = this.#fde.cie
    const { cfa } = this.#state
    const [register, offset] = cfa.kind === 'register' ? [cfa.register, cfa.offset] : [1, 0]
    const define = (register: number, offset: number) => {
      this.#state.cfa = { kind: 'register', register, offset }
    }
    switch (opcode) {
      case DW_CFA.def_cfa:
        define(reader.count(), reader.count())
        return
      case DW_CFA.def_cfa_sf:
        define(reader.count(), reader.delta() * dataAlign)
        return
      case DW_CFA.def_cfa_register:
        define(reader.count(), offset)
        return
      case DW_CFA.def_cfa_offset:
        define(register, reader.count())
        return
      case DW_CFA.def_cfa_offset_sf:
        define(register, reader.delta() * dataAlign)
        return
      case DW_CFA.def_cfa_expression:
        this.#state.cfa = { kind: 'expression', expression: reader.block(reader.count()) }
        return
      default:
        throw reader.error(`the call frame instruction ${hex(opcode)} is not known`)
    }
  }

  #rule(register: number, rule: RegisterRule): void {
    const { rules } = this.#state
    if (rules.size >= mostRules && !rules.has(register))
      throw new DwarfError('call frame information', 0, 'a frame with too many registers')
    rules.set(register, rule)
  }

  #save(register: number, offset: number): void {
    this.#rule(register, { kind: 'offset', offset })
  }

  #restore(register: number): void {
    const rule = this.#initial?.get(register)
    if (rule === undefined) this.#state.rules.delete(register)
    else this.#state.rules.set(register, rule)
  }
}
