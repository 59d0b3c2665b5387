// tlbre, tlbwe and tlbsx (user's manual p.435, p.479-481). A TLB entry's TID travels in MMUCR[STID], both ways.

import { MMUCR_STID, MMUCR_STS, Spr, TLB0, TLB1, TLB2 } from '../../isa/registers.ts'
import { hex32 } from '../../util/hex.ts'
import type { Cpu } from '../cpu.ts'
import { ENTRIES } from '../mmu.ts'
import { TlbWord, tlbIndex } from '../state.ts'

/** Bits that exist in words 0, 1 and 2; parity reads as 0. */
const DEFINED = [TLB0.defined & ~TLB0.mask.TPAR, TLB1.defined & ~TLB1.mask.PAR1, TLB2.defined & ~TLB2.mask.PAR2]

/** A word that is none reads as 0; to write it does nothing. */
export function tlbre(cpu: Cpu, index: number, ws: number): number {
  const { tlb, spr } = cpu.state
  const entry = index & (ENTRIES - 1)
  if (ws > 2) return 0
  if (ws === 0) spr[Spr.MMUCR] = (spr[Spr.MMUCR] & ~MMUCR_STID) | tlb[tlbIndex(entry, TlbWord.TID)]
  return tlb[tlbIndex(entry, ws)]
}

export function tlbwe(cpu: Cpu, value: number, index: number, ws: number): void {
  const { tlb, spr } = cpu.state
  const entry = index & (ENTRIES - 1)
  if (ws > 2) return
  const before = cpu.mmu.extent(index)
  cpu.mmu.background.delete(entry)
  cpu.mmu.writes++
  tlb[tlbIndex(entry, ws)] = value & DEFINED[ws]
  if (ws === 0) tlb[tlbIndex(entry, TlbWord.TID)] = spr[Spr.MMUCR] & MMUCR_STID
  for (const extent of [before, cpu.mmu.extent(index)])
    if (extent !== undefined) cpu.mappingChanged(extent.start, extent.bytes)
}

export function tlbsx(cpu: Cpu, ea: number): number {
  const mmucr = cpu.state.spr[Spr.MMUCR]
  const space = (mmucr & MMUCR_STS) !== 0 ? 1 : 0
  const entry = cpu.mmu.search(ea, mmucr & MMUCR_STID, space)
  if (entry < 0 || entry >= ENTRIES) return -1
  noteSecondEntry(cpu, ea, entry, cpu.mmu.search(ea, mmucr & MMUCR_STID, space, entry + 1))
  return entry
}

/** Two entries that match are a programming error, and what the part does then is undefined (p.139); here the first counts. */
export function noteSecondEntry(cpu: Cpu, ea: number, first: number, second: number): void {
  if (second < 0 || second >= ENTRIES || cpu.mmu.background.has(second)) return
  const page = hex32(ea & -cpu.mmu.extent(second)!.bytes)
  cpu.diagnoseOnce(`TLB entries ${first} and ${second} both map ${page}: the part may use either, or fail`)
}
