// Puts DAP's envelopes (sequence numbers, requests, responses, errors) around a session, which sees none of them.

import { ProtocolServer } from '@vscode/debugadapter/lib/protocol'
import type { DebugProtocol } from '@vscode/debugprotocol'
import type { SessionHost } from '../dap/host.ts'
import { UserError } from '../util/userError.ts'

/** The part of a session that a server needs. */
export interface Requests {
  /** Resolves to the body of the response; rejects with an error to be shown. */
  request(command: string, args: unknown): Promise<unknown>
  dispose(): void
}

/**
 * Commands a person gave by a button or a menu: their errors have no place of their own in the editor, so it shows a
 * message. The others (a hover, a watch, a value typed into a tree) are shown where they were asked.
 */
const LOUD = new Set([
  ...['launch', 'attach', 'restart', 'terminate', 'disconnect', 'restartFrame', 'goto', 'writeMemory'],
  ...['continue', 'pause', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue'],
])

export class DapServer extends ProtocolServer {
  readonly #session: Requests

  constructor(open: (emit: SessionHost['emit']) => Requests) {
    super()
    this.#session = open((event, body) => this.sendEvent({ type: 'event', seq: 0, event, body }))
  }

  override dispose(): void {
    this.#session.dispose()
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const { command } = request
    const envelope = { type: 'response', seq: 0, request_seq: request.seq, command } as const
    this.#session.request(command, request.arguments ?? {}).then(
      body => this.#answer({ ...envelope, success: true, body }),
      (error: unknown) => this.#answer({ ...envelope, success: false, ...failure(command, error) }),
    )
  }

  #answer(response: DebugProtocol.Response): void {
    this.sendResponse(response)
    if (response.command === 'disconnect') this.emit('disconnected')
  }
}

function failure(command: string, error: unknown): { message: string; body: { error: DebugProtocol.Message } } {
  const text = error instanceof UserError ? error.message : internal(command, error)
  const id = idOf(error instanceof UserError ? error.code : 'internal')
  return { message: text, body: { error: { id, format: text, showUser: LOUD.has(command) } } }
}

const internal = (command: string, error: unknown) =>
  `Internal error in "${command}", please report it: ${error instanceof Error ? (error.stack ?? error.message) : error}`

/** DAP wants numbers; ours are names. FNV-1a makes the one from the other, the same in every version. */
function idOf(code: string): number {
  let hash = 0x811c9dc5
  for (const character of code) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return hash >>> 1
}
