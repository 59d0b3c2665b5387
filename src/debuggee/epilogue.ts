// How a function that is about to return leaves, by executing its last instructions on paper. GCC describes every one of
// them in call frame information; clang describes none, and what is written by hand has no description at all.

import { DWARF_LR, DWARF_SP } from '../isa/dwarf.ts'

/** Registers by DWARF number; what is not known is absent. */
type Registers = Map<number, number>

/** What there is to see on the way: memory, and where the function ends. */
export interface Surroundings {
  word(address: number): number | undefined
  isInside(address: number): boolean
}

/** What is stored on the way is not stored. */
interface Memory {
  word(address: number): number | undefined
  store(address: number, value: number | undefined): void
}

/** An epilogue has a few loads, the frame given back, and the return. */
const MOST_INSTRUCTIONS = 40

const BLR = 0x4e800020

/**
 * The registers at the return, where the way from `pc` to it is straight: LR is where it goes, and r1 the canonical
 * frame address (PowerPC ABI, §3.2.2). Undefined where the way is not straight, or r1 is lost on it.
 */
export function atReturn(pc: number, live: ReadonlyMap<number, number>, around: Surroundings): Registers | undefined {
  const registers: Registers = new Map(live)
  const stored = new Map<number, number | undefined>()
  const memory: Memory = {
    word: at => (stored.has(at) ? stored.get(at) : around.word(at)),
    store: (at, value) => stored.set(at, value),
  }
  for (let address = pc; address < pc + 4 * MOST_INSTRUCTIONS; address += 4) {
    const instruction = around.word(address)
    // One function may run into the next: `_restgpr_29_x` into those that restore less.
    if (instruction === undefined || !registers.has(DWARF_SP)) return undefined
    if (instruction === BLR) return registers
    if (instruction >>> 26 === 18) {
      // A jump to another function, once the frame is given back; before that, to code that does it (`_restgpr_31_x`).
      const isTailCall = (instruction & 3) === 0 && !around.isInside(jumpTarget(address, instruction))
      return isTailCall && registers.get(DWARF_SP) !== live.get(DWARF_SP) ? registers : undefined
    }
    if (isBranch(instruction)) return undefined
    execute(instruction, registers, memory)
  }
  return undefined
}

const jumpTarget = (address: number, instruction: number): number =>
  (address + (((instruction & 0x03fffffc) << 6) >> 6)) >>> 0

/** bc, sc, and bclr, bcctr, rfi with their like. */
const isBranch = (instruction: number): boolean => [16, 17, 19].includes(instruction >>> 26)

const MR_MASK = 0xfc0007fe
/** `or rA,rS,rB` */
const OR = 0x7c000378
const MTLR = 0x7c0803a6
const MTSPR = 0x7c0003a6

/** Loads, additions and moves are what an epilogue is made of. What else has a result loses it. */
function execute(instruction: number, registers: Registers, { word, store }: Memory): void {
  const primary = instruction >>> 26
  const [first, second, third] = [21, 16, 11].map(shift => (instruction >>> shift) & 31)
  const displacement = (instruction << 16) >> 16
  const set = (register: number, value: number | undefined) => {
    if (value === undefined) registers.delete(register)
    else registers.set(register, value >>> 0)
  }
  const base = second === 0 ? 0 : registers.get(second)
  const effective = base === undefined ? undefined : (base + displacement) >>> 0
  const load = (at: number) => (effective === undefined ? undefined : word((effective + at) >>> 0))
  if (primary === 14) set(first, effective)
  else if (primary === 15) set(first, base === undefined ? undefined : base + (displacement << 16))
  else if (primary === 32) set(first, load(0))
  else if (primary === 46)
    for (let register = first; register < 32; register++) set(register, load(4 * (register - first)))
  else if ((instruction & MR_MASK) >>> 0 === OR && first === third) set(second, registers.get(first))
  else if ((instruction & 0xfc1fffff) >>> 0 === MTLR) set(DWARF_LR, registers.get(first))
  else if ((instruction & MR_MASK) >>> 0 === MTSPR || isCompare(instruction)) return
  else if (isStore(primary)) {
    if (primary <= 37 && effective !== undefined) store(effective, registers.get(first))
    // With update the base moves.
    if (primary % 2 === 1) set(second, effective)
  } else for (const register of [first, second]) registers.delete(register)
}

const isStore = (primary: number): boolean => primary >= 36 && primary <= 45 && primary !== 40 && primary !== 41

/** cmpi, cmpli, cmp, cmpl: their results are no registers. */
const isCompare = (instruction: number): boolean => {
  const primary = instruction >>> 26
  return primary === 10 || primary === 11 || (primary === 31 && [0, 32].includes((instruction >>> 1) & 1023))
}
