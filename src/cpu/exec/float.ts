// The floating-point unit, where the part has one.

import { ESR_FP, ESR_PIL, ESR_PUO, MSR_FP } from '../../isa/registers.ts'
import type { Cpu } from '../cpu.ts'
import { Word } from '../state.ts'

/**
 * A floating-point instruction. Without the unit it is illegal, whatever MSR[FP] says; with MSR[FP] = 0 it is
 * unavailable (manual p.188, programming model 7.3). The operations themselves are not implemented yet, which is what
 * a unit reports as unimplemented.
 */
export function floatUnit(cpu: Cpu): void {
  if (!cpu.fpu) return cpu.program(ESR_PIL)
  if ((cpu.state.words[Word.MSR] & MSR_FP) === 0) return cpu.fpUnavailable()
  cpu.diagnose('floating-point operations are not implemented yet')
  cpu.program(ESR_PUO | ESR_FP)
}
