// What the instructions do that the PowerPC ABI's prologues and epilogues (§3.2.2) are made of, on whatever is known of
// registers and memory: where a value came from, or the number itself.

import { DWARF_LR } from '../isa/dwarf.ts'
import type { RegisterOperands } from '../isa/registerOperands.ts'
import { Spr } from '../isa/registers.ts'

/** What is known of registers, by DWARF number, and of memory; undefined where nothing is. */
export interface Knowledge<V> {
  get(register: number): V | undefined
  set(register: number, value: V | undefined): void
  constant(value: number): V
  sum(a: V, b: V): V | undefined
  /** With these bits set, 16 at most. */
  or(value: V, bits: number): V | undefined
  /** What a special purpose register other than LR holds. */
  special(spr: number): V | undefined
  load(address: V): V | undefined
  store(address: V, value: V | undefined): void
}

type Effect = <V>(operands: RegisterOperands, known: Knowledge<V>) => void

/** By the name of their row. Of what is not here no more is understood than which registers it changes. */
export const EFFECTS: Readonly<Record<string, Effect>> = {
  addi: (operands, known) => known.set(operands.t, based(operands, known)),
  addis: (operands, known) => known.set(operands.t, based(operands, known, operands.d << 16)),
  add: (operands, known) => known.set(operands.t, indexed(operands, known)),
  /** mr */
  or: ({ t, a, b }, known) => known.set(a, t === b ? known.get(t) : undefined),
  /** The lower half of a constant. */
  ori({ t, a, d }, known) {
    const value = known.get(t)
    known.set(a, value === undefined || d === 0 ? value : known.or(value, d & 0xffff))
  },
  mfspr: ({ t, spr }, known) => known.set(t, spr === Spr.LR ? known.get(DWARF_LR) : known.special(spr)),
  mtspr({ t, spr }, known) {
    if (spr === Spr.LR) known.set(DWARF_LR, known.get(t))
  },
  lwz: (operands, known) => known.set(operands.t, loaded(based(operands, known), known)),
  lmw(operands, known) {
    // RA may be among the registers loaded: its value of before counts (user's manual p.338).
    const places = registersFrom(operands).map(n => based(operands, known, operands.d + 4 * n))
    for (const [n, place] of places.entries()) known.set(operands.t + n, loaded(place, known))
  },
  stw: (operands, known) => stored(based(operands, known), known.get(operands.t), known),
  stwu: (operands, known) => updating(operands, based(operands, known), known),
  stwux: (operands, known) => updating(operands, indexed(operands, known), known),
  // What is no whole register tells nothing of one; but the base moves.
  ...{ stbu: moved, sthu: moved, stfsu: moved, stfdu: moved },
  stmw(operands, known) {
    for (const n of registersFrom(operands))
      stored(based(operands, known, operands.d + 4 * n), known.get(operands.t + n), known)
  },
}

/** RA, or 0 for register 0, and a displacement. */
export function based<V>({ a, d }: RegisterOperands, known: Knowledge<V>, displacement = d): V | undefined {
  const base = a === 0 ? known.constant(0) : known.get(a)
  return base === undefined ? undefined : known.sum(base, known.constant(displacement))
}

function indexed<V>({ a, b }: RegisterOperands, known: Knowledge<V>): V | undefined {
  const [left, right] = [known.get(a), known.get(b)]
  return left === undefined || right === undefined ? undefined : known.sum(left, right)
}

const registersFrom = ({ t }: RegisterOperands): number[] => Array.from({ length: 32 - t }, (_, n) => n)

const loaded = <V>(place: V | undefined, known: Knowledge<V>): V | undefined =>
  place === undefined ? undefined : known.load(place)

function stored<V>(place: V | undefined, value: V | undefined, known: Knowledge<V>): void {
  if (place !== undefined) known.store(place, value)
}

function moved<V>(operands: RegisterOperands, known: Knowledge<V>): void {
  known.set(operands.a, based(operands, known))
}

/** The base moves to where the store went. */
function updating<V>({ t, a }: RegisterOperands, place: V | undefined, known: Knowledge<V>): void {
  stored(place, known.get(t), known)
  known.set(a, place)
}
