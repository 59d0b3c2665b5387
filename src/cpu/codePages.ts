// Predecoded code. The interpreter fetches from 1 KB granules: the smallest page of the 440. Opcodes are kept per real
// page and checked against the word in RAM at every fetch, so nobody has to tell us of changed code; who tells us all
// the same, by icbi, is not told off.

import { opcodeOf } from '../isa/decode.ts'
import { CACHE_LINE, type CpuState, DECODED_BYTES, DECODED_WORDS, FETCH_ENTRIES, FetchWord } from './state.ts'

export const GRANULE = 1024
const WORDS = GRANULE / 4
const SLOTS = FETCH_ENTRIES

/** Opcode of a word somebody wants to look at before it executes: an armed exact IAC, a stop, an idle loop. */
export const OP_ATTEND = 0xffff

/** `b .`: the way bare-metal programs end, and the way they wait. */
export const BRANCH_TO_SELF = 0x48000000

export interface CodePage {
  /** Effective address of the granule. */
  readonly va: number
  /** Where it lies in `state.code`, bytes. */
  readonly offset: number
  /** Opcode per word, valid where `words` still equals RAM. */
  readonly ops: Uint16Array
  readonly words: Int32Array
  /** Word indices marked OP_ATTEND at this effective address; such a page has `ops` and `words` of its own. */
  readonly marks: ReadonlySet<number> | undefined
}

/** What is decoded of a granule. */
export interface DecodedGranule {
  readonly ops: Uint16Array
  readonly words: Int32Array
  /** Where it is in the linear memory, if it is there. */
  readonly place: number | undefined
}

/** The address of a granule of which nothing is known: none has it. */
const NO_GRANULE = 1

export class CodePages {
  readonly #state: CpuState
  readonly #byRealPage = new Map<number, DecodedGranule>()
  /** Granules by effective address, for each context: MSR[PR] and MSR[IS] decide what an address means. */
  readonly #contexts = [0, 1, 2, 3].map(() => new Array<CodePage | undefined>(SLOTS).fill(undefined))
  readonly #filled = new Set<number>()
  #slots = this.#contexts[0]!
  #context = 0
  /** Places in the linear memory that nothing is decoded in, and how many have ever been used. */
  readonly #free: number[] = []
  #places = 0

  constructor(state: CpuState) {
    this.#state = state
    this.#state.fetchEntries.fill(NO_GRANULE)
  }

  /** The granule of `pc` if it has been looked up since the last `flush`. */
  lookup(pc: number): CodePage | undefined {
    const page = this.#slots[(pc >>> 10) & (SLOTS - 1)]
    return page !== undefined && ((page.va ^ pc) & -GRANULE) === 0 ? page : undefined
  }

