// Address translation (user's manual chapter 5): the 64-entry TLB, and the soft TLB in front of it through which
// ordinary data accesses reach RAM without asking anybody. There is one soft TLB for each context, MSR[PR] and MSR[DS],
// so that interrupts and returns, which change those, cost nothing.

import { fieldOf, inField } from '../isa/register.ts'
import { MSR_DS, MSR_IS, MSR_PR, PID, Spr, TLB0, TLB1, TLB2 } from '../isa/registers.ts'
import { type CpuState, SOFT_PAGE, softTlbSlot, TlbWord, tlbIndex, Word } from './state.ts'
import { WindowWord } from './windows.ts'

export const ENTRIES = 64
/** The entry behind them: what reset leaves, a page of 4 KB. */
export const SHADOW_ENTRY = 64
const RESET_BYTES = 4096

const { V, TS, SIZE } = TLB0.mask
const { RPN, ERPN } = TLB1.mask
const { W, I, E, UX, UW, UR, SX, SW, SR } = TLB2.mask

export type AccessKind = 'fetch' | 'load' | 'store'

const PERMISSION = {
  fetch: { user: UX, supervisor: SX },
  load: { user: UR, supervisor: SR },
  store: { user: UW, supervisor: SW },
} as const

/** Tag of a soft TLB entry that matches nothing: page tags have their low bits clear. */
const INVALID = 1
const SOFT_PAGE_BYTES = 0x1000

