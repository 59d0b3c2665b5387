// The run loop of the core: what happens between two instructions, the most urgent first, and when a run returns.

import { Ivor } from '../isa/interrupts.ts'
import {
  ESR_FP,
  ESR_PIE,
  MCSR_MCS,
  MSR_CE,
  MSR_EE,
  MSR_ME,
  MSR_PR,
  MSR_WE,
  Spr,
  TCR_DIE,
  TCR_FIE,
  TCR_WIE,
  TCR_WRC,
} from '../isa/registers.ts'
import { Attempts } from './attempts.ts'
import { BRANCH_TO_SELF } from './codePages.ts'
import type { Cpu } from './cpu.ts'
import type { EventOutcome } from './debug.ts'
import type { CpuExit } from './exits.ts'
import { inspect } from './inspect.ts'
import { DEBUG_EVENT, enterInterrupt, type Fault, isCritical, noteCause, pendingInterrupt } from './interrupts.ts'
import type { ExecutionObserver } from './observer.ts'
import { NO_STOPS, NONE, type Reported, type RunRequest } from './request.ts'
import { Attention, BY_WATCHDOG, Clock, type CpuState, Hw, Word } from './state.ts'

/**
 * Instructions between two questions whether the run is over: as many as it has executed already, within these bounds, so
 * that at one speed it lasts twice as long as it may at most, whatever the speed. The first take milliseconds where the
 * host has compiled nothing yet; the last take some where compiled code is followed by code that is interpreted.
 */
const FEWEST_UNASKED = 2000
const MOST_UNASKED = 250_000
/** Interrupts in a row, with no instruction in between, that mean nothing will ever run again. */
const STORM = 64

const BUDGET: CpuExit = { kind: 'budget' }

/** An interrupt before which a run has returned: the next run takes it. */
export interface Caught {
  readonly ivor: number
  readonly pc: number
}

export class RunLoop {
  readonly #cpu: Cpu
  readonly #state: CpuState
  readonly #fault: Fault = { ivor: 0, esr: undefined, dear: undefined }
  readonly #attempts: Attempts
  #request: RunRequest = { budget: 0 }
  /** Instructions this `run` may still execute, and those of the `interpret` call under way. */
  #left = 0
  #slice = 0
  /** `#done` when this `run` began. */
  #beganAt = 0
  /** `#done` when it is asked for the next time whether the run is over. */
  #askAt = Number.POSITIVE_INFINITY
  #horizon = Number.POSITIVE_INFINITY
  /** The interrupt that `run` last returned before, and where it was due. */
  caught: Caught | undefined
  /** This run, or what it continues, has executed an instruction or taken an interrupt; until then a stop at PC does not count. */
  #moved = false
  /** Why `Attention.STOP` is set. */
  #stopKind: 'requested' | 'returned' = 'requested'

  constructor(cpu: Cpu) {
    this.#cpu = cpu
    this.#state = cpu.state
    this.#attempts = new Attempts(cpu)
  }

  /** Instructions of the `interpret` call under way that are not in the clocks yet. */
  get uncounted(): number {
    return this.#slice === 0 ? 0 : this.#slice - this.#state.words[Word.LEFT]
  }

  /** What has been reported of instructions that have not executed since. */
  get reported(): readonly Reported[] {
    return this.#attempts.reported
  }

