// What a signal handler of Linux has interrupted. The kernel keeps its registers on the stack and lets the handler return
// to code that asks for them back; no call frame information describes either, but for the kernel's own.

import { DWARF_CR, DWARF_CTR, DWARF_FPR0, DWARF_LR, DWARF_XER } from '../isa/dwarf.ts'
import { CCR, CONTEXT, CTR, FREGS, LNK, NIP, RT_SIGRETURN, TRAMPOLINE, UC_REGS, XER } from '../linux/signalFrame.ts'
import type { SavedRegister } from '../symbols/cfiFrame.ts'

/** `sigreturn`, of handlers that take no siginfo, and where from r1 on their pointer to the registers is: `sigcontext.regs`. */
const SIGRETURN = 119
const SIGCONTEXT_REGS = 64 + 28

/** The kernel puts the registers into the frame itself: a pointer that leads further away is none of its. */
const FRAME = 4096

const [RETURN, SC] = TRAMPOLINE
const POINTERS = new Map([
  [RETURN, CONTEXT + UC_REGS],
  [RETURN - RT_SIGRETURN + SIGRETURN, SIGCONTEXT_REGS],
])

/** Registers by DWARF number, and their indices among the words of the frame. */
const WORDS: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 32 }, (_, n) => [n, n] as const),
  [DWARF_LR, LNK],
  [DWARF_CTR, CTR],
  [DWARF_XER, XER],
  [DWARF_CR, CCR],
]

export interface Interrupted {
  readonly pc: number
  readonly registers: Map<number, SavedRegister>
}

/** What was interrupted, where at `pc` is what signal handlers return to, as gdb tells it by its two instructions. */
export function interruptedBySignal(
  pc: number,
  sp: number,
  word: (address: number) => number | undefined,
): Interrupted | undefined {
  const pointer = POINTERS.get(firstWord(pc, word) ?? 0)
  const registers = pointer && word((sp + pointer) >>> 0)
  if (registers === undefined || registers < sp || registers > sp + FRAME) return undefined
  const interrupted = word(registers + 4 * NIP)
  if (interrupted === undefined) return undefined
  const at = (offset: number): SavedRegister => ({ kind: 'memory', address: registers + offset })
  return {
    pc: interrupted,
    registers: new Map([
      ...WORDS.map(([register, index]) => [register, at(4 * index)] as const),
      ...Array.from({ length: 32 }, (_, n) => [DWARF_FPR0 + n, at(FREGS + 8 * n)] as const),
    ]),
  }
}

/** The first of the two instructions, at either of which `pc` may be. */
function firstWord(pc: number, word: (address: number) => number | undefined): number | undefined {
  if (word(pc) === SC) return word(pc - 4)
  return word(pc + 4) === SC ? word(pc) : undefined
}
