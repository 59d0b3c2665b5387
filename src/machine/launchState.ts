// What a boot loader leaves behind, and what a cold reset does (architecture decisions in docs/decisions).

import type { Cpu } from '../cpu/cpu.ts'
import { SHADOW_ENTRY } from '../cpu/mmu.ts'
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
 * what is not RAM is caching-inhibited and guarded. Where the board has something only with upper address bits before
 * those 32, it leads there, as boot loaders map the 460EX. r1 points to the top of RAM, MSR[ME] is set.
 */
export function applyBootState(cpu: Cpu, entry: number): void {
  const { state } = cpu
  const { ramSize } = state.real
  for (let i = 0; i < 16; i++) {
    const ea = i * PAGE
    const attributes = UX | UW | UR | SX | SW | SR | (ea < ramSize ? 0 : I | G)
    cpu.mmu.background.add(FIRST_ENTRY + i)
    cpu.mmu.map(FIRST_ENTRY + i, { ea, real: realOf(cpu, ea), bytes: PAGE, attributes })
  }
  state.gpr[1] = ramSize - STACK_RESERVE
  state.words[Word.MSR] = MSR_ME
  cpu.pc = entry
  cpu.stateChanged()
}

/** Where 256 MB from `ea` on lead to: with the lowest upper address bits with which the board has something there. */
function realOf({ bus, state }: Cpu, ea: number): number {
  if (ea < state.real.ramSize) return ea
  const bases = [...bus.regions.map(({ base }) => base), ...state.real.bases].filter(
    base => lowOf(base) >= ea && lowOf(base) < ea + PAGE,
  )
  return bases.length === 0 ? ea : Math.min(...bases.map(base => base - lowOf(base))) + ea
}

const lowOf = (real: number): number => real % 2 ** 32

/** The last 4 KB, in which the first instruction is. */
const RESET_PAGE = 0xfffff000

/**
 * The reset state of the part: PC = 0xFFFFFFFC, MSR = 0, and one translation, the 4 KB page of the reset vector,
 * executable and readable but not writable (manual p.91). The upper four bits of its real address are pins of the core,
 * which each part ties to where its boot ROM is: here to where the board has memory there. Without any a program has to
 * bring its own.
 * It is the part's shadow entry, which the first isync, interrupt or return puts out of force.
 * @param strict otherwise the page is in the last entry of the TLB then, where nothing else maps it: for programs that
 *   never do
 */
export function applyColdReset(cpu: Cpu, strict: boolean): void {
  const { state } = cpu
  const page = {
    ea: RESET_PAGE,
    real: state.real.realOf(state.real.placeOfLow(RESET_PAGE)),
    bytes: 4096,
    attributes: SX | SR | I | G,
  }
  cpu.mmu.map(SHADOW_ENTRY, page)
  cpu.mmu.keepsShadow = !strict
  state.words[Word.MSR] = 0
  cpu.pc = 0xfffffffc
  cpu.stateChanged()
}
