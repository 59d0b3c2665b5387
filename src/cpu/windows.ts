// Windows: for each context the one large piece of the effective address space, for reads and for writes, that leads to
// RAM in one straight line and needs no other look. Where the soft TLB (mmu.ts) has single pages, a window has what the
// program works in: with the large pages of the 440 often all of RAM. Compiled code asks nothing but whether an address
// lies in it. Beside them there is one page in which something is watched, so that code which works all around that need
// not leave: an access that comes nowhere near it passes.

import { MSR_PR, TLB2 } from '../isa/registers.ts'
import type { Cpu } from './cpu.ts'
import type { Translation } from './mmu.ts'
import { WINDOW_BYTES, Word } from './state.ts'

const PAGE = 4096
const { UW, UR, SW, SR } = TLB2.mask
/** Where pages are watched, a window reaches no further from the access that opened it than this, in pages. */
const WATCHED_REACH = 2048

/** Index of the words of a window: lowest address, bytes less 7 and less 255 (0 where there is none), what leads to RAM. */
export const WindowWord = { LOW: 0, SMALL: 1, LARGE: 2, ADDEND: 3, WRITE: 4 } as const
/** The same for a page in which something is watched; then where that begins, and its bytes. For writes behind reads. */
export const WatchedWord = { LOW: 8, SMALL: 9, LARGE: 10, ADDEND: 11, FROM: 12, BYTES: 13, WRITE: 8 } as const

/** Pages without compiled code, between two that have some. */
interface Gap {
  readonly first: number
  readonly end: number
}
const GAPS = 8

export class Windows {
  readonly #cpu: Cpu
  #gaps: readonly Gap[] = []

  constructor(cpu: Cpu) {
    this.#cpu = cpu
  }

  /** The access at `ea`, to RAM by the TLB entry of `hit`, needed a look: the windows move to it if they are not there. */
  moveTo(context: number, ea: number, hit: Translation & { kind: 'hit' }): void {
    const at = (context * WINDOW_BYTES) / 4
    const { words, windows } = this.#cpu.state
    const user = (words[Word.MSR] & MSR_PR) !== 0
    const permissions = this.#cpu.mmu.attributes(hit.entry)
    const extent = this.#extent(ea, hit)
    if (extent === undefined) return
    const addend = hit.real - (ea >>> 0)
    const set = (window: number, [low, high]: readonly [number, number]): void => {
      windows[window + WindowWord.LOW] = low
      windows[window + WindowWord.SMALL] = Math.max(0, high - low - 7)
      windows[window + WindowWord.LARGE] = Math.max(0, high - low - 255)
      windows[window + WindowWord.ADDEND] = addend
    }
    if ((permissions & (user ? UR : SR)) !== 0 && !this.#has(at, ea)) set(at, extent)
    const write = at + WindowWord.WRITE
    // To what lies in a page with compiled code no window for stores leads: the one there is stays.
    const holdsCode = this.#cpu.state.compiledPages[hit.real >>> 12] !== 0
    const isWritable = (permissions & (user ? UW : SW)) !== 0 && this.#cpu.state.real.isWritable(hit.real)
    if (isWritable && !holdsCode && !this.#has(write, ea)) set(write, this.#withoutCode(extent, ea, addend))
  }

  /** What is watched is something else. */
  forgetWatched(): void {
    const { windows } = this.#cpu.state
    for (let at = 0; at < windows.length; at += WINDOW_BYTES / 4)
      for (const word of [WatchedWord.LOW, WatchedWord.LOW + WatchedWord.WRITE])
        windows.fill(0, at + word, at + word + WatchedWord.ADDEND - WatchedWord.LOW)
  }

  /** The access at `ea`, to RAM by the TLB entry of `hit`, was to a page in which something is watched. */
  moveToWatched(context: number, ea: number, hit: Translation & { kind: 'hit' }): void {
    const { windows } = this.#cpu.state
    const page = ea & -PAGE
    const reads = (context * WINDOW_BYTES) / 4
    if (windows[reads + WatchedWord.SMALL] > 0 && windows[reads + WatchedWord.LOW] === page) return
    const passes = this.#cpu.mmu.passes(ea, hit)
    if (passes?.read !== true) return
    for (const write of [false, true]) {
      const watched = this.#cpu.debug.watchedIn(page >>> 0, PAGE, write)
      if (watched === undefined || (write && !passes.write)) continue
      const at = reads + (write ? WatchedWord.WRITE : 0)
      windows[at + WatchedWord.LOW] = page
      windows[at + WatchedWord.SMALL] = PAGE - 7
      windows[at + WatchedWord.LARGE] = PAGE - 255
      windows[at + WatchedWord.ADDEND] = hit.real - (ea >>> 0)
      windows[at + WatchedWord.FROM] = watched.from
      windows[at + WatchedWord.BYTES] = watched.bytes
    }
  }

  #has(window: number, ea: number): boolean {
    const { windows } = this.#cpu.state
    return (ea - windows[window]) >>> 0 < windows[window + WindowWord.SMALL] >>> 0
  }

  /** As far around `ea` as its TLB entry alone translates to memory of one kind, and nobody watches. Whole pages, as unsigned numbers. */
  #extent(ea: number, hit: Translation & { kind: 'hit' }): readonly [number, number] | undefined {
    const { mmu, state, debug } = this.#cpu
    const mapped = mmu.alone(ea, hit.entry)
    if (mapped === undefined) return undefined
    const at = ea >>> 0
    const addend = hit.real - at
    const { start, end } = state.real.around(hit.real, mmu.realOf(ea, hit.entry))
    let low = Math.max(mapped.start, start - addend)
    let high = Math.min(mapped.end, end - addend)
    if (debug.watchesData) {
      const page = at - (at % PAGE)
      const watched = (from: number): boolean => debug.watches(from | 0, ~(PAGE - 1))
      low = Math.max(low, reach(page, -PAGE, watched))
      high = Math.min(high, reach(page, PAGE, watched))
    }
    return high - low < PAGE || at < low || at >= high ? undefined : [low, high]
  }

  /** What of the extent around `ea`, whose page holds no compiled code, holds none either. */
  #withoutCode([low, high]: readonly [number, number], ea: number, addend: number): readonly [number, number] {
    const page = Math.floor(((ea >>> 0) + addend) / PAGE)
    const { first, end } = this.#gaps.find(gap => page >= gap.first && page < gap.end) ?? this.#gapAround(page)
    return [Math.max(low, first * PAGE - addend), Math.min(high, end * PAGE - addend)]
  }

  /** The search goes through all of memory: what a program moves between, a stack in SRAM and RAM say, is remembered. */
  #gapAround(page: number): Gap {
    const { compiledPages } = this.#cpu.state
    const behind = compiledPages.indexOf(1, page)
    const gap = { first: compiledPages.lastIndexOf(1, page) + 1, end: behind < 0 ? compiledPages.length : behind }
    this.#gaps = [gap, ...this.#gaps.slice(0, GAPS - 1)]
    return gap
  }

  /** A page has compiled code from now on. */
  codeAdded(): void {
    this.#gaps = []
  }
}

/** The border of what is not watched, from the unwatched `page` on in steps of `step`. */
function reach(page: number, step: number, watched: (page: number) => boolean): number {
  let at = page
  for (let n = 0; n < WATCHED_REACH; n++) {
    const next = at + step
    if (next < 0 || next > 0xffffffff || watched(next)) break
    at = next
  }
  return step > 0 ? at + step : at
}
