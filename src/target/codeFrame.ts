// What code without call frame information has done to its frame, read off its instructions along its branches: compiled
// without -g, or written by hand. Every instruction is understood that the PowerPC ABI's prologues and epilogues (§3.2.2)
// are made of, wherever the compiler has put them; of the others no more than which register they change.

import { DWARF_LR, DWARF_SP, DWARF_SPR0 } from '../isa/dwarf.ts'

/** The frame at some pc. Offsets count from the canonical frame address: the stack pointer at the function's entry. */
export interface CodeFrame {
  /** A register that tells the canonical frame address, which lies so far below it; without one the back chain does. */
  readonly base: { readonly register: number; readonly offset: number } | undefined
  /** Where what registers had at the entry is saved, by DWARF number. */
  readonly saved: ReadonlyMap<number, number>
  /** The register that still holds the return address. */
  readonly link: number | undefined
  /** What the function returns through, if it is an interrupt handler: SRR0, CSRR0 or MCSRR0 by DWARF number. */
  readonly interrupt?: number
}

/** A value: what a register had at the entry, by DWARF number, and what was added; or without one a constant. */
interface Known {
  readonly of: number | undefined
  readonly plus: number
}

interface State {
  readonly registers: Map<number, Known>
  /** What lies in the frame, by the offset from the canonical frame address. */
  readonly slots: Map<number, Known>
}

type Word = (address: number) => number | undefined

/** The code of a function. */
export interface Code {
  readonly low: number
  readonly high: number
  readonly word: Word
}

const SPR_LR = 8
const BLR = 0x4e800020
const BCTR = 0x4e800420
/** `rfi`, `rfci`, `rfmci` and the special register each returns through. */
const RETURNS = new Map([
  [0x4c000064, 26],
  [0x4c000066, 58],
  [0x4c00004c, 570],
])

/** The frame before the instruction at `pc`. Undefined where no way leads there from the function's entry. */
export function codeFrame(code: Code, pc: number): CodeFrame | undefined {
  const state = stateAt(code, pc)
  if (state === undefined) return undefined
  const { registers, slots } = state
  const saved = new Map<number, number>()
  for (const [offset, { of, plus }] of slots)
    if (of !== undefined && of !== DWARF_SP && plus === 0) saved.set(of, offset)
  const found = [DWARF_SP, ...registers.keys()].find(register => registers.get(register)?.of === DWARF_SP)
  const link = [DWARF_LR, ...registers.keys()].find(register => isEntry(registers.get(register), DWARF_LR))
  const interrupt = returnsThrough(code, pc)
  return {
    base: found === undefined ? undefined : { register: found, offset: registers.get(found)!.plus },
    saved,
    link,
    ...(interrupt !== undefined && { interrupt }),
  }
}

const isEntry = (known: Known | undefined, register: number): boolean => known?.of === register && known.plus === 0

const entryState = (): State => ({
  registers: new Map([...Array(32).keys(), DWARF_LR].map(register => [register, { of: register, plus: 0 }])),
  slots: new Map(),
})

const copyOf = ({ registers, slots }: State): State => ({ registers: new Map(registers), slots: new Map(slots) })

/** Functions that were read, and their instructions then: a stack is walked at every step, mostly through the same ones. */
const read = new Map<number, { readonly words: readonly (number | undefined)[]; readonly ways: Ways }>()
const MOST_READ = 256
/** A function's blocks are seen twice or thrice before all ways to them agree. */
const MOST_FOLLOWED = 10_000

function waysThrough(code: Code): Ways {
  const { low, high, word } = code
  const words = Array.from({ length: (high - low) >>> 2 }, (_, i) => word(low + 4 * i))
  const known = read.get(low)
  if (known?.words.length === words.length && known.words.every((each, i) => each === words[i])) return known.ways
  if (read.size >= MOST_READ) read.clear()
  const ways = new Ways({ low, high, word: address => words[(address - low) >>> 2] ?? word(address) })
  read.set(low, { words, ways })
  return ways
}

/** What is known before the instruction at `pc`, whichever way led there. */
function stateAt(code: Code, pc: number): State | undefined {
  const ways = waysThrough(code)
  const block = ways.blockOf(pc)
  const state = block === undefined ? undefined : ways.follow(block, pc)
  return state === 'elsewhere' ? undefined : state
}

/** The ways through a function: what is known at the beginning of each of its basic blocks. */
class Ways {
  readonly #code: Code
  readonly #blocks: ReadonlySet<number>
  readonly #known = new Map<number, State>()
  readonly #waiting: number[] = []
  /** Blocks to which only a call has led so far, which may not have returned. */
  readonly #doubtful = new Set<number>()
  /** Where a table of a switch leads to, nobody says. */
  #indirect: State | undefined

