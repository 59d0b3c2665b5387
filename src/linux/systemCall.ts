// A system call: made, made again when what it has waited for has come, and how it ends.

import { Errno } from './abi.ts'
import { CONTEXT_IS_SET, isWaiting, RESTART, RESTART_BLOCK, type Result } from './calls/call.ts'
import { absent, calls } from './calls/index.ts'
import { type KernelExit, OUT_OF_TIME } from './host.ts'
import type { Kernel } from './kernel.ts'
import { CallError } from './memory.ts'
import { SA_RESTART } from './signals.ts'
import type { CallUnderWay, Thread } from './thread.ts'
import { FAILURE } from './work.ts'

/** Linux has no call with a higher number, so a program cannot make us say more sentences than that. */
const NUMBERS = 512
const MOST_ERRNO = 4095
const SUMMARY_OVERFLOW = 1

/**
 * r0 is the number, r3 to r8 the arguments; r3 the result, with CR0[SO] set and a positive errno for a failure.
 * @param call the same call, which could not go on before
 */
export function systemCall(kernel: Kernel, call: CallUnderWay | undefined): KernelExit | undefined {
  const thread = kernel.current
  const { process } = thread
  const { gpr } = kernel.cpu.state
  process.beginCall(call)
  const result = served(kernel, gpr[0], gpr.slice(3, 9))
  if (kernel.ended !== undefined) return { kind: 'exit', status: kernel.ended }
  if (kernel.current !== thread || result === CONTEXT_IS_SET) return undefined
  if (isWaiting(result)) {
    const { progress, until } = process
    if (result.wants === 'event') {
      thread.putCall({ progress, until: result.until ?? until, wait: { ...result, until: result.until ?? until } })
      // It may have unblocked a signal that has come before.
      if (result.on !== 'vfork' && kernel.signals.due(thread) !== undefined) thread.wake('signal')
      return undefined
    }
    if (result.wants === 'stdin') {
      thread.putCall({ progress, wait: { on: 'input', what: 'its standard input' } })
      return undefined
    }
    thread.putCall({ progress, until })
    return result.wants === 'time' ? OUT_OF_TIME : { kind: 'wants', request: result }
  }
  if (result === RESTART || result === RESTART_BLOCK) interrupted(kernel, thread, result === RESTART)
  else setResult(kernel, result)
  return undefined
}

function setResult({ cpu }: Kernel, result: number): void {
  const { gpr, cr } = cpu.state
  const failed = result < 0 && result >= -MOST_ERRNO
  gpr[3] = failed ? -result : result
  cr[0] = failed ? cr[0] | SUMMARY_OVERFLOW : cr[0] & ~SUMMARY_OVERFLOW
}

/**
 * A signal has ended the wait of a call. Where a handler runs, the call fails, or is made again after it if the handler
 * allows that; where none does, it waits on.
 */
function interrupted(kernel: Kernel, thread: Thread, mayRestart: boolean): void {
  const info = kernel.signals.due(thread)
  const { actions, progress, until } = thread.process
  if (info === undefined || actions.byDefault(info.signal) !== undefined) {
    thread.putCall({ progress, until, isAfterSignal: true })
  } else if (mayRestart && (actions.of(info.signal).flags & SA_RESTART) !== 0) kernel.cpu.pc = kernel.cpu.pc - 4
  else setResult(kernel, -Errno.EINTR)
}

function served(kernel: Kernel, number: number, args: Int32Array): Result {
  const { process } = kernel.current
  const call = calls[number]
  if (call === undefined) {
    const name = absent[number]
    const which = number >= 0 && number < NUMBERS ? `${number}${name ? ` (${name})` : ''}` : `beyond ${NUMBERS}`
    kernel.cpu.diagnoseOnce(`system call ${which} does not exist here: ENOSYS`)
    return -Errno.ENOSYS
  }
  try {
    return call[1](process, ...args)
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    kernel.work.charge(FAILURE)
    return -error.errno
  }
}
