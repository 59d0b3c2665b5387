// Signals a process sends, waits for, and says what it wants done about; how they are delivered is in ../signalling.ts.

import { Errno, Signal } from '../abi.ts'
import { keepContext, leaveHandler, setAltStack, setContext, writeAltStack } from '../delivery.ts'
import { CallError } from '../memory.ts'
import type { Process } from '../process.ts'
import { blockable, fromUser, type Info, isSignal, SI_TKILL } from '../signals.ts'
import { SS_DISABLE, type Thread } from '../thread.ts'
import { type Call, type Calls, CONTEXT_IS_SET, RESTART_BLOCK, type Result } from './call.ts'
import { deadline } from './time.ts'

/** To a process; to those of a group, of its own for 0; to all for -1. */
const kill: Call = (process, target, signal) => {
  if (signal !== 0 && !isSignal(signal!)) return -Errno.EINVAL
  const targets = [...process.kernel.processes.values()].filter(({ pid, group }) => {
    if (target! > 0) return pid === target
    if (target === -1) return pid !== process.pid
    return group === (target === 0 ? process.group : -target!)
  })
  if (targets.length === 0) return -Errno.ESRCH
  if (signal === 0) return 0
  for (const each of targets) process.kernel.signals.post(each, fromUser(signal!, process.pid))
  return 0
}

function toThread(process: Process, group: number | undefined, id: number, info: Info | number): number {
  const signal = typeof info === 'number' ? info : info.signal
  if (id <= 0 || (signal !== 0 && !isSignal(signal))) return -Errno.EINVAL
  const thread = process.kernel.threads.get(id)
  if (thread === undefined || (group !== undefined && thread.process.pid !== group)) return -Errno.ESRCH
  if (signal === 0) return 0
  return process.kernel.signals.post(thread, typeof info === 'number' ? fromUser(info, process.pid, SI_TKILL) : info)
}

const SIGINFO_WORDS = 32

/** A signal with what its sender says about it: of the kernel's own codes only to oneself. */
function queued({ memory, pid }: Process, to: number, signal: number, address: number): Info | number {
  const words = Array.from({ length: SIGINFO_WORDS }, (_, i) => memory.word(address + 4 * i))
  const [, , code = 0, ...fields] = words
  if ((code >= 0 || code === SI_TKILL) && to !== pid) return -Errno.EPERM
  return { signal, code, fields }
}

const rtSigqueueinfo: Call = (process, target, signal, address) => {
  const info = queued(process, target!, signal!, address!)
  if (typeof info === 'number') return info
  if (signal !== 0 && !isSignal(signal!)) return -Errno.EINVAL
  const to = process.kernel.processes.get(target!)
  if (to === undefined) return -Errno.ESRCH
  return signal === 0 ? 0 : process.kernel.signals.post(to, info)
}

const rtTgsigqueueinfo: Call = (process, group, target, signal, address) => {
  const info = queued(process, group!, signal!, address!)
  return typeof info === 'number' ? info : toThread(process, group!, target!, info)
}

const SET_BYTES = 8

/** rt_sigaction: struct { handler, flags, restorer, mask of 64 bits }. */
const rtSigaction: Call = ({ memory, actions }, signal, action, old, size) => {
  if (size !== SET_BYTES || !isSignal(signal!)) return -Errno.EINVAL
  const before = actions.of(signal!)
  if (action !== 0) {
    const [handler, flags, mask] = [memory.word(action!), memory.word(action! + 4), memory.signalSet(action! + 12)]
    const error = actions.set(signal!, { handler, flags, mask })
    if (error !== 0) return error
  }
  if (old !== 0) {
    memory.setWord(old!, before.handler)
    memory.setWord(old! + 4, before.flags)
    memory.setWord(old! + 8, 0)
    memory.setSignalSet(old! + 12, before.mask)
  }
  return 0
}

const SIG_BLOCK = 0
const SIG_UNBLOCK = 1
const SIG_SETMASK = 2

const rtSigprocmask: Call = ({ memory, thread }, how, set, old, size) => {
  if (size !== SET_BYTES) return -Errno.EINVAL
  const before = thread.blocked
  if (set !== 0) {
    const mask = memory.signalSet(set!)
    if (how === SIG_BLOCK) thread.blocked = blockable(before | mask)
    else if (how === SIG_UNBLOCK) thread.blocked = blockable(before & ~mask)
    else if (how === SIG_SETMASK) thread.blocked = blockable(mask)
    else return -Errno.EINVAL
  }
  if (old !== 0) memory.setSignalSet(old!, before)
  return 0
}

const rtSigpending: Call = ({ memory, thread, pending }, address, size) => {
  if (size! >>> 0 > SET_BYTES) return -Errno.EINVAL
  memory.setSignalSet(address!, (thread.pending.set | pending.set) & thread.blocked)
  return 0
}

/** What a thread waits for that lets signals come. */
const SIGNAL = { wants: 'event', on: 'signal', what: 'a signal' } as const

/** Another mask until a handler has run. */
const rtSigsuspend: Call = ({ memory, thread, woke }, set, size) => {
  if (size !== SET_BYTES) return -Errno.EINVAL
  if (woke === 'signal') return RESTART_BLOCK
  thread.savedMask ??= thread.blocked
  thread.blocked = blockable(memory.signalSet(set!))
  return SIGNAL
}

