// Signals a process sends to itself; the rest of them is in ../signals.ts.

import { Errno, PID } from '../abi.ts'
import { type Call, type Calls, nothing } from './call.ts'

const kill: Call = (process, target, signal) => {
  if (target !== PID && target !== 0) return -Errno.ESRCH
  return process.signals.raise(signal!)
}

/** rt_sigaction: struct { handler, flags, restorer, mask of 64 bits }. */
const rtSigaction: Call = ({ memory, signals }, signal, action, old) => {
  if (signal! < 1 || signal! > 64) return -Errno.EINVAL
  if (old !== 0) {
    const { handler, flags, mask } = signals.action(signal!)
    memory.setWord(old!, handler)
    memory.setWord(old! + 4, flags)
    memory.setWord(old! + 8, 0)
    memory.setSignalSet(old! + 12, mask)
  }
  if (action === 0) return 0
  return signals.setAction(signal!, {
    handler: memory.word(action!),
    flags: memory.word(action! + 4),
    mask: memory.signalSet(action! + 12),
  })
}

const SIG_BLOCK = 0
const SIG_UNBLOCK = 1
const SIG_SETMASK = 2

const rtSigprocmask: Call = ({ memory, signals }, how, set, old) => {
  if (old !== 0) memory.setSignalSet(old!, signals.blocked)
  if (set === 0) return 0
  const mask = memory.signalSet(set!)
  if (how === SIG_BLOCK) signals.block(signals.blocked | mask)
  else if (how === SIG_UNBLOCK) signals.block(signals.blocked & ~mask)
  else if (how === SIG_SETMASK) signals.block(mask)
  else return -Errno.EINVAL
  return 0
}

export const signalCalls: Calls = {
  37: ['kill', kill],
  208: ['tkill', kill],
  250: ['tgkill', (process, _group, target, signal) => kill(process, target!, signal!)],
  173: ['rt_sigaction', rtSigaction],
  174: ['rt_sigprocmask', rtSigprocmask],
  175: [
    'rt_sigpending',
    ({ memory, signals }, address) => {
      memory.setSignalSet(address!, signals.pending)
      return 0
    },
  ],
  172: [
    'rt_sigreturn',
    ({ signals }) => {
      signals.return()
      return 0
    },
  ],
  185: ['sigaltstack', nothing],
}
