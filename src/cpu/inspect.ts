// What an instruction is about to do, without doing it: the debug facility has to know before execution whether a
// branch will be taken, a trap condition holds, or a return is attempted.

import { decode } from '../isa/decode.ts'
import { BO, type Transfer, transfer } from '../isa/flow.ts'
import { fieldsOf } from '../isa/pattern.ts'
import { Spr } from '../isa/registers.ts'
import { trapHolds } from './exec/integer.ts'
import type { CpuState } from './state.ts'

export type Prospect = Exclude<Transfer, 'systemCall'> | 'other'

/** The debug-relevant prospect of executing `word` in `state`: 'branch' and 'trap' only where taken. */
export function inspect(state: CpuState, word: number): Prospect {
  const kind = transfer(word)
  switch (kind) {
    case 'branch':
      return branchTaken(state, word) ? 'branch' : 'other'
    case 'trap':
      return trapTaken(state, word) ? 'trap' : 'other'
    case 'rfi':
    case 'rfci':
    case 'rfmci':
      return kind
    default:
      return 'other'
  }
}

const fieldsIn = (word: number): Record<string, number> => fieldsOf(decode(word)!.pattern, word)

function trapTaken({ gpr }: CpuState, word: number): boolean {
  const { to, ra, rb, si } = fieldsIn(word)
  return trapHolds(to!, gpr[ra!], rb === undefined ? (si! << 16) >> 16 : gpr[rb])
}

function branchTaken({ spr, cr }: CpuState, word: number): boolean {
  const { bo, bi } = fieldsIn(word)
  if (bo === undefined || bi === undefined) return true
  const isZeroAfter = spr[Spr.CTR] === 1
  const counterOk = (bo & BO.KEEPS_CTR) !== 0 || isZeroAfter === ((bo & BO.IF_ZERO) !== 0)
  const isSet = (cr[bi >> 2] & (8 >> (bi & 3))) !== 0
  return counterOk && ((bo & BO.ANY_CONDITION) !== 0 || isSet === ((bo & BO.IF_SET) !== 0))
}
