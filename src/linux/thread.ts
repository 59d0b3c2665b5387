// A thread of a process: its registers while others are on the core, which signals it blocks, what it waits for.

import type { Cpu } from '../cpu/cpu.ts'
import { Word } from '../cpu/state.ts'
import { Spr } from '../isa/registers.ts'
import type { Process } from './process.ts'
import { type Info, PendingSignals } from './signals.ts'

/** For what of which semaphore a thread waits. */
export interface SemaphoreWait {
  readonly set: number
  readonly number: number
  readonly isForZero: boolean
}

/** What a thread waits for that others, time or the world outside bring about. */
export type Wait = {
  /** The cycle at which it is over in any case. */
  readonly until?: number | undefined
  /** `futex 0x10001234`, for whoever wants to know why nothing goes on. */
  readonly what: string
} & (
  | { readonly on: 'futex'; readonly key: string; readonly bits: number }
  /** A lock that is handed over, the thread that has it, and where the word is that says so. */
  | { readonly on: 'lock'; readonly key: string; readonly address: number; readonly holder: number }
  | { readonly on: 'ipc'; readonly semaphore?: SemaphoreWait }
  | { readonly on: 'signal'; readonly set?: bigint }
  | { readonly on: 'time' | 'child' | 'input' }
  /** Of those who wait for a lock: the process that has it. */
  | { readonly on: 'files'; readonly blocker?: number | undefined }
  /** The end of a child of vfork, or its own program. */
  | { readonly on: 'vfork'; readonly pid: number }
)

/** Why a wait is over. */
export type Woke = 'event' | 'time' | 'signal'

/**
 * A system call that lacks something from the host, from others, or time: it is made again when the thread runs on from
 * there. A debugger may have it run from elsewhere first, as gdb does that calls a function.
 */
export interface CallUnderWay {
  readonly pc: number
  readonly sp: number
  /** Bytes that it has dealt with. */
  readonly progress: number
  /** It cannot go on before this. */
  readonly wait?: Wait | undefined
  readonly woke?: Woke | undefined
  /** The cycle until which it waits at most, from when it was made first. */
  readonly until?: number | undefined
  /** A signal has come that no handler is for: it is dealt with before the call is made again. */
  readonly isAfterSignal?: boolean
}

/** A stack of its own for signal handlers, as sigaltstack sets it. */
export interface AltStack {
  readonly start: number
  readonly size: number
  readonly flags: number
}

export const SS_ONSTACK = 1
export const SS_DISABLE = 2
export const NO_STACK: AltStack = { start: 0, size: 0, flags: SS_DISABLE }

/** Functions that a debugger calls within others: more are no person's. */
const MOST_CALLS = 16

/** Words of the state that are a thread's own. */
const OWN_WORDS = [Word.PC, Word.MSR, Word.SO, Word.OV, Word.CA, Word.TBC, Word.FPSCR] as const
const OWN_SPRS = [Spr.LR, Spr.CTR] as const

/** Registers, as plain data. */
export interface ThreadRegisters {
  readonly gpr: Int32Array
  readonly fpr: Int32Array
  readonly cr: Int32Array
  readonly words: readonly number[]
  readonly sprs: readonly number[]
}

export const registersOf = ({ state }: Cpu): ThreadRegisters => ({
  gpr: state.gpr.slice(),
  fpr: state.fprWords.slice(),
  cr: state.cr.slice(),
  words: OWN_WORDS.map(word => state.words[word]),
  sprs: OWN_SPRS.map(spr => state.spr[spr]),
})

/** Puts them on the core. A reservation does not outlive that. */
export function setRegisters(cpu: Cpu, { gpr, fpr, cr, words, sprs }: ThreadRegisters): void {
  const { state } = cpu
  state.gpr.set(gpr)
  state.fprWords.set(fpr)
  state.cr.set(cr)
  const before = state.words[Word.MSR]
  for (const [i, word] of OWN_WORDS.entries()) state.words[word] = words[i]!
  for (const [i, spr] of OWN_SPRS.entries()) state.spr[spr] = sprs[i]!
  state.words[Word.RESERVED] = 0
  cpu.msrChanged(before)
}

