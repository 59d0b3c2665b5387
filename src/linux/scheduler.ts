// Turns: which thread is on the core, and what comes before its next instruction. All of it depends on instructions and
// cycles alone, so that a run is the same however it is cut.

import { type KernelExit, OUT_OF_TIME } from './host.ts'
import type { Kernel } from './kernel.ts'
import { systemCall } from './systemCall.ts'
import { registersOf, setRegisters, Thread, type Wait } from './thread.ts'
import { SERVICE } from './work.ts'

/** What has been done between two instructions, so many things. */
interface Turns {
  readonly retired: number
  readonly count: number
}

export interface SchedulerState {
  readonly current: number
  readonly sliceEnd: number | undefined
  readonly turns: Turns
}

/** How far a run may go. */
export interface Limits {
  /** Instructions executed since the start. */
  readonly end: number
  /** In cycles. */
  readonly horizon: number
  /** A run ends when another thread goes on than before, or one whose call was waiting. */
  readonly stopAtSwitch?: boolean | undefined
  /** Signals before whose delivery a run ends. */
  readonly stopBeforeSignals?: ReadonlySet<number> | undefined
  /** A run ends where a signal has led to its handler. */
  readonly stopAtHandler?: boolean | undefined
}

/** Instructions that a thread executes while others could. */
const SLICE = 20_000

const SWITCHED: KernelExit = { kind: 'switched' }

export class Scheduler {
  /** The thread on the core. */
  current!: Thread
  readonly #kernel: Kernel
  /** The number of instructions at which another thread has its turn; undefined while none waits for one. */
  #sliceEnd: number | undefined
  #turns: Turns = { retired: 0, count: 0 }

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** What has been done of itself since an instruction last completed: threads switched, signals delivered. */
  get turns(): number {
    return this.#turns.retired === this.#kernel.cpu.retired ? this.#turns.count : 0
  }

  /** Something has been done between two instructions. */
  turned(): void {
    this.#kernel.work.charge(SERVICE)
    this.#turns = { retired: this.#kernel.cpu.retired, count: this.turns + 1 }
  }

