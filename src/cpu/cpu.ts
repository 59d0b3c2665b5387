// The core: state, the parts that give it meaning, and what changes of one mean to the others. What instructions do to it
// is at the end.

import type { Bus, DcrSpace } from '../bus/bus.ts'
import { Ivor } from '../isa/interrupts.ts'
import { MCSR_DRB, MCSR_DWB, MCSR_MCS, MSR, MSR_DS, MSR_IS, MSR_PR, Spr } from '../isa/registers.ts'
import { hex, hex32 } from '../util/hex.ts'
import { GRANULE } from './codePages.ts'
import { DebugFacility, type EventOutcome } from './debug.ts'
import { DebugTrace } from './debugTrace.ts'
import { DeviceClock } from './deviceClock.ts'
import { type Engine, InterpretingEngine } from './engine.ts'
import { isEnabledLate } from './exec/float/status.ts'
import type { CpuExit, Diagnostic } from './exits.ts'
import { Fetch } from './fetch.ts'
import { DEBUG_EVENT, type InterruptLines } from './interrupts.ts'
import { Mmu } from './mmu.ts'
import type { ExecutionObserver } from './observer.ts'
import { type MemoryAlias, type MemoryRegion, RealMemory } from './realMemory.ts'
import type { Reported, RunRequest } from './request.ts'
import { type Caught, RunLoop } from './runLoop.ts'
import { Attention, BY_WATCHDOG, Clock, CpuState, Hw, Word } from './state.ts'
import { Timers } from './timers.ts'
import { Windows } from './windows.ts'

export interface CpuOptions {
  /** Bytes of RAM from real address 0. */
  readonly ramSize: number
  readonly memories?: readonly MemoryRegion[]
  readonly aliases?: readonly MemoryAlias[]
  readonly bus: Bus
  readonly dcr: DcrSpace
  /** Processor version register. */
  readonly pvr: number
  /** The 440EP has a floating-point unit, most other 440s have none. */
  readonly fpu: boolean
  /** mfdcrx and mtdcrx are among its instructions. */
  readonly indexedDcr?: boolean
  /** There is no kernel in the guest: an interrupt other than Debug ends `run` with PC and MSR as they are. */
  readonly hosted?: boolean
  /** Changed code is seen only after icbi or iccci, as on the part, and not at its next fetch. */
  readonly cached?: boolean
  /** What executes the instructions; the interpreter where nothing is said. */
  readonly engine?: (cpu: Cpu) => Engine
}

/** MSR bits that decide what an address means. */
const CONTEXT = MSR_PR | MSR_IS | MSR_DS
/** Up to this many bytes of translation are forgotten page by page. */
const FEW_PAGES = 64 * 1024
/** What marks of code pages and entries of the soft TLB depend on. */
const COMPARATORS = [Hw.DBCR0, Hw.DBCR1, Hw.DBCR2, Hw.IAC1, Hw.IAC2, Hw.IAC3, Hw.IAC4, Hw.DAC1, Hw.DAC2]
/** Time stands still there, as long as cycles can be counted one by one: after 130 days at 400 MHz. */
export const LAST_CYCLE = 2 ** 52

/** So many texts are remembered at most. */
const MOST_TOLD = 10_000

export class Cpu {
  readonly state: CpuState
  readonly bus: Bus
  readonly dcr: DcrSpace
  readonly fpu: boolean
  /** See `CpuOptions.indexedDcr`. */
  readonly indexedDcr: boolean
  /** See `CpuOptions.hosted`. */
  readonly hosted: boolean
  readonly mmu: Mmu
  readonly fetch: Fetch
  readonly debug: DebugFacility
  readonly timers: Timers
  /** What devices have planned, by the cycle clock. */
  readonly deviceClock = new DeviceClock(() => this.inputsChanged())
  readonly windows: Windows
  readonly engine: Engine
  /** Interrupt inputs of the core, driven by the board; call `inputsChanged` after changing one. */
  readonly lines: InterruptLines = { external: false, critical: false, possible: 0, planned: 0 }
  /** Filled by the core, emptied by whoever shows them. */
  readonly diagnostics: Diagnostic[] = []
  /** Who hears of every instruction; it is slower then. */
  observer: ExecutionObserver | undefined
  /** Called when interrupt `ivor` has been taken, where it struck `from`. Costs nothing else. */
  onInterrupt: ((ivor: number, from: number) => void) | undefined
  /** The access that nobody answered last, in words: MCSR does not tell its address. */
  lastBusError: string | undefined

