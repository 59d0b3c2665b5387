// A condition that a data value comparator can judge itself: the watched bytes are stored with one value.

import type { KvmDataValue } from '../kvm/abi.ts'
import type { DataRequest } from './breakpoints.ts'

/** What a person writes beside a data breakpoint may leave out what is watched: `== 5`. */
export const conditionOn = (label: string, condition: string | undefined): string | undefined =>
  condition !== undefined && /^\s*([=!]=|[<>]=?)/.test(condition) ? `${label} ${condition}` : condition

/** For DVCn (user's manual p.231): the value in its lanes; undefined where the condition asks for something else. */
export function valueAskedFor({ access, address, size, label, condition }: DataRequest): KvmDataValue | undefined {
  const [, what, digits] = /^(.*?)==\s*(-?\d+|0x[0-9a-f]+)\s*$/i.exec(condition ?? '') ?? []
  const lane = address & 3
  if (what?.trim() !== label || access !== 'write' || ![1, 2, 4].includes(size) || lane + size > 4) return undefined
  const value = Number(digits)
  if (value >= 2 ** (8 * size) || value < -(2 ** (8 * size - 1))) return undefined
  const behind = 4 - lane - size
  return {
    value: (Number(BigInt.asUintN(8 * size, BigInt(value))) * 2 ** (8 * behind)) >>> 0,
    bytes: ((1 << size) - 1) << behind,
    mode: 'and',
  }
}
