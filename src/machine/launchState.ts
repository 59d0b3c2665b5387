// What a boot loader leaves behind, and what a cold reset does (architecture decisions in docs/decisions).

import type { Cpu } from '../cpu/cpu.ts'
import { ENTRIES, SHADOW_ENTRY } from '../cpu/mmu.ts'
import { Word } from '../cpu/state.ts'
import { MSR_ME, TLB2 } from '../isa/registers.ts'

const MB = 1024 * 1024
const PAGE = 256 * MB
/** The 256 MB entries stand at the end of the TLB, so that an entry the program writes low in it comes first. */
const FIRST_ENTRY = 48
/** Stack pointer: this far below the end of RAM, with a zero back chain. */
const STACK_RESERVE = 16

const { UX, UW, UR, SX, SW, SR, I, G } = TLB2.mask

/**
 * TLB entries 48-63 map the 4 GB of effective addresses to the same real addresses, 256 MB each, all permissions;
 * what is not RAM is caching-inhibited and guarded. r1 points to the top of RAM, MSR[ME] is set.
 */
export function applyBootState(cpu: Cpu, entry: number): void {
  const { state } = cpu
  const { ramSize } = state.real
  for (let i = 0; i < 16; i++) {
    const ea = i * PAGE
    const attributes = UX | UW | UR | SX | SW | SR | (ea < ramSize ? 0 : I | G)
    cpu.mmu.background.add(FIRST_ENTRY + i)
    cpu.mmu.map(FIRST_ENTRY + i, { ea, real: ea, bytes: PAGE, attributes })
  }
  state.gpr[1] = ramSize - STACK_RESERVE
  state.words[Word.MSR] = MSR_ME
  cpu.pc = entry
  cpu.stateChanged()
}

/** The last 4 KB, in which the first instruction is. */
const RESET_PAGE = 0xfffff000

/**
 * The reset state of the part: PC = 0xFFFFFFFC, MSR = 0, and one translation, the 4 KB page of the reset vector,
 * executable and readable but not writable (manual p.91). There is no boot ROM, so a program has to bring its own.
 * @param strict the translation is the part's shadow entry, which the first isync, interrupt or return puts out of force; otherwise
 *   the last entry of the TLB, for programs that never replace it
 */
export function applyColdReset(cpu: Cpu, strict: boolean): void {
  const { state } = cpu
  const page = { ea: RESET_PAGE, real: RESET_PAGE, bytes: 4096, attributes: SX | SR | I | G }
  cpu.mmu.map(strict ? SHADOW_ENTRY : ENTRIES - 1, page)
  state.words[Word.MSR] = 0
  cpu.pc = 0xfffffffc
  cpu.stateChanged()
}