  /** What `diagnoseOnce` has said. */
  readonly #told = new Set<string>()
  /** Pages of ROMs of which it has been said that a store changes nothing. */
  readonly #toldRoms = new Set<number>()
  /** The debug registers that the code pages and the soft TLB were entered under. */
  readonly #comparators = new Int32Array(16)
  readonly #loop: RunLoop

  constructor(options: CpuOptions) {
    this.state = new CpuState(new RealMemory(options.ramSize, options.memories, options.aliases), options.cached)
    this.bus = options.bus
    this.dcr = options.dcr
    this.fpu = options.fpu
    this.indexedDcr = options.indexedDcr === true
    this.hosted = options.hosted === true
    this.mmu = new Mmu(this.state)
    this.fetch = new Fetch(this)
    this.debug = new DebugFacility(this.state)
    this.timers = new Timers(this.state)
    this.windows = new Windows(this)
    this.engine = options.engine?.(this) ?? new InterpretingEngine(this)
    this.#loop = new RunLoop(this)
    this.state.spr[Spr.PVR] = options.pvr
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
    return this.state.clock[Clock.CYCLES] + this.#loop.uncounted
  }

  /** Instructions retired since reset. */
  get retired(): number {
    return this.state.clock[Clock.RETIRED] + this.#loop.uncounted
  }

  // ---- running ----------------------------------------------------------------------------------------------------

  /** Lets `cycles` pass in which nothing executes: a hosted program sleeps. */
  skip(cycles: number): void {
    const { clock } = this.state
    clock[Clock.CYCLES] += Math.min(cycles, Math.max(0, LAST_CYCLE - clock[Clock.CYCLES]))
  }

  /** Executes exactly as many instructions as it is asked to, or fewer when something happens that the caller must know. */
  run(request: RunRequest): CpuExit {
    return this.#loop.run(request)
  }

  /** What has been reported of instructions that have not executed since. */
  get reported(): readonly Reported[] {
    return this.#loop.reported
  }

  /** Makes `run` return after the current instruction; may be called by devices. */
  requestStop(): void {
    this.#loop.requestStop()
  }

  /** rfi, rfci or rfmci goes back to what an interrupt struck. */
  returned(pc: number): void {
    this.#loop.returned(pc)
  }

  /** The unconditional debug event: what a JTAG probe asks for, and KVM's way to get the guest's attention (p.237). */
  requestUnconditionalEvent(): void {
    this.apply(this.debug.unconditional())
  }

  /** Something outside changed `lines`. */
  inputsChanged(): void {
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** State was written from outside (a debugger, a snapshot, KVM): everything derived from it is derived again. */
  stateChanged(): void {
    this.mmu.reset()
    this.fetch.forgetAll()
    this.#enterContext()
    this.debugChanged()
    this.timers.schedule(this.now)
  }

  /**
   * State was put back as it once was. Of RAM, in `pages` of 4 KB from real address 0 on there are other bytes now; what
   * has been compiled of other pages stays.
   */
  stateRestored(pages: readonly number[]): void {
    this.mmu.reset()
    this.fetch.restored(pages)
    this.#enterContext()
    this.debugChanged()
    this.timers.schedule(this.now)
  }

  /** The interrupt before which the last run has returned, if it is the next thing to happen: part of the state. */
  get caught(): Caught | undefined {
    return this.#loop.caught
  }

  set caught(caught: Caught | undefined) {
    this.#loop.caught = caught
  }

  /** A debug event of the instruction at hand. @returns true: go on with it */
  apply(outcome: EventOutcome): boolean {
    if (outcome === 'stop') this.state.words[Word.ATTENTION] |= Attention.STOPPED
    if (this.debug.pending || outcome !== 'continue') this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
    this.timers.setFrozen(this.now, this.debug.timersFrozen)
    return outcome === 'continue'
  }

  // ---- changes of state that reach further than their register -------------------------------------------------------

  setMsr(value: number): void {
    const { words } = this.state
    const before = words[Word.MSR]
    words[Word.MSR] = value & MSR.defined
    this.msrChanged(before)
  }

  /** MSR was written; it was `before`. */
  msrChanged(before: number): void {
    const { words } = this.state
    const changed = before ^ words[Word.MSR]
    if ((changed & CONTEXT) !== 0) this.#enterContext()
    if (isEnabledLate(words, before)) words[Word.ATTENTION] |= Attention.FLOAT
    if ((changed & (words[Word.MSR] | CONTEXT)) !== 0) words[Word.ATTENTION] |= Attention.INTERRUPT
    this.armDebug()
  }

  #enterContext(): void {
    const msr = this.state.words[Word.MSR]
    this.mmu.enterContext()
    this.fetch.enterContext(msr)
  }

