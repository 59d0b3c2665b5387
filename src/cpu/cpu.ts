// The core: state, the parts that give it meaning, and the run loop. What the interpreter calls is at the end.

import type { Bus, DcrSpace } from '../bus/bus.ts'
import { opcodeOf } from '../isa/decode.ts'
import { Ivor } from '../isa/interrupts.ts'
import {
  ESR_MCI,
  ESR_PTR,
  MCSR_DRB,
  MCSR_DWB,
  MCSR_IB,
  MCSR_MCS,
  MSR,
  MSR_CE,
  MSR_DS,
  MSR_EE,
  MSR_IS,
  MSR_ME,
  MSR_PR,
  MSR_WE,
  Spr,
  TCR_DIE,
  TCR_FIE,
  TCR_WIE,
  TCR_WRC,
} from '../isa/registers.ts'
import { hex, hex32 } from '../util/hex.ts'
import * as cache from './cache.ts'
import { BRANCH_TO_SELF, type CodePage, CodePages, decodeAt, GRANULE, LittleCode, OP_ATTEND } from './codePages.ts'
import { DebugFacility, type Outcome } from './debug.ts'
import { DebugTrace } from './debugTrace.ts'
import type { CpuExit, Diagnostic } from './exits.ts'
import { inspect } from './inspect.ts'
import { interpret } from './interpreter.generated.ts'
import {
  enterInterrupt,
  type Fault,
  type InterruptLines,
  isCritical,
  noteCause,
  pendingInterrupt,
} from './interrupts.ts'
import { slowRead, slowWrite } from './memory.ts'
import { Mmu } from './mmu.ts'
import { readSpr, writeSpr } from './spr.ts'
import { Attention, CACHE_LINE, Clock, CpuState, Hw, RAM_BASE, Word } from './state.ts'
import { Timers } from './timers.ts'
import * as tlb from './tlbInsns.ts'

export interface CpuOptions {
  /** Bytes of RAM from real address 0. */
  readonly ramSize: number
  readonly bus: Bus
  readonly dcr: DcrSpace
  /** Processor version register. */
  readonly pvr: number
  /** The 440EP has a floating-point unit, most other 440s have none. */
  readonly fpu: boolean
  /** There is no kernel in the guest: an interrupt other than Debug ends `run` with PC and MSR as they are. */
  readonly hosted?: boolean
  /** Changed code is seen only after icbi or iccci, as on the part, and not at its next fetch. */
  readonly cached?: boolean
}

/** `Fault.ivor` of a precise debug event: nothing is taken for it, DBSR already says all. */
const DEBUG_EVENT = -1
/** MSR bits that decide what an address means. */
const CONTEXT = MSR_PR | MSR_IS | MSR_DS
/** Up to this many bytes of translation are forgotten page by page. */
const FEW_PAGES = 64 * 1024
/** What marks of code pages and entries of the soft TLB depend on. */
const COMPARATORS = [Hw.DBCR0, Hw.DBCR1, Hw.DBCR2, Hw.IAC1, Hw.IAC2, Hw.IAC3, Hw.IAC4, Hw.DAC1, Hw.DAC2]
/** In `Word.RESET`. */
const BY_WATCHDOG = 4
/** Interrupts in a row, with no instruction in between, that mean nothing will ever run again. */
const STORM = 64

const BUDGET: CpuExit = { kind: 'budget' }

export class Cpu {
  readonly state: CpuState
  readonly bus: Bus
  readonly dcr: DcrSpace
  readonly fpu: boolean
  /** See `CpuOptions.hosted`. */
  readonly hosted: boolean
  readonly mmu: Mmu
  readonly debug: DebugFacility
  readonly timers: Timers
  /** Interrupt inputs of the core, driven by the board; call `inputsChanged` after changing one. */
  readonly lines: InterruptLines = { external: false, critical: false, possible: false }
  /** Addresses at which `run` returns before executing: steps and the like, which take no IAC. */
  readonly #stops = new Set<number>()
  /** The word that is KVM's software breakpoint, and the real addresses where fetch finds it instead of what RAM holds. */
  #trapWord: number | undefined
  readonly #traps = new Set<number>()
  /** IVOR numbers after whose interrupt `run` returns. */
  readonly interruptStops = new Set<number>()
  /** Filled by the core, emptied by whoever shows them. */
  readonly diagnostics: Diagnostic[] = []