  /** Makes the granule of `pc`, which lies at `offset` of `code`, known. `marked`: addresses to attend to. */
  enter(pc: number, offset: number, code: DataView, marked: Iterable<number>): CodePage {
    const va = pc & -GRANULE
    const here = new Set<number>()
    for (const address of marked) if (((address ^ va) & -GRANULE) === 0) here.add((address & (GRANULE - 1)) >>> 2)
    const { ops, words, place } = here.size > 0 ? undecoded(offset, code) : this.#shared(offset, code)
    const page: CodePage = { va, offset, ops, words, marks: here.size > 0 ? here : undefined }
    const slot = (pc >>> 10) & (SLOTS - 1)
    this.#slots[slot] = page
    this.#filled.add(slot)
    const { fetchEntries } = this.#state
    const entry = entryOf(this.#context, slot)
    fetchEntries[entry + FetchWord.ADDRESS] = place === undefined ? NO_GRANULE : va
    fetchEntries[entry + FetchWord.CODE] = code.byteOffset + offset
    fetchEntries[entry + FetchWord.DECODED] = place ?? 0
    return page
  }

  /** What is known of the granule at `offset` of `code` wherever nothing is marked. */
  decoded(offset: number): DecodedGranule | undefined {
    return this.#byRealPage.get(offset)
  }

  /** Effective addresses mean something else now: translation, spaces or marks have changed. */
  flush(): void {
    for (const slot of this.#filled) this.#forgetSlot(slot)
    this.#filled.clear()
  }

  /** Forgets one granule, whatever its slot holds. */
  flushGranule(ea: number): void {
    this.#forgetSlot((ea >>> 10) & (SLOTS - 1))
  }

  #forgetSlot(slot: number): void {
    this.#contexts.forEach((slots, context) => {
      slots[slot] = undefined
      this.#state.fetchEntries[entryOf(context, slot)] = NO_GRANULE
    })
  }

  /** @param context 0 to 3, from MSR[PR] and MSR[IS] */
  enterContext(context: number): void {
    this.#context = context
    this.#slots = this.#contexts[context]!
  }

  /** The line at `offset` of `code` may change: what was decoded of it no longer says what ought to be there. */
  forgetLine(offset: number): void {
    const decoded = this.#byRealPage.get(offset & -GRANULE)
    const first = (offset & (GRANULE - CACHE_LINE)) >>> 2
    decoded?.ops.fill(OP_ATTEND, first, first + CACHE_LINE / 4)
    for (let i = first; i < first + CACHE_LINE / 4; i++) if (decoded !== undefined) decoded.words[i] = UNLIKELY
  }

  /** Nothing is known of [offset, offset + bytes) of `code` any more. Whoever calls this flushes. */
  forget(offset: number, bytes: number): void {
    for (let at = offset; at < offset + bytes; at += GRANULE) {
      const place = this.#byRealPage.get(at)?.place
      if (place !== undefined) this.#free.push(place)
      this.#byRealPage.delete(at)
    }
  }

  /** All code may change. */
  forgetAll(): void {
    this.#byRealPage.clear()
    this.#free.length = 0
    this.#places = 0
    this.flush()
  }

  #shared(offset: number, code: DataView): DecodedGranule {
    let decoded = this.#byRealPage.get(offset)
    if (decoded === undefined) this.#byRealPage.set(offset, (decoded = undecoded(offset, code, this.#place())))
    return decoded
  }

  /** Room in the linear memory, if there is some. */
  #place(): number | undefined {
    const free = this.#free.pop()
    if (free !== undefined) return free
    const { decoded } = this.#state
    if ((this.#places + 1) * DECODED_BYTES > decoded.length) return undefined
    return decoded.byteOffset + DECODED_BYTES * this.#places++
  }
}

/** A word that is no instruction, for places not decoded yet; where RAM has it, it is decoded as OP_ATTEND all the same. */
const UNLIKELY = 0x00deface

/** A granule in which no word equals RAM yet, so that each is decoded at its first fetch. */
const undecoded = (offset: number, code: DataView, place?: number): DecodedGranule => {
  const { buffer } = code
  const words = place === undefined ? new Int32Array(WORDS) : new Int32Array(buffer, place, WORDS)
  const ops = place === undefined ? new Uint16Array(WORDS) : new Uint16Array(buffer, place + DECODED_WORDS, WORDS)
  for (let i = 0; i < WORDS; i++) words[i] = ~code.getInt32(offset + 4 * i)
  return { ops: ops.fill(OP_ATTEND), words, place }
}

/** Where the entry of a slot begins in `CpuState.fetchEntries`. */
const entryOf = (context: number, slot: number): number => 4 * (context * SLOTS + slot)

/**
 * Little-endian code (TLB[E]) is executed one instruction at a time, from a granule in which that one is the last word
 * and every other wants attention: it is rare, and this way a changed word is seen at its next fetch here, too.
 */
export class LittleCode {
  readonly #ops = new Uint16Array(WORDS).fill(OP_ATTEND)
  readonly #words = new Int32Array(WORDS)

  /** @param offset where in `code` the granule is */
  page(pc: number, word: number, code: DataView, offset: number, attend: boolean): CodePage {
    code.setInt32(offset + GRANULE - 4, word)
    this.#words[WORDS - 1] = word
    this.#ops[WORDS - 1] = attend || word === BRANCH_TO_SELF ? OP_ATTEND : opcodeOf(word)
    const va = (pc - (GRANULE - 4)) | 0
    return { va, offset, ops: this.#ops, words: this.#words, marks: undefined }
  }
}

/** Decodes `word`, found at index `i` of `page`, and remembers it there. */
export function decodeAt(page: CodePage, i: number, word: number): number {
  const attend = word === BRANCH_TO_SELF || page.marks?.has(i)
  const op = attend ? OP_ATTEND : opcodeOf(word)
  page.words[i] = word
  page.ops[i] = op
  return op
}
