// What an instruction is about to do, without doing it: the debug facility has to know before execution whether a
// branch will be taken, a trap condition holds, or a return is attempted.

import { Spr } from '../isa/registers.ts'
import { trapHolds } from './exec/integer.ts'
import type { CpuState } from './state.ts'

export type Prospect = 'branch' | 'trap' | 'rfi' | 'rfci' | 'rfmci' | 'other'

const primary = (word: number): number => word >>> 26
const extended = (word: number): number => (word >>> 1) & 0x3ff
const field = (word: number, shift: number): number => (word >>> shift) & 31

/** The debug-relevant prospect of executing `word` in `state`: 'branch' and 'trap' only where taken. */
export function inspect(state: CpuState, word: number): Prospect {
  switch (primary(word)) {
    case 3:
      return trapHolds(field(word, 21), state.gpr[field(word, 16)], (word << 16) >> 16) ? 'trap' : 'other'
    case 16:
      return branchTaken(state, word) ? 'branch' : 'other'
    case 18:
      return 'branch'
    case 19:
      return inspectXl(state, word)
    case 31:
      return extended(word) === 4 && trapHolds(field(word, 21), state.gpr[field(word, 16)], state.gpr[field(word, 11)])
        ? 'trap'
        : 'other'
    default:
      return 'other'
  }
}

function inspectXl(state: CpuState, word: number): Prospect {
  switch (extended(word)) {
    case 16:
    case 528:
      return branchTaken(state, word) ? 'branch' : 'other'
    case 50:
      return 'rfi'
    case 51:
      return 'rfci'
    case 38:
      return 'rfmci'
    default:
      return 'other'
  }
}

/** BO and BI (manual p.46): BO[0] ignores the condition, BO[2] leaves CTR alone, BO[1] and BO[3] say what is wanted. */
function branchTaken(state: CpuState, word: number): boolean {
  const bo = field(word, 21)
  const bi = field(word, 16)
  const zeroAfter = state.spr[Spr.CTR] === 1
  const counterOk = (bo & 4) !== 0 || zeroAfter === ((bo & 2) !== 0)
  const bit = (state.cr[bi >> 2] & (8 >> (bi & 3))) !== 0
  return counterOk && ((bo & 16) !== 0 || bit === ((bo & 8) !== 0))
}