  /** Executes exactly as many instructions as it is asked to, or fewer when something happens that the caller must know. */
  run(request: RunRequest): CpuExit {
    const { words, clock } = this.#state
    this.#begin(request)
    words[Word.ATTENTION] |= Attention.INTERRUPT
    for (;;) {
      if (words[Word.ATTENTION] !== 0) {
        const exit = this.#attend()
        if (exit !== undefined) return exit
      } else if (this.#spent || this.#isOver()) {
        return BUDGET
      } else {
        const untilAsked = this.#askAt - this.#done
        this.#execute(Math.min(this.#left, this.#next - clock[Clock.CYCLES], untilAsked))
      }
      if (clock[Clock.CYCLES] >= this.#cpu.timers.deadline) this.#tick()
      if (clock[Clock.CYCLES] >= this.#cpu.deviceClock.deadline) this.#cpu.deviceClock.advance(clock[Clock.CYCLES])
    }
  }

  /** Instructions retired, and what has taken as long. */
  get #done(): number {
    return this.#state.clock[Clock.RETIRED] + this.#cpu.engine.work
  }

  /** Whether the run has been told to end; it asks now and then. */
  #isOver(): boolean {
    const done = this.#done
    if (done < this.#askAt) return false
    this.#askAt = done + Math.min(Math.max(done - this.#beganAt, FEWEST_UNASKED), MOST_UNASKED)
    return this.#request.isOver!()
  }

  #begin(request: RunRequest): void {
    const { reported = [], stops = NO_STOPS, isOver, watchedFrom } = request
    this.#request = request
    if (this.#cpu.debug.watchedFrom !== watchedFrom) {
      this.#cpu.debug.watchedFrom = watchedFrom
      this.#cpu.windows.forgetWatched()
    }
    this.#beganAt = this.#done
    this.#askAt = isOver === undefined ? Number.POSITIVE_INFINITY : this.#beganAt + FEWEST_UNASKED
    this.#left = request.budget
    this.#horizon = request.horizon ?? Number.POSITIVE_INFINITY
    this.#moved = request.goesOn === true
    this.#cpu.fetch.setStops(stops)
    this.#attempts.begin(reported, this.#cpu.pc)
    if (this.#attempts.here !== undefined) this.#state.words[Word.ATTENTION] |= Attention.IAC
  }

  /** Makes `run` return after the current instruction. */
  requestStop(): void {
    this.#stopKind = 'requested'
    this.#state.words[Word.ATTENTION] |= Attention.STOP
  }

  /** rfi, rfci or rfmci goes back to what an interrupt struck. */
  returned(pc: number): void {
    this.#attempts.returned(pc)
    if (this.#attempts.here?.pc === pc >>> 0) this.#state.words[Word.ATTENTION] |= Attention.IAC
    if (this.#request.stopAtReturn !== true || (this.#state.words[Word.ATTENTION] & Attention.STOP) !== 0) return
    this.#stopKind = 'returned'
    this.#state.words[Word.ATTENTION] |= Attention.STOP
  }

  /** The instruction at PC does not complete: interrupt `ivor` instead. */
  raise(ivor: number, esr?: number, dear?: number): void {
    this.#fault.ivor = ivor
    this.#fault.esr = esr
    this.#fault.dear = dear
    this.#state.words[Word.ATTENTION] |= Attention.FAULT
  }

  /** No more instructions, or no more time, in this `run`. */
  get #spent(): boolean {
    return this.#left <= 0 || this.#state.clock[Clock.CYCLES] >= this.#horizon
  }

  /** The cycle up to which nothing can come from outside the program. */
  get #next(): number {
    return Math.min(this.#cpu.timers.deadline, this.#cpu.deviceClock.deadline, this.#horizon)
  }

  #execute(instructions: number): number {
    if (instructions <= 0) return 0
    const { observer } = this.#cpu
    if (observer !== undefined) return this.#observed(instructions, observer)
    const { words } = this.#state
    this.#slice = instructions
    words[Word.LEFT] = instructions
    const retired = this.#cpu.engine.execute(instructions)
    this.#slice = 0
    this.#account(retired)
    return retired
  }

  /** One at a time, each told. */
  #observed(instructions: number, observer: ExecutionObserver): number {
    const { words } = this.#state
    let all = 0
    while (all < instructions) {
      const pc = words[Word.PC]
      this.#slice = 1
      words[Word.LEFT] = 1
      const retired = this.#cpu.engine.execute(1)
      this.#slice = 0
      this.#account(retired)
      if (retired === 0) break
      all++
      observer.executed(pc, words[Word.PC], 1)
      if (words[Word.ATTENTION] !== 0) break
    }
    return all
  }

