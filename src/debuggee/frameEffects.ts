// What single instructions do to the registers and the frame that a caller's are found by: those that the PowerPC ABI's
// prologues and epilogues (§3.2.2) are made of are understood, of others only which registers they change.

import { changedRegisters } from '../isa/changes.ts'
import { DWARF_LR, DWARF_SP, DWARF_SPR0 } from '../isa/dwarf.ts'
import { directTarget, isLinking, isPlainReturn, transfer } from '../isa/flow.ts'
import { type RegisterOperands, registerOperands } from '../isa/registerOperands.ts'
import { Spr } from '../isa/registers.ts'

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
  if (operands !== undefined && effect !== undefined) effect(operands, state)
  else forget(state, changedRegisters(instruction))
}

/** The instructions that move addresses of the frame, and what is saved in it. */
const EFFECTS: Readonly<Record<string, (operands: RegisterOperands, state: FrameState) => void>> = {
  addi: ({ t, a, d }, state) => set(state, t, plus(base(state, a), d)),
  addis: ({ t, a, d }, state) => set(state, t, plus(base(state, a), d << 16)),
  add: ({ t, a, b }, state) => set(state, t, sum(state, a, b)),
  /** mr */
  or: ({ t, a, b }, state) => set(state, a, t === b ? state.registers.get(t) : undefined),
  /** Of a constant's lower half. */
  ori({ t, a, d }, state) {
    const source = state.registers.get(t)
    if (d === 0) set(state, a, source)
    else
      set(state, a, source?.of === undefined && source !== undefined ? constant(source.plus | (d & 0xffff)) : undefined)
  },
  mfspr({ t, spr }, state) {
    set(state, t, spr === Spr.LR ? state.registers.get(DWARF_LR) : { of: DWARF_SPR0 + spr, plus: 0 })
  },
  mtspr({ t, spr }, state) {
    if (spr === Spr.LR) set(state, DWARF_LR, state.registers.get(t))
  },
  lwz: ({ t, a, d }, state) => set(state, t, load(state, plus(base(state, a), d))),
  stw: ({ t, a, d }, state) => store(state, plus(base(state, a), d), state.registers.get(t)),
  stwu({ t, a, d }, state) {
    const place = plus(base(state, a), d)
    store(state, place, state.registers.get(t))
    set(state, a, place)
  },
  stwux({ t, a, b }, state) {
    const place = sum(state, a, b)
    store(state, place, state.registers.get(t))
    set(state, a, place)
  },
  lmw({ t, a, d }, state) {
    const start = plus(base(state, a), d)
    for (let r = t; r < 32; r++) set(state, r, load(state, plus(start, 4 * (r - t))))
  },
  stmw({ t, a, d }, state) {
    for (let r = t; r < 32; r++) store(state, plus(base(state, a), d + 4 * (r - t)), state.registers.get(r))
  },
}

const constant = (value: number): KnownValue => ({ of: undefined, plus: value })

/** RA, or 0 for register 0. */
const base = ({ registers }: FrameState, register: number): KnownValue | undefined =>
  register === 0 ? constant(0) : registers.get(register)

const plus = (known: KnownValue | undefined, added: number): KnownValue | undefined =>
  known && { of: known.of, plus: (known.plus + added) | 0 }

/** Of what is known of two registers, one of them a constant. */
function sum({ registers }: FrameState, a: number, b: number): KnownValue | undefined {
  const [left, right] = [registers.get(a), registers.get(b)]
  if (left === undefined || right === undefined || (left.of !== undefined && right.of !== undefined)) return undefined
  return { of: left.of ?? right.of, plus: (left.plus + right.plus) | 0 }
}

function set({ registers }: FrameState, register: number, known: KnownValue | undefined): void {
  if (known === undefined) registers.delete(register)
  else registers.set(register, known)
}

function load({ slots }: FrameState, place: KnownValue | undefined): KnownValue | undefined {
  return place?.of === DWARF_SP ? slots.get(place.plus) : undefined
}

function store({ slots }: FrameState, place: KnownValue | undefined, value: KnownValue | undefined): void {
  if (place?.of !== DWARF_SP) return
  if (value === undefined) slots.delete(place.plus)
  else slots.set(place.plus, value)
}