  /** Every translation may have changed: PID, CCR0. The present page of code is looked up again, too. */
  translationChanged(): void {
    this.mmu.flush()
    this.fetch.flush()
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** The translation of [start, start + bytes) changed: tlbwe. */
  mappingChanged(start: number, bytes: number): void {
    if (bytes > FEW_PAGES) return this.translationChanged()
    for (let at = 0; at < bytes; at += GRANULE) {
      this.mmu.flushPage(start + at)
      this.fetch.flushGranule(start + at)
    }
    this.state.words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** A hardware debug register changed, or may have. */
  debugChanged(): void {
    if (this.#comparatorsChanged()) {
      this.mmu.flush()
      this.fetch.flush()
    }
    this.armDebug()
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

  /** Whether every instruction has to be asked about its events. */
  armDebug(): void {
    const { words } = this.state
    if (this.debug.wantsEveryInstruction) words[Word.ATTENTION] |= Attention.DEBUG
    else words[Word.ATTENTION] &= ~Attention.DEBUG
  }

  /** [real, real + bytes) of RAM has been written, or may be before the next instruction: compiled code there does not stay. */
  written(real: number, bytes: number): void {
    const { compiledPages } = this.state
    this.state.touch(real, bytes)
    const last = (real + bytes - 1) >>> 12
    for (let page = real >>> 12; page <= last; page++)
      if (compiledPages[page] !== 0) return this.engine.codeChanged(real, bytes)
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
  diagnose(text: string, pc = this.pc): void {
    if (this.diagnostics.length >= 1000) this.diagnostics.shift()
    this.diagnostics.push({ at: this.retired, pc, text })
  }

  /** The same, but each text once, or each `kind`: what a loop would say again and again. */
  diagnoseOnce(text: string, pc = this.pc, kind = text): void {
    if (this.#told.has(kind)) return
    if (this.#told.size >= MOST_TOLD) this.#told.clear()
    this.#told.add(kind)
    this.diagnose(text, pc)
  }

  // ---- what instructions do to the core ------------------------------------------------------------------------------

  /** The instruction at PC does not complete: interrupt `ivor` instead. */
  raise(ivor: number, esr?: number, dear?: number): void {
    this.#loop.raise(ivor, esr, dear)
  }

  program(esr: number): void {
    this.raise(Ivor.PROGRAM, esr)
  }

  /** A DAC or DVC event of the access at hand. @returns false when it must not happen. */
  debugEvent(outcome: EventOutcome): boolean {
    if (this.apply(outcome)) return true
    this.raise(DEBUG_EVENT)
    return false
  }

  /** A store to a ROM changes nothing. Said once for 4 KB: a driver of flash comes again and again. */
  romStore(place: number, ea: number): void {
    const page = place - (place % 4096)
    if (this.#toldRoms.has(page)) return
    this.#toldRoms.add(page)
    const real = hex(this.state.real.realOf(place), 9)
    this.diagnose(`store to ${hex32(ea)} (real ${real}), which is ROM: it changes nothing`)
  }

  /** Nobody answers at a real address: a machine check at the next boundary (level-sensitive on MCSR, p.178). */
  busError(access: 'load' | 'store', real: number, ea: number): void {
    const { spr, words } = this.state
    spr[Spr.MCSR] |= MCSR_MCS | (access === 'load' ? MCSR_DRB : MCSR_DWB)
    words[Word.ATTENTION] |= Attention.INTERRUPT
    const what = access === 'load' ? 'load from' : 'store to'
    this.lastBusError = `${what} ${hex32(ea)} (real ${hex(this.state.real.realOf(real), 9)}), where nothing answers`
    this.diagnose(this.lastBusError)
  }

  /**
   * Context synchronisation (p.91): all else takes effect at once here, so that only the shadow entry of reset is left
   * to go.
   */
  synchronise(): void {
    if (this.mmu.dropShadow()) this.translationChanged()
  }
}
