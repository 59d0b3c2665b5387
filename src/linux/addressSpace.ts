// The memory of a process: which of its pages are mapped, what they permit, and in which page frame of RAM each is, once
// it has been touched. The TLB is filled from that as misses come, with the largest pages whose frames lie in a row; the
// first process has its pages in the order of their addresses as long as nothing else takes them.

import type { Cpu } from '../cpu/cpu.ts'
import { TLB2 } from '../isa/registers.ts'
import { Errno, PAGE, Prot } from './abi.ts'
import type { Frames } from './frames.ts'
import { CallError } from './memory.ts'
import type { Translations } from './translations.ts'
import { BYTES_PER_UNIT, PAGES_PER_UNIT, type Work } from './work.ts'

/** Bytes of a page in the TLB, largest first. */
const SIZES = [16 << 20, 1 << 20, 256 << 10, 64 << 10, 16 << 10, 4 << 10] as const
/** Pages that get their frames at once, and those that are copied at once. */
const CLUSTERS = [64, 16, 4, 1] as const
const COPIES = [16, 4, 1] as const

const { UX, UW, UR } = TLB2.mask

/** Addresses have 32 bits; a window that begins high ends there. */
const ADDRESSES = 2 ** 32
/** A space has so many times the addresses that there is RAM for: what is mapped need not be touched. */
const SPREAD = 4
/** A page that has not been touched. */
const NO_FRAME = -1

const up = (address: number): number => Math.ceil(address / PAGE) * PAGE

/** What cannot be told from memory itself, as plain data. */
export interface AddressSpaceState {
  readonly id: number
  readonly base: number
  readonly protection: readonly (readonly [pages: number, value: number])[]
  /** Frames in a row, or pages without one. */
  readonly frames: readonly (readonly [pages: number, first: number])[]
  readonly brkStart: number
  readonly brk: number
  readonly changes: number
  readonly attached: readonly (readonly [start: number, segment: number])[]
}

/** Pages of a process, from `start` up to but not including `end`, and what they permit. */
export interface MappedPages {
  readonly start: number
  readonly end: number
  readonly read: boolean
  readonly write: boolean
  readonly execute: boolean
  readonly shared: boolean
}

/** What address spaces are made of. */
export interface Hardware {
  readonly cpu: Cpu
  readonly frames: Frames
  readonly translations: Translations
  readonly work: Work
}

export class AddressSpace {
  /** Its PID: no other has it now. */
  readonly id: number
  /** The lowest effective address: a multiple of the largest page. */
  readonly base: number
  readonly end: number
  readonly #hardware: Hardware
  readonly #cpu: Cpu
  readonly #frames: Frames
  readonly #translations: Translations
  readonly #work: Work
  readonly #protection: Uint8Array
  readonly #frame: Int32Array
  #brkStart = 0
  #brk = 0
  /** Where segments of System V's memory have been put, and which: others may be there since. */
  readonly attached = new Map<number, number>()
  /** How often a page has come to another frame. */
  #changes = 0

  constructor(hardware: Hardware, id: number, base: number) {
    const { cpu, frames, translations, work } = hardware
    this.#hardware = hardware
    this.#cpu = cpu
    this.#frames = frames
    this.#translations = translations
    this.#work = work
    this.id = id
    this.base = base
    this.end = Math.min(base + SPREAD * cpu.state.ramBytes.length, ADDRESSES)
    const pages = (this.end - base) / PAGE
    this.#protection = new Uint8Array(pages)
    this.#frame = new Int32Array(pages).fill(NO_FRAME)
  }

