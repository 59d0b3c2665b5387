// The memory of a process. Its effective addresses are one window onto RAM, so that a page's place needs no table; what
// each page permits is kept per 4 KB, and the TLB is filled from that with the largest pages that fit, as misses come.

import type { Cpu } from '../cpu/cpu.ts'
import { PAGE, Prot } from './abi.ts'

/** TLB SIZE fields with their bytes, largest first: 16 MB down to 4 KB. */
const SIZES = [
  { field: 7, bytes: 16 << 20 },
  { field: 5, bytes: 1 << 20 },
  { field: 4, bytes: 256 << 10 },
  { field: 3, bytes: 64 << 10 },
  { field: 2, bytes: 16 << 10 },
  { field: 1, bytes: 4 << 10 },
] as const

const TLB_ENTRIES = 64
/** TLB word 0: valid; word 2: user execute, write, read. */
const VALID = 0x200
const UX = 0x20
const UW = 0x10
const UR = 0x08

const up = (address: number): number => Math.ceil(address / PAGE) * PAGE

/** What cannot be told from memory itself, as plain data. */
export interface AddressSpaceState {
  readonly protection: readonly (readonly [pages: number, value: number])[]
  readonly brkStart: number
  readonly brk: number
  readonly nextEntry: number
}

export class AddressSpace {
  /** Effective address of real address 0: a multiple of the largest page. */
  readonly base: number
  readonly #cpu: Cpu
  readonly #protection: Uint8Array
  #brkStart = 0
  #brk = 0
  #nextEntry = 0

  constructor(cpu: Cpu, base: number) {
    this.#cpu = cpu
    this.base = base
    this.#protection = new Uint8Array(cpu.state.ramBytes.length / PAGE)
    cpu.mmu.behind = ea => this.real(ea >>> 0)
  }

  get end(): number {
    return this.base + this.#cpu.state.ramBytes.length
  }

  /** The real address of `ea` if it is mapped. */
  real(ea: number): number | undefined {
    return this.#at(ea) === 0 ? undefined : ea - this.base
  }

  #at(ea: number): number {
    return this.#protection[Math.floor((ea - this.base) / PAGE)] ?? 0
  }

  // ---- translation --------------------------------------------------------------------------------------------------

  /** Writes a TLB entry for `ea`. @returns false where nothing is mapped. */
  refill(ea: number): boolean {
    const protection = this.#at(ea)
    if (protection === 0) return false
    const { field, bytes } = SIZES.find(size => this.#uniform(ea, size.bytes, protection))!
    const { tlb } = this.#cpu.state
    const at = 4 * this.#nextEntry
    const page = ea - (ea % bytes)
    tlb[at] = page | VALID | (field << 4)
    tlb[at + 1] = page - this.base
    tlb[at + 2] =
      ((protection & Prot.READ) !== 0 ? UR : 0) |
      ((protection & Prot.WRITE) !== 0 ? UW : 0) |
      ((protection & Prot.EXEC) !== 0 ? UX : 0)
    tlb[at + 3] = 0
    this.#nextEntry = (this.#nextEntry + 1) % TLB_ENTRIES
    this.#cpu.translationChanged()
    return true
  }

  /** The aligned block of `bytes` around `ea` lies in the window and permits the same everywhere. */
  #uniform(ea: number, bytes: number, protection: number): boolean {
    const start = ea - (ea % bytes)
    if (start < this.base || start + bytes > this.end) return false
    const first = (start - this.base) / PAGE
    for (let i = first; i < first + bytes / PAGE; i++) if (this.#protection[i] !== protection) return false
    return true
  }

  #forgetTranslations(): void {
    this.#cpu.state.tlb.fill(0)
    this.#cpu.translationChanged()
  }

  // ---- mapping ------------------------------------------------------------------------------------------------------

  /** Permits `protection` on the pages of [start, end), besides what they permit already. */
  add(start: number, end: number, protection: number): void {
    const from = Math.floor((start - this.base) / PAGE)
    const to = (up(end) - this.base) / PAGE
    for (let i = from; i < to; i++) this.#protection[i] |= protection | Prot.PRESENT
    this.#forgetTranslations()
  }

  inside(start: number, length: number): boolean {
    return start >= this.base && start + length <= this.end
  }

  #fill(start: number, length: number, value: number): void {
    const from = Math.floor((start - this.base) / PAGE)
    this.#protection.fill(value, from, from + Math.ceil(length / PAGE))
    this.#forgetTranslations()
  }

  /** @returns false when part of the range is not mapped. */
  protect(start: number, length: number, protection: number): boolean {
    for (let ea = start; ea < start + length; ea += PAGE) if (this.#at(ea) === 0) return false
    this.#fill(start, length, protection | Prot.PRESENT)
    return true
  }

  /** Maps zeroed pages at `start`, whatever was there. */
  map(start: number, length: number, protection: number): void {
    this.#cpu.state.ramBytes.fill(0, start - this.base, start - this.base + up(length))
    this.#cpu.fetch.codeChanged(start - this.base, up(length))
    this.#fill(start, length, protection | Prot.PRESENT)
  }

  unmap(start: number, length: number): void {
    this.#fill(start, length, 0)
  }

  /** The highest free range of `length` bytes, below everything that lies above; undefined when memory is used up. */
  findFree(length: number): number | undefined {
    const pages = Math.ceil(length / PAGE)
    let free = 0
    for (let i = this.#protection.length - 1; i * PAGE + this.base > this.#brk; i--) {
      free = this.#protection[i] === 0 ? free + 1 : 0
      // One page stays free above, as a guard.
      if (free > pages) return this.base + i * PAGE
    }
    return undefined
  }

  // ---- the program break --------------------------------------------------------------------------------------------

  startBreak(address: number): void {
    this.#brkStart = up(address)
    this.#brk = this.#brkStart
  }

  /** brk(2): sets the break if that is possible; the break as it then is. */
  setBreak(address: number): number {
    const now = up(this.#brk)
    if (address < this.#brkStart || !this.inside(address, 0)) return this.#brk
    const wanted = up(address)
    for (let ea = now; ea < wanted; ea += PAGE) if (this.#at(ea) !== 0) return this.#brk
    if (wanted > now) this.map(now, wanted - now, Prot.READ | Prot.WRITE)
    else if (wanted < now) this.unmap(wanted, now - wanted)
    this.#brk = address
    return address
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): AddressSpaceState {
    const runs: (readonly [number, number])[] = []
    let start = 0
    for (let i = 1; i <= this.#protection.length; i++) {
      if (this.#protection[i] === this.#protection[start]) continue
      runs.push([i - start, this.#protection[start]])
      start = i
    }
    return { protection: runs, brkStart: this.#brkStart, brk: this.#brk, nextEntry: this.#nextEntry }
  }

  restore(state: AddressSpaceState): void {
    let at = 0
    for (const [pages, value] of state.protection) {
      this.#protection.fill(value, at, at + pages)
      at += pages
    }
    this.#brkStart = state.brkStart
    this.#brk = state.brk
    this.#nextEntry = state.nextEntry
  }
}
