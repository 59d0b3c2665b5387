// The core: state, the parts that give it meaning, and the run loop. What instructions do to it is at the end.

import type { Bus, DcrSpace } from '../bus/bus.ts'
import { Ivor } from '../isa/interrupts.ts'
import {
  ESR_FP,
  ESR_PIE,
  MCSR_DRB,
  MCSR_DWB,
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
import { Attempts } from './attempts.ts'
import { BRANCH_TO_SELF, GRANULE } from './codePages.ts'
import { DebugFacility, type EventOutcome } from './debug.ts'
import { DebugTrace } from './debugTrace.ts'
import { isEnabledLate } from './exec/float/status.ts'
import type { CpuExit, Diagnostic } from './exits.ts'
import { Fetch } from './fetch.ts'
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
import { Mmu } from './mmu.ts'
import { NO_STOPS, NONE, type Reported, type RunRequest } from './request.ts'
import { Attention, Clock, CpuState, Hw, Word } from './state.ts'
import { Timers } from './timers.ts'

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
/** Instructions; where none has been compiled yet, they take some milliseconds. */
const BETWEEN_QUESTIONS = 2000
/** Interrupts in a row, with no instruction in between, that mean nothing will ever run again. */
const STORM = 64
/** Time stands still there, as long as cycles can be counted one by one: after 130 days at 400 MHz. */
const LAST_CYCLE = 2 ** 52

/** So many texts are remembered at most. */
const MOST_TOLD = 10_000

const BUDGET: CpuExit = { kind: 'budget' }

export class Cpu {
  readonly state: CpuState
  readonly bus: Bus
  readonly dcr: DcrSpace
  readonly fpu: boolean
  /** See `CpuOptions.hosted`. */
  readonly hosted: boolean
  readonly mmu: Mmu
  readonly fetch: Fetch
  readonly debug: DebugFacility
  readonly timers: Timers
  /** Interrupt inputs of the core, driven by the board; call `inputsChanged` after changing one. */
  readonly lines: InterruptLines = { external: false, critical: false, possible: false }
  /** Filled by the core, emptied by whoever shows them. */
  readonly diagnostics: Diagnostic[] = []
  /** The access that nobody answered last, in words: MCSR does not tell its address. */
  lastBusError: string | undefined

  /** What `diagnoseOnce` has said. */
  readonly #told = new Set<string>()
  readonly #fault: Fault = { ivor: 0, esr: undefined, dear: undefined }
  /** The debug registers that the code pages and the soft TLB were entered under. */
  readonly #comparators = new Int32Array(16)
  /** Instructions this `run` may still execute, and those of the `interpret` call under way. */
  #left = 0
  #slice = 0
  /** How many must have retired when it is asked for the next time whether the run is over. */
  #askAt = Number.POSITIVE_INFINITY
  /** The interrupt that `run` last returned before, and where it was due. */
  #caught: { readonly ivor: number; readonly pc: number } | undefined
  /** This run, or what it continues, has executed an instruction or taken an interrupt; until then a stop at PC does not count. */
  #moved = false
  #request: RunRequest = { budget: 0 }
  #horizon = Number.POSITIVE_INFINITY
  readonly #attempts: Attempts
  /** Why `Attention.STOP` is set. */
  #stopKind: 'requested' | 'returned' = 'requested'

  constructor(options: CpuOptions) {
    this.state = new CpuState(options.ramSize, options.cached)
    this.bus = options.bus
    this.dcr = options.dcr
    this.fpu = options.fpu
    this.hosted = options.hosted === true
    this.mmu = new Mmu(this.state)
    this.fetch = new Fetch(this)
    this.debug = new DebugFacility(this.state)
    this.timers = new Timers(this.state)
    this.#attempts = new Attempts(this.state.gpr)
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
    const { clock } = this.state
    clock[Clock.CYCLES] += Math.min(cycles, Math.max(0, LAST_CYCLE - clock[Clock.CYCLES]))
  }

  /** Executes exactly as many instructions as it is asked to, or fewer when something happens that the caller must know. */
  run(request: RunRequest): CpuExit {
    const { words, clock } = this.state
    this.#begin(request)
    words[Word.ATTENTION] |= Attention.INTERRUPT
    for (;;) {
      if (words[Word.ATTENTION] !== 0) {
        const exit = this.#attend()
        if (exit !== undefined) return exit
      } else if (this.#spent || this.#isOver()) {
        return BUDGET
      } else {
        const untilAsked = this.#askAt - clock[Clock.RETIRED]
        this.#execute(Math.min(this.#left, this.#next - clock[Clock.CYCLES], untilAsked))
      }
      if (clock[Clock.CYCLES] >= this.timers.deadline) this.#tick()
    }
  }

  /** Whether the run has been told to end; it asks every so many instructions. */
  #isOver(): boolean {
    const retired = this.state.clock[Clock.RETIRED]
    if (retired < this.#askAt) return false
    this.#askAt = retired + BETWEEN_QUESTIONS
    return this.#request.isOver!()
  }

  #begin(request: RunRequest): void {
    const { reported = [], stops = NO_STOPS, isOver } = request
    this.#request = request
    this.#askAt = isOver === undefined ? Number.POSITIVE_INFINITY : this.state.clock[Clock.RETIRED] + BETWEEN_QUESTIONS
    this.#left = request.budget
    this.#horizon = request.horizon ?? Number.POSITIVE_INFINITY
    this.#moved = request.goesOn === true
    this.fetch.setStops(stops)
    this.#attempts.begin(reported, this.pc)
    if (this.#attempts.here !== undefined) this.state.words[Word.ATTENTION] |= Attention.IAC
  }

  /** What has been reported of instructions that have not executed since. */
  get reported(): readonly Reported[] {
    return this.#attempts.reported
  }

  /** Makes `run` return after the current instruction; may be called by devices. */
  requestStop(): void {
    this.#stopKind = 'requested'
    this.state.words[Word.ATTENTION] |= Attention.STOP
  }

  /** rfi, rfci or rfmci goes back to what an interrupt struck. */
  returned(pc: number): void {
    this.#attempts.returned(pc)
    if (this.#attempts.here?.pc === pc >>> 0) this.state.words[Word.ATTENTION] |= Attention.IAC
    if (this.#request.stopAtReturn !== true || (this.state.words[Word.ATTENTION] & Attention.STOP) !== 0) return
    this.#stopKind = 'returned'
    this.state.words[Word.ATTENTION] |= Attention.STOP
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
    this.fetch.forgetAll()
    this.#enterContext()
    this.debugChanged()
    this.timers.schedule(this.now)
  }

  /** No more instructions, or no more time, in this `run`. */
  get #spent(): boolean {
    return this.#left <= 0 || this.state.clock[Clock.CYCLES] >= this.#horizon
  }

  /** The cycle up to which nothing can come from outside the program. */
  get #next(): number {
    return Math.min(this.timers.deadline, this.#horizon)
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
    const { clock, words } = this.state
    clock[Clock.CYCLES] += retired
    clock[Clock.RETIRED] += retired
    this.#left -= retired
    this.#moved = true
    words[Word.INTERRUPTS_IN_A_ROW] = 0
    this.#caught = undefined
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
      const { ivor } = this.#fault
      if (ivor === Ivor.PROGRAM && this.fetch.isTrapWord(this.pc)) return { kind: 'softBreakpoint' }
      if (ivor !== DEBUG_EVENT) return this.#interrupt(ivor, this.#fault)
    }
    if ((attention & Attention.SYSCALL) !== 0) {
      return this.#once(Attention.SYSCALL, this.#interrupt(Ivor.SYSTEM_CALL))
    }
    if ((attention & Attention.FLOAT) !== 0) {
      const fault = { ivor: Ivor.PROGRAM, esr: ESR_FP | ESR_PIE, dear: undefined }
      return this.#once(Attention.FLOAT, this.#interrupt(Ivor.PROGRAM, fault))
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
      return { kind: this.#stopKind }
    }
    if ((spr[Spr.MCSR] & MCSR_MCS) !== 0 && (words[Word.MSR] & MSR_ME) !== 0) return this.#interrupt(Ivor.MACHINE_CHECK)
    if (this.debug.pending) return this.state.hw[Hw.OWNED] !== 0 ? this.#debugExit() : this.#interrupt(Ivor.DEBUG)
    const next = pendingInterrupt(this.state, this.lines)
    if (next >= 0) return this.#interrupt(next)
    words[Word.ATTENTION] &= ~Attention.INTERRUPT
    if ((words[Word.MSR] & MSR_WE) !== 0) return this.#wait()
    return (words[Word.ATTENTION] & (Attention.IAC | Attention.DEBUG)) !== 0 ? this.#step() : undefined
  }

  #debugExit(): CpuExit {
    const { access } = this.debug
    this.debug.access = undefined
    return access === undefined ? { kind: 'debugInterrupt' } : { kind: 'debugInterrupt', access }
  }

  /** An interrupt that nothing but its attention bit will bring again has been taken, unless it was caught before that. */
  #once(attention: number, exit: CpuExit | undefined): CpuExit | undefined {
    if (exit?.kind !== 'exception') this.state.words[Word.ATTENTION] &= ~attention
    return exit
  }

  #interrupt(ivor: number, fault?: Fault): CpuExit | undefined {
    const { words } = this.state
    const from = words[Word.PC]
    const before = words[Word.MSR]
    if ((this.#request.stopBefore ?? NONE).has(ivor) && !(this.#caught?.ivor === ivor && this.#caught.pc === from)) {
      this.#caught = { ivor, pc: from }
      return { kind: 'exception', ivor, cause: { esr: fault?.esr, dear: fault?.dear } }
    }
    this.#caught = undefined
    if (++words[Word.INTERRUPTS_IN_A_ROW] > STORM) {
      words[Word.INTERRUPTS_IN_A_ROW] = 0
      return { kind: 'stuck', why: 'storm', ivor }
    }
    if (this.hosted && ivor !== Ivor.DEBUG) {
      noteCause(this.state, ivor, fault)
      return { kind: 'kernel', ivor, from }
    }
    if (ivor === Ivor.MACHINE_CHECK && (before & MSR_ME) === 0) return { kind: 'stuck', why: 'noMemory', ivor }
    if (ivor === Ivor.DEBUG) this.debug.trace?.note('interrupt', this.state.hw[Hw.DBSR], this.state.hw[Hw.DBSR])
    enterInterrupt(this.state, ivor, from, fault)
    this.synchronise()
    this.#msrChanged(before)
    this.#moved = true
    this.#attempts.interrupted(from)
    if (ivor !== Ivor.DEBUG) this.#apply(this.debug.interruptTaken(isCritical(ivor)))
    words[Word.ATTENTION] |= Attention.INTERRUPT
    return (this.#request.stopAfter ?? NONE).has(ivor) ? { kind: 'interrupt', ivor, from } : undefined
  }

  /** MSR[WE]: time jumps to the next timer event; if none can wake the core, it is idle for good. */
  #wait(): CpuExit | undefined {
    const { words, clock } = this.state
    words[Word.ATTENTION] |= Attention.INTERRUPT
    if (!this.#canWake()) return { kind: 'idle', how: 'wait', waitsForInput: this.#inputCanWake }
    if (clock[Clock.CYCLES] >= this.#horizon) return BUDGET
    clock[Clock.CYCLES] = Math.max(clock[Clock.CYCLES], this.#next)
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
   * ICMP after it completed (DE and the enables are those from before, D3). What has been reported of this attempt is
   * not asked about again.
   */
  #step(): CpuExit | undefined {
    const { words } = this.state
    if (this.#spent) return BUDGET
    words[Word.ATTENTION] &= ~Attention.IAC
    const pc = words[Word.PC]
    if (this.#moved && this.fetch.stopsAt(pc)) return { kind: 'stopAddress' }
    const { here } = this.#attempts
    if (here === undefined) return this.#attempt(pc, here)
    const { retired } = this
    this.debug.reported = here.events
    const exit = this.#attempt(pc, here)
    this.debug.reported = 0
    if (this.retired > retired) this.#attempts.executed(here)
    return exit
  }

  /** @param reported what has been reported of it already */
  #attempt(pc: number, reported: Reported | undefined): CpuExit | undefined {
    const { words } = this.state
    if (!this.#apply(this.debug.instructionAddress(pc))) return undefined
    if (reported?.soft !== true && this.fetch.trapsAt(pc)) return { kind: 'softBreakpoint' }
    const word = this.fetch.peek(pc)
    if (word !== undefined && !this.#apply(this.#prospect(word))) return undefined
    const watched = (words[Word.ATTENTION] & Attention.DEBUG) !== 0 || reported !== undefined
    if (word === BRANCH_TO_SELF && !watched) return this.#idle()
    const armed = this.debug.completionArmed
    // Attention is off for this one instruction; what it raises itself is kept.
    const sticky = words[Word.ATTENTION]
    words[Word.ATTENTION] = 0
    this.fetch.careful = true
    const retired = this.#execute(1)
    this.fetch.careful = false
    words[Word.ATTENTION] |= sticky & Attention.STOP
    this.#armDebug()
    if (retired === 1 && armed) this.#apply(this.debug.completed())
    return undefined
  }

  #prospect(word: number): EventOutcome {
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
    this.#account(Math.min(this.#left, Math.max(1, this.#next - this.state.clock[Clock.CYCLES])))
    return undefined
  }

  /** @returns true: go on with the instruction. */
  #apply(outcome: EventOutcome): boolean {
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
    this.#msrChanged(before)
  }

  #msrChanged(before: number): void {
    const { words } = this.state
    const changed = before ^ words[Word.MSR]
    if ((changed & CONTEXT) !== 0) this.#enterContext()
    if (isEnabledLate(words, before)) words[Word.ATTENTION] |= Attention.FLOAT
    if ((changed & (words[Word.MSR] | CONTEXT)) !== 0) words[Word.ATTENTION] |= Attention.INTERRUPT
    this.#armDebug()
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
  diagnose(text: string, pc = this.pc): void {
    if (this.diagnostics.length >= 1000) this.diagnostics.shift()
    this.diagnostics.push({ at: this.retired, pc, text })
  }

  /** The same, but each text once: what a loop would say again and again. */
  diagnoseOnce(text: string, pc = this.pc): void {
    if (this.#told.has(text)) return
    if (this.#told.size >= MOST_TOLD) this.#told.clear()
    this.#told.add(text)
    this.diagnose(text, pc)
  }

  // ---- what instructions do to the core ------------------------------------------------------------------------------

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

  /** A DAC or DVC event of the access at hand. @returns false when it must not happen. */
  debugEvent(outcome: EventOutcome): boolean {
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
    this.lastBusError = `${what} ${hex32(ea)} (real ${hex(real, 9)}), where nothing answers`
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