  readonly #codePages = new CodePages()
  readonly #littleCode = new LittleCode()
  /** Granules of which it has been said that their code changed. */
  readonly #toldOf = new Set<number>()
  readonly #fault: Fault = { ivor: 0, esr: undefined, dear: undefined }
  readonly #scratch: CodePage
  /** The debug registers that the code pages and the soft TLB were entered under. */
  readonly #comparators = new Int32Array(16)
  /** The next instruction executes with its events already dealt with: marks are not looked at. */
  #careful = false
  /** Instructions this `run` may still execute, and those of the `interpret` call under way. */
  #left = 0
  #slice = 0
  #interruptsInARow = 0
  /** What happened first in this `run`: an address in `stops` only counts after something did. */
  #moved = false

  constructor(options: CpuOptions) {
    this.state = new CpuState(options.ramSize, options.cached)
    this.bus = options.bus
    this.dcr = options.dcr
    this.fpu = options.fpu
    this.hosted = options.hosted === true
    this.mmu = new Mmu(this.state)
    this.debug = new DebugFacility(this.state)
    this.timers = new Timers(this.state)
    this.state.spr[Spr.PVR] = options.pvr
    this.#scratch = {
      va: 0,
      offset: 0,
      ops: new Uint16Array(GRANULE / 4),
      words: new Int32Array(GRANULE / 4),
      marks: undefined,
    }
    this.timers.schedule(0)
  }

  get pc(): number {
    return this.state.words[Word.PC]
  }

  set pc(value: number) {
    this.state.words[Word.PC] = value & ~3
  }

  /** Cycles since reset, exact at any moment the interpreter calls out. */
  get now(): number {
    const { clock, words } = this.state
    return clock[Clock.CYCLES] + (this.#slice === 0 ? 0 : this.#slice - words[Word.LEFT])
  }

  /** Instructions retired since reset. */
  get retired(): number {
    const { clock, words } = this.state
    return clock[Clock.RETIRED] + (this.#slice === 0 ? 0 : this.#slice - words[Word.LEFT])
  }

  // ---- running ----------------------------------------------------------------------------------------------------

  /** Lets `cycles` pass in which nothing executes: a hosted program sleeps. */
  skip(cycles: number): void {
    this.state.clock[Clock.CYCLES] += cycles
  }

  /** Executes exactly `budget` instructions, or fewer when something happens that the caller must know. */
  run(budget: number): CpuExit {
    const { words, clock } = this.state
    this.#left = budget
    this.#moved = false
    this.#interruptsInARow = 0
    words[Word.ATTENTION] |= Attention.INTERRUPT
    for (;;) {
      if (words[Word.ATTENTION] !== 0) {
        const exit = this.#attend()
        if (exit !== undefined) return exit
      } else if (this.#left <= 0) {
        return BUDGET
      } else {
        this.#execute(Math.min(this.#left, this.timers.deadline - clock[Clock.CYCLES]))
      }
      if (clock[Clock.CYCLES] >= this.timers.deadline) this.#tick()
    }
  }

  /** Makes `run` return after the current instruction; may be called by devices. */
  requestStop(): void {
    this.state.words[Word.ATTENTION] |= Attention.STOP
  }

  /** The addresses at which `run` returns before executing the instruction there. */
  setStops(addresses: Iterable<number>): void {
    this.#stops.clear()
    for (const address of addresses) this.#stops.add(address | 0)
    this.#codePages.flush()
  }

  /**
   * From now on the instruction `word`, which must be an illegal one, leaves `run` before the Program interrupt it would
   * raise; and fetch finds it at the real addresses `planted`, where loads and stores still find RAM as it is.
   */
  setTraps(word: number | undefined, planted: Iterable<number>): void {
    this.#trapWord = word
    this.#traps.clear()
    for (const real of planted) this.#traps.add(real)
    this.#codePages.flush()
  }

  /** The unconditional debug event: what a JTAG probe asks for, and KVM's way to get the guest's attention (p.237). */
  requestUnconditionalEvent(): void {
    this.#apply(this.debug.unconditional())
  }

  /** Something outside changed `lines`. */
  inputsChanged(): void {
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** State was written from outside (a debugger, a snapshot, KVM): everything derived from it is derived again. */
  stateChanged(): void {
    this.mmu.reset()
    this.#codePages.forgetAll()
    this.#enterContext()
    this.debugChanged()
    this.timers.schedule(this.now)
  }

  #execute(instructions: number): number {
    if (instructions <= 0) return 0
    const { words } = this.state
    this.#slice = instructions
    words[Word.LEFT] = instructions
    const retired = interpret(this, instructions)
    this.#slice = 0
    this.#account(retired)
    return retired
  }

  #account(retired: number): void {
    if (retired === 0) return
    const { clock } = this.state
    clock[Clock.CYCLES] += retired
    clock[Clock.RETIRED] += retired
    this.#left -= retired
    this.#moved = true
    this.#interruptsInARow = 0
  }

  #tick(): void {
    const { words } = this.state
    const reset = this.timers.advance(this.state.clock[Clock.CYCLES])
    if (reset !== 0) this.reset(reset, 'watchdog')
    words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** Something needs looking at before the next instruction. One thing at a time, most urgent first (p.201). */
  #attend(): CpuExit | undefined {
    const { words, spr } = this.state
    const attention = words[Word.ATTENTION]
    if ((attention & Attention.FAULT) !== 0) {
      words[Word.ATTENTION] &= ~Attention.FAULT
      if (this.#trapped()) return { kind: 'softBreakpoint' }
      if (this.#fault.ivor !== DEBUG_EVENT) return this.#interrupt(this.#fault.ivor, this.#fault)
    }
    if ((attention & Attention.SYSCALL) !== 0) {
      words[Word.ATTENTION] &= ~Attention.SYSCALL
      return this.#interrupt(Ivor.SYSTEM_CALL)
    }
    if ((attention & Attention.RESET) !== 0) {
      words[Word.ATTENTION] &= ~Attention.RESET
      return {
        kind: 'reset',
        type: words[Word.RESET] & 3,
        cause: words[Word.RESET] < BY_WATCHDOG ? 'DBCR0' : 'watchdog',
      }
    }
    if ((attention & Attention.STOPPED) !== 0) {
      words[Word.ATTENTION] &= ~Attention.STOPPED
      return { kind: 'stopState' }
    }
    if ((attention & Attention.STOP) !== 0) {
      words[Word.ATTENTION] &= ~Attention.STOP
      return { kind: 'requested' }
    }
    if ((spr[Spr.MCSR] & MCSR_MCS) !== 0 && (words[Word.MSR] & MSR_ME) !== 0) return this.#interrupt(Ivor.MACHINE_CHECK)
    if (this.debug.pending)
      return this.state.hw[Hw.OWNED] !== 0 ? { kind: 'debugInterrupt' } : this.#interrupt(Ivor.DEBUG)
    const next = pendingInterrupt(this.state, this.lines)
    if (next >= 0) return this.#interrupt(next)
    words[Word.ATTENTION] &= ~Attention.INTERRUPT
    if ((words[Word.MSR] & MSR_WE) !== 0) return this.#wait()
    return (words[Word.ATTENTION] & (Attention.IAC | Attention.DEBUG)) !== 0 ? this.#step() : undefined
  }

  /** The fault at hand is the illegal instruction that stands for a breakpoint. */
  #trapped(): boolean {
    if (this.#trapWord === undefined || this.#fault.ivor !== Ivor.PROGRAM) return false
    return this.peekInstruction(this.pc) === this.#trapWord
  }

  #interrupt(ivor: number, fault?: Fault): CpuExit | undefined {
    const { words } = this.state
    const from = words[Word.PC]
    const before = words[Word.MSR]
    if (++this.#interruptsInARow > STORM) return { kind: 'stuck', ivor }
    if (this.hosted && ivor !== Ivor.DEBUG) {
      noteCause(this.state, ivor, fault)
      return { kind: 'kernel', ivor, from }
    }
    if (ivor === Ivor.DEBUG) this.debug.trace?.note('interrupt', this.state.hw[Hw.DBSR], this.state.hw[Hw.DBSR])
    enterInterrupt(this.state, ivor, from, fault)
    this.#synchronised()
    this.#msrChanged(before)
    this.#moved = true
    if (ivor !== Ivor.DEBUG) this.#apply(this.debug.interruptTaken(isCritical(ivor)))
    words[Word.ATTENTION] |= Attention.INTERRUPT
    return this.interruptStops.has(ivor) ? { kind: 'interrupt', ivor, from } : undefined
  }

  /** MSR[WE]: time jumps to the next timer event; if none can wake the core, it is idle for good. */
  #wait(): CpuExit | undefined {
    const { words, clock } = this.state
    words[Word.ATTENTION] |= Attention.INTERRUPT
    if (!this.#canWake()) return { kind: 'idle', how: 'wait', waitsForInput: this.#inputCanWake }
    clock[Clock.CYCLES] = Math.max(clock[Clock.CYCLES], this.timers.deadline)
    this.#moved = true
    return undefined
  }

  /** Whether a timer could still interrupt or reset, with MSR and TCR as they are. */
  #canWake(): boolean {
    const { words, spr } = this.state
    const msr = words[Word.MSR]
    const tcr = spr[Spr.TCR]
    if (this.timers.deadline === Number.POSITIVE_INFINITY) return false
    if ((tcr & TCR_WRC) !== 0) return true
    if ((msr & MSR_EE) !== 0 && (tcr & TCR_FIE) !== 0) return true
    if ((msr & MSR_EE) !== 0 && (tcr & TCR_DIE) !== 0 && this.timers.decrementerRuns) return true
    return (msr & MSR_CE) !== 0 && (tcr & TCR_WIE) !== 0
  }

  get #inputCanWake(): boolean {
    return this.lines.possible && (this.state.words[Word.MSR] & (MSR_EE | MSR_CE)) !== 0
  }

  /**
   * One instruction with every debug event asked about: IAC before it is fetched, BRT, TRAP and RET before it executes,
   * ICMP after it completed (DE and the enables are those from before, D3).
   */
  #step(): CpuExit | undefined {
    const { words } = this.state
    if (this.#left <= 0) return BUDGET
    words[Word.ATTENTION] &= ~Attention.IAC
    const pc = words[Word.PC]
    if (this.#moved && this.#stops.has(pc)) return { kind: 'stopAddress' }
    if (!this.#apply(this.debug.instructionAddress(pc))) return undefined
    if (this.#traps.size > 0 && this.#traps.has(this.#fetchAddress(pc)?.real ?? -1)) return { kind: 'softBreakpoint' }
    const word = this.peekInstruction(pc)
    if (word !== undefined && !this.#apply(this.#prospect(word))) return undefined
    if (word === BRANCH_TO_SELF && (words[Word.ATTENTION] & Attention.DEBUG) === 0) return this.#idle()
    const armed = this.debug.completionArmed
    // Attention is off for this one instruction; what it raises itself is kept.
    const sticky = words[Word.ATTENTION]
    words[Word.ATTENTION] = 0
    this.#careful = true
    const retired = this.#execute(1)
    this.#careful = false
    words[Word.ATTENTION] |= sticky & Attention.STOP
    this.#armDebug()
    if (retired === 1 && armed) this.#apply(this.debug.completed())
    return undefined
  }

  #prospect(word: number): Outcome {
    const { words } = this.state
    const prospect = inspect(this.state, word)
    switch (prospect) {
      case 'branch':
        return this.debug.branchTaken()
      case 'trap':
        return this.debug.trap()
      case 'rfi':
      case 'rfci':
      case 'rfmci':
        // The privileged check comes before RET (D13).
        return (words[Word.MSR] & MSR_PR) !== 0 ? 'continue' : this.debug.returning(prospect === 'rfi')
      case 'other':
        return 'continue'
    }
  }

  /** `b .`: every iteration is like the last, so they are counted, not executed. */
  #idle(): CpuExit | undefined {
    if (!this.#canWake()) return { kind: 'idle', how: 'branch', waitsForInput: this.#inputCanWake }
    this.#account(Math.min(this.#left, Math.max(1, this.timers.deadline - this.state.clock[Clock.CYCLES])))
    return undefined
  }

  /** @returns true: go on with the instruction. */
  #apply(outcome: Outcome): boolean {
    if (outcome === 'stop') this.state.words[Word.ATTENTION] |= Attention.STOPPED
    if (this.debug.pending || outcome !== 'continue') this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
    this.timers.setFrozen(this.now, this.debug.timersFrozen)
    return outcome === 'continue'
  }

  /** The instruction at `pc` as a fetch would find it in RAM; undefined where it would not be found. */
  peekInstruction(pc: number): number | undefined {
    const found = this.#fetchAddress(pc)
    return found && this.state.ram.getInt32(found.real, found.littleEndian)
  }

  /** Where in RAM the instruction at `pc` would be fetched from, if it could be. */
  #fetchAddress(pc: number): { readonly real: number; readonly littleEndian: boolean } | undefined {
    const translation = this.mmu.translate(pc, 'fetch')
    if (translation.kind !== 'hit' || translation.real + 4 > this.state.ram.byteLength) return undefined
    return translation
  }

  // ---- changes of state that reach further than their register -------------------------------------------------------

  setMsr(value: number): void {
    const { words } = this.state
    const before = words[Word.MSR]
    words[Word.MSR] = value & MSR.defined
    this.#msrChanged(before)
  }

  #msrChanged(before: number): void {
    const { words } = this.state
    const changed = before ^ words[Word.MSR]
    if ((changed & CONTEXT) !== 0) this.#enterContext()
    if ((changed & (words[Word.MSR] | CONTEXT)) !== 0) words[Word.ATTENTION] |= Attention.INTERRUPT
    this.#armDebug()
  }

  #enterContext(): void {
    const msr = this.state.words[Word.MSR]
    this.mmu.enterContext()
    this.#codePages.enterContext(((msr & MSR_PR) !== 0 ? 1 : 0) | ((msr & MSR_IS) !== 0 ? 2 : 0))
  }

  /** Every translation may have changed: PID, CCR0. The present page of code is looked up again, too. */
  translationChanged(): void {
    this.mmu.flush()
    this.#codePages.flush()
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** The translation of [start, start + bytes) changed: tlbwe. */
  mappingChanged(start: number, bytes: number): void {
    if (bytes > FEW_PAGES) return this.translationChanged()
    for (let at = 0; at < bytes; at += GRANULE) {
      this.mmu.flushPage(start + at)
      this.#codePages.flushGranule(start + at)
    }
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** A hardware debug register changed, or may have. */
  debugChanged(): void {
    if (this.#comparatorsChanged()) {
      this.mmu.flush()
      this.#codePages.flush()
    }
    this.#armDebug()
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
    this.timers.setFrozen(this.now, this.debug.timersFrozen)
  }

  /** Records what the debug facility does from now on, in at most `limit` entries. */
  traceDebug(limit = 4096): DebugTrace {
    return (this.debug.trace = new DebugTrace(() => ({ insn: this.retired, pc: this.pc }), limit))
  }

  /** Whether the comparators are set otherwise than when the pages were entered; KVM's swap mostly leaves them alone. */
  #comparatorsChanged(): boolean {
    const { hw } = this.state
    let changed = false
    for (const n of COMPARATORS) {
      if (this.#comparators[n] === hw[n]) continue
      this.#comparators[n] = hw[n]
      changed = true
    }
    return changed
  }

  #armDebug(): void {
    const { words } = this.state
    if (this.debug.wantsEveryInstruction) words[Word.ATTENTION] |= Attention.DEBUG
    else words[Word.ATTENTION] &= ~Attention.DEBUG
  }

  /** A timer register changed. */
  timersChanged(): void {
    this.timers.schedule(this.now)
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** DBCR0[RST] or the watchdog asks for a reset; `run` returns and the machine decides what it means. */
  reset(type: number, cause: 'DBCR0' | 'watchdog'): void {
    this.state.words[Word.RESET] = cause === 'watchdog' ? type | BY_WATCHDOG : type
    this.state.words[Word.ATTENTION] |= Attention.RESET
  }

  /** Something a programmer wants to know and no register tells. Bounded: the newest thousand are kept. */
  diagnose(text: string): void {
    if (this.diagnostics.length >= 1000) this.diagnostics.shift()
    this.diagnostics.push({ at: this.retired, pc: this.pc, text })
  }

  // ---- what the interpreter calls ------------------------------------------------------------------------------------

  /** The granule of code at `pc`, or null with the fetch's fault raised (ITLB miss, ISI, machine check). */
  fetch(pc: number): CodePage | null {
    if (!this.#careful) {
      const known = this.#codePages.lookup(pc)
      if (known !== undefined) return known
    }
    const { ram, code } = this.state
    const translation = this.mmu.translate(pc, 'fetch')
    if (translation.kind !== 'hit') {
      // An IAC or a stop at an address that is not mapped still comes first.
      if (!this.#careful && this.#marks.includes(pc)) this.state.words[Word.ATTENTION] |= Attention.IAC
      else if (translation.kind === 'miss') this.raise(Ivor.INSTRUCTION_TLB_ERROR)
      else this.raise(Ivor.INSTRUCTION_STORAGE, 0)
      return null
    }
    const granule = translation.real - (translation.real % GRANULE)
    if (granule + GRANULE > ram.byteLength) return this.#fetchError(translation.real)
    const marks = this.#careful ? [] : [...this.#marks, ...this.#trapsIn(pc, granule)]
    if (translation.littleEndian) {
      const word = ram.getInt32(translation.real, true)
      return this.#littleCode.page(pc, word, code, this.state.littleCode, marks.includes(pc))
    }
    this.#fillLines(granule)
    if (this.#careful) return this.#unmarked(pc, RAM_BASE + granule)
    return this.#codePages.enter(pc, RAM_BASE + granule, code, marks)
  }

  /** Addresses that must be looked at before they execute. */
  get #marks(): readonly number[] {
    return [...this.debug.exactIacs, ...this.#stops]
  }

  /** Effective addresses of the trap words in the granule of `pc`, which lies at `offset` of RAM. */
  #trapsIn(pc: number, offset: number): number[] {
    const here = [...this.#traps].filter(real => real >= offset && real < offset + GRANULE)
    return here.map(real => (pc & -GRANULE) + (real - offset))
  }

  /** A page good for the one instruction at `pc`, whose marks have been dealt with. */
  #unmarked(pc: number, offset: number): CodePage {
    const i = (pc & (GRANULE - 1)) >>> 2
    const word = this.state.code.getInt32(offset + 4 * i)
    this.#scratch.words[i] = word
    this.#scratch.ops[i] = opcodeOf(word)
    return { ...this.#scratch, va: pc & -GRANULE, offset }
  }

  #fetchError(real: number): null {
    const { spr } = this.state
    spr[Spr.MCSR] |= MCSR_IB
    spr[Spr.ESR] |= ESR_MCI
    this.diagnose(`instruction fetch from real address ${hex(real, 9)}, where there is no memory`)
    this.raise(Ivor.MACHINE_CHECK)
    return null
  }

  decodeAt(page: CodePage, i: number, word: number): number {
    if (page.ops[i] !== OP_ATTEND) this.#changedCode(page, i)
    return decodeAt(page, i, word)
  }

  /** The caches of the part would still hold the old instruction: a fault that shows on the board only. */
  #changedCode({ va, offset }: CodePage, i: number): void {
    if (this.#toldOf.has(offset)) return
    this.#toldOf.add(offset)
    const ea = hex32(va + 4 * i)
    this.diagnose(
      `the instruction at ${ea} has changed since it was last executed, without icbi: the part may not notice`,
    )
  }

  /** icbi of the line at `real`; a debugger or a kernel outside the guest has written there. */
  codeChanged(real: number, bytes = CACHE_LINE): void {
    const { lines, words } = this.state
    for (let at = real & -CACHE_LINE; at < real + bytes; at += CACHE_LINE) {
      this.#codePages.forgetLine(RAM_BASE + at)
      if (lines.length > 0) lines[at / CACHE_LINE] = 0
    }
    if (lines.length === 0) return
    // The lines are filled again when their granules are entered.
    this.#codePages.flush()
    words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** The whole instruction cache is invalidated. */
  iccci(): void {
    this.state.lines.fill(0)
    this.#codePages.forgetAll()
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** Before code of a granule is executed: the lines of it that the instruction cache does not hold. */
  #fillLines(granule: number): void {
    const { lines, ram, code } = this.state
    if (lines.length === 0) return
    for (let line = granule; line < granule + GRANULE; line += CACHE_LINE) {
      if (lines[line / CACHE_LINE] === 1) continue
      lines[line / CACHE_LINE] = 1
      for (let at = line; at < line + CACHE_LINE; at += 4) code.setInt32(RAM_BASE + at, ram.getInt32(at))
    }
  }

  /** The instruction at PC does not complete: interrupt `ivor` instead. */
  raise(ivor: number, esr?: number, dear?: number): void {
    this.#fault.ivor = ivor
    this.#fault.esr = esr
    this.#fault.dear = dear
    this.state.words[Word.ATTENTION] |= Attention.FAULT
  }

  program(esr: number): void {
    this.raise(Ivor.PROGRAM, esr)
  }

  trap(): void {
    this.raise(Ivor.PROGRAM, ESR_PTR)
  }

  fpUnavailable(): void {
    this.raise(Ivor.FP_UNAVAILABLE)
  }

  /** The instruction completes, and a System Call interrupt follows. */
  syscall(): void {
    this.state.words[Word.ATTENTION] |= Attention.SYSCALL
  }

  /** A DAC or DVC event of the access at hand. @returns false when it must not happen. */
  debugEvent(outcome: Outcome): boolean {
    if (this.#apply(outcome)) return true
    this.raise(DEBUG_EVENT)
    return false
  }

  /** Nobody answers at a real address: a machine check at the next boundary (level-sensitive on MCSR, p.178). */
  busError(access: 'load' | 'store', real: number, ea: number): void {
    const { spr, words } = this.state
    spr[Spr.MCSR] |= MCSR_MCS | (access === 'load' ? MCSR_DRB : MCSR_DWB)
    words[Word.ATTENTION] |= Attention.INTERRUPT
    const what = access === 'load' ? 'load from' : 'store to'
    this.diagnose(`${what} ${hex32(ea)} (real ${hex(real, 9)}), where nothing answers`)
  }

  read8(ea: number): number {
    const t = this.state.softTlb
    const slot = (ea >>> 10) & 0xffc
    if ((ea & ~0xfff) === t[slot]) return this.state.ram.getUint8((ea + t[slot + 2]) | 0)
    return slowRead(this, ea, 1)
  }

  read16(ea: number): number {
    const t = this.state.softTlb
    const slot = (ea >>> 10) & 0xffc
    if (((ea + 1) & ~0xfff) === t[slot]) return this.state.ram.getUint16((ea + t[slot + 2]) | 0)
    return slowRead(this, ea, 2)
  }

  read32(ea: number): number {
    const t = this.state.softTlb
    const slot = (ea >>> 10) & 0xffc
    if (((ea + 3) & ~0xfff) === t[slot]) return this.state.ram.getInt32((ea + t[slot + 2]) | 0)
    return slowRead(this, ea, 4)
  }

  write8(ea: number, value: number): void {
    const t = this.state.softTlb
    const slot = (ea >>> 10) & 0xffc
    if ((ea & ~0xfff) === t[slot + 1]) this.state.ram.setInt8((ea + t[slot + 2]) | 0, value)
    else slowWrite(this, ea, 1, value)
  }

  write16(ea: number, value: number): void {
    const t = this.state.softTlb
    const slot = (ea >>> 10) & 0xffc
    if (((ea + 1) & ~0xfff) === t[slot + 1]) this.state.ram.setInt16((ea + t[slot + 2]) | 0, value)
    else slowWrite(this, ea, 2, value)
  }

  write32(ea: number, value: number): void {
    const t = this.state.softTlb
    const slot = (ea >>> 10) & 0xffc
    if (((ea + 3) & ~0xfff) === t[slot + 1]) this.state.ram.setInt32((ea + t[slot + 2]) | 0, value)
    else slowWrite(this, ea, 4, value)
  }

  mtmsr(value: number): void {
    this.setMsr(value)
  }

  wrtee(ee: number): void {
    this.setMsr((this.state.words[Word.MSR] & ~MSR_EE) | (ee & MSR_EE))
  }

  rfi(): number {
    return this.#return(Spr.SRR0, Spr.SRR1)
  }

  rfci(): number {
    return this.#return(Spr.CSRR0, Spr.CSRR1)
  }

  rfmci(): number {
    return this.#return(Spr.MCSRR0, Spr.MCSRR1)
  }

  #return(address: number, msr: number): number {
    const { spr } = this.state
    this.setMsr(spr[msr])
    this.#synchronised()
    return spr[address] & ~3
  }

  mfspr(number: number): number {
    return readSpr(this, number)
  }

  mtspr(number: number, value: number): void {
    writeSpr(this, number, value)
  }

  mfdcr(number: number): number {
    return this.dcr.read(number)
  }

  mtdcr(number: number, value: number): void {
    this.dcr.write(number, value >>> 0)
  }

  tlbre(index: number, ws: number): number {
    return tlb.tlbre(this, index, ws)
  }

  tlbwe(value: number, index: number, ws: number): void {
    tlb.tlbwe(this, value, index, ws)
  }

  /** @returns the entry that maps `ea` for MMUCR[STID] and MMUCR[STS], or -1. */
  tlbsx(ea: number): number {
    return tlb.tlbsx(this, ea)
  }

  dcbz(ea: number): void {
    cache.dcbz(this, ea)
  }

  dcbf(ea: number): void {
    cache.maintain(this, ea, 'dcbf')
  }

  dcbst(ea: number): void {
    cache.maintain(this, ea, 'dcbst')
  }

  dcbi(ea: number): void {
    cache.maintain(this, ea, 'dcbi')
  }

  icbi(ea: number): void {
    cache.maintain(this, ea, 'icbi')
  }

  dcbt(ea: number): void {
    cache.touch(this, ea)
  }

  dcbtst(ea: number): void {
    cache.touch(this, ea)
  }

  icbt(ea: number): void {
    cache.touch(this, ea)
  }

  lwarx(ea: number): number {
    return cache.lwarx(this, ea)
  }

  /** @returns 1 when the store was performed, else 0. */
  stwcx(ea: number, value: number): number {
    return cache.stwcx(this, ea, value) ? 1 : 0
  }

  isync(): void {
    this.#synchronised()
  }

  /**
   * Context synchronisation (p.91): all else takes effect at once here, so that only the shadow entry of reset is left
   * to go.
   */
  #synchronised(): void {
    if (this.mmu.dropShadow()) this.translationChanged()
  }
}
