// The `ext` block of KVM_SET_GUEST_DEBUG: ranges, the address mask and data values, as fields of DBCR1 and DBCR2
// (user's manual p.241-244). What the manual calls a programming error with undefined results is refused here.

import { inField } from '../isa/register.ts'
import { DBCR1, DBCR2 } from '../isa/registers.ts'
import type { KvmBreakpoint, KvmDataValue, KvmGuestDebugExt } from './abi.ts'
import type { DebugReg } from './debugReg.ts'

/** IAC12M, IAC34M and DAC12M share one encoding, of which the IAC pairs lack the mask. */
const PAIR_MODE = { mask: 1, inclusive: 2, exclusive: 3 } as const
const VALUE_MODE = { and: 1, or: 2, andOr: 3 } as const

/** The mode bits for `ext`; undefined where a mode has no comparator that could report it. */
export function modesOf(
  ext: KvmGuestDebugExt,
  bp: readonly KvmBreakpoint[],
): Pick<DebugReg, 'dbcr1' | 'dbcr2' | 'dvc'> | undefined {
  const used = (n: number): boolean => (bp[n]?.type ?? 0) !== 0
  const { iac12, iac34, dac12, dvc: [dvc1, dvc2] = [undefined, undefined] } = ext
  if (iac12 !== undefined && !used(0) && !used(1)) return undefined
  if (iac34 !== undefined && !used(2) && !used(3)) return undefined
  if (dac12 !== undefined && !used(4) && !used(5)) return undefined
  if ((dvc1 !== undefined && !(used(4) && valid(dvc1))) || (dvc2 !== undefined && !(used(5) && valid(dvc2)))) {
    return undefined
  }
  const { IAC12M, IAC34M } = DBCR1.mask
  const { DAC12M, DVC1M, DVC1BE, DVC2M, DVC2BE } = DBCR2.mask
  return {
    dbcr1: pairMode(IAC12M, iac12) | pairMode(IAC34M, iac34),
    dbcr2: pairMode(DAC12M, dac12) | valueMode(DVC1M, DVC1BE, dvc1) | valueMode(DVC2M, DVC2BE, dvc2),
    dvc: [(dvc1?.value ?? 0) | 0, (dvc2?.value ?? 0) | 0],
  }
}

const pairMode = (mask: number, mode: keyof typeof PAIR_MODE | undefined): number =>
  mode === undefined ? 0 : inField(mask, PAIR_MODE[mode])

const valueMode = (mode: number, bytes: number, wanted: KvmDataValue | undefined): number =>
  wanted === undefined ? 0 : inField(mode, VALUE_MODE[wanted.mode]) | inField(bytes, wanted.bytes)

/** No byte lane means no comparison at all (p.231), which is not what asking for a value can mean. */
const valid = ({ bytes }: KvmDataValue): boolean => Number.isInteger(bytes) && bytes >= 1 && bytes <= 15
