// Fetching instructions: from which granule of code the interpreter goes on, what it must stop and look at there, and
// what an instruction cache would still hold.

import { opcodeOf } from '../isa/decode.ts'
import { Ivor } from '../isa/interrupts.ts'
import { ESR_MCI, MSR_IS, MSR_PR, Spr } from '../isa/registers.ts'
import { hex, hex32 } from '../util/hex.ts'
import { type CodePage, CodePages, decodeAt, GRANULE, LittleCode, OP_ATTEND } from './codePages.ts'
import type { Cpu } from './cpu.ts'
import { noteSecondEntry } from './exec/tlb.ts'
import { noteInvalidForm } from './invalidForms.ts'
import { NO_STOPS, NONE, type Stops } from './request.ts'
import { Attention, CACHE_LINE, RAM_BASE, Word } from './state.ts'

/** A granule as a compiler reads it: `words` is what has been executed, where `ops` is not OP_ATTEND. */
export interface ExecutedGranule {
  /** In `state.code`, bytes. */
  readonly offset: number
  readonly ops: Uint16Array
  readonly words: Int32Array
}

/** Bytes of a page that goes back at once. */
const RESTORED = 4096

export class Fetch {
  readonly #cpu: Cpu
  readonly #pages: CodePages
  readonly #littleCode = new LittleCode()
  /** Addresses at which `run` returns before executing: steps and the like, which take no IAC. */
  #stops: readonly Stops[] = NO_STOPS
  #stopSet: ReadonlySet<number> = NONE
  /** The word that is KVM's software breakpoint, and the real addresses where fetch finds it instead of what RAM holds. */
  #trapWord: number | undefined
  readonly #traps = new Set<number>()
  /** Granules of which it has been said that their code changed. */
  readonly #toldOf = new Set<number>()
  readonly #scratch = { ops: new Uint16Array(GRANULE / 4), words: new Int32Array(GRANULE / 4) }
  /** Where what is in it was found last. */
  #unmarkedPc: number | undefined
  /** The next instruction executes with its events already dealt with: marks are not looked at. */
  pastMarks = false

  constructor(cpu: Cpu) {
    this.#cpu = cpu
    this.#pages = new CodePages(cpu.state)
  }

  // ---- for the run loop and the interpreter ------------------------------------------------------------------------

