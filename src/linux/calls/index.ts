// The system calls there are, and those there cannot be.

import type { Calls } from './call.ts'
import { execCalls } from './exec.ts'
import { fileCalls } from './files.ts'
import { futexCalls } from './futex.ts'
import { ipcCalls } from './ipc.ts'
import { limitCalls } from './limits.ts'
import { memoryCalls } from './memory.ts'
import { nameCalls } from './names.ts'
import { pollCalls } from './poll.ts'
import { processCalls } from './process.ts'
import { signalCalls } from './signals.ts'
import { socketCalls } from './sockets.ts'
import { taskCalls } from './tasks.ts'
import { timeCalls } from './time.ts'
import { timerCalls } from './timers.ts'

/** Every system call there is, by number. */
export const calls: Calls = {
  ...{ ...fileCalls, ...nameCalls, ...pollCalls, ...memoryCalls, ...processCalls, ...taskCalls, ...execCalls },
  ...{ ...limitCalls, ...ipcCalls, ...signalCalls, ...timeCalls, ...timerCalls, ...futexCalls, ...socketCalls },
}

/** Calls that programs may well make, and that there is nothing for here. */
export const absent: Readonly<Record<number, string>> = {
  26: 'ptrace',
  315: 'epoll_create1',
  435: 'clone3',
}
