// Signals: what a process wants done about each, and the frame a handler runs on.

import type { Cpu } from '../cpu/cpu.ts'
import { Spr } from '../isa/registers.ts'
import { Errno, Signal } from './abi.ts'
import { restoreContext, saveContext } from './context.ts'
import { CallError, type UserMemory } from './memory.ts'
import { CONTEXT, CONTEXT_BYTES, SIGINFO } from './signalFrame.ts'

const SIG_DFL = 0
const SIG_IGN = 1
const SA_NODEFER = 0x40000000
const SA_RESETHAND = 0x80000000 | 0

const IGNORED: ReadonlySet<number> = new Set([Signal.SIGCHLD, Signal.SIGCONT, Signal.SIGURG, Signal.SIGWINCH])

export interface Action {
  readonly handler: number
  readonly flags: number
  /** Signals that are blocked as well while the handler runs. */
  readonly mask: bigint
}

/** Why, for a handler with SA_SIGINFO. */
interface Info {
  readonly code: number
  readonly address: number
}

export interface SignalsState {
  readonly actions: readonly (readonly [number, Action])[]
  readonly blocked: bigint
  readonly pending: bigint
}

/** Below the stack pointer there may be up to 224 bytes of a leaf's data. */
const RED_ZONE = 224

const DEFAULT: Action = { handler: SIG_DFL, flags: 0, mask: 0n }
/** What nobody can block, ignore or handle. */
const UNSTOPPABLE: readonly number[] = [Signal.SIGKILL, Signal.SIGSTOP]
const FROM_USER: Info = { code: 0, address: 0 }
const HIGHEST = 64
const bit = (signal: number): bigint => 1n << BigInt(signal - 1)

export class Signals {
  blocked = 0n
  pending = 0n
  readonly #cpu: Cpu
  readonly #memory: UserMemory
  /** Where handlers return to. */
  readonly #trampoline: number
  readonly #actions = new Map<number, Action>()

  constructor(cpu: Cpu, memory: UserMemory, trampoline: number) {
    this.#cpu = cpu
    this.#memory = memory
    this.#trampoline = trampoline
  }

  action(signal: number): Action {
    return this.#actions.get(signal) ?? DEFAULT
  }

  /** @returns 0, or an error where nothing can be set. */
  setAction(signal: number, action: Action): number {
    if (signal < 1 || signal > HIGHEST || UNSTOPPABLE.includes(signal)) return -Errno.EINVAL
    this.#actions.set(signal, action)
    return 0
  }

  block(signals: bigint): void {
    this.blocked = UNSTOPPABLE.reduce((set, signal) => set & ~bit(signal), BigInt.asUintN(HIGHEST, signals))
  }

  /** A signal the process sends itself: it waits while it is blocked. */
  raise(signal: number): number {
    if (signal < 0 || signal > HIGHEST) return -Errno.EINVAL
    if (signal !== 0) this.pending |= bit(signal)
    return 0
  }

  /** Delivers what is due at the end of a system call. @returns the signal that ends the process, if one does. */
  deliverPending(): number | undefined {
    for (let due = this.pending & ~this.blocked; due !== 0n; due = this.pending & ~this.blocked) {
      const signal = due.toString(2).length - due.toString(2).lastIndexOf('1')
      this.pending &= ~bit(signal)
      const killer = this.#deliver(signal, FROM_USER)
      if (killer !== undefined) return killer
    }
    return undefined
  }

  /** The signal of a fault, which cannot wait. @returns the signal that ends the process, if one does. */
  fault(signal: number, info: Info): number | undefined {
    const { handler } = this.action(signal)
    if ((this.blocked & bit(signal)) !== 0n || handler === SIG_IGN) return signal
    return this.#deliver(signal, info)
  }

  /** @returns the signal that ends the process: where no frame can be built, that is SIGSEGV. */
  #deliver(signal: number, info: Info): number | undefined {
    const { handler, flags, mask } = this.action(signal)
    if (handler === SIG_IGN || (handler === SIG_DFL && IGNORED.has(signal))) return undefined
    if (handler === SIG_DFL) return signal
    try {
      this.#enter(signal, handler, info)
    } catch (error) {
      if (error instanceof CallError) return Signal.SIGSEGV
      throw error
    }
    this.block(this.blocked | mask | ((flags & SA_NODEFER) !== 0 ? 0n : bit(signal)))
    if ((flags & SA_RESETHAND) !== 0) this.#actions.delete(signal)
    return undefined
  }

  /** Builds the frame and goes to the handler: r3 the signal, r4 siginfo, r5 the context. */
  #enter(signal: number, handler: number, { code, address }: Info): void {
    const { gpr, spr } = this.#cpu.state
    const context = ((gpr[1] >>> 0) - RED_ZONE - CONTEXT_BYTES) & ~15
    const frame = context - CONTEXT
    const info = frame + SIGINFO
    this.#memory.bytes(frame, CONTEXT + CONTEXT_BYTES).fill(0)
    saveContext(this.#cpu, this.#memory.view(context, CONTEXT_BYTES), context >>> 0, this.blocked)
    this.#memory.setWord(frame, gpr[1])
    this.#memory.setWord(info, signal)
    this.#memory.setWord(info + 8, code)
    this.#memory.setWord(info + 12, address)
    gpr[1] = frame
    gpr[3] = signal
    gpr[4] = info
    gpr[5] = context
    spr[Spr.LR] = this.#trampoline
    this.#cpu.pc = handler
  }

  /** rt_sigreturn: everything as it was before the handler, r3 too. @throws CallError where r1 leads to no context. */
  return(): void {
    const context = this.#cpu.state.gpr[1] + CONTEXT
    this.block(restoreContext(this.#cpu, this.#memory.view(context, CONTEXT_BYTES)))
  }

  save(): SignalsState {
    return { actions: [...this.#actions], blocked: this.blocked, pending: this.pending }
  }

  restore(state: SignalsState): void {
    this.#actions.clear()
    for (const [signal, action] of state.actions) this.#actions.set(signal, action)
    this.blocked = state.blocked
    this.pending = state.pending
  }
}
