// Multiple and string accesses: word by word, byte by byte. An access that faults ends the instruction where it is;
// the registers and bytes before it may have changed, as on the part, and the instruction restarts as a whole.

import type { Cpu } from '../cpu.ts'
import { read8, read32, write8, write32 } from '../memory.ts'
import { Attention, SOFT_PAGE, softTlbSlot, Word } from '../state.ts'
import { swap32 } from './integer.ts'

const faulted = (cpu: Cpu): boolean => (cpu.state.words[Word.ATTENTION] & Attention.FAULT) !== 0

/** lmw: registers `first` to 31 from consecutive words. */
export function loadMultiple(cpu: Cpu, first: number, ea: number): void {
  for (let r = first; r < 32; r++) {
    const value = read32(cpu, (ea + 4 * (r - first)) | 0)
    if (faulted(cpu)) return
    cpu.state.gpr[r] = value
  }
}

export function storeMultiple(cpu: Cpu, first: number, ea: number): void {
  for (let r = first; r < 32; r++) {
    write32(cpu, (ea + 4 * (r - first)) | 0, cpu.state.gpr[r])
    if (faulted(cpu)) return
  }
}

/**
 * lswi (0 means 32 bytes) and lswx: `count` bytes into registers from `first` on, wrapping, left-justified. Whole words
 * where the address is aligned, single bytes elsewhere: a string never gives an Alignment interrupt.
 */
export function loadString(cpu: Cpu, first: number, ea: number, count: number): void {
  for (let i = 0; i < count; i += 4) {
    const value = loadLeft(cpu, (ea + i) | 0, Math.min(4, count - i))
    if (faulted(cpu)) return
    cpu.state.gpr[(first + (i >>> 2)) & 31] = value
  }
}

/** Up to four bytes, left-justified. A string is bytes: in a little-endian page, too, the first is leftmost (p.46). */
function loadLeft(cpu: Cpu, ea: number, bytes: number): number {
  if (bytes === 4 && (ea & 3) === 0) return isLittleEndian(cpu, ea) ? swap32(read32(cpu, ea)) : read32(cpu, ea)
  let value = 0
  for (let i = 0; i < bytes && !faulted(cpu); i++) value |= read8(cpu, (ea + i) | 0) << (24 - 8 * i)
  return value
}

/** Such a page is in no soft TLB, so that for all others this costs a glance at it. */
function isLittleEndian(cpu: Cpu, ea: number): boolean {
  const slot = softTlbSlot(ea)
  const { softTlb } = cpu.state
  if ((ea & SOFT_PAGE) === softTlb[slot] || (ea & SOFT_PAGE) === softTlb[slot + 1]) return false
  const translation = cpu.mmu.translate(ea, 'load')
  return translation.kind === 'hit' && translation.littleEndian
}

export function storeString(cpu: Cpu, first: number, ea: number, count: number): void {
  for (let i = 0; i < count && !faulted(cpu); i += 4)
    storeLeft(cpu, (ea + i) | 0, Math.min(4, count - i), cpu.state.gpr[(first + (i >>> 2)) & 31]!)
}

function storeLeft(cpu: Cpu, ea: number, bytes: number, value: number): void {
  if (bytes === 4 && (ea & 3) === 0) write32(cpu, ea, isLittleEndian(cpu, ea) ? swap32(value) : value)
  else for (let i = 0; i < bytes && !faulted(cpu); i++) write8(cpu, (ea + i) | 0, (value >>> (24 - 8 * i)) & 0xff)
}