  constructor(code: Code) {
    this.#code = code
    this.#blocks = blocksOf(code)
    this.#flow(code.low, entryState())
    for (let followed = 0; followed < MOST_FOLLOWED; followed++) {
      const block = this.#waiting.pop() ?? this.#beyond()
      if (block === undefined) return
      this.follow(block)
    }
    // Unless it is no function at all.
    this.#known.clear()
  }

  /** The block around an address, if a way leads there. */
  blockOf(pc: number): number | undefined {
    for (let address = pc; address >= this.#code.low; address -= 4) if (this.#blocks.has(address)) return address
    return undefined
  }

  /** A block that no way has come to, as a switch would. */
  #beyond(): number | undefined {
    for (const block of this.#indirect === undefined ? [] : this.#blocks) {
      if (this.#known.has(block)) continue
      this.#known.set(block, copyOf(this.#indirect!))
      return block
    }
    return undefined
  }

  /** To the end of a block, and what is known there to those behind it; or to `pc`, for what is known there. */
  follow(block: number, pc?: number): State | 'elsewhere' | undefined {
    const { word } = this.#code
    const begin = this.#known.get(block)
    if (begin === undefined) return undefined
    const state = copyOf(begin)
    let isBehindCall = false
    for (let address = block; ; address += 4) {
      if (address === pc) return state
      if (address !== block && this.#blocks.has(address)) return this.#flow(address, state, isBehindCall)
      const instruction = word(address)
      if (instruction === undefined || instruction === BLR || RETURNS.has(instruction)) return 'elsewhere'
      const target = branchTarget(address, instruction)
      isBehindCall = target !== undefined && isLinking(instruction)
      if (instruction === BCTR) this.#indirect = copyOf(state)
      else if (target === undefined || isLinking(instruction)) execute(address, instruction, state, word)
      else this.#flow(target, state)
      if (instruction === BCTR || (target !== undefined && !isLinking(instruction) && instruction >>> 26 === 18))
        return 'elsewhere'
    }
  }

  /**
   * Known at a block is what all ways to it agree on. But behind a call that does not return may lie anything: what
   * comes from there is left out where otherwise the return address would be lost.
   */
  #flow(block: number, state: State, isBehindCall = false): 'elsewhere' {
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
    this.#waiting.push(block)
    return 'elsewhere'
  }
}

const sizeOf = ({ registers, slots }: State): number => registers.size + slots.size

const agreement = (a: State, b: State): State => ({
  registers: common(a.registers, b.registers),
  slots: common(a.slots, b.slots),
})

const common = (a: ReadonlyMap<number, Known>, b: ReadonlyMap<number, Known>): Map<number, Known> =>
  new Map([...a].filter(([key, { of, plus }]) => b.get(key)?.of === of && b.get(key)?.plus === plus))

/** Whether the return address is still somewhere. */
const knowsReturn = ({ registers, slots }: State): boolean =>
  [...registers.values(), ...slots.values()].some(known => isEntry(known, DWARF_LR))

/** Where a way may come in: behind every branch, and where those within the function lead to. */
function blocksOf({ low, high, word }: Code): Set<number> {
  const blocks = new Set<number>([low])
  const isInside = (address: number) => address >= low && address < high
  for (let address = low; address < high; address += 4) {
    const instruction = word(address)
    if (instruction === undefined) break
    const target = branchTarget(address, instruction)
    const isBranch = instruction >>> 26 === 19 || target !== undefined
    if (!isBranch || isLinking(instruction)) continue
    if (isInside(address + 4)) blocks.add(address + 4)
    if (target !== undefined && isInside(target)) blocks.add(target)
  }
  return blocks
}

const isLinking = (instruction: number): boolean => (instruction & 1) !== 0

/** Where `b`, `bl`, `bc` and `bcl` lead. */
function branchTarget(address: number, instruction: number): number | undefined {
  const primary = instruction >>> 26
  if (primary !== 16 && primary !== 18) return undefined
  const distance = primary === 18 ? ((instruction & 0x03fffffc) << 6) >> 6 : ((instruction & 0xfffc) << 16) >> 16
  return ((instruction & 2) !== 0 ? distance : address + distance) >>> 0
}

/** Registers that a call need not preserve (§3.2.1). */
const VOLATILE = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, DWARF_LR]

function execute(address: number, instruction: number, state: State, word: Word): void {
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

/** A handler ends in rfi, rfci or rfmci before anything returns by LR. */
function returnsThrough({ high, word }: Code, pc: number): number | undefined {
  for (let address = pc & ~3; address < high; address += 4) {
    const instruction = word(address)
    if (instruction === undefined || instruction === BLR || instruction === 0) return undefined
    const spr = RETURNS.get(instruction)
    if (spr !== undefined) return DWARF_SPR0 + spr
  }
  return undefined
}
