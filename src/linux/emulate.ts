// The instructions Linux executes for a process that may not (arch/powerpc/kernel/traps.c, emulate_instruction).

import type { Cpu } from '../cpu/cpu.ts'
import { Spr } from '../isa/registers.ts'

const MFPVR_MASK = 0xfc1fffff | 0
const MFPVR = 0x7c1f42a6

/** @returns false when `word`, the instruction at PC, is none of them. C libraries read PVR to know their processor. */
export function emulateInstruction(cpu: Cpu, word: number): boolean {
  if ((word & MFPVR_MASK) !== MFPVR) return false
  cpu.state.gpr[(word >>> 21) & 31] = cpu.state.spr[Spr.PVR]
  cpu.pc = cpu.pc + 4
  return true
}
