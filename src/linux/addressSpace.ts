// The memory of a process. Its effective addresses are one window onto RAM, so that a page's place needs no table; what
// each page permits is kept per 4 KB, and the TLB is filled from that with the largest pages that fit, as misses come.

import type { Cpu } from '../cpu/cpu.ts'
import { ENTRIES } from '../cpu/mmu.ts'
import { TLB2 } from '../isa/registers.ts'
import { PAGE, Prot } from './abi.ts'
import { PAGES_PER_UNIT, type Work } from './work.ts'

/** Bytes of a page in the TLB, largest first. */
const SIZES = [16 << 20, 1 << 20, 256 << 10, 64 << 10, 16 << 10, 4 << 10] as const

const { UX, UW, UR } = TLB2.mask

/** Addresses have 32 bits; a window that begins high ends there. */
const ADDRESSES = 2 ** 32
/** Forgetting all translations, and what is then missed. */
const FORGET = 500

const up = (address: number): number => Math.ceil(address / PAGE) * PAGE

/** What cannot be told from memory itself, as plain data. */
export interface AddressSpaceState {
  readonly protection: readonly (readonly [pages: number, value: number])[]
  readonly brkStart: number
  readonly brk: number
  readonly nextEntry: number
}

/** Pages of a process, from `start` up to but not including `end`, and what they permit. */
export interface MappedPages {
  readonly start: number
  readonly end: number
  readonly read: boolean
  readonly write: boolean
  readonly execute: boolean
}

export class AddressSpace {
  /** Effective address of real address 0: a multiple of the largest page. */
  readonly base: number
  readonly end: number
  readonly #cpu: Cpu
  readonly #work: Work
  readonly #protection: Uint8Array
  #brkStart = 0
  #brk = 0
  #nextEntry = 0

  constructor(cpu: Cpu, base: number, work: Work) {
    this.#cpu = cpu
    this.#work = work
    this.base = base
    this.end = Math.min(base + cpu.state.ramBytes.length, ADDRESSES)
    this.#protection = new Uint8Array((this.end - base) / PAGE)
  }

  /** By what a word is known to all that share it. @throws CallError */
  keyOf(ea: number): string {
    return String(ea)
  }

  /** Its translations are in force. */
  enter(): void {
    this.#forgetTranslations()
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
    const bytes = SIZES.find(size => this.#uniform(ea, size, protection))!
    const page = ea - (ea % bytes)
    const attributes =
      ((protection & Prot.READ) !== 0 ? UR : 0) |
      ((protection & Prot.WRITE) !== 0 ? UW : 0) |
      ((protection & Prot.EXEC) !== 0 ? UX : 0)
    this.#cpu.mmu.map(this.#nextEntry, { ea: page, real: page - this.base, bytes, attributes })
    this.#nextEntry = (this.#nextEntry + 1) % ENTRIES
    this.#cpu.translationChanged()
    return true
  }

  /** The aligned block of `bytes` around `ea` lies in the window and permits the same everywhere. */
  #uniform(ea: number, bytes: number, protection: number): boolean {
    const start = ea - (ea % bytes)
    if (start < this.base || start + bytes > this.end) return false
    const first = (start - this.base) / PAGE
    let i = first
    while (i < first + bytes / PAGE && this.#protection[i] === protection) i++
    this.#looked(i - first)
    return i === first + bytes / PAGE
  }

  #looked(pages: number): void {
    this.#work.charge(pages / PAGES_PER_UNIT)
  }

  #forgetTranslations(): void {
    this.#work.charge(FORGET)
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

  /** Whether [start, start + length) lies in the window, mapped or not. */
  inside(start: number, length: number): boolean {
    return start >= this.base && start + length <= this.end
  }

  /** Whether all pages of [start, start + length) are mapped. */
  isMapped(start: number, length: number): boolean {
    if (!this.inside(start, length)) return false
    const from = Math.floor((start - this.base) / PAGE)
    const hole = this.#protection.subarray(from, from + Math.ceil(length / PAGE)).indexOf(0)
    this.#looked(hole < 0 ? length / PAGE : hole)
    return hole < 0
  }

  /** The memory behind [start, start + length) of the window, mapped or not; who gets it may write there. */
  ramOf(start: number, length: number): Uint8Array {
    this.#cpu.written(start - this.base, length)
    return this.#cpu.state.ramBytes.subarray(start - this.base, start - this.base + length)
  }

  /** Code may have been there, or is now. */
  replaced(start: number, length: number): void {
    this.#cpu.fetch.codeChanged(start - this.base, length)
  }

  /** Sets what the pages of [start, start + length), which lie in the window, permit; they are mapped then. */
  protect(start: number, length: number, protection: number): void {
    this.#fill(start, length, protection | Prot.PRESENT)
  }

  unmap(start: number, length: number): void {
    this.#fill(start, length, 0)
  }

  #fill(start: number, length: number, value: number): void {
    const from = Math.floor((start - this.base) / PAGE)
    this.#looked(length / PAGE)
    this.#protection.fill(value, from, from + Math.ceil(length / PAGE))
    this.#forgetTranslations()
  }

  /** The highest free range of `length` bytes, below everything that lies above; undefined when memory is used up. */
  findFree(length: number): number | undefined {
    const pages = Math.ceil(length / PAGE)
    const lowest = Math.ceil((this.#brk - this.base) / PAGE)
    let free = 0
    for (let i = this.#protection.length - 1; i >= lowest; i--) {
      free = this.#protection[i] === 0 ? free + 1 : 0
      // One page stays free above, as a guard.
      if (free <= pages) continue
      this.#looked(this.#protection.length - i)
      return this.base + i * PAGE
    }
    this.#looked(this.#protection.length)
    return undefined
  }

  /** Stretches of mapped pages that permit the same, from the lowest address on. */
  mappings(): readonly MappedPages[] {
    const found: MappedPages[] = []
    let start = 0
    for (let i = 1; i <= this.#protection.length; i++) {
      const protection = this.#protection[start]
      if (this.#protection[i] === protection) continue
      if (protection !== 0)
        found.push({
          ...{ start: this.base + start * PAGE, end: this.base + i * PAGE },
          read: (protection & Prot.READ) !== 0,
          write: (protection & Prot.WRITE) !== 0,
          execute: (protection & Prot.EXEC) !== 0,
        })
      start = i
    }
    return found
  }

  // ---- the program break --------------------------------------------------------------------------------------------

  startBreak(address: number): void {
    this.#brkStart = up(address)
    this.#brk = this.#brkStart
  }

  get break(): number {
    return this.#brk
  }

  /** The pages [start, start + length) that would be new with the break at `address`; undefined where it cannot be. */
  breakPages(address: number): { readonly start: number; readonly length: number } | undefined {
    if (address < this.#brkStart || !this.inside(address, 0)) return undefined
    const start = up(this.#brk)
    const length = Math.max(0, up(address) - start)
    const from = (start - this.base) / PAGE
    const pages = this.#protection.subarray(from, from + length / PAGE)
    this.#looked(pages.length)
    return pages.every(protection => protection === 0) ? { start, length } : undefined
  }

  /** To where `breakPages` says it can be; new pages have been cleared. */
  setBreak(address: number): void {
    const now = up(this.#brk)
    const wanted = up(address)
    if (wanted > now) this.protect(now, wanted - now, Prot.READ | Prot.WRITE)
    else if (wanted < now) this.unmap(wanted, now - wanted)
    this.#brk = address
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
