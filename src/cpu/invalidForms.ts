// Invalid forms as they come to be executed: the part does something, and nobody can say what (user's manual p.53). Here
// reserved bits are ignored, a load with update of its own target leaves what was loaded, a string or multiple goes on
// with the base it began with, and bcctr counts CTR down and goes where that pointed before.

import { disassembleInvalid } from '../isa/disasm.ts'
import { invalidForm, isLoaded } from '../isa/invalidForms.ts'
import { hex32 } from '../util/hex.ts'
import type { Cpu } from './cpu.ts'
import { Word } from './state.ts'

/** `word` is about to be executed at `ea` for the first time. */
export function noteInvalidForm(cpu: Cpu, word: number, ea: number): void {
  const because = invalidForm(word)
  if (because !== undefined) tell(cpu, word, ea, because)
}

/**
 * lswx, whose registers are known when XER is: those it computes its address from must not be among them. Of RT itself
 * its word has told already.
 */
export function noteOverlap(cpu: Cpu, rt: number, ra: number, rb: number): void {
  if (ra === rt || rb === rt) return
  const bytes = cpu.state.words[Word.TBC]
  const because = isLoaded(ra, rt, bytes) ? 'RA' : isLoaded(rb, rt, bytes) ? 'RB' : undefined
  const word = because === undefined ? undefined : cpu.fetch.peek(cpu.pc)
  if (word !== undefined) tell(cpu, word, cpu.pc, `${because} is among the registers loaded`)
}

function tell(cpu: Cpu, word: number, ea: number, because: string): void {
  const { mnemonic, operands } = disassembleInvalid(word, ea)
  const text = `${mnemonic} ${operands}`.trimEnd()
  // A kernel's or a driver's author looks at each place. The libraries of a process are somebody else's.
  const kind = cpu.hosted ? `${mnemonic}: ${because}` : undefined
  cpu.diagnoseOnce(
    `${text} at ${hex32(ea)} is an invalid form (${because}): its result is undefined on the part`,
    ea,
    kind,
  )
}
