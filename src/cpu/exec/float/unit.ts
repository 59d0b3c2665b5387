// Whether floating-point instructions execute at all.

import { Ivor } from '../../../isa/interrupts.ts'
import { ESR_PIL, MSR_FP } from '../../../isa/registers.ts'
import type { Cpu } from '../../cpu.ts'
import { Word } from '../../state.ts'

/**
 * Without the unit every floating-point instruction is illegal, whatever MSR[FP] says; with MSR[FP] = 0 it is
 * unavailable (user's manual p.188). @returns false with the interrupt raised
 */
export function floatAvailable(cpu: Cpu): boolean {
  if (cpu.fpu && (cpu.state.words[Word.MSR] & MSR_FP) !== 0) return true
  if (cpu.fpu) cpu.raise(Ivor.FP_UNAVAILABLE)
  else cpu.program(ESR_PIL)
  return false
}
