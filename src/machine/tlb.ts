// The TLB as a list, for those who show it.

import type { Cpu } from '../cpu/cpu.ts'
import { ENTRIES } from '../cpu/mmu.ts'
import { TlbWord, tlbIndex } from '../cpu/state.ts'
import { fieldOf, fieldsSet } from '../isa/register.ts'
import { TLB0, TLB1, TLB2 } from '../isa/registers.ts'

/** How many entries the 440 has, valid or not. */
export { ENTRIES }

export interface TlbEntry {
  readonly index: number
  /** Effective address, unsigned. */
  readonly ea: number
  /** Real address: 36 bits. */
  readonly real: number
  /** `256 MB` */
  readonly size: string
  readonly space: number
  /** 0: of every process. */
  readonly pid: number
  /** Names of the attributes and permissions that are set: `I`, `G`, `SX` … */
  readonly attributes: readonly string[]
}

const PAGE = 0xfffffc00

/** The valid entries. */
export function tlbEntries({ state: { tlb } }: Cpu): readonly TlbEntry[] {
  const { V, TS, SIZE } = TLB0.mask
  const sizes: Readonly<Record<number, string>> = TLB0.fields.SIZE.values ?? {}
  return Array.from({ length: ENTRIES }, (_, index): TlbEntry | undefined => {
    const word0 = tlb[tlbIndex(index)]!
    const word1 = tlb[tlbIndex(index, TlbWord.RPN)]!
    if ((word0 & V) === 0) return undefined
    return {
      index,
      ea: (word0 & PAGE) >>> 0,
      real: fieldOf(TLB1.mask.ERPN, word1) * 2 ** 32 + ((word1 & PAGE) >>> 0),
      size: sizes[fieldOf(SIZE, word0)] ?? 'reserved',
      space: fieldOf(TS, word0),
      pid: tlb[tlbIndex(index, TlbWord.TID)]!,
      attributes: fieldsSet(TLB2, tlb[tlbIndex(index, TlbWord.ATTRIBUTES)]!),
    }
  }).filter(entry => entry !== undefined)
}
