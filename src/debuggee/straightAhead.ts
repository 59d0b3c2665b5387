// What a function does next, by executing its instructions on paper as far as the way is straight: how it leaves, where it
// is about to return, and where it puts its return address, where it has only begun. GCC describes every one of these
// instructions in call frame information; clang describes no epilogue, and what is written by hand nothing at all.

import { changedRegisters } from '../isa/changes.ts'
import { DWARF_FPR0, DWARF_LR, DWARF_SP } from '../isa/dwarf.ts'
import { directTarget, isLinking, isPlainReturn, isUnconditional, transfer } from '../isa/flow.ts'
import { registerOperands } from '../isa/registerOperands.ts'
import { based, EFFECTS, type Knowledge } from './instructionEffects.ts'

/** Registers by DWARF number; what is not known is absent. */
export interface AtReturn {
  readonly words: Map<number, number>
  /** Of floating-point registers that were loaded, from where; undefined where that is not known. */
  readonly loaded: Map<number, number | undefined>
}

/** What there is to see on the way: memory, and where the function ends. */
export interface CodeAround {
  word(address: number): number | undefined
  isInside(address: number): boolean
}

/** What is stored on the way is not stored. */
interface PaperMemory {
  word(address: number): number | undefined
  store(address: number, value: number | undefined): void
}

/** An epilogue has a few loads, the frame given back, and the return; a prologue is of the same length. */
const MOST_INSTRUCTIONS = 40

/**
 * The registers at the return, where the way from `pc` to it is straight: LR is where it goes, and r1 the canonical
 * frame address (PowerPC ABI, §3.2.2). Undefined where the way is not straight, or r1 is lost on it.
 */
export const atReturn = (pc: number, live: ReadonlyMap<number, number>, around: CodeAround): AtReturn | undefined =>
  executed(pc, live, around).atReturn

/** Where the return address that LR holds is stored before the way parts. */
export function placeOfLink(pc: number, live: ReadonlyMap<number, number>, around: CodeAround): number | undefined {
  const { stored } = executed(pc, live, around)
  return [...stored].find(([, value]) => value !== undefined && value === live.get(DWARF_LR))?.[0]
}

interface PathOutcome {
  readonly stored: ReadonlyMap<number, number | undefined>
  readonly atReturn: AtReturn | undefined
}

function executed(pc: number, live: ReadonlyMap<number, number>, around: CodeAround): PathOutcome {
  const registers: AtReturn = { words: new Map(live), loaded: new Map() }
  const { words } = registers
  const stored = new Map<number, number | undefined>()
  const memory: PaperMemory = {
    word: at => (stored.has(at) ? stored.get(at) : around.word(at)),
    store: (at, value) => stored.set(at, value),
  }
  let address = pc
  for (let count = 0; count < MOST_INSTRUCTIONS; count++) {
    const instruction = around.word(address)
    // One function may run into the next: `_restgpr_29_x` into those that restore less.
    if (instruction === undefined || !words.has(DWARF_SP)) break
    if (isPlainReturn(instruction)) return { stored, atReturn: registers }
    if (transfer(instruction) !== undefined) {
      const target = directTarget(instruction, address)
      if (target === undefined || isLinking(instruction) || !isUnconditional(instruction)) break
      // A jump to another function, once the frame is given back; before that, to code that does it (`_restgpr_31_x`).
      address = target
      if (!around.isInside(address) && words.get(DWARF_SP) !== live.get(DWARF_SP))
        return { stored, atReturn: registers }
      continue
    }
    execute(instruction, registers, memory)
    address += 4
  }
  return { stored, atReturn: undefined }
}

/** The numbers themselves. */
class PaperKnowledge implements Knowledge<number> {
  readonly #words: Map<number, number>
  readonly #memory: PaperMemory

  constructor(words: Map<number, number>, memory: PaperMemory) {
    this.#words = words
    this.#memory = memory
  }

  get(register: number): number | undefined {
    return this.#words.get(register)
  }

  set(register: number, value: number | undefined): void {
    if (value === undefined) this.#words.delete(register)
    else this.#words.set(register, value >>> 0)
  }

  constant(value: number): number {
    return value
  }

  sum(a: number, b: number): number {
    return (a + b) >>> 0
  }

  or(value: number, bits: number): number {
    return (value | bits) >>> 0
  }

  special(): undefined {
    return undefined
  }

  load(address: number): number | undefined {
    return this.#memory.word(address)
  }

  store(address: number, value: number | undefined): void {
    this.#memory.store(address, value)
  }
}

const FLOATING_LOAD = /^lf[sd]u?$/

/** Loads, additions and moves are what an epilogue is made of. What else has a result loses it. */
function execute(instruction: number, { words, loaded }: AtReturn, memory: PaperMemory): void {
  const operands = registerOperands(instruction)
  if (operands === undefined) return
  const known = new PaperKnowledge(words, memory)
  const effect = EFFECTS[operands.name]
  if (effect !== undefined) return effect(operands, known)
  if (FLOATING_LOAD.test(operands.name))
    loaded.set(DWARF_FPR0 + operands.t, operands.name === 'lfd' ? based(operands, known) : undefined)
  for (const register of changedRegisters(instruction)) words.delete(register)
}