/** Of a program that begins. */
export const firstRegisters = (pc: number, sp: number, msr: number): ThreadRegisters => ({
  gpr: Int32Array.from({ length: 32 }, (_, n) => (n === 1 ? sp : 0)),
  fpr: new Int32Array(64),
  cr: new Int32Array(8),
  words: OWN_WORDS.map(word => (word === Word.PC ? pc : word === Word.MSR ? msr : 0)),
  sprs: OWN_SPRS.map(() => 0),
})

/** Of the words of `ThreadRegisters`. */
const PC = 0

/** All of a thread, as plain data. */
export interface ThreadState {
  readonly id: number
  readonly process: number
  readonly name: string
  readonly registers: ThreadRegisters | undefined
  readonly blocked: bigint
  readonly savedMask: bigint | undefined
  readonly pending: readonly Info[]
  readonly altStack: AltStack
  readonly clearTid: number
  readonly robustList: number
  readonly calls: readonly CallUnderWay[]
}

export class Thread {
  readonly id: number
  readonly process: Process
  /** As it calls itself. */
  name = ''
  /** While another is on the core. */
  registers: ThreadRegisters | undefined
  /** Signals that wait until it unblocks them. */
  blocked = 0n
  /** What is blocked again after the handler of a signal that sigsuspend has waited for. */
  savedMask: bigint | undefined
  pending = new PendingSignals()
  altStack = NO_STACK
  /** Where a word is cleared, and who waits there woken, when the thread ends. */
  clearTid = 0
  robustList = 0
  /** The last one is the innermost. */
  calls: readonly CallUnderWay[] = []
  readonly #cpu: Cpu

  constructor(cpu: Cpu, id: number, process: Process) {
    this.#cpu = cpu
    this.id = id
    this.process = process
  }

  get pc(): number {
    return (this.registers?.words[PC] ?? this.#cpu.pc) >>> 0
  }

  get sp(): number {
    return (this.registers?.gpr ?? this.#cpu.state.gpr)[1]! >>> 0
  }

  /** The call that is under way where it stands. */
  get call(): CallUnderWay | undefined {
    const last = this.calls.at(-1)
    return last?.pc === this.pc && last.sp === this.sp ? last : undefined
  }

  /** What it waits for. */
  get wait(): Wait | undefined {
    return this.call?.wait
  }

  /** The call at which it stands is over, or made again. @returns it */
  takeCall(): CallUnderWay | undefined {
    const { call } = this
    if (call !== undefined) this.calls = this.calls.slice(0, -1)
    return call
  }

  /** The call that it has just made is not at its end. */
  putCall(call: Omit<CallUnderWay, 'pc' | 'sp'>): void {
    this.calls = [...this.calls, { ...call, pc: this.pc, sp: this.sp }].slice(-MOST_CALLS)
  }

  /** Its wait is over, if it waits. */
  wake(woke: Woke): void {
    const { call } = this
    if (call?.wait === undefined) return
    this.calls = [...this.calls.slice(0, -1), { ...call, wait: undefined, woke }]
  }

  /** It waits at another futex than before. */
  waitElsewhere(key: string): void {
    const { call } = this
    if (call?.wait?.on === 'futex') this.calls = [...this.calls.slice(0, -1), { ...call, wait: { ...call.wait, key } }]
  }

  /** The lock it waits for is another's now. */
  waitForHolder(holder: number): void {
    const { call } = this
    if (call?.wait?.on === 'lock')
      this.calls = [...this.calls.slice(0, -1), { ...call, wait: { ...call.wait, holder } }]
  }

  /** Whether a stack pointer is on the stack for signal handlers. */
  isOnAltStack(sp: number): boolean {
    const { start, size } = this.altStack
    return size > 0 && sp - start > 0 && sp - start <= size
  }

  save(): ThreadState {
    const { id, name, registers, blocked, savedMask, altStack, clearTid, robustList, calls } = this
    return {
      ...{ id, process: this.process.pid, name, registers, blocked, savedMask, altStack, clearTid, robustList, calls },
      pending: this.pending.save(),
    }
  }

  restore(state: ThreadState): void {
    this.name = state.name
    this.registers = state.registers
    this.blocked = state.blocked
    this.savedMask = state.savedMask
    this.pending = new PendingSignals(state.pending)
    this.altStack = state.altStack
    this.clearTid = state.clearTid
    this.robustList = state.robustList
    this.calls = state.calls
  }
}
