// Cache management and reservations. There is no data cache to manage; what remains visible of these instructions is
// their translation and permission checks, their debug events, dcbz's zeroes, and the reservation (manual chapter 4).

import { Ivor } from '../../isa/interrupts.ts'
import { inField } from '../../isa/register.ts'
import { ESR, ESR_ST, MMUCR_DULXE, MMUCR_IULXE, MSR_PR, Spr, TLB2 } from '../../isa/registers.ts'
import type { Cpu } from '../cpu.ts'
import { enterSoftTlb, slowRead, slowWrite, translateData } from '../memory.ts'
import { Attention, CACHE_LINE as LINE, Word } from '../state.ts'

const { W, I } = TLB2.mask

/** ESR[DLK], by what would have unlocked the line (p.162). */
const ESR_DLK_DCBF = inField(ESR.mask.DLK, 1)
const ESR_DLK_ICBI = inField(ESR.mask.DLK, 2)

/** dcbz: zeroes the line of `ea`; Alignment interrupt where the page is not cached for writing (p.186). */
export function dcbz(cpu: Cpu, ea: number): void {
  const hit = translateData(cpu, ea, 'store')
  if (hit === undefined) return
  if ((cpu.mmu.attributes(hit.entry) & (W | I)) !== 0) return cpu.raise(Ivor.ALIGNMENT, ESR_ST, ea)
  if (!cpu.debugEvent(cpu.debug.dataAddress(ea, true, undefined))) return
  const line = hit.real - (hit.real % LINE)
  if (line + LINE <= cpu.state.ram.byteLength) {
    if (!cpu.state.real.isWritable(line)) return cpu.romStore(line, ea)
    cpu.state.ramBytes.fill(0, line, line + LINE)
    cpu.written(line, LINE)
  } else cpu.busError('store', line, ea)
}

/**
 * Access control treats dcbf, dcbst and icbi as loads and dcbi as a store (p.144); the debug facility types dcbf and
 * dcbst as writes and icbi as a read (p.231).
 */
function maintain(cpu: Cpu, ea: number, op: 'dcbf' | 'dcbst' | 'dcbi' | 'icbi'): void {
  const hit = translateData(cpu, ea, op === 'dcbi' ? 'store' : 'load')
  if (hit === undefined || isLocked(cpu, ea, op)) return
  if (!cpu.debugEvent(cpu.debug.dataAddress(ea, op !== 'icbi', undefined))) return
  enterSoftTlb(cpu, ea, hit)
  if (op === 'icbi' && hit.real < cpu.state.ramBytes.length) cpu.fetch.codeChanged(hit.real)
}

/**
 * In user state dcbf and icbi could unlock a line: MMUCR may forbid them, whether or not the line is locked (p.149-151).
 */
function isLocked(cpu: Cpu, ea: number, op: 'dcbf' | 'dcbst' | 'dcbi' | 'icbi'): boolean {
  const { words, spr } = cpu.state
  const forbids = op === 'dcbf' ? MMUCR_DULXE : op === 'icbi' ? MMUCR_IULXE : 0
  if ((words[Word.MSR] & MSR_PR) === 0 || (spr[Spr.MMUCR] & forbids) === 0) return false
  cpu.raise(Ivor.DATA_STORAGE, op === 'dcbf' ? ESR_DLK_DCBF : ESR_DLK_ICBI, ea)
  return true
}

export const dcbf = (cpu: Cpu, ea: number): void => maintain(cpu, ea, 'dcbf')
export const dcbst = (cpu: Cpu, ea: number): void => maintain(cpu, ea, 'dcbst')
export const dcbi = (cpu: Cpu, ea: number): void => maintain(cpu, ea, 'dcbi')
export const icbi = (cpu: Cpu, ea: number): void => maintain(cpu, ea, 'icbi')
export const iccci = (cpu: Cpu): void => cpu.fetch.invalidate()

/** dcbt, dcbtst, icbt: hints. They never fault, and give a DAC read event only where they would have done something. */
function touch(cpu: Cpu, ea: number): void {
  const translation = cpu.mmu.translate(ea, 'load')
  if (translation.kind !== 'hit' || (cpu.mmu.attributes(translation.entry) & I) !== 0) return
  if (cpu.debugEvent(cpu.debug.dataAddress(ea, false, undefined))) enterSoftTlb(cpu, ea, translation)
}

export const dcbt = touch
export const dcbtst = touch
export const icbt = touch

/** lwarx: the reservation covers the 32-byte line of the real address. Misaligned: Alignment interrupt. */
export function lwarx(cpu: Cpu, ea: number): number {
  const { words } = cpu.state
  const hit = translateData(cpu, ea, 'load')
  if (hit === undefined) return 0
  if ((ea & 3) !== 0) {
    cpu.raise(Ivor.ALIGNMENT, 0, ea)
    return 0
  }
  const value = slowRead(cpu, ea, 4)
  if ((words[Word.ATTENTION] & Attention.FAULT) !== 0) return 0
  words[Word.RESERVED] = 1
  words[Word.RESERVATION] = hit.real & -LINE
  return value
}

/** stwcx.: stores if the reservation is held on this line, and gives it up either way. @returns 1: stored, 0: not */
export function stwcx(cpu: Cpu, ea: number, value: number): 0 | 1 {
  const { words } = cpu.state
  const hit = translateData(cpu, ea, 'store')
  if (hit === undefined) return 0
  if ((ea & 3) !== 0) {
    cpu.raise(Ivor.ALIGNMENT, ESR_ST, ea)
    return 0
  }
  const held = words[Word.RESERVED] !== 0 && words[Word.RESERVATION] === (hit.real & -LINE)
  if (held) slowWrite(cpu, ea, 4, value)
  if ((words[Word.ATTENTION] & Attention.FAULT) !== 0) return 0
  words[Word.RESERVED] = 0
  return held ? 1 : 0
}
