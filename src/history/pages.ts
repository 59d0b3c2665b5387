// Pages of a machine's memory as they were at its snapshots. A page that did not change between two of them is kept once.

import { type CpuState, KEPT_PAGE, RAM_BASE, TOUCHED_SHIFT } from '../cpu/state.ts'

const WORDS = KEPT_PAGE / 4
/** Pages of the core's registers, before RAM: they are compared at each snapshot. */
const FIRST_TOUCHED = RAM_BASE / KEPT_PAGE
/** What is written is marked line by line: so many make a page. */
const LINES = KEPT_PAGE >>> TOUCHED_SHIFT
const LINE_SHIFT = Math.log2(LINES)
const ALL_LINES = 2 ** LINES - 1

/** By page, a bit for each line that may have been written, the lowest the first. */
export type TouchedLines = ReadonlyMap<number, number>

/** A snapshot as far as pages care: those that have a version at it, and how many snapshots it has before it. */
export interface Keeper {
  /** In the order of time. */
  index: number
  readonly pages: number[]
  /** What may have been written since the one before; undefined: that is not known. */
  touched: TouchedLines | undefined
}

interface Version {
  at: Keeper
  /** Undefined: all bytes are 0, as in memory that nobody has written. */
  readonly words: Int32Array | undefined
}

/** Numbers of pages are offsets in the linear memory, in pages. */
export class Pages {
  readonly #state: CpuState
  readonly #memory: Int32Array
  readonly #core: readonly number[]
  /** Pages whose lines are marked. */
  readonly #marked: number
  /** By page, the oldest first. */
  readonly #versions = new Map<number, Version[]>()
  /** Bytes that all versions take. */
  bytes = 0

  constructor(state: CpuState) {
    this.#state = state
    const { buffer } = state.memory
    this.#memory = new Int32Array(buffer, 0, buffer.byteLength >>> 2)
    this.#marked = state.saved[1]!.length / KEPT_PAGE
    this.#core = Array.from({ length: state.saved[0]!.length / KEPT_PAGE }, (_, page) => page)
  }

  /** What may have been written since memory was saved or restored. */
  get #touched(): TouchedLines {
    const found = new Map(this.#core.map(page => [page, ALL_LINES]))
    const { touched } = this.#state
    for (let at = touched.indexOf(1); at >= 0; at = touched.indexOf(1, at + 1)) {
      const page = at >>> LINE_SHIFT
      // Compiled code marks the line behind, too, which is nobody's behind the last.
      if (page >= this.#marked) break
      let lines = 0
      for (const end = (page + 1) << LINE_SHIFT; at < end; at++) lines |= touched[at]! << (at & (LINES - 1))
      found.set(FIRST_TOUCHED + page, lines)
      at--
    }
    return found
  }

  /**
   * Keeps what memory holds now as its contents at `keeper`, which has just been put between `before` and `after`.
   * @param passed the snapshots that lie after the one memory has come from, up to `before`
   */
  save(keeper: Keeper, before: Keeper | undefined, after: Keeper | undefined, passed: readonly Keeper[]): void {
    keeper.touched = passed.length === 0 && before !== undefined ? this.#touched : undefined
    for (const page of this.#suspects(passed)) {
      const old = before && this.#at(page, before)
      if (this.#equals(page, old)) continue
      this.#insert(page, { at: keeper, words: this.#copy(page) })
      // What had not changed from one to the other has gone there and back.
      if (after !== undefined && !this.#versions.get(page)!.some(({ at }) => at === after))
        this.#insert(page, { at: after, words: old })
    }
    this.#state.touched.fill(0)
  }

  /**
   * Gives memory the contents it had at `target`.
   * @param passed the snapshots that lie after the earlier of `target` and the one memory has come from, up to the later
   * @returns the pages of RAM whose bytes are others now, from real address 0 on
   */
  restore(target: Keeper, passed: readonly Keeper[]): number[] {
    const changed: number[] = []
    for (const page of this.#suspects(passed)) {
      const words = this.#at(page, target)
      if (this.#equals(page, words)) continue
      const from = page * WORDS
      if (words === undefined) this.#memory.fill(0, from, from + WORDS)
      else this.#memory.set(words, from)
      if (page >= FIRST_TOUCHED) changed.push(page - FIRST_TOUCHED)
    }
    this.#state.touched.fill(0)
    return changed
  }

  /** Pages that may differ from what they were at a snapshot: those written since, and those of what was passed. */
  #suspects(passed: readonly Keeper[]): Iterable<number> {
    if (passed.length === 0) return this.#touched.keys()
    const pages = new Set(this.#touched.keys())
    for (const keeper of passed) for (const page of keeper.pages) pages.add(page)
    return pages
  }

  /** The snapshot is given up. @param next in the order of time; without one, memory may have come from it */
  remove(keeper: Keeper, next: Keeper | undefined): void {
    if (next !== undefined) next.touched = keeper.touched && next.touched && both(keeper.touched, next.touched)
    for (const page of keeper.pages) {
      const versions = this.#versions.get(page)!
      const at = versions.findIndex(version => version.at === keeper)
      if (next !== undefined && versions[at + 1]?.at !== next) {
        versions[at]!.at = next
        next.pages.push(page)
        continue
      }
      if (next === undefined && page >= FIRST_TOUCHED) this.#state.touch((page - FIRST_TOUCHED) * KEPT_PAGE, KEPT_PAGE)
      this.bytes -= sizeOf(versions[at]!.words)
      versions.splice(at, 1)
    }
  }

  /** Whether [real, real + bytes) of RAM has certainly not been written since the snapshot before. */
  isUntouched({ touched }: Keeper, real: number, bytes: number): boolean {
    if (touched === undefined) return false
    for (let line = real >>> TOUCHED_SHIFT; line <= (real + bytes - 1) >>> TOUCHED_SHIFT; line++) {
      const lines = touched.get(FIRST_TOUCHED + (line >>> LINE_SHIFT)) ?? 0
      if (((lines >>> (line & (LINES - 1))) & 1) !== 0) return false
    }
    return true
  }

  #at(page: number, keeper: Keeper): Int32Array | undefined {
    const versions = this.#versions.get(page) ?? []
    let low = 0
    let high = versions.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (versions[middle]!.at.index <= keeper.index) low = middle + 1
      else high = middle
    }
    return versions[low - 1]?.words
  }

  #insert(page: number, version: Version): void {
    const versions = this.#versions.get(page)
    version.at.pages.push(page)
    this.bytes += sizeOf(version.words)
    if (versions === undefined) return void this.#versions.set(page, [version])
    let at = versions.length
    while (at > 0 && versions[at - 1]!.at.index > version.at.index) at--
    versions.splice(at, 0, version)
  }

  #copy(page: number): Int32Array | undefined {
    return this.#equals(page, undefined) ? undefined : this.#memory.slice(page * WORDS, (page + 1) * WORDS)
  }

  #equals(page: number, words: Int32Array | undefined): boolean {
    const memory = this.#memory
    const from = page * WORDS
    if (words === undefined) {
      for (let i = 0; i < WORDS; i++) if (memory[from + i] !== 0) return false
      return true
    }
    for (let i = 0; i < WORDS; i++) if (memory[from + i] !== words[i]) return false
    return true
  }
}

function both(one: TouchedLines, other: TouchedLines): TouchedLines {
  const all = new Map(one)
  for (const [page, lines] of other) all.set(page, (all.get(page) ?? 0) | lines)
  return all
}

/** What is kept of a page takes some memory of the host besides. */
const sizeOf = (words: Int32Array | undefined): number => (words === undefined ? 64 : KEPT_PAGE + 200)
