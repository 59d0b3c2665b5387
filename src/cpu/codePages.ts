// Predecoded code. The interpreter fetches from 1 KB granules: the smallest page of the 440. Opcodes are kept per real
// page and checked against the word in RAM at every fetch, so nobody has to tell us of changed code; who tells us all
// the same, by icbi, is not told off.

import { opcodeOf } from '../isa/decode.ts'
import { CACHE_LINE } from './state.ts'

export const GRANULE = 1024
const WORDS = GRANULE / 4
const SLOTS = 1024

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

export class CodePages {
  readonly #byRealPage = new Map<number, { ops: Uint16Array; words: Int32Array }>()
  /** Granules by effective address, for each context: MSR[PR] and MSR[IS] decide what an address means. */
  readonly #contexts = [0, 1, 2, 3].map(() => new Array<CodePage | undefined>(SLOTS).fill(undefined))
  readonly #filled = new Set<number>()
  #slots = this.#contexts[0]!

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
    const decoded = here.size > 0 ? undecoded(offset, code) : this.#shared(offset, code)
    const page: CodePage = { va, offset, ...decoded, marks: here.size > 0 ? here : undefined }
    const slot = (pc >>> 10) & (SLOTS - 1)
    this.#slots[slot] = page
    this.#filled.add(slot)
    return page
  }

  /** What is known of the granule at `offset` of `code` wherever nothing is marked. */
  decoded(offset: number): { readonly ops: Uint16Array; readonly words: Int32Array } | undefined {
    return this.#byRealPage.get(offset)
  }

  /** Effective addresses mean something else now: translation, spaces or marks have changed. */
  flush(): void {
    for (const slot of this.#filled) for (const slots of this.#contexts) slots[slot] = undefined
    this.#filled.clear()
  }

  /** Forgets one granule, whatever its slot holds. */
  flushGranule(ea: number): void {
    for (const slots of this.#contexts) slots[(ea >>> 10) & (SLOTS - 1)] = undefined
  }

  /** @param context 0 to 3, from MSR[PR] and MSR[IS] */
  enterContext(context: number): void {
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
    for (let at = offset; at < offset + bytes; at += GRANULE) this.#byRealPage.delete(at)
  }

  /** All code may change. */
  forgetAll(): void {
    this.#byRealPage.clear()
    this.flush()
  }

  #shared(offset: number, code: DataView): { ops: Uint16Array; words: Int32Array } {
    let decoded = this.#byRealPage.get(offset)
    if (decoded === undefined) this.#byRealPage.set(offset, (decoded = undecoded(offset, code)))
    return decoded
  }
}

/** A word that is no instruction, for places not decoded yet; where RAM has it, it is decoded as OP_ATTEND all the same. */
const UNLIKELY = 0x00deface

/** A granule in which no word equals RAM yet, so that each is decoded at its first fetch. */
const undecoded = (offset: number, code: DataView): { ops: Uint16Array; words: Int32Array } => {
  const words = new Int32Array(WORDS)
  for (let i = 0; i < WORDS; i++) words[i] = ~code.getInt32(offset + 4 * i)
  return { ops: new Uint16Array(WORDS).fill(OP_ATTEND), words }
}

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
