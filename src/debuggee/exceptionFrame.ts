// What an interrupt has struck while a Linux kernel ran, or a program on it. The kernel's entry code keeps all registers on
// the stack and marks the frame, as its own unwinder wants it (arch/powerpc/include/asm/ptrace.h, STACK_FRAME_REGS_MARKER);
// that code comes from two ways to the same place, so that its instructions alone do not tell where the stack was.

import { DWARF_CR, DWARF_CTR, DWARF_LR, DWARF_XER } from '../isa/dwarf.ts'
import { CCR, CTR, LNK, MSR, NIP, XER } from '../linux/signalFrame.ts'
import type { SavedRegister } from '../symbols/cfiFrame.ts'
import type { Interrupted } from './signalFrame.ts'

/** `REGS`, at this offset in the frame, and behind it struct pt_regs. */
const MARKER = 0x5245_4753
const MARKER_OFFSET = 8
const REGS_OFFSET = 16
const MSR_PR = 0x4000

export interface InterruptedKernel extends Interrupted {
  /** A program was struck: its registers are those of another address space, maybe. */
  readonly isUser: boolean
}

/** What was struck, where the stack pointer `sp` leads to such a frame. */
export function interruptedByException(
  sp: number,
  word: (address: number) => number | undefined,
): InterruptedKernel | undefined {
  if (word(sp + MARKER_OFFSET) !== MARKER) return undefined
  const register = (index: number): number | undefined => word(sp + REGS_OFFSET + 4 * index)
  const at = (index: number): SavedRegister => ({ kind: 'memory', address: (sp + REGS_OFFSET + 4 * index) >>> 0 })
  const [pc, msr, stack] = [register(NIP), register(MSR), register(1)]
  // The back chain leads to the same stack: otherwise it is what another frame has left there.
  if (pc === undefined || msr === undefined || stack !== word(sp)) return undefined
  const general = Array.from({ length: 32 }, (_, n) => [n, at(n)] as const)
  const others = [
    [DWARF_LR, at(LNK)],
    [DWARF_CTR, at(CTR)],
    [DWARF_XER, at(XER)],
    [DWARF_CR, at(CCR)],
  ] as const
  return { pc, registers: new Map([...general, ...others]), isUser: (msr & MSR_PR) !== 0 }
}
