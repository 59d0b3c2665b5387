// Multiple and string accesses: word by word, byte by byte. An access that faults ends the instruction where it is;
// the registers and bytes before it may have changed, as on the part, and the instruction restarts as a whole.

import type { Cpu } from '../cpu.ts'
import { Attention, Word } from '../state.ts'

const faulted = (cpu: Cpu): boolean => (cpu.state.words[Word.ATTENTION] & Attention.FAULT) !== 0

/** lmw: registers `first` to 31 from consecutive words. */
export function loadMultiple(cpu: Cpu, first: number, ea: number): void {
  for (let r = first; r < 32; r++) {
    const value = cpu.read32((ea + 4 * (r - first)) | 0)
    if (faulted(cpu)) return
    cpu.state.gpr[r] = value
  }
}

export function storeMultiple(cpu: Cpu, first: number, ea: number): void {
  for (let r = first; r < 32; r++) {
    cpu.write32((ea + 4 * (r - first)) | 0, cpu.state.gpr[r])
    if (faulted(cpu)) return
  }
}

/** lswi (0 means 32 bytes) and lswx: `count` bytes into registers from `first` on, wrapping, left-justified. */
export function loadString(cpu: Cpu, first: number, ea: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const value = cpu.read8((ea + i) | 0)
    if (faulted(cpu)) return
    const r = (first + (i >>> 2)) & 31
    const shift = 24 - 8 * (i & 3)
    cpu.state.gpr[r] = ((i & 3) === 0 ? 0 : cpu.state.gpr[r]) | (value << shift)
  }
}

export function storeString(cpu: Cpu, first: number, ea: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const r = (first + (i >>> 2)) & 31
    cpu.write8((ea + i) | 0, (cpu.state.gpr[r] >>> (24 - 8 * (i & 3))) & 0xff)
    if (faulted(cpu)) return
  }
}
