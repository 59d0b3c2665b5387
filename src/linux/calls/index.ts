// The system calls there are, and those there cannot be.

import type { Calls } from './call.ts'
import { fileCalls } from './files.ts'
import { memoryCalls } from './memory.ts'
import { processCalls } from './process.ts'
import { signalCalls } from './signals.ts'
import { timeCalls } from './time.ts'

/** Every system call there is, by number. */
export const calls: Calls = { ...fileCalls, ...memoryCalls, ...processCalls, ...signalCalls, ...timeCalls }

/** Calls that programs may well make, and that a single process with one thread and no network cannot be given. */
export const absent: Readonly<Record<number, string>> = {
  2: 'fork',
  7: 'waitpid',
  11: 'execve',
  26: 'ptrace',
  42: 'pipe',
  102: 'socketcall',
  114: 'wait4',
  120: 'clone',
  142: '_newselect',
  189: 'vfork',
  240: 'timer_create',
  315: 'epoll_create1',
  317: 'pipe2',
  326: 'socket',
  435: 'clone3',
}
