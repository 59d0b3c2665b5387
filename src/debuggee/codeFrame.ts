// What code without call frame information has done to its frame, read off its instructions along its branches: compiled
// without -g, or written by hand. Every instruction is understood that the PowerPC ABI's prologues and epilogues (§3.2.2)
// are made of, wherever the compiler has put them; of the others no more than which register they change.

import { DWARF_LR, DWARF_SP, DWARF_SPR0 } from '../isa/dwarf.ts'
import {
  directTarget,
  isBranch,
  isInterruptReturn,
  isLinking,
  isPlainJump,
  isPlainReturn,
  isUnconditional,
  type Transfer,
  transfer,
} from '../isa/flow.ts'
import { Spr } from '../isa/registers.ts'
import { execute, type FrameState, type KnownValue, type Word } from './frameEffects.ts'

/** The frame at some pc. Offsets count from the canonical frame address: the stack pointer at the function's entry. */
export interface CodeFrame {
  /** A register that has the canonical frame address plus `offset`; without one the back chain tells it. */
  readonly base: { readonly register: number; readonly offset: number } | undefined
  /** Where what registers had at the entry is saved, by DWARF number. */
  readonly saved: ReadonlyMap<number, number>
  /** The register that still holds the return address. */
  readonly link: number | undefined
  /** What the function returns through, if it is an interrupt handler: SRR0, CSRR0 or MCSRR0 by DWARF number. */
  readonly interrupt?: number
}

/** The code of a function. */
export interface FunctionCode {
  readonly low: number
  readonly high: number
  readonly word: Word
}

/** The special register that each return from an interrupt goes through. */
const RETURNS: Readonly<Partial<Record<Transfer, number>>> = { rfi: Spr.SRR0, rfci: Spr.CSRR0, rfmci: Spr.MCSRR0 }
function savedPc(instruction: number): number | undefined {
  const kind = transfer(instruction)
  return kind && RETURNS[kind]
}

const isEntry = (known: KnownValue | undefined, register: number): boolean => known?.of === register && known.plus === 0

const entryState = (): FrameState => ({
  registers: new Map([...Array(32).keys(), DWARF_LR].map(register => [register, { of: register, plus: 0 }])),
  slots: new Map(),
})

const copyOf = ({ registers, slots }: FrameState): FrameState => ({
  registers: new Map(registers),
  slots: new Map(slots),
})

/**
 * What reading one function may cost: an instruction counts as one, what is known at a block as so much as there is. A
 * large function of a compiler needs a third of it; what needs more is no function.
 */
const MOST_WORK = 1_000_000

/** A function, read along the ways through it once: what is known at the beginning of each of its basic blocks. */
export class ReadFunction {
  readonly #code: FunctionCode
  readonly #blocks: ReadonlySet<number>
  readonly #known = new Map<number, FrameState>()
  readonly #waiting: number[] = []
  /** Blocks to which only a call has led so far, which may not have returned. */
  readonly #doubtful = new Set<number>()
  readonly #frames = new Map<number, CodeFrame | undefined>()
  /** Where a table of a switch leads to, nobody says. */
  #indirect: FrameState | undefined
  #work = 0

  constructor(code: FunctionCode) {
    this.#code = code
    this.#blocks = blocksOf(code)
    this.#flow(code.low, entryState())
    while (this.#work < MOST_WORK) {
      const block = this.#waiting.pop() ?? this.#beyond()
      if (block === undefined) return
      this.#follow(block)
    }
    // Unless it is no function at all.
    this.#known.clear()
  }

  /** What reading it has cost, and as much at most is kept of it. */
  get work(): number {
    return this.#work
  }

