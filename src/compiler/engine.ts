// The engine that compiles what is hot: it interprets, counts where branches lead, and makes WebAssembly of the code
// there. Compiled code gives the same results as the interpreter at every instruction number; what it has no form of, and
// every access that needs more than a look, it leaves to the interpreter.

import type { Cpu } from '../cpu/cpu.ts'
import type { Engine } from '../cpu/engine.ts'
import { HEAT_COUNTERS, HOT, heatIndex } from '../cpu/heat.ts'
import { interpret } from '../cpu/interpreter.generated.ts'
import { Clock, Word } from '../cpu/state.ts'
import { MSR_DS, MSR_IS, MSR_PR } from '../isa/registers.ts'
import { CodeStore } from './codeStore.ts'
import { ConditionRegister } from './conditionRegister.ts'
import { Leave } from './function.ts'
import { type CodeContext, TIME_AT } from './layout.ts'
import { type Loop, makeLoop } from './loop.ts'

/** Compiled code comes back after so many instructions: V8 replaces a running function only when it is called again. */
const LONGEST_RUN = 500_000
/** It is not worth the way in and out for fewer. */
const SHORTEST_RUN = 64
/** What compiled code leaves for is mostly one instruction; what has not been met before, several. */
const FEW = 4
/** Where it leaves at once again and again, as beside a breakpoint, twice as many are interpreted each time, up to these. */
const MANY = 4096
/** The loop comes back after so many instructions, for the same reason as compiled code. */
const LONGEST_LOOP = 50_000
/** So many instructions are interpreted between making one piece of the loop and the next, which takes as long as so many. */
const UNTIL_PIECE = 5000
const MAKING_PIECE = 20_000
/** So often compiled code may leave at one place before it is compiled in another way. */
const PATIENCE = 60
/** Instructions within which that counts as again and again. */
const MEMORY = 2_000_000

/** Compiled code that executes fewer instructions between leaving and leaving is no faster than the interpreter. */
const WORTH_ENTERING = 16
/** It has to leave so often before that is said of it. */
const MANY_LEAVES = 1000

/** So many failures, and nothing is compiled any more. */
const MOST_FAILURES = 50

export interface CompilerOptions {
  readonly name: string
  /** How often branches lead to a place before the code there is compiled. */
  readonly threshold: number
  /** So many instructions are interpreted before there is the loop of WebAssembly. */
  readonly loopAfter: number
  /** Whether something is executed between one part of a compilation and the next, so that none takes long. */
  readonly inParts: boolean
  /** As `threshold`, once that is there. */
  readonly thresholdInLoop: number
}

export class CompilingEngine implements Engine {
  readonly name: string
  compiled = 0
  readonly #cpu: Cpu
  readonly #heat: Uint8Array
  /** What interprets, when it has been made; and how many instructions were interpreted without. */
  #loop: Loop | undefined
  readonly #making: Generator<void, Loop>
  readonly #loopAfter: number
  #interpreted = 0
  #workOnLoop = 0
  readonly #left = new Uint8Array(HEAT_COUNTERS)
  /** Where counters begin, and how often each has to reach its end. */
  readonly #cold: number
  #rounds: number
  readonly #roundsInLoop: number
  readonly #roundsDone = new Uint8Array(HEAT_COUNTERS)
  readonly #store: CodeStore
  readonly #conditions: ConditionRegister
  readonly #remaining: Int32Array
  readonly #time: Int32Array
  /** Where compiling has failed. */
  readonly #failed = new Set<number>()
  /** What is being compiled: where it begins, and the parts that are left. */
  #job: { readonly pc: number; readonly context: CodeContext; readonly parts: Iterator<void, void> } | undefined
  readonly #inParts: boolean
  /** Compiled code, or the loop, has left at PC for the interpreter. */
  #interpretNext = false
  /** So many instructions are interpreted then. */
  #few = FEW
  /** When the places at which compiled code leaves are forgotten the next time. */
  #forgetAt = 0
  /** Instructions of compiled code since then, and how often it has left. */
  #retired = 0
  #leaves = 0

