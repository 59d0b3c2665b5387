// What single instructions do to the registers and the frame that a caller's are found by.

import { DWARF_LR, DWARF_SP, DWARF_SPR0 } from '../isa/dwarf.ts'

/** A value: what a register had at the entry, by DWARF number, and what was added; or without one a constant. */
export interface Known {
  readonly of: number | undefined
  readonly plus: number
}

export interface State {
  readonly registers: Map<number, Known>
  /** What lies in the frame, by the offset from the canonical frame address. */
  readonly slots: Map<number, Known>
}

export type Word = (address: number) => number | undefined

const SPR_LR = 8
export const BLR = 0x4e800020

export const isLinking = (instruction: number): boolean => (instruction & 1) !== 0

/** Where `b`, `bl`, `bc` and `bcl` lead. */
export function branchTarget(address: number, instruction: number): number | undefined {
  const primary = instruction >>> 26
  if (primary !== 16 && primary !== 18) return undefined
  const distance = primary === 18 ? ((instruction & 0x03fffffc) << 6) >> 6 : ((instruction & 0xfffc) << 16) >> 16
  return ((instruction & 2) !== 0 ? distance : address + distance) >>> 0
}

/** Registers that a call need not preserve (§3.2.1). */
const VOLATILE = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, DWARF_LR]

export function execute(address: number, instruction: number, state: State, word: Word): void {
  const target = branchTarget(address, instruction)
  if (target === undefined) {
    // blrl, bctrl and system calls; other branches are left to their end.
    if (instruction >>> 26 === 17 || (instruction >>> 26 === 19 && isLinking(instruction))) forget(state, VOLATILE)
    else follow(instruction, state)
  } else if (target === address + 4) state.registers.delete(DWARF_LR)
  else if (!runInline(target, state, word)) forget(state, VOLATILE)
}

function forget({ registers }: State, which: readonly number[]): void {
  for (const register of which) registers.delete(register)
}

/** `_savegpr_29` and its like (§3.3.4) are called, but are a part of the prologue: stores below r11, and the return. */
function runInline(target: number, state: State, word: Word): boolean {
  const body: number[] = []
  for (let address = target; body.length <= 20; address += 4) {
    const instruction = word(address)
    if (instruction === undefined) return false
    if (instruction === BLR) break
    const isAboveR11 = ((instruction >>> 16) & 31) === 11 && [32, 36, 50, 54].includes(instruction >>> 26)
    if (!isAboveR11) return false
    body.push(instruction)
  }
  if (body.length === 0 || body.length > 20) return false
  for (const instruction of body) follow(instruction, state)
  state.registers.delete(DWARF_LR)
  return true
}

/** What one instruction that goes on to the next does to registers and frame. */
function follow(instruction: number, state: State): void {
  const { registers } = state
  const primary = instruction >>> 26
  const [t, a] = [21, 16].map(shift => (instruction >>> shift) & 31)
  const immediate = (instruction << 16) >> 16
  const set = (register: number, known: Known | undefined) => {
    if (known === undefined) registers.delete(register)
    else registers.set(register, known)
  }
  const plus = (known: Known | undefined, added: number): Known | undefined =>
    known && { of: known.of, plus: (known.plus + added) | 0 }
  const base = a === 0 ? constant(0) : registers.get(a)
  switch (primary) {
    case 14: // addi
      return set(t, plus(base, immediate))
    case 15: // addis
      return set(t, plus(base, immediate << 16))
    case 24: {
      // ori: of a constant's lower half
      const source = registers.get(t)
      if (immediate === 0) return set(a, source)
      return set(a, source && source.of === undefined ? constant(source.plus | (instruction & 0xffff)) : undefined)
    }
    case 31:
      return extended(instruction, state, set)
    case 32: // lwz
      return set(t, load(state, plus(base, immediate)))
    case 36: // stw
      return store(state, plus(base, immediate), registers.get(t))
    case 37: {
      // stwu
      const place = plus(base, immediate)
      store(state, place, registers.get(t))
      return set(a, place)
    }
    case 46: // lmw
      for (let register = t; register < 32; register++)
        set(register, load(state, plus(base, immediate + 4 * (register - t))))
      return
    case 47: // stmw
      for (let register = t; register < 32; register++)
        store(state, plus(base, immediate + 4 * (register - t)), registers.get(register))
      return
  }
  if (primary === 7 || primary === 8 || primary === 12 || primary === 13) set(t, undefined)
  else if ((primary >= 20 && primary <= 23) || (primary >= 25 && primary <= 29)) set(a, undefined)
  else if (primary >= 33 && primary <= 53) {
    const isStore =
      primary >= 36 && primary <= 45 && primary !== 40 && primary !== 41 && primary !== 42 && primary !== 43
    if (!isStore && primary < 48) set(t, undefined)
    if (primary % 2 === 1) set(a, plus(base, immediate))
  }
}

const constant = (value: number): Known => ({ of: undefined, plus: value })

/** Those with a result in RA: logical operations, shifts and extensions. */
const INTO_RA = new Set([24, 26, 28, 60, 124, 284, 316, 412, 444, 476, 536, 792, 824, 922, 954])
/** Compares, stores, cache and synchronization instructions, moves to special registers: no general register changes. */
const INTO_NONE = new Set([
  ...[0, 4, 32, 54, 86, 144, 146, 150, 151, 215, 246, 278, 323, 407, 451, 454, 467, 470, 512, 534, 535, 598, 599, 661],
  ...[662, 663, 725, 727, 758, 854, 918, 978, 982, 983, 1014],
])
/** stwux, stbux, sthux; lwzux, lbzux, lhzux, lhaux */
const UPDATING = new Set([183, 247, 439, 55, 119, 311, 375])

function extended(instruction: number, state: State, set: (register: number, known: Known | undefined) => void): void {
  const { registers } = state
  const [t, a, b] = [21, 16, 11].map(shift => (instruction >>> shift) & 31)
  const code = (instruction >>> 1) & 1023
  const spr = a | (b << 5)
  const [left, right] = [a, b].map(register => registers.get(register))
  const sum =
    left !== undefined && right !== undefined && (left.of === undefined || right.of === undefined)
      ? { of: left.of ?? right.of, plus: (left.plus + right.plus) | 0 }
      : undefined
  if (code === 444 && t === b) set(a, registers.get(t))
  else if (code === 266) set(t, sum)
  else if (code === 339) set(t, spr === SPR_LR ? registers.get(DWARF_LR) : { of: DWARF_SPR0 + spr, plus: 0 })
  else if (code === 467) {
    if (spr === SPR_LR) set(DWARF_LR, registers.get(t))
  } else if (UPDATING.has(code)) {
    if (code === 183) store(state, sum, registers.get(t))
    else if (code < 183 || code === 311 || code === 375) set(t, undefined)
    set(a, sum)
  } else if (INTO_RA.has(code)) set(a, undefined)
  else if (!INTO_NONE.has(code)) set(t, undefined)
}

function load({ slots }: State, place: Known | undefined): Known | undefined {
  return place?.of === DWARF_SP ? slots.get(place.plus) : undefined
}

function store({ slots }: State, place: Known | undefined, value: Known | undefined): void {
  if (place?.of !== DWARF_SP) return
  if (value === undefined) slots.delete(place.plus)
  else slots.set(place.plus, value)
}