  /** The frame before the instruction at `pc`. Undefined where no way leads there from the function's entry. */
  frameAt(pc: number): CodeFrame | undefined {
    if (!this.#frames.has(pc)) this.#frames.set(pc, this.#frameAt(pc))
    return this.#frames.get(pc)
  }

  #frameAt(pc: number): CodeFrame | undefined {
    const block = this.#blockOf(pc)
    const state = block === undefined ? undefined : this.#follow(block, pc)
    if (state === undefined || state === 'elsewhere') return undefined
    const { registers, slots } = state
    const saved = new Map<number, number>()
    for (const [offset, { of, plus }] of slots)
      if (of !== undefined && of !== DWARF_SP && plus === 0) saved.set(of, offset)
    const found = [DWARF_SP, ...registers.keys()].find(register => registers.get(register)?.of === DWARF_SP)
    const link = [DWARF_LR, ...registers.keys()].find(register => isEntry(registers.get(register), DWARF_LR))
    const interrupt = returnsThrough(this.#code, pc)
    return {
      base: found === undefined ? undefined : { register: found, offset: registers.get(found)!.plus },
      saved,
      link,
      ...(interrupt !== undefined && { interrupt }),
    }
  }

  /** The block around an address, if a way leads there. */
  #blockOf(pc: number): number | undefined {
    if (pc >= this.#code.high) return undefined
    for (let address = pc; address >= this.#code.low; address -= 4) if (this.#blocks.has(address)) return address
    return undefined
  }

  /** A block that no way has come to, as a switch would. */
  #beyond(): number | undefined {
    for (const block of this.#indirect === undefined ? [] : this.#blocks) {
      if (this.#known.has(block)) continue
      this.#known.set(block, copyOf(this.#indirect!))
      this.#work += sizeOf(this.#indirect!)
      return block
    }
    return undefined
  }

  /** To the end of a block, and what is known there to those behind it; or to `pc`, for what is known there. */
  #follow(block: number, pc?: number): FrameState | 'elsewhere' | undefined {
    const { high, word } = this.#code
    const begin = this.#known.get(block)
    if (begin === undefined) return undefined
    const state = copyOf(begin)
    this.#work += sizeOf(state)
    let isBehindCall = false
    for (let address = block; address < high; address += 4) {
      if (address === pc) return state
      if (address !== block && this.#blocks.has(address)) return this.#flow(address, state, isBehindCall)
      this.#work++
      const instruction = word(address)
      if (instruction === undefined || isPlainReturn(instruction) || isInterruptReturn(instruction)) return 'elsewhere'
      const target = directTarget(instruction, address)
      isBehindCall = target !== undefined && isLinking(instruction)
      const isJump = isPlainJump(instruction)
      if (isJump) this.#indirect = copyOf(state)
      else if (target === undefined || isLinking(instruction)) execute(address, instruction, state, word)
      else this.#flow(target, state)
      if (isJump || (target !== undefined && !isLinking(instruction) && isUnconditional(instruction)))
        return 'elsewhere'
    }
    // A call that does not return may be the last there is.
    return 'elsewhere'
  }

  /**
   * Known at a block is what all ways to it agree on. But behind a call that does not return may lie anything: what
   * comes from there is left out where otherwise the return address would be lost.
   */
  #flow(block: number, state: FrameState, isBehindCall = false): 'elsewhere' {
    if (!this.#blocks.has(block)) return 'elsewhere'
    const known = this.#known.get(block)
    const isDoubtful = this.#doubtful.has(block)
    if (!isBehindCall) this.#doubtful.delete(block)
    else if (known === undefined) this.#doubtful.add(block)
    const common = known && agreement(known, state)
    const isLost = common !== undefined && !knowsReturn(common)
    if (isLost && isBehindCall && knowsReturn(known!)) return 'elsewhere'
    const result = common === undefined || (isLost && isDoubtful && !isBehindCall) ? copyOf(state) : common
    if (known !== undefined && sizeOf(result) === sizeOf(known) && result === common) return 'elsewhere'
    this.#known.set(block, result)
    this.#work += sizeOf(result)
    this.#waiting.push(block)
    return 'elsewhere'
  }
}

const sizeOf = ({ registers, slots }: FrameState): number => registers.size + slots.size

const agreement = (a: FrameState, b: FrameState): FrameState => ({
  registers: common(a.registers, b.registers),
  slots: common(a.slots, b.slots),
})

const common = (a: ReadonlyMap<number, KnownValue>, b: ReadonlyMap<number, KnownValue>): Map<number, KnownValue> =>
  new Map([...a].filter(([key, { of, plus }]) => b.get(key)?.of === of && b.get(key)?.plus === plus))

/** Whether the return address is still somewhere. */
const knowsReturn = ({ registers, slots }: FrameState): boolean =>
  [...registers.values(), ...slots.values()].some(known => isEntry(known, DWARF_LR))

/** Where a way may come in: behind every branch, and where those within the function lead to. */
function blocksOf({ low, high, word }: FunctionCode): Set<number> {
  const blocks = new Set<number>([low])
  const isInside = (address: number) => address >= low && address < high
  for (let address = low; address < high; address += 4) {
    const instruction = word(address)
    if (instruction === undefined) break
    const target = directTarget(instruction, address)
    if (isLinking(instruction) || !(isBranch(instruction) || isInterruptReturn(instruction))) continue
    if (isInside(address + 4)) blocks.add(address + 4)
    if (target !== undefined && isInside(target)) blocks.add(target)
  }
  return blocks
}

/** A handler ends in rfi, rfci or rfmci before anything returns by LR. */
function returnsThrough({ high, word }: FunctionCode, pc: number): number | undefined {
  for (let address = pc & ~3; address < high; address += 4) {
    const instruction = word(address)
    if (instruction === undefined || isPlainReturn(instruction) || instruction === 0) return undefined
    const spr = savedPc(instruction)
    if (spr !== undefined) return DWARF_SPR0 + spr
  }
  return undefined
}
