// One debug session: requests in, bodies or errors out, events through the host. No sockets, no sequence numbers.

import { notLaunched, unknownRequest } from './errors.ts'
import { breakpointHandlers } from './handlers/breakpoints.ts'
import { customHandlers } from './handlers/custom.ts'
import { exceptionHandlers } from './handlers/exceptions.ts'
import { executionHandlers } from './handlers/execution.ts'
import { inspectionHandlers } from './handlers/inspection.ts'
import { launchHandlers } from './handlers/launch.ts'
import { memoryHandlers } from './handlers/memory.ts'
import type { SessionHost } from './host.ts'
import { SessionState } from './sessionState.ts'
import type { Handlers, Requests } from './types.ts'

export class Session {
  readonly #state: SessionState
  readonly #handlers: Handlers

  constructor(host: SessionHost) {
    const state = new SessionState(host)
    this.#state = state
    this.#handlers = {
      ...launchHandlers(state),
      ...breakpointHandlers(state),
      ...exceptionHandlers(state),
      ...executionHandlers(state),
      ...inspectionHandlers(state),
      ...memoryHandlers(state),
      ...customHandlers(state),
    }
  }

  /** @returns the body of the response. @throws UserError for everything a user or client did wrong. */
  async request(command: string, args: unknown): Promise<unknown> {
    if (!Object.hasOwn(this.#handlers, command)) throw unknownRequest(command)
    const name = command as keyof Requests
    if (!this.#state.launched && !BEFORE_LAUNCH.has(name)) throw notLaunched()
    const handler = this.#handlers[name] as (args: unknown) => unknown
    return await handler(args)
  }

  dispose(): void {
    this.#state.dispose()
  }
}

/** What a client may send before a program is there. */
const BEFORE_LAUNCH: ReadonlySet<keyof Requests> = new Set([
  'initialize',
  'launch',
  'disconnect',
  'terminate',
  'threads',
])
