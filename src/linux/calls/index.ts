import type { Calls } from './call.ts'
import { fileCalls } from './files.ts'
import { memoryCalls } from './memory.ts'
import { processCalls } from './process.ts'
import { signalCalls } from './signals.ts'
import { timeCalls } from './time.ts'

/** Every system call there is, by number. */
export const calls: Calls = { ...fileCalls, ...memoryCalls, ...processCalls, ...signalCalls, ...timeCalls }