  constructor(cpu: Cpu, { name, threshold, loopAfter, thresholdInLoop, inParts }: CompilerOptions) {
    this.name = name
    this.#cpu = cpu
    this.#rounds = Math.ceil(threshold / HOT)
    this.#cold = HOT - Math.ceil(threshold / this.#rounds)
    this.#roundsInLoop = Math.ceil(thresholdInLoop / HOT)
    this.#heat = cpu.state.heat
    this.#heat.fill(this.#cold)
    this.#loopAfter = loopAfter
    this.#inParts = inParts
    this.#making = makeLoop(cpu.state)
    this.#store = new CodeStore(cpu, {
      isWarm: pc => this.#rounds === 1 || this.#roundsDone[heatIndex(pc)]! > 0,
      makeHot: pc => this.#makeHot(pc),
      makeCold: pc => {
        this.#heat[heatIndex(pc)] = this.#cold
        this.#roundsDone[heatIndex(pc)] = 0
      },
    })
    this.#conditions = new ConditionRegister(cpu.state)
    this.#remaining = this.#store.remaining
    this.#time = new Int32Array(cpu.state.memory.buffer, TIME_AT, 4)
  }

  get work(): number {
    return this.#store.work + this.#workOnLoop
  }

  execute(budget: number): number {
    const { words } = this.#cpu.state
    const context = this.#contextNow()
    if (this.#interpretNext || budget < SHORTEST_RUN || context === undefined || words[Word.ATTENTION] !== 0) {
      this.#interpretNext = false
      return interpret(this.#cpu, budget, this.#heat, Math.min(budget, this.#few))
    }
    this.#compileOn()
    const pc = words[Word.PC]
    return this.#isReady(pc, context) ? this.#run(pc, budget, context) : this.#interpret(pc, budget, context)
  }

  /** In the loop of WebAssembly, until it leaves; before that is made, without. */
  #interpret(pc: number, budget: number, { number }: CodeContext): number {
    const loop = (this.#loop ??= this.#makeLoop())
    if (loop === undefined) return this.#interpretAlone(budget)
    const most = Math.min(budget, LONGEST_LOOP)
    this.#setTime(most)
    const end = loop(pc, most, number)
    this.#cpu.state.words[Word.PC] = end & ~3
    const retired = most - this.#remaining[0]!
    this.#interpretNext = (end & Leave.INTERPRET) !== 0
    if (this.#interpretNext) this.#leftAfter(retired)
    return retired
  }

  /** The next piece of the loop, once it is worth its making. @returns the loop when it is ready */
  #makeLoop(): Loop | undefined {
    for (;;) {
      if (this.#interpreted < this.#loopAfter) return undefined
      this.#workOnLoop += MAKING_PIECE
      const { done, value } = this.#making.next()
      if (done === true) {
        this.#rounds = this.#roundsInLoop
        return value
      }
      if (this.#loopAfter > 0) return undefined
    }
  }

  #interpretAlone(budget: number): number {
    const retired = interpret(this.#cpu, budget, this.#heat, Math.min(budget, UNTIL_PIECE))
    this.#interpreted += retired
    return retired
  }

  /** Whether there is compiled code at `pc` now. A place that is hot gets some, if it can be. */
  #isReady(pc: number, context: CodeContext): boolean {
    if (this.#store.isLinked(pc, context)) return true
    const at = heatIndex(pc)
    if (this.#heat[at]! < HOT) {
      this.#heat[at]!++
      return false
    }
    this.#heat[at] = this.#cold
    if (++this.#roundsDone[at]! < this.#rounds) return false
    // While something else is compiled, or this in parts, it is asked again the next time.
    this.#roundsDone[at] = this.#rounds - 1
    if (this.#job !== undefined) return false
    this.#compile(pc, context)
    return this.#job === undefined && this.#store.isLinked(pc, context)
  }

  #compile(pc: number, context: CodeContext): void {
    if (this.#failed.has(pc) || this.#failed.size >= MOST_FAILURES) return
    this.#job = { pc, context, parts: this.#store.compile(pc, context) }
    this.#compilePart()
  }

  /** Goes on with what is being compiled. */
  #compileOn(): void {
    if (this.#job !== undefined) return this.#compilePart()
    const wanted = this.#store.wanted()
    if (wanted !== undefined) this.#compile(wanted.pc, wanted.context)
  }

  /** A part at a time, or all. What the host does not take (a module too large, no memory left) is interpreted. */
  #compilePart(): void {
    const { pc, context, parts } = this.#job!
    try {
      while (parts.next().done !== true) if (this.#inParts) return
    } catch (error) {
      this.#failed.add(pc)
      const why = error instanceof Error ? error.message : String(error)
      this.#cpu.diagnoseOnce(`the code here could not be compiled and is interpreted: ${why}`, pc, 'not compiled')
    }
    this.#job = undefined
    // It has to become hot again, or never will.
    if (!this.#store.isLinked(pc, context)) this.#roundsDone[heatIndex(pc)] = 0
  }

  /** Whoever comes to `pc` next finds compiled code, or compiles it. */
  #makeHot(pc: number): void {
    this.#heat[heatIndex(pc)] = HOT
    this.#roundsDone[heatIndex(pc)] = this.#rounds - 1
  }

  #run(pc: number, budget: number, context: CodeContext): number {
    const { words } = this.#cpu.state
    const most = Math.min(budget, LONGEST_RUN)
    this.#setTime(most)
    this.#conditions.toValues()
    const end = this.#store.drive(context, pc, most)
    this.#conditions.toNibbles()
    const at = end & ~3
    words[Word.PC] = at
    const retired = most - this.#remaining[0]!
    this.#retired += retired
    this.compiled += retired
    if ((end & Leave.BUDGET) !== 0) {
      if (budget - retired <= SHORTEST_RUN || most === budget) this.#interpretNext = true
    } else if ((end & Leave.INTERPRET) !== 0) {
      this.#interpretNext = true
      this.#leftAfter(retired)
      this.#leftAt(at, context)
    }
    return retired
  }

  /** The way in and out must be worth it. */
  #leftAfter(retired: number): void {
    this.#few = retired >= WORTH_ENTERING ? FEW : Math.min(2 * this.#few, MANY)
  }

  /** What compiled code reads the time base from while `most` instructions are left. */
  #setTime(most: number): void {
    const { clock } = this.#cpu.state
    const now = clock[Clock.CYCLES]
    const lower = this.#cpu.timers.timeBaseLower(now)
    const stands = clock[Clock.FROZEN_SINCE] >= 0
    this.#time[0] = lower + most
    this.#time[1] = stands ? 1 : 0
    this.#time[2] = this.#cpu.timers.timeBaseUpper(now)
    this.#time[3] = stands || (lower >>> 0) + most > 0xffffffff ? 1 : 0
  }

  #leftAt(pc: number, context: CodeContext): void {
    const { clock } = this.#cpu.state
    if (clock[Clock.RETIRED] >= this.#forgetAt) {
      this.#left.fill(0)
      this.#retired = this.#leaves = 0
      this.#forgetAt = clock[Clock.RETIRED] + MEMORY
    }
    this.#leaves++
    const at = heatIndex(pc)
    if (++this.#left[at]! < PATIENCE) return
    this.#left[at] = 0
    const changed = this.#store.leavesOften(pc, context)
    const isWaste = this.#leaves > MANY_LEAVES && this.#retired < WORTH_ENTERING * this.#leaves
    if (!changed && isWaste && this.#rounds > 1) this.#store.giveUp(pc, context)
  }

  #contextNow(): CodeContext | undefined {
    const { words } = this.#cpu.state
    const msr = words[Word.MSR]
    if (((msr & MSR_IS) !== 0) !== ((msr & MSR_DS) !== 0)) return undefined
    const number = ((msr & MSR_PR) !== 0 ? 1 : 0) | ((msr & MSR_DS) !== 0 ? 2 : 0)
    return this.#store.context(number, words[Word.SO] === 0 ? 0 : 1)
  }

  translationChanged(): void {
    this.#store.unlinkAll()
  }

  granuleChanged(ea: number): void {
    this.#store.unlinkGranule(ea)
  }

  codeChanged(real: number, bytes: number): void {
    this.#store.drop(real, bytes)
  }

  forgetAll(): void {
    this.#store.dropAll()
  }
}