/** Bytes of a page by the SIZE field; reserved sizes are undefined, which never match. */
const PAGE_BYTES: readonly (number | undefined)[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(size =>
  size === 6 || size === 8 ? undefined : 1024 << (2 * size),
)

/** A translated address: where it is (`real`, a place of `RealMemory`), or why not. */
export type Translation =
  | { readonly kind: 'hit'; readonly real: number; readonly entry: number; readonly littleEndian: boolean }
  | { readonly kind: 'miss' }
  | { readonly kind: 'denied' }

/** Effective addresses, unsigned. */
interface EffectiveSpan {
  readonly start: number
  readonly end: number
}

/** So many pieces of the address space are remembered. */
const MOST_ALONE = 4

/** A translation that has been found, for 1 KB; it holds while no more than this has been flushed. */
interface KnownTranslation {
  readonly piece: number
  /** From effective to real. */
  readonly addend: number
  readonly entry: number
  readonly littleEndian: boolean
  readonly flushes: number
}

const PIECE = ~0x3ff
/** Translations that are remembered for each context and kind of access: by the low bits of the number of the piece. */
const REMEMBERED = 16

/** What an entry of the TLB maps. */
export interface Mapping {
  readonly ea: number
  /** 36 bits, unsigned. */
  readonly real: number
  readonly bytes: number
  /** Word 2: storage attributes and permissions. */
  readonly attributes: number
  /** The PID that it is for; 0, which it is where nothing is said: for all. */
  readonly tid?: number
}

/** The real address that word 1 of an entry has. */
const realPage = (word1: number): number => fieldOf(ERPN, word1) * WORDS + ((word1 & RPN) >>> 0)
const WORDS = 2 ** 32

export class Mmu {
  readonly #state: CpuState
  /** Slots of each soft TLB that hold something. */
  readonly #filled: number[][] = [[], [], [], []]
  /** What `alone` has found since then: a program goes to and fro between its stack and its data. */
  #alone: readonly (EffectiveSpan & { readonly entry: number })[] = []
  #aloneSince = -1
  #context = 0
  /** Where data was found that the soft TLBs do not have: devices, watched pages, pages of 1 KB. */
  readonly #known: (KnownTranslation | undefined)[] = []
  #flushes = 0
  /** Counts the writes to the TLB. */
  writes = 0
  /** Entries that map what no other does, as the launch state has them: one before them that maps the same is no mistake. */
  readonly background = new Set<number>()
  /** What the shadow entry of reset maps stays mapped, as on no part: for programs that never map where they are. */
  keepsShadow = false
  /** Where a page lies that is mapped but in no TLB entry now, if somebody keeps a table of that. For `peek` only. */
  pageTable: (ea: number) => number | undefined = () => undefined

  constructor(state: CpuState) {
    this.#state = state
    for (const softTlb of state.softTlbs) softTlb.fill(INVALID)
  }

  /** Translates `ea` for the current MSR and PID. No state changes. */
  translate(ea: number, access: AccessKind): Translation {
    const { words, spr } = this.#state
    const msr = words[Word.MSR]
    const space = (msr & (access === 'fetch' ? MSR_IS : MSR_DS)) !== 0 ? 1 : 0
    const entry = this.#find(ea, spr[Spr.PID] & PID.defined, space)
    if (entry < 0) return { kind: 'miss' }
    const allowed = PERMISSION[access]
    const permitted = this.attributes(entry) & ((msr & MSR_PR) !== 0 ? allowed.user : allowed.supervisor)
    if (permitted === 0) return { kind: 'denied' }
    return this.#hit(ea, entry)
  }

  /** A translation of data that has been found since the last flush, with all that had to be said of it. */
  remembered(ea: number, access: 'load' | 'store'): (Translation & { kind: 'hit' }) | undefined {
    const known = this.#known[this.#placeOf(ea, access)]
    if (known === undefined || known.piece !== (ea & PIECE) || known.flushes !== this.#flushes) return undefined
    return { kind: 'hit', real: (ea >>> 0) + known.addend, entry: known.entry, littleEndian: known.littleEndian }
  }

  remember(ea: number, access: 'load' | 'store', { real, entry, littleEndian }: Translation & { kind: 'hit' }): void {
    const piece = ea & PIECE
    this.#known[this.#placeOf(ea, access)] = {
      ...{ piece, addend: real - (ea >>> 0), entry, littleEndian, flushes: this.#flushes },
    }
  }

  #placeOf(ea: number, access: 'load' | 'store'): number {
    return ((ea >>> 10) & (REMEMBERED - 1)) + REMEMBERED * (2 * this.#context + (access === 'store' ? 1 : 0))
  }

  /** A second entry beside `entry` that maps `ea` for this access, or -1. */
  alsoMaps(ea: number, access: AccessKind, entry: number): number {
    const { words, spr } = this.#state
    const space = (words[Word.MSR] & (access === 'fetch' ? MSR_IS : MSR_DS)) !== 0 ? 1 : 0
    return this.search(ea, spr[Spr.PID] & PID.defined, space, entry + 1)
  }

  /** The entry of the TLB that maps `ea` in `space` for `pid`, or -1. Of several the lowest from `first` on. */
  search(ea: number, pid: number, space: 0 | 1, first = 0): number {
    for (let entry = first; entry < ENTRIES; entry++) if (this.#maps(entry, ea, pid, space)) return entry
    return -1
  }

  /** The same with the shadow entry, which goes before all others: what is written to the TLB meanwhile has no effect yet. */
  #find(ea: number, pid: number, space: 0 | 1): number {
    return this.#maps(SHADOW_ENTRY, ea, pid, space) ? SHADOW_ENTRY : this.search(ea, pid, space)
  }

  #maps(entry: number, ea: number, pid: number, space: 0 | 1): boolean {
    const tlb = this.#state.tlb
    const word0 = tlb[tlbIndex(entry)]
    if ((word0 & V) === 0 || ((word0 & TS) !== 0 ? 1 : 0) !== space) return false
    const tid = tlb[tlbIndex(entry, TlbWord.TID)]
    if (tid !== 0 && tid !== pid) return false
    const bytes = PAGE_BYTES[fieldOf(SIZE, word0)]
    return bytes !== undefined && ((word0 ^ ea) & -bytes) === 0
  }

  /** Word 2 of an entry: storage attributes and permissions. */
  attributes(entry: number): number {
    return this.#state.tlb[tlbIndex(entry, TlbWord.ATTRIBUTES)]
  }

  /** Writes an entry: `bytes`, a page size, from `ea` on, in address space 0. */
  map(entry: number, { ea, real, bytes, attributes, tid = 0 }: Mapping): void {
    const { tlb } = this.#state
    tlb[tlbIndex(entry)] = ea | V | inField(SIZE, PAGE_BYTES.indexOf(bytes))
    tlb[tlbIndex(entry, TlbWord.RPN)] = (real & RPN) | inField(ERPN, Math.floor(real / WORDS))
    tlb[tlbIndex(entry, TlbWord.ATTRIBUTES)] = attributes
    tlb[tlbIndex(entry, TlbWord.TID)] = tid
  }

  /** Puts an entry out of force. @returns what it has mapped, if it has been valid */
  remove(entry: number): Mapping | undefined {
    const { tlb } = this.#state
    if ((tlb[tlbIndex(entry)] & V) === 0) return undefined
    const { start, end } = this.#span(entry)
    tlb[tlbIndex(entry)] = 0
    return {
      ...{ ea: start, bytes: end - start, real: realPage(tlb[tlbIndex(entry, TlbWord.RPN)]) },
      ...{ attributes: this.attributes(entry), tid: tlb[tlbIndex(entry, TlbWord.TID)] },
    }
  }

  /** Entries that are for one PID alone and map some of [start, start + bytes). */
  entriesOf(tid: number, start: number, bytes: number): readonly number[] {
    const { tlb } = this.#state
    const found: number[] = []
    for (let entry = 0; entry < ENTRIES; entry++) {
      if ((tlb[tlbIndex(entry)] & V) === 0 || tlb[tlbIndex(entry, TlbWord.TID)] !== tid) continue
      const span = this.#span(entry)
      if (span.start < start + bytes && span.end > start) found.push(entry)
    }
    return found
  }

  /** The first entry from `from` on, round and round, that is not valid. */
  freeEntry(from: number): number | undefined {
    const { tlb } = this.#state
    for (let i = 0; i < ENTRIES; i++) {
      const entry = (from + i) % ENTRIES
      if ((tlb[tlbIndex(entry)] & V) === 0) return entry
    }
    return undefined
  }

  /** Puts the shadow entry of reset out of force. @returns whether it was in force. */
  dropShadow(): boolean {
    const { tlb } = this.#state
    const ea = tlb[tlbIndex(SHADOW_ENTRY)] & -RESET_BYTES
    if (tlb[tlbIndex(SHADOW_ENTRY)] === 0) return false
    this.writes++
    const last = ENTRIES - 1
    if (this.keepsShadow && this.search(ea, 0, 0) < 0 && (tlb[tlbIndex(last)] & V) === 0)
      tlb.copyWithin(tlbIndex(last), tlbIndex(SHADOW_ENTRY), tlbIndex(SHADOW_ENTRY + 1))
    tlb[tlbIndex(SHADOW_ENTRY)] = 0
    return true
  }

  /** How far around `ea` no entry but `entry` translates, in the space and for the process that are now; unsigned. */
  alone(ea: number, entry: number): EffectiveSpan | undefined {
    const at = ea >>> 0
    if (this.#aloneSince !== this.#flushes) this.#alone = []
    this.#aloneSince = this.#flushes
    const known = this.#alone.find(each => each.entry === entry && at >= each.start && at < each.end)
    if (known !== undefined) return known
    const found = this.#findAlone(ea, entry)
    if (found !== undefined) this.#alone = [{ entry, ...found }, ...this.#alone.slice(0, MOST_ALONE - 1)]
    return found
  }

  #findAlone(ea: number, entry: number): EffectiveSpan | undefined {
    const { tlb, spr } = this.#state
    const pid = spr[Spr.PID] & PID.defined
    const space = tlb[tlbIndex(entry)] & TS
    const at = ea >>> 0
    let { start, end } = this.#span(entry)
    for (let other = 0; other <= SHADOW_ENTRY; other++) {
      const word0 = tlb[tlbIndex(other)]
      const tid = tlb[tlbIndex(other, TlbWord.TID)]
      if (other === entry || (word0 & V) === 0 || (word0 & TS) !== space || (tid !== 0 && tid !== pid)) continue
      const span = this.#span(other)
      if (span.start > at) end = Math.min(end, span.start)
      else if (span.end <= at) start = Math.max(start, span.end)
      else return undefined
    }
    return { start, end }
  }

  #span(entry: number): EffectiveSpan {
    const word0 = this.#state.tlb[tlbIndex(entry)]
    const bytes = PAGE_BYTES[fieldOf(SIZE, word0)] ?? 0
    const start = (word0 & -bytes) >>> 0
    return { start, end: start + bytes }
  }

  /** The effective addresses that entry `index` maps, if it is valid. */
  extent(index: number): { readonly start: number; readonly bytes: number } | undefined {
    const word0 = this.#state.tlb[tlbIndex(index & (ENTRIES - 1))]
    const bytes = PAGE_BYTES[fieldOf(SIZE, word0)]
    return (word0 & V) === 0 || bytes === undefined ? undefined : { start: word0 & -bytes, bytes }
  }

  /** Whether some of the 4 KB around `ea` is mapped by an entry of 1 KB. */
  #isDivided(ea: number): boolean {
    const { tlb } = this.#state
    for (let entry = 0; entry < ENTRIES; entry++) {
      const word0 = tlb[tlbIndex(entry)]
      if ((word0 & V) !== 0 && fieldOf(SIZE, word0) === 0 && ((word0 ^ ea) & SOFT_PAGE) === 0) return true
    }
    return false
  }

  /** Everywhere that `ea` leads, in either space and for any process. */
  realsOf(ea: number): number[] {
    const { tlb } = this.#state
    const reals: number[] = []
    for (let entry = 0; entry <= SHADOW_ENTRY; entry++) {
      const { start, end } = this.#span(entry)
      const isValid = (tlb[tlbIndex(entry)] & V) !== 0
      if (isValid && ea >>> 0 >= start && ea >>> 0 < end) reals.push(this.#hit(ea, entry).real)
    }
    return reals
  }

  /** What a debugger sees at `ea`: data space first, then the instruction space, permissions aside. */
  peek(ea: number): number | undefined {
    const { words, spr } = this.#state
    const pid = spr[Spr.PID] & PID.defined
    for (const bit of [MSR_DS, MSR_IS]) {
      const entry = this.#find(ea, pid, (words[Word.MSR] & bit) !== 0 ? 1 : 0)
      if (entry >= 0) return this.#hit(ea, entry).real
    }
    return this.pageTable(ea)
  }

  /** The real address, of 36 bits, to which an entry that maps `ea` leads. */
  realOf(ea: number, entry: number): number {
    const tlb = this.#state.tlb
    const bytes = PAGE_BYTES[fieldOf(SIZE, tlb[tlbIndex(entry)])]!
    const word1 = tlb[tlbIndex(entry, TlbWord.RPN)]
    return realPage(word1 & (-bytes | ERPN)) + (ea & (bytes - 1))
  }

  #hit(ea: number, entry: number): Translation & { kind: 'hit' } {
    const real = this.#state.real.place(this.realOf(ea, entry))
    return { kind: 'hit', real, entry, littleEndian: (this.attributes(entry) & E) !== 0 }
  }

  /** Which of the soft TLBs is in front, by MSR[PR] and MSR[DS]. */
  get context(): number {
    return this.#context
  }

  /** MSR changed: its context's soft TLB is in front now. */
  enterContext(): void {
    const msr = this.#state.words[Word.MSR]
    this.#context = ((msr & MSR_PR) !== 0 ? 1 : 0) | ((msr & MSR_DS) !== 0 ? 2 : 0)
    this.#state.softTlb = this.#state.softTlbs[this.#context]!
  }

  /** Forgets what the soft TLBs hold: translation, PID or the armed DACs have changed. */
  flush(): void {
    this.#flushes++
    this.#filled.forEach((slots, context) => {
      const softTlb = this.#state.softTlbs[context]!
      for (const slot of slots) softTlb[slot] = softTlb[slot + 1] = softTlb[slot + 3] = INVALID
      slots.length = 0
    })
    this.#state.windows.fill(0)
  }

  /** Forgets one page of 4 KB, whatever its slot holds. */
  flushPage(ea: number): void {
    this.#flushes++
    const slot = softTlbSlot(ea)
    for (const softTlb of this.#state.softTlbs) softTlb[slot] = softTlb[slot + 1] = softTlb[slot + 3] = INVALID
    if (this.#inWindow(ea)) this.flush()
  }

  #inWindow(ea: number): boolean {
    const { windows } = this.#state
    for (let at = 0; at < windows.length; at += WindowWord.WRITE)
      if ((ea - windows[at + WindowWord.LOW]) >>> 0 <= windows[at + WindowWord.SMALL] + SOFT_PAGE_BYTES) return true
    return false
  }

  /** The soft TLBs are not what was filled in here: the whole memory was exchanged. */
  reset(): void {
    this.#flushes++
    for (const softTlb of this.#state.softTlbs) softTlb.fill(INVALID)
    for (const slots of this.#filled) slots.length = 0
    this.#state.windows.fill(0)
    this.enterContext()
  }

  /**
   * Lets later loads and stores to the 4 KB page of `ea` pass without translation. The caller has made sure that the
   * whole page is RAM and unwatched. Pages of 1 KB, what lies beside one in its 4 KB, and little-endian pages never
   * enter, and stores to compiled code do not pass. @returns whether it entered
   */
  enter(ea: number, hit: Translation & { kind: 'hit' }): boolean {
    const { softTlb } = this.#state
    const passes = this.passes(ea, hit)
    if (passes === undefined) return false
    const slot = softTlbSlot(ea)
    const page = ea & SOFT_PAGE
    this.#filled[this.#context]!.push(slot)
    softTlb[slot] = passes.read ? page : INVALID
    softTlb[slot + 1] = passes.write && this.#state.compiledPages[hit.real >>> 12] === 0 ? page : INVALID
    softTlb[slot + 3] = passes.write ? page : INVALID
    softTlb[slot + 2] = hit.real - ea
    this.#state.clearable[1024 * this.#context + (slot >>> 2)] = (this.attributes(hit.entry) & (W | I)) === 0 ? 1 : 0
    return true
  }

  /** What may pass without translation in the 4 KB page of `ea`; undefined: nothing ever does. */
  passes(
    ea: number,
    hit: Translation & { kind: 'hit' },
  ): { readonly read: boolean; readonly write: boolean } | undefined {
    if (hit.littleEndian || this.#isDivided(ea)) return undefined
    const user = (this.#state.words[Word.MSR] & MSR_PR) !== 0
    const permissions = this.attributes(hit.entry)
    const write = (permissions & (user ? UW : SW)) !== 0 && this.#state.real.isWritable(hit.real)
    return { read: (permissions & (user ? UR : SR)) !== 0, write }
  }
}
