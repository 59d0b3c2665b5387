// Signals: what a process wants done about each, and those that have been sent and are not delivered yet.

import { Errno, Signal, UID } from './abi.ts'

export const SIG_DFL = 0
export const SIG_IGN = 1
export const SA_NOCLDSTOP = 0x1
export const SA_NOCLDWAIT = 0x2
export const SA_ONSTACK = 0x08000000
export const SA_RESTART = 0x10000000
export const SA_NODEFER = 0x40000000
export const SA_RESETHAND = 0x80000000 | 0

/** `si_code`: who has sent a signal, where that is nothing the signal itself tells. */
export const SI_USER = 0
export const SI_KERNEL = 0x80
export const SI_TIMER = -2
export const SI_TKILL = -6

export const HIGHEST_SIGNAL = 64
/** From here on each of several is delivered. */
const SIGRTMIN = 32

export interface Action {
  readonly handler: number
  readonly flags: number
  /** Signals that are blocked as well while the handler runs. */
  readonly mask: bigint
}

/** A signal that was sent, and what struct siginfo tells of it. */
export interface Info {
  readonly signal: number
  readonly errno?: number
  readonly code: number
  /** The words of the union in siginfo, from its beginning. */
  readonly fields: readonly number[]
  /** An instruction has caused it, which is executed again unless something is done about it. */
  readonly isFault?: true
  /** The timer that has sent it, which counts what comes until it is delivered. */
  readonly timer?: number
}

/** struct siginfo, as words. */
export const siginfoWords = ({ signal, errno = 0, code, fields }: Info): readonly number[] => [
  ...[signal, errno, code],
  ...fields,
]

export const SIGINFO_BYTES = 128

/** What the bytes of a struct siginfo tell; those that are not there are 0. */
export function infoOf(bytes: ArrayLike<number>): Info {
  const view = new DataView(Uint8Array.from({ ...bytes, length: SIGINFO_BYTES }).buffer)
  const words = Array.from({ length: SIGINFO_BYTES / 4 }, (_, i) => view.getInt32(4 * i))
  const [signal = 0, errno = 0, code = 0, ...fields] = words
  return { signal, errno, code, fields }
}

/** What becomes of a process that has said nothing about a signal. */
type Default = 'ignore' | 'stop' | 'continue' | 'end'

const DEFAULTS: ReadonlyMap<number, Default> = new Map<number, Default>([
  [Signal.SIGCHLD, 'ignore'],
  [Signal.SIGURG, 'ignore'],
  [Signal.SIGWINCH, 'ignore'],
  [Signal.SIGCONT, 'continue'],
  [Signal.SIGSTOP, 'stop'],
  [Signal.SIGTSTP, 'stop'],
  [Signal.SIGTTIN, 'stop'],
  [Signal.SIGTTOU, 'stop'],
])

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Signal).map(([name, number]) => [number, name]))

/** `SIGUSR1`, and `signal 40` for those that have no name. */
export const signalName = (signal: number): string => NAMES.get(signal) ?? `signal ${signal}`

export const bit = (signal: number): bigint => 1n << BigInt(signal - 1)

export const isSignal = (signal: number): boolean => signal >= 1 && signal <= HIGHEST_SIGNAL

/** What nobody can block, ignore or handle. */
const UNSTOPPABLE: readonly number[] = [Signal.SIGKILL, Signal.SIGSTOP]
const UNBLOCKABLE = UNSTOPPABLE.reduce((set, signal) => set | bit(signal), 0n)

/** Those of the set that can be blocked. */
export const blockable = (set: bigint): bigint => BigInt.asUintN(HIGHEST_SIGNAL, set) & ~UNBLOCKABLE

/** What stops a process, which going on makes void. */
export const STOPS: readonly number[] = [Signal.SIGSTOP, Signal.SIGTSTP, Signal.SIGTTIN, Signal.SIGTTOU]

/** Sent by `kill` of process `pid`. */
export const fromUser = (signal: number, pid: number, code: number = SI_USER): Info => ({
  signal,
  code,
  fields: [pid, UID],
})

const DEFAULT: Action = { handler: SIG_DFL, flags: 0, mask: 0n }

export type ActionsState = readonly (readonly [number, Action])[]

/** What a process wants done about signals. */
export class Actions {
  readonly #actions: Map<number, Action>

  constructor(state: ActionsState = []) {
    this.#actions = new Map(state)
  }

  of(signal: number): Action {
    return this.#actions.get(signal) ?? DEFAULT
  }

  /** @returns 0, or an error where nothing can be set. */
  set(signal: number, action: Action): number {
    if (!isSignal(signal) || UNSTOPPABLE.includes(signal)) return -Errno.EINVAL
    this.#actions.set(signal, action)
    return 0
  }

  reset(signal: number): void {
    this.#actions.delete(signal)
  }

  /** What becomes of the process by default; undefined where it handles the signal. */
  byDefault(signal: number): Default | undefined {
    const { handler } = this.of(signal)
    if (handler === SIG_IGN) return 'ignore'
    return handler === SIG_DFL ? (DEFAULTS.get(signal) ?? 'end') : undefined
  }

  /** The program is another one: its handlers are gone, what was ignored stays so. */
  forgetHandlers(): void {
    for (const [signal, { handler }] of this.#actions) if (handler !== SIG_IGN) this.#actions.delete(signal)
  }

  save(): ActionsState {
    return [...this.#actions]
  }
}

/** What an instruction has caused comes before what others have sent. */
const SYNCHRONOUS: readonly number[] = [
  Signal.SIGSEGV,
  Signal.SIGBUS,
  Signal.SIGILL,
  Signal.SIGTRAP,
  Signal.SIGFPE,
  Signal.SIGSYS,
]

const urgency = ({ signal }: Info): number => (SYNCHRONOUS.includes(signal) ? signal - HIGHEST_SIGNAL : signal)

/** Real-time signals that wait at most, as RLIMIT_SIGPENDING bounds them. */
const MOST_PENDING = 1024

/** Signals that have been sent to a thread, or to a process, in their order. */
export class PendingSignals {
  #queue: readonly Info[]

  constructor(queue: readonly Info[] = []) {
    this.#queue = queue
  }

  get set(): bigint {
    return this.#queue.reduce((set, { signal }) => set | bit(signal), 0n)
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0
  }

  /** Of those with names only one waits. @returns false where there is no room for more */
  add(info: Info): boolean {
    if (info.signal < SIGRTMIN && this.#queue.some(({ signal }) => signal === info.signal)) return true
    if (this.#queue.length >= MOST_PENDING) return false
    this.#queue = [...this.#queue, info]
    return true
  }

  /** The one that is due first of those that are not in `blocked`. */
  first(blocked: bigint): Info | undefined {
    let first: Info | undefined
    for (const info of this.#queue) {
      if ((blocked & bit(info.signal)) !== 0n) continue
      if (first === undefined || urgency(info) < urgency(first)) first = info
    }
    return first
  }

  take(info: Info): void {
    this.#queue = this.#queue.filter(each => each !== info)
  }

  forget(signals: readonly number[]): void {
    this.#queue = this.#queue.filter(({ signal }) => !signals.includes(signal))
  }

  /** Whether one of this timer waits. */
  timer(id: number): boolean {
    return this.#queue.some(({ timer }) => timer === id)
  }

  save(): readonly Info[] {
    return this.#queue
  }
}
