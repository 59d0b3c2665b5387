// What code does to the registers and the frame that a caller's are found by, by where values were at the entry.

import { changedRegisters } from '../isa/changes.ts'
import { DWARF_LR, DWARF_SP, DWARF_SPR0 } from '../isa/dwarf.ts'
import { directTarget, isLinking, isPlainReturn, transfer } from '../isa/flow.ts'
import { registerOperands } from '../isa/registerOperands.ts'
import { EFFECTS, type Knowledge } from './instructionEffects.ts'

/** A value: what a register had at the entry, by DWARF number, and what was added; or without one a constant. */
export interface KnownValue {
  readonly of: number | undefined
  readonly plus: number
}

export interface FrameState {
  readonly registers: Map<number, KnownValue>
  /** What lies in the frame, by the offset from the canonical frame address. */
  readonly slots: Map<number, KnownValue>
}

export type Word = (address: number) => number | undefined

/** Registers that a call need not preserve (§3.2.1). */
const VOLATILE = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, DWARF_LR]

/** What the instruction at `address` does before the one behind it; a call, what it does until it returns. */
export function execute(address: number, instruction: number, state: FrameState, word: Word): void {
  const target = directTarget(instruction, address)
  if (target === undefined) {
    // blrl, bctrl and system calls; other branches are left to their end.
    if (isLinking(instruction) || transfer(instruction) === 'systemCall') forget(state, VOLATILE)
    else follow(instruction, state)
  } else if (target === address + 4) state.registers.delete(DWARF_LR)
  else if (!runInline(target, state, word)) forget(state, VOLATILE)
}

function forget({ registers }: FrameState, which: readonly number[]): void {
  for (const register of which) registers.delete(register)
}

const SAVES: ReadonlySet<string> = new Set(['lwz', 'stw', 'lfd', 'stfd'])

/** The most instructions of a routine that saves or restores registers: r14 to r31 and the return. */
const LONGEST_ROUTINE = 20

/** `_savegpr_29` and its like (§3.3.4) are called, but are a part of the prologue: stores below r11, and the return. */
function runInline(target: number, state: FrameState, word: Word): boolean {
  const body: number[] = []
  for (let address = target; body.length <= LONGEST_ROUTINE; address += 4) {
    const instruction = word(address)
    if (instruction === undefined) return false
    if (isPlainReturn(instruction)) break
    const { name, a } = registerOperands(instruction) ?? {}
    if (a !== 11 || !SAVES.has(name!)) return false
    body.push(instruction)
  }
  if (body.length === 0 || body.length > LONGEST_ROUTINE) return false
  for (const instruction of body) follow(instruction, state)
  state.registers.delete(DWARF_LR)
  return true
}

/** What one instruction that goes on to the next does to registers and frame. */
function follow(instruction: number, state: FrameState): void {
  const operands = registerOperands(instruction)
  const effect = operands && EFFECTS[operands.name]
  if (operands !== undefined && effect !== undefined) effect(operands, new FrameKnowledge(state))
  else forget(state, changedRegisters(instruction))
}

/** Values by what they were at the entry; memory as far as it is the frame's. */
class FrameKnowledge implements Knowledge<KnownValue> {
  readonly #state: FrameState

  constructor(state: FrameState) {
    this.#state = state
  }

  get(register: number): KnownValue | undefined {
    return this.#state.registers.get(register)
  }

  set(register: number, value: KnownValue | undefined): void {
    put(this.#state.registers, register, value)
  }

  constant(value: number): KnownValue {
    return { of: undefined, plus: value }
  }

  /** One of them is a constant. */
  sum(a: KnownValue, b: KnownValue): KnownValue | undefined {
    if (a.of !== undefined && b.of !== undefined) return undefined
    return { of: a.of ?? b.of, plus: (a.plus + b.plus) | 0 }
  }

  or({ of, plus }: KnownValue, bits: number): KnownValue | undefined {
    return of === undefined ? { of, plus: plus | bits } : undefined
  }

  special(spr: number): KnownValue {
    return { of: DWARF_SPR0 + spr, plus: 0 }
  }

  load({ of, plus }: KnownValue): KnownValue | undefined {
    return of === DWARF_SP ? this.#state.slots.get(plus) : undefined
  }

  store({ of, plus }: KnownValue, value: KnownValue | undefined): void {
    if (of === DWARF_SP) put(this.#state.slots, plus, value)
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}
