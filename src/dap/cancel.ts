// Requests that the client takes back. What has not begun is not begun; what only looks is over for the client at once;
// what changes something is done, and answered, because half of it would be neither.

import { UserError } from '../util/userError.ts'
import type { DapRequests } from './types.ts'

/** Of one request. */
export interface RequestLife {
  /** The client wants no answer any more. */
  isCancelled?: boolean
}

const LOOKING: ReadonlySet<string> = new Set([
  ...(['threads', 'stackTrace', 'scopes', 'variables', 'completions', 'exceptionInfo', 'locations'] as const),
  ...(['breakpointLocations', 'gotoTargets', 'stepInTargets', 'readMemory', 'disassemble'] as const),
  ...(['loadedSources', 'source', 'ppc440/snapshot', 'ppc440/timeline'] as const),
] satisfies (keyof DapRequests)[])

/** Whether a request has no effect but its answer. */
export const onlyLooks = (command: string): boolean => LOOKING.has(command)

/** As the protocol calls it. */
const CANCELLED = 'cancelled'

export const cancelled = (): UserError => new UserError(CANCELLED, CANCELLED, 'ask again')

/** The answer to it. */
export const CANCELLED_ANSWER = { success: false, message: CANCELLED } as const

export const isCancellation = (error: unknown): boolean => error instanceof UserError && error.code === CANCELLED