  /** The granule of code at `pc`, or null with the fetch's fault raised (ITLB miss, ISI, machine check). */
  page(pc: number): CodePage | null {
    const known = this.#pages.lookup(pc)
    if (known !== undefined) return this.pastMarks ? this.#unmarked(pc, known.offset) : known
    const { mmu, state } = this.#cpu
    const translation = mmu.translate(pc, 'fetch')
    if (translation.kind !== 'hit') {
      // An IAC or a stop at an address that is not mapped still comes first.
      if (!this.pastMarks && this.#marks.includes(pc)) state.words[Word.ATTENTION] |= Attention.IAC
      else if (translation.kind === 'miss') this.#cpu.raise(Ivor.INSTRUCTION_TLB_ERROR)
      else this.#cpu.raise(Ivor.INSTRUCTION_STORAGE, 0)
      return null
    }
    noteSecondEntry(this.#cpu, pc, translation.entry, mmu.alsoMaps(pc, 'fetch', translation.entry))
    const granule = translation.real - (translation.real % GRANULE)
    if (granule + GRANULE > state.ram.byteLength) return this.#fetchError(translation.real)
    this.#fillLines(granule)
    const marks = this.pastMarks ? [] : [...this.#marks, ...this.#trapsIn(pc, granule)]
    if (translation.littleEndian) {
      const word = state.code.getInt32(RAM_BASE + translation.real, true)
      noteInvalidForm(this.#cpu, word, pc)
      return this.#littleCode.page(pc, word, state.code, state.littleCode, marks.includes(pc))
    }
    if (this.pastMarks) return this.#unmarked(pc, RAM_BASE + granule)
    return this.#pages.enter(pc, RAM_BASE + granule, state.code, marks)
  }

  /** The opcode of `word`, which is at index `i` of `page` and was not there when it was last looked at. */
  decodeAt(page: CodePage, i: number, word: number): number {
    if (page.ops[i] !== OP_ATTEND) this.#changedCode(page, i)
    noteInvalidForm(this.#cpu, word, (page.va + 4 * i) | 0)
    return decodeAt(page, i, word)
  }

  /** Whether `run` is asked to return before the instruction at `pc`. */
  stopsAt(pc: number): boolean {
    if (!this.#stopSet.has(pc)) return false
    const sp = this.#cpu.state.gpr[1] >>> 0
    return this.#stops.some(stops => sp >= (stops.sp ?? 0) && stops.addresses.includes(pc >>> 0))
  }

  /** Whether the instruction at `pc` is a software breakpoint, by the word there or by what is planted over it. */
  trapsAt(pc: number): boolean {
    return this.#traps.size > 0 && this.#traps.has(this.#address(pc)?.real ?? -1)
  }

  /** Whether the illegal instruction at `pc` is the one that stands for a breakpoint. */
  isTrapWord(pc: number): boolean {
    return this.#trapWord !== undefined && this.peek(pc) === this.#trapWord
  }

  /** The instruction at `pc` as a fetch would find it, in the instruction cache or in RAM; undefined where it would not. */
  peek(pc: number): number | undefined {
    const { code, lines, ram } = this.#cpu.state
    const known = this.#pages.lookup(pc)
    if (known !== undefined) return code.getInt32(known.offset + (pc & (GRANULE - 1)))
    const found = this.#address(pc)
    if (found === undefined) return undefined
    const cached = lines.length > 0 && lines[found.real >>> 5] === 1
    return cached
      ? code.getInt32(RAM_BASE + found.real, found.littleEndian)
      : ram.getInt32(found.real, found.littleEndian)
  }

  /** Where in RAM the instruction at `pc` would be fetched from, if it could be. */
  #address(pc: number): { readonly real: number; readonly littleEndian: boolean } | undefined {
    const translation = this.#cpu.mmu.translate(pc, 'fetch')
    if (translation.kind !== 'hit' || translation.real + 4 > this.#cpu.state.ram.byteLength) return undefined
    return translation
  }

  /**
   * Where in RAM the granule of `pc` lies, and what of it has been executed, if a compiler may look at it: there is
   * nothing to attend to in it, and its code is in big-endian order. Nothing changes by asking.
   */
  executedGranule(pc: number): ExecutedGranule | undefined {
    const va = pc & -GRANULE
    const known = this.#pages.lookup(pc)
    if (known !== undefined && known.va !== va) return undefined
    const offset = known?.offset ?? this.#offsetOf(va)
    if (offset === undefined || known?.marks !== undefined) return undefined
    if (this.#marks.some(mark => ((mark ^ va) & -GRANULE) === 0)) return undefined
    if (this.#trapsIn(va, offset - RAM_BASE).length > 0) return undefined
    const decoded = this.#pages.decoded(offset)
    return decoded && { ...decoded, offset }
  }

  #offsetOf(va: number): number | undefined {
    const found = this.#address(va)
    return found === undefined || found.littleEndian ? undefined : RAM_BASE + found.real
  }

  // ---- what it has to look out for ---------------------------------------------------------------------------------

  /** What a request asks to stop at. The same as before costs nothing: the marks stand. */
  setStops(stops: readonly Stops[]): void {
    if (stops.length === this.#stops.length && stops.every((each, n) => each === this.#stops[n])) return
    this.#stops = stops
    this.#stopSet = new Set(stops.flatMap(({ addresses }) => addresses.map(address => address | 0)))
    this.flush()
  }

  /**
   * From now on the instruction `word`, which must be an illegal one, leaves `run` before the Program interrupt it would
   * raise; and fetch finds it at the real addresses `planted`, where loads and stores still find RAM as it is.
   */
  setTraps(word: number | undefined, planted: Iterable<number>): void {
    this.#trapWord = word
    this.#traps.clear()
    for (const real of planted) this.#traps.add(real)
    this.flush()
  }

  /** Addresses that must be looked at before they execute. */
  get #marks(): readonly number[] {
    return [...this.#cpu.debug.exactIacs, ...this.#stopSet]
  }

  /** Effective addresses of the trap words in the granule of `pc`, which lies at `offset` of RAM. */
  #trapsIn(pc: number, offset: number): number[] {
    const here = [...this.#traps].filter(real => real >= offset && real < offset + GRANULE)
    return here.map(real => (pc & -GRANULE) + (real - offset))
  }

  /** A page good for the one instruction at `pc`, whose marks have been dealt with. */
  #unmarked(pc: number, offset: number): CodePage {
    const { ops, words } = this.#scratch
    const i = (pc & (GRANULE - 1)) >>> 2
    const word = this.#cpu.state.code.getInt32(offset + 4 * i)
    if (words[i] !== word || this.#unmarkedPc !== pc) {
      noteInvalidForm(this.#cpu, word, pc)
      words[i] = word
      ops[i] = opcodeOf(word)
      this.#unmarkedPc = pc
    }
    return { ops, words, va: pc & -GRANULE, offset, marks: undefined }
  }

  // ---- when what was found may be different now --------------------------------------------------------------------

  /** Effective addresses mean something else: translation, comparators. */
  flush(): void {
    this.#pages.flush()
    this.#cpu.engine.translationChanged()
  }

  flushGranule(ea: number): void {
    this.#pages.flushGranule(ea)
    this.#cpu.engine.granuleChanged(ea)
  }

  /** Nothing derived from RAM and TLB is good any more. */
  forgetAll(): void {
    this.#pages.forgetAll()
    this.#cpu.engine.forgetAll()
  }

  /** Code in `pages` of 4 KB of RAM is what it once was. Nobody is told that it has changed. */
  restored(pages: readonly number[]): void {
    // What the instruction cache holds went back with everything else.
    if (this.#cpu.state.lines.length > 0) return this.forgetAll()
    for (const page of pages) {
      this.#pages.forget(RAM_BASE + page * RESTORED, RESTORED)
      this.#cpu.engine.codeChanged(page * RESTORED, RESTORED)
    }
    this.flush()
  }

  /** @param msr PR and IS decide what an address means */
  enterContext(msr: number): void {
    this.#pages.enterContext(((msr & MSR_PR) !== 0 ? 1 : 0) | ((msr & MSR_IS) !== 0 ? 2 : 0))
  }

  /** icbi of the line at `real`; a debugger or a kernel outside the guest has written there. */
  codeChanged(real: number, bytes = CACHE_LINE): void {
    const { lines, words } = this.#cpu.state
    this.#cpu.engine.codeChanged(real & -CACHE_LINE, bytes + (real & (CACHE_LINE - 1)))
    for (let at = real & -CACHE_LINE; at < real + bytes; at += CACHE_LINE) {
      this.#pages.forgetLine(RAM_BASE + at)
      if (lines.length > 0) lines[at / CACHE_LINE] = 0
    }
    if (lines.length === 0) return
    this.#touchLines()
    // The lines are filled again when their granules are entered.
    this.flush()
    words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** iccci: the whole instruction cache is invalidated. */
  invalidate(): void {
    const { lines, words } = this.#cpu.state
    lines.fill(0)
    this.#touchLines()
    this.forgetAll()
    words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** Before code of a granule is executed: the lines of it that the instruction cache does not hold. */
  #fillLines(granule: number): void {
    const { lines, ram, code } = this.#cpu.state
    if (lines.length === 0) return
    this.#touchLines()
    for (let line = granule; line < granule + GRANULE; line += CACHE_LINE) {
      if (lines[line / CACHE_LINE] === 1) continue
      lines[line / CACHE_LINE] = 1
      this.#cpu.state.touch(ram.byteLength + line, CACHE_LINE)
      for (let at = line; at < line + CACHE_LINE; at += 4) code.setInt32(RAM_BASE + at, ram.getInt32(at))
    }
  }

  #touchLines(): void {
    const { state } = this.#cpu
    state.touch(state.lines.byteOffset - RAM_BASE, state.lines.length)
  }

  // ---- what is wrong with the code ---------------------------------------------------------------------------------

  /** An Instruction Synchronous Machine Check: ESR tells of it, whatever MSR[ME] is, and MCSR does not (p.178-180). */
  #fetchError(real: number): null {
    this.#cpu.state.spr[Spr.ESR] = ESR_MCI
    this.#cpu.diagnoseOnce(
      `instruction fetch from real address ${hex(this.#cpu.state.real.realOf(real), 9)}, where there is no memory`,
    )
    this.#cpu.raise(Ivor.MACHINE_CHECK)
    return null
  }

  /** The caches of the part would still hold the old instruction: a fault that shows on the board only. */
  #changedCode({ va, offset }: CodePage, i: number): void {
    if (this.#toldOf.has(offset)) return
    this.#toldOf.add(offset)
    const ea = hex32(va + 4 * i)
    this.#cpu.diagnose(
      `the instruction at ${ea} has changed since it was last executed, without icbi: the part may not notice`,
    )
  }
}