  #canRun({ process, wait }: Thread): boolean {
    return !process.isStopped && wait === undefined
  }

  /** Somebody else can run, or could: the one on the core has its slice. */
  share(): void {
    this.#sliceEnd ??= this.#kernel.cpu.retired + SLICE
  }

  /** The thread after the present one that can run, the present one last. */
  #next(): Thread | undefined {
    const all = [...this.#kernel.threads.values()]
    const later = all.filter(({ id }) => id > this.current.id)
    const before = all.filter(({ id }) => id <= this.current.id)
    return [...later, ...before].find(thread => this.#canRun(thread))
  }

  #switchTo(thread: Thread): void {
    const before = this.current
    this.#sliceEnd = this.#kernel.cpu.retired + SLICE
    if (before === thread) return
    if (this.#kernel.threads.has(before.id)) before.registers = registersOf(this.#kernel.cpu)
    this.current = thread
    setRegisters(this.#kernel.cpu, thread.registers!)
    thread.registers = undefined
    if (before.process.space !== thread.process.space) thread.process.space.enter()
  }

  /** The thread on the core has ended: another has its turn. */
  leave(): void {
    this.turned()
    const next = this.#next() ?? this.#kernel.threads.values().next().value
    if (next !== undefined) this.#switchTo(next)
  }

  /** The thread on the core lets others have their turn. */
  yield(): void {
    this.#sliceEnd = this.#kernel.cpu.retired
  }

  /** The wait of those that `is` says is over. @returns how many there were, at most `most` */
  wake(is: (wait: Wait, thread: Thread) => boolean, most = Number.POSITIVE_INFINITY): number {
    let count = 0
    for (const thread of this.#kernel.threads.values()) {
      if (count >= most) break
      const { wait } = thread
      if (wait === undefined || !is(wait, thread)) continue
      thread.wake('event')
      this.share()
      count++
    }
    return count
  }

  /** Instructions and cycles up to which a run needs nothing from here. */
  limits({ end, horizon }: Limits): { readonly budget: number; readonly horizon: number } {
    const { retired } = this.#kernel.cpu
    const budget = Math.min(end, this.#sliceEnd ?? Number.POSITIVE_INFINITY) - retired
    return { budget: Math.max(0, budget), horizon: Math.min(horizon, this.#nextMoment) }
  }

  /** The cycle at which the next wait is over, or the next timer expires. */
  get #nextMoment(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { wait } of this.#kernel.threads.values()) next = Math.min(next, wait?.until ?? next)
    for (const { timers } of this.#kernel.processes.values())
      for (const { at } of timers) next = Math.min(next, at ?? next)
    return next
  }

  /** Whether there is something to do before the next instruction, after a run that nothing else has ended. */
  get isDue(): boolean {
    return (
      this.#kernel.cpu.retired >= (this.#sliceEnd ?? Number.POSITIVE_INFINITY) || this.#kernel.now >= this.#nextMoment
    )
  }

  /**
   * All that comes before the next instruction: waits that are over, timers, turns, signals, and calls that are made
   * again. Where the run may execute nothing any more, only the call that is under way where it stands.
   * @param hasServed some of the work of the run has been done already
   * @returns why no instruction can be executed, if none can
   */
  proceed(limits: Limits, hasServed = false): KernelExit | undefined {
    const mayTurn = this.#kernel.cpu.retired < limits.end && this.#kernel.now < limits.horizon
    const isBlocked = !this.#canRun(this.current)
    for (let first = !hasServed; ; first = false) {
      if (this.#kernel.ended !== undefined) return { kind: 'exit', status: this.#kernel.ended }
      if (!first && this.#kernel.work.over) return OUT_OF_TIME
      const step = this.#proceed(limits, mayTurn)
      if (step !== 'again') return step
      if (isBlocked && limits.stopAtSwitch === true && this.#canRun(this.current)) return SWITCHED
    }
  }

  #proceed(limits: Limits, mayTurn: boolean): KernelExit | 'again' | undefined {
    const thread = this.current
    const { call } = thread
    if (call !== undefined && this.#canRun(thread)) {
      if (call.isAfterSignal === true && this.#kernel.signals.due(thread) !== undefined)
        return this.#kernel.signals.deliver(limits)
      thread.takeCall()
      if (call.woke !== undefined) this.turned()
      return systemCall(this.#kernel, call) ?? 'again'
    }
    if (!mayTurn) return OUT_OF_TIME
    if (this.#expire()) return 'again'
    if (!this.#canRun(thread)) return this.#turnToAnother(limits)
    if (this.#kernel.cpu.retired >= (this.#sliceEnd ?? Number.POSITIVE_INFINITY)) {
      const next = this.#next()
      if (next === undefined || next === thread) {
        this.#sliceEnd = undefined
      } else {
        this.turned()
        this.#switchTo(next)
        return limits.stopAtSwitch === true ? SWITCHED : 'again'
      }
    }
    return this.#kernel.signals.deliver(limits)
  }

  #turnToAnother(limits: Limits): KernelExit | 'again' {
    const next = this.#next()
    if (next === undefined) return this.#idle(limits)
    this.turned()
    this.#switchTo(next)
    return limits.stopAtSwitch === true ? SWITCHED : 'again'
  }

  /** Nobody can run: time passes until the next moment at which somebody can. */
  #idle({ horizon }: Limits): KernelExit | 'again' {
    const next = this.#nextMoment
    if (next < Number.POSITIVE_INFINITY) {
      this.#kernel.work.charge(SERVICE)
      if (this.#kernel.now < Math.min(next, horizon)) this.#kernel.cpu.skip(Math.min(next, horizon) - this.#kernel.now)
      return next <= horizon ? 'again' : OUT_OF_TIME
    }
    const waits = [...this.#kernel.threads.values()].flatMap(({ wait }) => wait ?? [])
    // After its end nothing comes that they could wait for.
    const mayCome = !this.#kernel.fileSystem.inputEnded
    if (mayCome && waits.some(({ on }) => on === 'input')) return { kind: 'wants', request: { wants: 'stdin' } }
    return { kind: 'deadlock', text: this.#whoWaits() }
  }

  #whoWaits(): string {
    const all = [...this.#kernel.threads.values()].map(({ id, process, wait }) => {
      const who = id === process.pid ? `process ${id}` : `thread ${id}`
      return process.isStopped ? `${who} is stopped` : `${who} waits for ${wait?.what ?? 'nothing'}`
    })
    return all.join(', ')
  }

  /** Waits and timers whose time has come. @returns whether there was one */
  #expire(): boolean {
    const { now } = this.#kernel
    if (now < this.#nextMoment) return false
    this.turned()
    for (const thread of this.#kernel.threads.values())
      if ((thread.wait?.until ?? Number.POSITIVE_INFINITY) <= now) {
        thread.wake('time')
        this.share()
      }
    for (const process of this.#kernel.processes.values()) process.expireTimers(now)
    return true
  }

  save(): SchedulerState {
    return { current: this.current.id, sliceEnd: this.#sliceEnd, turns: this.#turns }
  }

  /** The threads have been restored before. */
  restore({ current, sliceEnd, turns }: SchedulerState): void {
    const { threads, cpu, first } = this.#kernel
    // At the end of the run its last thread is none of them any more.
    this.current = threads.get(current) ?? new Thread(cpu, current, first)
    this.#sliceEnd = sliceEnd
    this.#turns = turns
  }
}