/** A call that waits with other signals blocked than before and after, where it is given a set of them. */
export function withMask({ memory, thread }: Process, set: number, size: number, call: () => Result): Result {
  if (set === 0) return call()
  if (size !== SET_BYTES) return -Errno.EINVAL
  const mask = blockable(memory.signalSet(set))
  const before = thread.savedMask ?? thread.blocked
  Object.assign(thread, { blocked: before, savedMask: undefined })
  const result = call()
  if (typeof result !== 'number' || result === RESTART_BLOCK)
    Object.assign(thread, { blocked: mask, savedMask: before })
  return result
}

const pause: Call = ({ woke }) => (woke === 'signal' ? RESTART_BLOCK : SIGNAL)

/** Takes one of the signals of a set, as soon as there is one. */
const rtSigtimedwait =
  (bits: 32 | 64): Call =>
  (process, address, info, timeout, size): Result => {
    if (size !== SET_BYTES) return -Errno.EINVAL
    const { memory, thread, woke } = process
    const set = blockable(memory.signalSet(address!))
    const until =
      timeout === 0
        ? undefined
        : (process.until ?? deadline(process, { address: timeout!, bits, isMoment: false, clock: 1 }))
    if (until === null) return -Errno.EINVAL
    const taken = takeOf(process, thread, set)
    if (taken !== undefined) {
      if (info !== 0) writeInfo(process, info!, taken)
      return taken.signal
    }
    if (woke === 'signal') return -Errno.EINTR
    if (until !== undefined && until <= process.now) return -Errno.EAGAIN
    return { ...SIGNAL, set, until }
  }

function takeOf(process: Process, thread: Thread, set: bigint): Info | undefined {
  const info = thread.pending.first(~set) ?? process.pending.first(~set)
  if (info === undefined) return undefined
  thread.pending.take(info)
  process.pending.take(info)
  return process.withOverruns(info)
}

function writeInfo({ memory }: Process, address: number, { signal, code, fields }: Info): void {
  memory.bytes(address, 4 * SIGINFO_WORDS).fill(0)
  for (const [i, word] of [signal, 0, code, ...fields].entries()) memory.setWord(address + 4 * i, word)
}

const ALT_STACK_BYTES = 12
const MINSIGSTKSZ = 2048

const sigaltstack: Call = ({ memory, thread, kernel }, address, old) => {
  const sp = kernel.cpu.state.gpr[1] >>> 0
  const now = new DataView(new ArrayBuffer(ALT_STACK_BYTES))
  writeAltStack(now, 0, thread, sp)
  if (address !== 0) {
    const view = memory.viewToRead(address!, ALT_STACK_BYTES)
    const [flags, size] = [view.getUint32(4), view.getUint32(8)]
    if (thread.isOnAltStack(sp)) return -Errno.EPERM
    if ((flags & ~SS_MODES) !== 0) return -Errno.EINVAL
    if ((flags & SS_DISABLE) === 0 && size < MINSIGSTKSZ) return -Errno.ENOMEM
    setAltStack(view, 0, thread)
  }
  if (old !== 0) memory.bytes(old!, ALT_STACK_BYTES).set(new Uint8Array(now.buffer))
  return 0
}

/** SS_ONSTACK and SS_DISABLE. */
const SS_MODES = 3

/** struct ucontext with its registers, but for those of vectors. */
const LEAST_CONTEXT = 1184

/** Keeps what goes on in one context, and goes on as another says; either may be none. */
const swapcontext: Call = process => {
  const { memory, thread, kernel } = process
  const handling = { cpu: kernel.cpu, memory, thread }
  const [old, next, size] = kernel.cpu.state.gpr.slice(3, 6) as unknown as [number, number, number]
  if (size >>> 0 < LEAST_CONTEXT) return -Errno.EINVAL
  if (old !== 0) keepContext(handling, old)
  if (next === 0) return 0
  setContext(handling, next)
  return CONTEXT_IS_SET
}

const SEGV_MAPERR = 1

/** Where r1 leads to no context, that is a fault of the program's. */
const rtSigreturn: Call = ({ kernel, memory, thread }) => {
  try {
    leaveHandler({ cpu: kernel.cpu, memory, thread })
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    kernel.signals.fault(Signal.SIGSEGV, SEGV_MAPERR, kernel.cpu.state.gpr[1])
  }
  return CONTEXT_IS_SET
}

export const signalCalls: Calls = {
  29: ['pause', pause],
  37: ['kill', kill],
  208: ['tkill', (process, target, signal) => toThread(process, undefined, target!, signal!)],
  250: [
    'tgkill',
    (process, group, target, signal) => (group! <= 0 ? -Errno.EINVAL : toThread(process, group!, target!, signal!)),
  ],
  173: ['rt_sigaction', rtSigaction],
  174: ['rt_sigprocmask', rtSigprocmask],
  175: ['rt_sigpending', rtSigpending],
  176: ['rt_sigtimedwait', rtSigtimedwait(32)],
  421: ['rt_sigtimedwait_time64', rtSigtimedwait(64)],
  177: ['rt_sigqueueinfo', rtSigqueueinfo],
  322: ['rt_tgsigqueueinfo', rtTgsigqueueinfo],
  178: ['rt_sigsuspend', rtSigsuspend],
  172: ['rt_sigreturn', rtSigreturn],
  185: ['sigaltstack', sigaltstack],
  249: ['swapcontext', swapcontext],
}