  #account(retired: number): void {
    if (retired === 0) return
    const { clock, words } = this.#state
    clock[Clock.CYCLES] += retired
    clock[Clock.RETIRED] += retired
    this.#left -= retired
    this.#moved = true
    words[Word.INTERRUPTS_IN_A_ROW] = 0
    this.caught = undefined
  }

  #tick(): void {
    const { words } = this.#state
    const reset = this.#cpu.timers.advance(this.#state.clock[Clock.CYCLES])
    if (reset !== 0) this.#cpu.reset(reset, 'watchdog')
    words[Word.ATTENTION] |= Attention.INTERRUPT
  }

  /** Something needs looking at before the next instruction. One thing at a time, most urgent first (p.201). */
  #attend(): CpuExit | undefined {
    const { words, spr } = this.#state
    const attention = words[Word.ATTENTION]
    if ((attention & Attention.FAULT) !== 0) {
      words[Word.ATTENTION] &= ~Attention.FAULT
      const { ivor } = this.#fault
      if (ivor === Ivor.PROGRAM && this.#cpu.fetch.isTrapWord(this.#cpu.pc)) return { kind: 'softBreakpoint' }
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
    if (this.#cpu.debug.pending) return this.#state.hw[Hw.OWNED] !== 0 ? this.#debugExit() : this.#interrupt(Ivor.DEBUG)
    const next = pendingInterrupt(this.#state, this.#cpu.lines)
    if (next >= 0) return this.#interrupt(next)
    words[Word.ATTENTION] &= ~Attention.INTERRUPT
    if ((words[Word.MSR] & MSR_WE) !== 0) return this.#wait()
    return (words[Word.ATTENTION] & (Attention.IAC | Attention.DEBUG)) !== 0 ? this.#step() : undefined
  }

  #debugExit(): CpuExit {
    const { access } = this.#cpu.debug
    this.#cpu.debug.access = undefined
    return access === undefined ? { kind: 'debugInterrupt' } : { kind: 'debugInterrupt', access }
  }

  /** An interrupt that nothing but its attention bit will bring again has been taken, unless it was caught before that. */
  #once(attention: number, exit: CpuExit | undefined): CpuExit | undefined {
    if (exit?.kind !== 'exception') this.#state.words[Word.ATTENTION] &= ~attention
    return exit
  }

  #interrupt(ivor: number, fault?: Fault): CpuExit | undefined {
    const { words } = this.#state
    const from = words[Word.PC]
    const before = words[Word.MSR]
    if ((this.#request.stopBefore ?? NONE).has(ivor) && !(this.caught?.ivor === ivor && this.caught.pc === from)) {
      this.caught = { ivor, pc: from }
      return { kind: 'exception', ivor, cause: { esr: fault?.esr, dear: fault?.dear } }
    }
    this.caught = undefined
    if (++words[Word.INTERRUPTS_IN_A_ROW] > STORM) {
      words[Word.INTERRUPTS_IN_A_ROW] = 0
      return { kind: 'stuck', why: 'storm', ivor }
    }
    if (this.#cpu.hosted && ivor !== Ivor.DEBUG) {
      noteCause(this.#state, ivor, fault)
      this.#cpu.onInterrupt?.(ivor, from)
      return { kind: 'kernel', ivor, from }
    }
    if (ivor === Ivor.MACHINE_CHECK && (before & MSR_ME) === 0) return { kind: 'stuck', why: 'noMemory', ivor }
    if (ivor === Ivor.DEBUG) this.#cpu.debug.trace?.note('interrupt', this.#state.hw[Hw.DBSR], this.#state.hw[Hw.DBSR])
    enterInterrupt(this.#state, ivor, from, fault)
    this.#cpu.synchronise()
    this.#cpu.msrChanged(before)
    this.#moved = true
    this.#attempts.interrupted(from)
    this.#cpu.observer?.interrupted?.(ivor, from)
    this.#cpu.onInterrupt?.(ivor, from)
    if (ivor !== Ivor.DEBUG) this.#cpu.apply(this.#cpu.debug.interruptTaken(isCritical(ivor)))
    words[Word.ATTENTION] |= Attention.INTERRUPT
    return (this.#request.stopAfter ?? NONE).has(ivor) ? { kind: 'interrupt', ivor, from } : undefined
  }

  /** MSR[WE]: time jumps to the next timer event; if none can wake the core, it is idle for good. */
  #wait(): CpuExit | undefined {
    const { words, clock } = this.#state
    words[Word.ATTENTION] |= Attention.INTERRUPT
    if (!this.#canWake()) return { kind: 'idle', how: 'wait', waitsForInput: this.#inputCanWake }
    if (clock[Clock.CYCLES] >= this.#horizon) return BUDGET
    clock[Clock.CYCLES] = Math.max(clock[Clock.CYCLES], this.#next)
    this.#moved = true
    return undefined
  }

  /** Whether a timer or a device could still interrupt or reset, with MSR and TCR as they are. */
  #canWake(): boolean {
    const { words, spr } = this.#state
    const msr = words[Word.MSR]
    const tcr = spr[Spr.TCR]
    const { deviceClock, lines } = this.#cpu
    if ((msr & lines.planned) !== 0 && deviceClock.deadline < Number.POSITIVE_INFINITY) return true
    if (this.#cpu.timers.deadline === Number.POSITIVE_INFINITY) return false
    if ((tcr & TCR_WRC) !== 0) return true
    if ((msr & MSR_EE) !== 0 && (tcr & TCR_FIE) !== 0) return true
    if ((msr & MSR_EE) !== 0 && (tcr & TCR_DIE) !== 0 && this.#cpu.timers.decrementerRuns) return true
    return (msr & MSR_CE) !== 0 && (tcr & TCR_WIE) !== 0
  }

  get #inputCanWake(): boolean {
    return (this.#state.words[Word.MSR] & this.#cpu.lines.possible) !== 0
  }

  /**
   * One instruction with every debug event asked about: IAC before it is fetched, BRT, TRAP and RET before it executes,
   * ICMP after it completed (DE and the enables are those from before, D3). What has been reported of this attempt is
   * not asked about again.
   */
  #step(): CpuExit | undefined {
    const { words } = this.#state
    if (this.#spent) return BUDGET
    words[Word.ATTENTION] &= ~Attention.IAC
    const pc = words[Word.PC]
    if (this.#moved && this.#cpu.fetch.stopsAt(pc)) return { kind: 'stopAddress' }
    const { here } = this.#attempts
    if (here === undefined) return this.#attempt(pc, here)
    const { retired } = this.#cpu
    // Reports are a debugger's: the program's own events come whoever has stood here.
    this.#cpu.debug.reported = this.#state.hw[Hw.OWNED] === 0 ? 0 : here.events
    const exit = this.#attempt(pc, here)
    this.#cpu.debug.reported = 0
    if (this.#cpu.retired > retired) this.#attempts.executed(here)
    return exit
  }

  /** @param reported what has been reported of it already */
  #attempt(pc: number, reported: Reported | undefined): CpuExit | undefined {
    const { words } = this.#state
    if (!this.#cpu.apply(this.#cpu.debug.instructionAddress(pc))) return undefined
    if (reported?.soft !== true && this.#cpu.fetch.trapsAt(pc)) return { kind: 'softBreakpoint' }
    const word = this.#cpu.fetch.peek(pc)
    const prospect = word !== undefined && this.#cpu.debug.asksBefore ? this.#prospect(word) : 'continue'
    if (!this.#cpu.apply(prospect)) return undefined
    const watched = (words[Word.ATTENTION] & Attention.DEBUG) !== 0 || reported !== undefined
    if (word === BRANCH_TO_SELF && !watched) return this.#idle()
    const armed = this.#cpu.debug.completionArmed
    // Attention is off for this one instruction; what it raises itself is kept.
    const sticky = words[Word.ATTENTION]
    words[Word.ATTENTION] = 0
    this.#cpu.fetch.pastMarks = true
    const retired = this.#execute(1)
    this.#cpu.fetch.pastMarks = false
    words[Word.ATTENTION] |= sticky & Attention.STOP
    this.#cpu.armDebug()
    if (retired === 1 && armed) this.#cpu.apply(this.#cpu.debug.completed())
    return undefined
  }

  #prospect(word: number): EventOutcome {
    const { words } = this.#state
    const prospect = inspect(this.#state, word)
    switch (prospect) {
      case 'branch':
        return this.#cpu.debug.branchTaken()
      case 'trap':
        return this.#cpu.debug.trap()
      case 'rfi':
      case 'rfci':
      case 'rfmci':
        // The privileged check comes before RET (D13).
        return (words[Word.MSR] & MSR_PR) !== 0 ? 'continue' : this.#cpu.debug.returning(prospect === 'rfi')
      case 'other':
        return 'continue'
    }
  }

  /** `b .`: every iteration is like the last, so they are counted, not executed. */
  #idle(): CpuExit | undefined {
    if (!this.#canWake()) return { kind: 'idle', how: 'branch', waitsForInput: this.#inputCanWake }
    const times = Math.min(this.#left, Math.max(1, this.#next - this.#state.clock[Clock.CYCLES]))
    this.#account(times)
    const { observer, pc } = this.#cpu
    observer?.executed(pc, pc, times)
    return undefined
  }
}
