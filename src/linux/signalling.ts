// Signals on their way: who is sent one, who takes it, and what becomes of it. How a handler is entered is in delivery.ts.

import { hex32 } from '../util/hex.ts'
import { Errno, Signal } from './abi.ts'
import { enterHandler } from './delivery.ts'
import type { KernelExit } from './host.ts'
import type { Kernel } from './kernel.ts'
import { CallError } from './memory.ts'
import { CONTINUED, Process, STOPPED } from './process.ts'
import type { Limits } from './scheduler.ts'
import { bit, fromUser, type Info, infoOf, SA_RESETHAND, SIG_IGN, STOPS, signalName } from './signals.ts'
import type { Thread } from './thread.ts'

export class Signalling {
  /** The signal before whose delivery the run has ended: going on delivers it. */
  caught: Info | undefined
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** Sends a signal to a process, or to a thread of it. @returns 0, or an error */
  post(to: Process | Thread, info: Info): number {
    const process = to instanceof Process ? to : to.process
    const { signal } = info
    if (process.status !== undefined) return 0
    if (signal === Signal.SIGKILL) return this.kill(process, info)
    if (signal === Signal.SIGCONT) this.#continue(process)
    if (STOPS.includes(signal)) process.forgetPending([Signal.SIGCONT])
    const takers = to instanceof Process ? process.threads : [to]
    const waits = takers.filter(({ wait }) => wait?.on === 'signal' && ((wait.set ?? 0n) & bit(signal)) !== 0n)
    const isBlocked = takers.every(({ blocked }) => (blocked & bit(signal)) !== 0n)
    if (process.actions.byDefault(signal) === 'ignore' && !isBlocked && waits.length === 0) return 0
    if (!to.pending.add(info)) return -Errno.EAGAIN
    const taker = waits[0] ?? takers.find(({ blocked }) => (blocked & bit(signal)) === 0n)
    if (waits[0] !== undefined) waits[0].wake('event')
    else if (taker !== undefined && taker.wait?.on !== 'vfork') taker.wake('signal')
    this.#kernel.scheduler.share()
    return 0
  }

  /** What ends a process whatever it wants. */
  kill(process: Process, info: Info): number {
    process.isStopped = false
    for (const thread of process.threads) thread.wake('signal')
    process.pending.add(info)
    this.#kernel.scheduler.share()
    return 0
  }

  #continue(process: Process): void {
    process.forgetPending(STOPS)
    if (!process.isStopped) return
    process.isStopped = false
    process.isContinued = true
    this.#kernel.scheduler.share()
    const parent = this.#kernel.processes.get(process.parent)
    if (parent !== undefined) this.#kernel.tellParent(process, parent, CONTINUED)
  }

  /** The signal of a fault, which cannot wait: the process has to handle it. */
  fault(signal: number, code: number, address: number): undefined {
    const thread = this.#kernel.current
    const { actions } = thread.process
    if ((thread.blocked & bit(signal)) !== 0n || actions.of(signal).handler === SIG_IGN) {
      actions.reset(signal)
      thread.blocked &= ~bit(signal)
    }
    thread.pending.forget([signal])
    thread.pending.add({ signal, code, fields: [address], isFault: true })
  }

  /** The signal that the thread is given before its next instruction. */
  due(thread: Thread): Info | undefined {
    return thread.pending.first(thread.blocked) ?? thread.process.pending.first(thread.blocked)
  }

  /** Delivers what is due to the thread on the core. @returns undefined where it goes on with its next instruction */
  deliver(limits: Limits): KernelExit | 'again' | undefined {
    const thread = this.#kernel.current
    const { process } = thread
    if (thread.pending.isEmpty && process.pending.isEmpty) return undefined
    const info = this.due(thread)
    if (info === undefined) return undefined
    if (limits.stopBeforeSignals?.has(info.signal) === true && this.caught !== info) {
      this.caught = info
      return { kind: 'signalDue', info, thread: thread.id }
    }
    this.caught = undefined
    this.#kernel.scheduler.turned()
    thread.pending.take(info)
    process.pending.take(info)
    return this.#take(thread, process.withOverruns(info), limits) ?? 'again'
  }

  /** The thread on the core gets another signal, or none, instead of the one that is due, or one more where none is. */
  replaceCaught(signal: number): void {
    const thread = this.#kernel.current
    const caught = this.caught ?? this.due(thread)
    if (signal === (caught?.signal ?? 0)) return
    this.#putForCaught(caught, signal === 0 ? undefined : fromUser(signal, thread.process.pid))
  }

  /** What the signal that is due tells is other than it was: the bytes of struct siginfo. */
  tellCaught(bytes: ArrayLike<number>): void {
    const caught = this.caught ?? this.due(this.#kernel.current)
    if (caught !== undefined) this.#putForCaught(caught, { ...caught, ...infoOf(bytes), signal: caught.signal })
  }

  #putForCaught(caught: Info | undefined, info: Info | undefined): void {
    const thread = this.#kernel.current
    if (caught !== undefined) {
      thread.pending.take(caught)
      thread.process.pending.take(caught)
    }
    this.caught = info
    if (info !== undefined) thread.pending.add(info)
  }

  #take(thread: Thread, info: Info, { stopAtHandler }: Limits): KernelExit | undefined {
    const { process } = thread
    const action = process.actions.of(info.signal)
    switch (process.actions.byDefault(info.signal)) {
      case 'ignore':
      case 'continue':
        return undefined
      case 'stop':
        return this.#stop(process, info.signal)
      case 'end':
        return this.#killedBy(process, info)
      case undefined:
        break
    }
    try {
      enterHandler(
        { cpu: this.#kernel.cpu, memory: process.memory, thread, trampoline: process.trampoline },
        info,
        action,
      )
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return this.#killedBy(process, { signal: Signal.SIGSEGV, code: 0, fields: [] })
    }
    if ((action.flags & SA_RESETHAND) !== 0) process.actions.reset(info.signal)
    return stopAtHandler === true ? { kind: 'handler', signal: info.signal } : undefined
  }

  #stop(process: Process, signal: number): undefined {
    process.isStopped = true
    process.stoppedBy = signal
    const parent = this.#kernel.processes.get(process.parent)
    if (parent !== undefined) this.#kernel.tellParent(process, parent, (signal << 8) | STOPPED)
  }

  #killedBy(process: Process, { signal, isFault, fields }: Info): KernelExit | undefined {
    if (process !== this.#kernel.first) return void this.#kernel.endProcess(process, signal)
    const detail = isFault === true ? `, address ${hex32(fields[0] ?? 0)}` : ''
    return { kind: 'signal', signal, text: `the program was ended by ${signalName(signal)}${detail}` }
  }
}
