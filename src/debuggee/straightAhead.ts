// What a function does next, by executing its instructions on paper as far as the way is straight: how it leaves, where it
// is about to return, and where it puts its return address, where it has only begun. GCC describes every one of these
// instructions in call frame information; clang describes no epilogue, and what is written by hand nothing at all.

import { changedRegisters } from '../isa/changes.ts'
import { DWARF_FPR0, DWARF_LR, DWARF_SP } from '../isa/dwarf.ts'

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

const BLR = 0x4e800020

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
    if (instruction === BLR) return { stored, atReturn: registers }
    if (instruction >>> 26 === 18) {
      if ((instruction & 3) !== 0) break
      // A jump to another function, once the frame is given back; before that, to code that does it (`_restgpr_31_x`).
      address = jumpTarget(address, instruction)
      if (!around.isInside(address) && words.get(DWARF_SP) !== live.get(DWARF_SP))
        return { stored, atReturn: registers }
      continue
    }
    if (isBranch(instruction)) break
    execute(instruction, registers, memory)
    address += 4
  }
  return { stored, atReturn: undefined }
}

const jumpTarget = (address: number, instruction: number): number =>
  (address + (((instruction & 0x03fffffc) << 6) >> 6)) >>> 0

/** bc, sc, and bclr, bcctr, rfi with their like. */
const isBranch = (instruction: number): boolean => [16, 17, 19].includes(instruction >>> 26)

const MR_MASK = 0xfc0007fe
/** `or rA,rS,rB` */
const OR = 0x7c000378
const MFLR = 0x7c0802a6
const MTLR = 0x7c0803a6
const LR_MASK = 0xfc1fffff
/** The primary opcode. */
const LFD = 50

/** Loads, additions and moves are what an epilogue is made of. What else has a result loses it. */
function execute(instruction: number, { words: registers, loaded }: AtReturn, { word, store }: PaperMemory): void {
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
  const storeWord = (address: number | undefined, value: number | undefined) => {
    if (address !== undefined) store(address >>> 0, value)
  }
  if (primary === 14) set(first, effective)
  else if (primary === 15) set(first, base === undefined ? undefined : base + (displacement << 16))
  else if (primary === 32) set(first, load(0))
  else if (primary === 46)
    for (let register = first; register < 32; register++) set(register, load(4 * (register - first)))
  else if ((instruction & MR_MASK) >>> 0 === OR && first === third) set(second, registers.get(first))
  else if ((instruction & LR_MASK) >>> 0 === MFLR) set(first, registers.get(DWARF_LR))
  else if ((instruction & LR_MASK) >>> 0 === MTLR) set(DWARF_LR, registers.get(first))
  else if (primary === 47)
    for (let register = first; register < 32; register++)
      storeWord(effective && effective + 4 * (register - first), registers.get(register))
  else if (isStore(primary)) {
    if (primary <= 37) storeWord(effective, registers.get(first))
    // With update the base moves.
    if (primary % 2 === 1) set(second, effective)
  } else {
    if (primary >= 48 && primary <= 51) loaded.set(DWARF_FPR0 + first, primary === LFD ? effective : undefined)
    for (const register of changedRegisters(instruction)) registers.delete(register)
  }
}

const isStore = (primary: number): boolean => primary >= 36 && primary <= 45 && primary !== 40 && primary !== 41
