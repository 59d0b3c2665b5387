// What code without call frame information has done to its frame so far, read off its instructions: hand-written
// assembly has no better description. Straight lines only: a prologue branches nowhere.

import { DWARF_LR, DWARF_SPR0 } from '../isa/dwarf.ts'

/** The state of a frame at some pc. */
export interface Prologue {
  /** r1 has been moved down, and points to the back chain. */
  readonly hasFrame: boolean
  /** Where registers were saved: offset from r1, by DWARF number. */
  readonly saved: ReadonlyMap<number, number>
  /** The register an interrupt handler returns through (SRR0, CSRR0 or MCSRR0), by DWARF number. */
  readonly interrupt?: number
}

interface State {
  hasFrame: boolean
  saved: Map<number, number>
}

/** Which special register a general one holds a copy of. */
type Copies = Map<number, number>

/** A symbol table without sizes can make a function of anything. */
const MOST_INSTRUCTIONS = 4096

const SRR0 = 26
const CSRR0 = 58
const MCSRR0 = 570
const LR = 8
/** `rfi`, `rfci`, `rfmci` and what each returns through. */
const RETURNS = new Map([
  [0x4c000064, SRR0],
  [0x4c000066, CSRR0],
  [0x4c00004c, MCSRR0],
])
const BLR = 0x4e800020
const STWU_R1 = 0x9421
const ADDI_R1 = 0x3821
/** `lwz r1,0(r1)` */
const LWZ_BACK_CHAIN = 0x80210000
/** `stwux r1,r1,rB` */
const STWUX_R1 = 0x7c21016e

const dwarfOfSpr = (spr: number): number => (spr === LR ? DWARF_LR : DWARF_SPR0 + spr)

/** Reads from the first instruction of a function to `pc`, and from there on only to see how it will return. */
export function scanPrologue(low: number, pc: number, word: (address: number) => number | undefined): Prologue {
  const state: State = { hasFrame: false, saved: new Map() }
  const copies: Copies = new Map()
  let before: State | undefined
  const end = Math.min(pc, low + 4 * MOST_INSTRUCTIONS)
  for (let address = low; address < end; address += 4) {
    const instruction = word(address)
    if (instruction === undefined) break
    // Behind a return the frame is as it was before this epilogue began.
    if (instruction === BLR || RETURNS.has(instruction)) {
      if (before !== undefined) Object.assign(state, before)
      before = undefined
    } else if (ends(instruction) && state.hasFrame) {
      before = { hasFrame: true, saved: new Map(state.saved) }
      state.hasFrame = false
      state.saved = new Map()
    } else follow(instruction, state, copies)
  }
  const interrupt = returnsThrough(pc, low, word)
  return { ...state, ...(interrupt !== undefined && { interrupt }) }
}

/** r1 goes back up: `addi r1,r1,n` or `lwz r1,0(r1)`. */
const ends = (instruction: number): boolean =>
  (instruction >>> 16 === ADDI_R1 && (instruction & 0x8000) === 0) || instruction === LWZ_BACK_CHAIN

function follow(instruction: number, state: State, copies: Copies): void {
  const t = (instruction >>> 21) & 31
  const offset = (instruction << 16) >> 16
  if (instruction >>> 16 === STWU_R1 || (instruction & 0xffff07ff) >>> 0 === STWUX_R1) {
    // Offsets so far counted from the old r1.
    for (const [register, at] of state.saved) state.saved.set(register, at - offset)
    state.hasFrame = true
    return
  }
  const spr = movedFromSpr(instruction)
  if (spr !== undefined) {
    copies.set(t, dwarfOfSpr(spr))
    return
  }
  if (((instruction >>> 16) & 31) !== 1) return
  switch (instruction >>> 26) {
    case 36: // stw
      state.saved.set(copies.get(t) ?? t, offset)
      return
    case 47: // stmw
      for (let register = t; register < 32; register++) state.saved.set(register, offset + 4 * (register - t))
  }
}

/** The SPR of `mfspr`, if it is one. */
function movedFromSpr(instruction: number): number | undefined {
  if ((instruction & 0xfc0007fe) >>> 0 !== 0x7c0002a6) return undefined
  return ((instruction >>> 16) & 31) | (((instruction >>> 11) & 31) << 5)
}

/** A handler ends in rfi, rfci or rfmci before anything returns by LR. */
function returnsThrough(pc: number, low: number, word: (address: number) => number | undefined): number | undefined {
  for (let address = pc & ~3; address < low + 4 * MOST_INSTRUCTIONS; address += 4) {
    const instruction = word(address)
    if (instruction === undefined || instruction === BLR || instruction === 0) return undefined
    const spr = RETURNS.get(instruction)
    if (spr !== undefined) return dwarfOfSpr(spr)
  }
  return undefined
}
