// The translations of address spaces in the TLB: each space has a PID of its own, so that they stay while others have
// their turns. Entries go by turns too, when all are taken.

import type { Cpu } from '../cpu/cpu.ts'
import { ENTRIES, type Mapping } from '../cpu/mmu.ts'
import { Spr } from '../isa/registers.ts'
import type { Work } from './work.ts'

/** TID 0 would be every process's. */
export const FIRST_PID = 1
export const LAST_PID = 255
/** Work for forgetting translations, and what is then missed. */
const FORGET = 500

const ALL = 2 ** 32

export class Translations {
  readonly #cpu: Cpu
  readonly #work: Work
  /** The entry that goes when all are taken: part of the state. */
  next = 0

  constructor(cpu: Cpu, work: Work) {
    this.#cpu = cpu
    this.#work = work
  }

  /** Those of `pid` are in force. */
  enter(pid: number): void {
    const { spr } = this.#cpu.state
    if (spr[Spr.PID] === pid) return
    spr[Spr.PID] = pid
    this.#work.charge(FORGET)
    this.#cpu.translationChanged()
  }

  /** One more, where there may be others in its pages. */
  add(pid: number, mapping: Omit<Mapping, 'tid'>): void {
    const { mmu } = this.#cpu
    this.forget(pid, mapping.ea, mapping.bytes)
    const entry = mmu.freeEntry(this.next) ?? this.next
    this.#removed(mmu.remove(entry))
    mmu.map(entry, { ...mapping, tid: pid })
    this.next = (entry + 1) % ENTRIES
  }

  /** Those of `pid` for some of [start, start + bytes), or all, are gone. */
  forget(pid: number, start = 0, bytes = ALL): void {
    const { mmu } = this.#cpu
    const entries = mmu.entriesOf(pid, start, bytes)
    if (entries.length > 0) this.#work.charge(FORGET)
    for (const entry of entries) this.#removed(mmu.remove(entry))
  }

  #removed(gone: Mapping | undefined): void {
    if (gone !== undefined && gone.tid === this.#cpu.state.spr[Spr.PID]) this.#cpu.mappingChanged(gone.ea, gone.bytes)
  }
}
