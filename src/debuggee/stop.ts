// Why the program is where it is. Nothing about a stop may be a mystery: every stop says its cause in words.

import type { HostRequest } from '../linux/host.ts'

export type StopReason =
  | 'entry'
  | 'breakpoint'
  | 'data breakpoint'
  | 'step'
  | 'goto'
  | 'restart'
  | 'pause'
  | 'exception'

export interface Stop {
  readonly reason: StopReason
  /** One line for the Call Stack header: `IAC2 matched 0x00101f4c`. */
  readonly description: string
  /** More, where there is more to say. */
  readonly text?: string
  /** Ids of the breakpoints that were hit, if any. */
  readonly hit: readonly number[]
  /** The effective address of the access that data breakpoints have stopped at. */
  readonly accessed?: number
  /** The number of the Linux signal that has ended a process. */
  readonly signal?: number
  /** The number of the Linux signal that going on delivers. */
  readonly due?: number
  /** The run is not known before here, or has come no further. */
  readonly edge?: 'beginning' | 'present'
}

/** How a session ended by itself. */
export interface End {
  /** What happened, as a sentence for the console. */
  readonly text: string
  readonly exitCode: number
  /** It did not end by itself: a front end has put an end to it. */
  readonly killed?: true
}

/** What a program waits for: an answer about a file, or a key. */
export type Awaited = Exclude<HostRequest, { wants: 'stdin' }> | 'input'

/** What a slice of execution came to: go on, stop here, or the program is over. */
export type Verdict =
  | { readonly kind: 'go' }
  /** Neither: something from outside has to come first. */
  | { readonly kind: 'wait'; readonly what: Awaited }
  | { readonly kind: 'stop'; readonly stop: Stop }
  | { readonly kind: 'end'; readonly end: End }

export const GO: Verdict = { kind: 'go' }
export const waitFor = (what: Awaited): Verdict => ({ kind: 'wait', what })
export const stopped = (stop: Stop): Verdict => ({ kind: 'stop', stop })