  /**
   * Of a process that forks: the same pages, which are copied when one of the two writes there.
   * @throws CallError where there is no RAM for what they share
   */
  fork(id: number): AddressSpace {
    const copy = new AddressSpace(this.#hardware, id, this.base)
    for (const [page, protection] of this.#protection.entries())
      if ((protection & Prot.SHARED) !== 0 && this.#backed(page) === undefined) throw new CallError(Errno.ENOMEM)
    copy.#protection.set(this.#protection)
    copy.#frame.set(this.#frame)
    copy.#brkStart = this.#brkStart
    copy.#brk = this.#brk
    for (const [start, segment] of this.attached) copy.attached.set(start, segment)
    copy.#share()
    this.#looked(this.#frame.length)
    // Who could write could do so still.
    this.#translations.forget(this.id)
    return copy
  }

  #share(): void {
    for (const frame of this.#frame) if (frame !== NO_FRAME) this.#frames.share(frame)
  }

  /** Nobody has it any more. */
  release(): void {
    for (const frame of this.#frame) if (frame !== NO_FRAME) this.#frames.release(frame)
    this.#frame.fill(NO_FRAME)
    this.#protection.fill(0)
    this.attached.clear()
    this.#translations.forget(this.id)
    this.#looked(this.#frame.length)
  }

  /** By what a word is known to all that share it. @throws CallError */
  keyOf(ea: number): string {
    const page = this.#page(ea)
    if ((this.#protection[page] & Prot.SHARED) === 0) return `${this.id}:${ea}`
    return `frame ${this.#backed(page)}:${ea % PAGE}`
  }

  /** Its translations are in force. */
  enter(): void {
    this.#translations.enter(this.id)
  }

  /** The real address of `ea` if something is there; of a page that nobody has touched that of zeros. To read only. */
  real(ea: number): number | undefined {
    if (ea < this.base || ea >= this.end) return undefined
    const page = this.#page(ea)
    if (this.#protection[page] === 0) return undefined
    const frame = this.#frame[page]!
    return (frame === NO_FRAME ? this.#frames.zero : frame) * PAGE + (ea % PAGE)
  }

  get changes(): number {
    return this.#changes
  }

  #page(ea: number): number {
    return Math.floor((ea - this.base) / PAGE)
  }

  // ---- frames -------------------------------------------------------------------------------------------------------

  /** Where a page would like to be: in the order of addresses. */
  #preferred(page: number): number {
    return page % this.#frames.all
  }

  /** The frame of a page, which gets one of zeros if it has none; with it some around it. Undefined: memory is used up. */
  #backed(page: number): number | undefined {
    const frame = this.#frame[page]!
    if (frame !== NO_FRAME) return frame
    for (const count of CLUSTERS) {
      const start = page - (page % count)
      if (!this.#isUntouched(start, count, page)) continue
      const first = this.#frames.take(count, this.#preferred(start))
      if (first === undefined) continue
      this.#set(start, first, count)
      this.#cpu.state.ramBytes.fill(0, first * PAGE, (first + count) * PAGE)
      this.#written(first, count)
      return this.#frame[page]!
    }
    return undefined
  }

  #isUntouched(start: number, count: number, page: number): boolean {
    if (start + count > this.#frame.length) return false
    for (let i = start; i < start + count; i++)
      if (this.#frame[i] !== NO_FRAME || !this.#permitsAs(i, page)) return false
    return true
  }

  #set(page: number, first: number, count: number): void {
    for (let i = 0; i < count; i++) this.#frame[page + i] = first + i
    this.#changes++
  }

  /** Frames have got other contents. */
  #written(first: number, count: number): void {
    this.#work.charge((count * PAGE) / BYTES_PER_UNIT)
    this.#cpu.written(first * PAGE, count * PAGE)
    this.#cpu.fetch.codeChanged(first * PAGE, count * PAGE)
  }

  /** Others have the page's frame as well, so that it is copied before it is written. */
  #isCommon(page: number): boolean {
    const frame = this.#frame[page]!
    return frame !== NO_FRAME && (this.#protection[page] & Prot.SHARED) === 0 && this.#frames.isShared(frame)
  }

  /** A frame of its own, with what is in it; some of those around it get theirs as well. @returns false: there is none */
  #unshare(page: number): boolean {
    for (const count of COPIES) {
      const start = page - (page % count)
      let i = start
      // Code stays where it is for all who execute it.
      while (i < Math.min(start + count, this.#frame.length) && this.#isCommon(i) && this.#permitsAs(i, page)) i++
      if (i < start + count) continue
      if (this.#move(start, count, this.#preferred(start))) return true
    }
    return false
  }

  #permitsAs(page: number, other: number): boolean {
    return this.#protection[page] === this.#protection[other]
  }

  /** Pages that have frames get others, in a row, with what is in them. @returns false: there are not as many */
  #move(page: number, count: number, preferred: number): boolean {
    const first = this.#frames.take(count, preferred)
    if (first === undefined) return false
    const { ramBytes } = this.#cpu.state
    for (let i = 0; i < count; i++) {
      const frame = this.#frame[page + i]!
      ramBytes.copyWithin((first + i) * PAGE, frame * PAGE, (frame + 1) * PAGE)
      this.#frames.release(frame)
    }
    this.#set(page, first, count)
    this.#written(first, count)
    this.#forget(page, count)
    return true
  }

  /** Frames of pages that are to be written, in a row. @throws CallError where there is no memory for that */
  #inRow(page: number, count: number): number {
    for (let i = page; i < page + count; i++) {
      const isThere = this.#backed(i) !== undefined && (!this.#isCommon(i) || this.#unshare(i))
      if (!isThere) throw new CallError(Errno.ENOMEM)
    }
    const first = this.#frame[page]!
    let i = 1
    while (i < count && this.#frame[page + i] === first + i) i++
    if (i === count) return first
    for (let i = page; i < page + count; i++)
      if ((this.#protection[i] & Prot.SHARED) !== 0) throw new CallError(Errno.EFAULT)
    if (!this.#move(page, count, this.#preferred(page))) throw new CallError(Errno.ENOMEM)
    return this.#frame[page]!
  }

  // ---- translation --------------------------------------------------------------------------------------------------

  /** Whether a page is behind the end of the file that it is of. */
  #isPast(page: number): boolean {
    const isShared = (this.#protection[page] & Prot.SHARED) !== 0
    return (this.#protection[page] & Prot.PAST) !== 0 || (isShared && this.#frames.past.has(this.#frame[page]!))
  }

  /** Whether one of the pages of [start, start + length), which are mapped, is. */
  hasPast(start: number, length: number): boolean {
    const from = this.#page(start)
    for (let i = from; i <= this.#page(start + length - 1); i++) if (this.#isPast(i)) return true
    return false
  }

  /**
   * Writes a TLB entry for `ea`.
   * @returns whether it could: `unmapped` where nothing is, `past` behind the end of a file, `full` where RAM is used up
   */
  refill(ea: number): 'done' | 'unmapped' | 'past' | 'full' {
    if (ea < this.base || ea >= this.end) return 'unmapped'
    const page = this.#page(ea)
    const protection = this.#protection[page]
    if (protection === 0) return 'unmapped'
    if (this.#isPast(page)) return 'past'
    if (this.#backed(page) === undefined) return 'full'
    const common = this.#isCommon(page)
    const bytes = SIZES.find(size => this.#uniform(page, size / PAGE, protection, common))!
    const first = page - (page % (bytes / PAGE))
    const attributes =
      ((protection & Prot.READ) !== 0 ? UR : 0) |
      ((protection & Prot.WRITE) !== 0 && !common ? UW : 0) |
      ((protection & Prot.EXEC) !== 0 ? UX : 0)
    const mapping = { ea: this.base + first * PAGE, real: this.#frame[first]! * PAGE, bytes, attributes }
    this.#translations.add(this.id, mapping)
    return 'done'
  }

  /** A store was denied. @returns whether it is allowed now that the page is the process's own */
  allowStore(ea: number): 'done' | 'denied' | 'past' | 'full' {
    const page = this.#page(ea)
    if (((this.#protection[page] ?? 0) & Prot.WRITE) === 0) return 'denied'
    if (this.#isCommon(page) && !this.#unshare(page)) return 'full'
    const outcome = this.refill(ea)
    return outcome === 'unmapped' ? 'denied' : outcome
  }

  /** The aligned block of `count` pages around `page` lies in the window, in a row, and permits the same everywhere. */
  #uniform(page: number, count: number, protection: number, common: boolean): boolean {
    const start = page - (page % count)
    const first = this.#frame[start]!
    if (start + count > this.#frame.length || first < 0 || first % count !== 0) return false
    let i = 0
    while (i < count && this.#isSame(start + i, first + i, protection, common)) i++
    this.#looked(i)
    return i === count
  }

  #isSame(page: number, frame: number, protection: number, common: boolean): boolean {
    return (
      this.#protection[page] === protection &&
      this.#frame[page] === frame &&
      this.#isCommon(page) === common &&
      !this.#isPast(page)
    )
  }

  #looked(pages: number): void {
    this.#work.charge(pages / PAGES_PER_UNIT)
  }

  #forget(page: number, count: number): void {
    this.#translations.forget(this.id, this.base + page * PAGE, count * PAGE)
  }

  // ---- mapping ------------------------------------------------------------------------------------------------------

  /** Permits `protection` on the pages of [start, end), besides what they permit already. */
  add(start: number, end: number, protection: number): void {
    const to = this.#page(up(end))
    for (let i = this.#page(start); i < to; i++) this.#protection[i] |= protection | Prot.PRESENT
    this.#forget(this.#page(start), to - this.#page(start))
  }

  /** Whether [start, start + length) lies in the window, mapped or not. */
  inside(start: number, length: number): boolean {
    return start >= this.base && start + length <= this.end
  }

  /** Whether all pages of [start, start + length) are mapped. */
  isMapped(start: number, length: number): boolean {
    if (!this.inside(start, length)) return false
    const from = this.#page(start)
    const hole = this.#protection.subarray(from, from + Math.ceil(length / PAGE)).indexOf(0)
    this.#looked(hole < 0 ? length / PAGE : hole)
    return hole < 0
  }

  /**
   * The memory behind [start, start + length) of the window, mapped or not; who gets it may write there.
   * @throws CallError where there is no RAM for it
   */
  ramOf(start: number, length: number): Uint8Array {
    if (length === 0) return NOTHING
    const page = this.#page(start)
    const frame = this.#inRow(page, this.#page(start + length - 1) - page + 1)
    const real = frame * PAGE + (start % PAGE)
    this.#cpu.written(real, length)
    return this.#cpu.state.ramBytes.subarray(real, real + length)
  }

  /** What is in [start, start + length) of the window: of what has not been touched zeros. Nothing changes by asking. */
  bytesAt(start: number, length: number): Uint8Array {
    const { ramBytes } = this.#cpu.state
    const first = this.#frameToRead(start)
    let inRow = PAGE - (start % PAGE)
    while (inRow < length && this.#frameToRead(start + inRow) * PAGE === first * PAGE + (start % PAGE) + inRow)
      inRow += PAGE
    const real = first * PAGE + (start % PAGE)
    if (inRow >= length) return ramBytes.subarray(real, real + length)
    const bytes = new Uint8Array(length)
    bytes.set(ramBytes.subarray(real, real + inRow))
    for (let done = inRow; done < length; done += PAGE) {
      const at = this.#frameToRead(start + done) * PAGE
      bytes.set(ramBytes.subarray(at, at + Math.min(PAGE, length - done)), done)
    }
    return bytes
  }

  #frameToRead(ea: number): number {
    return this.frameAt(ea) ?? this.#frames.zero
  }

  /** Code may have been at [start, start + length), or is now. */
  replaced(start: number, length: number): void {
    for (let at = start; at < start + length; ) {
      const size = Math.min(PAGE - (at % PAGE), start + length - at)
      const frame = this.#frame[this.#page(at)]!
      if (frame !== NO_FRAME) this.#cpu.fetch.codeChanged(frame * PAGE + (at % PAGE), size)
      at += size
    }
  }

  /** Maps pages that hold zeros, whatever was there, and what they permit. */
  map(start: number, length: number, protection: number): void {
    this.unmap(start, length)
    this.protect(start, length, protection)
  }

  /** Sets what the pages of [start, start + length), which lie in the window, permit; they are mapped then. */
  protect(start: number, length: number, protection: number): void {
    this.#fill(start, length, protection | Prot.PRESENT)
  }

  /** What mapped pages permit from now on; who shares them goes on doing so. */
  permit(start: number, length: number, protection: number): void {
    const from = this.#page(start)
    for (let i = from; i < from + Math.ceil(length / PAGE); i++)
      this.#protection[i] = protection | Prot.PRESENT | (this.#protection[i] & (Prot.SHARED | Prot.PAST))
    this.#looked(length / PAGE)
    this.#forget(from, Math.ceil(length / PAGE))
  }

  unmap(start: number, length: number): void {
    const from = this.#page(start)
    for (let i = from; i < from + Math.ceil(length / PAGE); i++) {
      const frame = this.#frame[i]!
      if (frame !== NO_FRAME) this.#frames.release(frame)
      this.#frame[i] = NO_FRAME
    }
    this.#changes++
    this.#fill(start, length, 0)
  }

  /** The frame of the page at `start`, if it has been touched. */
  frameAt(start: number): number | undefined {
    const frame = this.#frame[this.#page(start)]
    return frame === NO_FRAME ? undefined : frame
  }

  /** At `start`, where nothing is, will be the page of that frame, or of a free one. @returns undefined: there is none */
  place(start: number, known: number | undefined): number | undefined {
    const page = this.#page(start)
    if (known !== undefined) this.#frames.share(known)
    const frame = known ?? this.#frames.take(1, this.#preferred(page))
    if (frame !== undefined) this.#set(page, frame, 1)
    return frame
  }

  /** The pages of [from, from + length) are at `to` instead, where nothing was. */
  relocate(from: number, to: number, length: number): void {
    const [source, target, pages] = [this.#page(from), this.#page(to), length / PAGE]
    for (let i = 0; i < pages; i++) {
      this.#frame[target + i] = this.#frame[source + i]!
      this.#protection[target + i] = this.#protection[source + i]
    }
    this.#frame.fill(NO_FRAME, source, source + pages)
    this.#changes++
    this.#fill(from, length, 0)
  }

  #fill(start: number, length: number, value: number): void {
    const from = this.#page(start)
    this.#looked(length / PAGE)
    this.#protection.fill(value, from, from + Math.ceil(length / PAGE))
    this.#forget(from, Math.ceil(length / PAGE))
  }

  /** What the page of `ea` permits. */
  protectionAt(ea: number): number {
    return this.#protection[this.#page(ea)] ?? 0
  }

  /** Whether nothing is in [start, start + length), which lies in the window. */
  isFree(start: number, length: number): boolean {
    const from = this.#page(start)
    return this.#protection.subarray(from, from + Math.ceil(length / PAGE)).every(protection => protection === 0)
  }

  /** How many pages are mapped, of those whose protection `is` wanted. */
  pagesThat(is: (protection: number) => boolean): number {
    this.#looked(this.#protection.length)
    return this.#protection.reduce((count, each) => count + (each !== 0 && is(each) ? 1 : 0), 0)
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
      const protection = this.#protection[start]!
      if (((this.#protection[i] ?? 0) | Prot.PAST) === (protection | Prot.PAST)) continue
      if (protection !== 0)
        found.push({
          ...{ start: this.base + start * PAGE, end: this.base + i * PAGE },
          read: (protection & Prot.READ) !== 0,
          write: (protection & Prot.WRITE) !== 0,
          execute: (protection & Prot.EXEC) !== 0,
          shared: (protection & Prot.SHARED) !== 0,
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

  /** To where `breakPages` says it can be. */
  setBreak(address: number): void {
    const now = up(this.#brk)
    const wanted = up(address)
    if (wanted > now) this.map(now, wanted - now, Prot.READ | Prot.WRITE)
    else if (wanted < now) this.unmap(wanted, now - wanted)
    this.#brk = address
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------

  save(): AddressSpaceState {
    return {
      ...{ id: this.id, base: this.base, brkStart: this.#brkStart, brk: this.#brk },
      changes: this.#changes,
      attached: [...this.attached],
      protection: runsOf(this.#protection, () => 0),
      frames: runsOf(this.#frame, frame => (frame === NO_FRAME ? 0 : 1)),
    }
  }

  /** All frames are free before. */
  restore(state: AddressSpaceState): void {
    let at = 0
    for (const [pages, value] of state.protection) {
      this.#protection.fill(value, at, at + pages)
      at += pages
    }
    at = 0
    for (const [pages, first] of state.frames) {
      for (let i = 0; i < pages; i++) this.#frame[at + i] = first === NO_FRAME ? NO_FRAME : first + i
      at += pages
    }
    this.#share()
    this.#brkStart = state.brkStart
    this.#brk = state.brk
    this.#changes = state.changes
    this.attached.clear()
    for (const [start, segment] of state.attached) this.attached.set(start, segment)
  }
}

const NOTHING = new Uint8Array()

/** Stretches of values, each of which is greater by `step` than the one before: how many, and the first. */
function runsOf(values: ArrayLike<number>, step: (value: number) => number): (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = []
  let start = 0
  for (let i = 1; i <= values.length; i++) {
    if (i < values.length && values[i] === values[i - 1]! + step(values[i - 1]!)) continue
    runs.push([i - start, values[start]!])
    start = i
  }
  return runs
}
