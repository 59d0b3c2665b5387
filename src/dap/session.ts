// One debug session: requests in, bodies or errors out, events through the host. No sockets, no sequence numbers.

import { cancelled, type RequestLife } from './cancel.ts'
import { badArgument, unknownRequest } from './errors.ts'
import { breakpointHandlers } from './handlers/breakpoints.ts'
import { customHandlers } from './handlers/custom.ts'
import { exceptionHandlers } from './handlers/exceptions.ts'
import { executionHandlers } from './handlers/execution.ts'
import { inspectionHandlers } from './handlers/inspection.ts'
import { launchHandlers } from './handlers/launch.ts'
import { memoryHandlers } from './handlers/memory.ts'
import { pastHandlers } from './handlers/past.ts'
import type { SessionHost } from './host.ts'
import { refusal } from './lifecycle.ts'
import { PROTOCOL_SHAPES } from './protocolShapes.generated.ts'
import { SessionState } from './sessionState.ts'
import { ARGUMENTS, conform, Misfit } from './shapes.ts'
import type { DapRequests, Handlers } from './types.ts'

/** Requests that read files, or are about a path of the client, of which has to be found out what it means. */
const ASKS_FILES: ReadonlySet<keyof DapRequests> = new Set([
  ...(['restart', 'setBreakpoints', 'breakpointLocations', 'ppc440/runTo'] as const),
])
/** And those that wait for no file. */
const AT_ONCE: ReadonlySet<keyof DapRequests> = new Set(['pause', 'cancel', 'terminate', 'disconnect'])

export class Session {
  readonly #state: SessionState
  readonly #handlers: Handlers
  #underWay: Promise<void> | undefined

  constructor(host: SessionHost) {
    const state = new SessionState(host)
    this.#state = state
    this.#handlers = {
      ...launchHandlers(state),
      ...breakpointHandlers(state),
      ...exceptionHandlers(state),
      ...executionHandlers(state),
      ...pastHandlers(state),
      ...inspectionHandlers(state),
      ...memoryHandlers(state),
      ...customHandlers(state),
    }
  }

  /**
   * The one door for what comes from outside: no handler sees a request that has no place now, or an argument that is not
   * what the protocol declares. @returns the body of the response. @throws UserError for all a user or client did wrong.
   * @param life of the request: while it waits for others, it may be cancelled
   */
  async request(command: string, args: unknown, life: RequestLife = {}): Promise<unknown> {
    if (!Object.hasOwn(this.#handlers, command)) throw unknownRequest(command)
    const name = command as keyof DapRequests
    const checked = argumentsOf(name, args)
    while (this.#underWay !== undefined && !AT_ONCE.has(name)) await this.#underWay
    if (life.isCancelled) throw cancelled()
    const refused = refusal(name, this.#state.phase)
    if (refused !== undefined) throw refused
    const handler = this.#handlers[name] as (args: unknown) => unknown
    if (!ASKS_FILES.has(name)) return await handler(checked)
    // What is asked meanwhile waits, so that requests are done in their order.
    const answer = Promise.resolve(handler(checked))
    this.#underWay = answer.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await answer
    } finally {
      this.#underWay = undefined
    }
  }

  dispose(): void {
    this.#state.dispose()
  }
}

/** @throws UserError */
function argumentsOf(command: keyof DapRequests, args: unknown): unknown {
  try {
    return conform(args ?? {}, PROTOCOL_SHAPES[command], ARGUMENTS)
  } catch (error) {
    if (error instanceof Misfit) throw badArgument(command, error)
    throw error
  }
}
