// The loop that a target lives in, and what it asks of it. There is one, however many front ends are at the target.

import type { HostAnswer, HostRequest } from '../linux/host.ts'

export interface TargetHost {
  /** Runs `task` after pending requests have been read, and not before `ms` milliseconds have passed. */
  schedule(task: () => void, ms?: number): void
  /** Wall-clock milliseconds, to size and pace slices only. */
  now(): number
  /** Answers what a process asks about files. */
  answer(request: Exclude<HostRequest, { wants: 'stdin' }>): Promise<HostAnswer>
  /** Milliseconds to hold the program up: there is more output than whoever reads it has taken. */
  outputWait(): number
}
