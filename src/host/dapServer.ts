// Puts DAP's envelopes (sequence numbers, requests, responses, errors) around a session, which sees none of them.

import type { DebugProtocol } from '@vscode/debugprotocol'
import { CANCELLED_ANSWER, isCancellation, onlyLooks, type RequestLife } from '../dap/cancel.ts'
import type { SessionHost } from '../dap/host.ts'
import { forNotification } from '../util/plainText.ts'
import { UserError } from '../util/userError.ts'

/** The part of a session that a server needs. */
export interface RequestTaker {
  /** Resolves to the body of the response; rejects with an error to be shown. */
  request(command: string, args: unknown, life?: RequestLife): Promise<unknown>
  dispose(): void
}

/** Where messages go to. */
export interface Client {
  send(message: DebugProtocol.ProtocolMessage): void
  /** The client has taken leave, and has been answered. */
  left?(): void
}

/**
 * Commands a person gave by a button or a menu: their errors have no place of their own in the editor, so it shows a
 * message. The others (a hover, a watch, a value typed into a tree) are shown where they were asked.
 */
const LOUD = new Set([
  ...['launch', 'attach', 'restart', 'terminate', 'disconnect', 'restartFrame', 'goto', 'writeMemory'],
  ...['continue', 'pause', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue'],
])

interface OpenRequest extends RequestLife {
  readonly command: string
  readonly answer: (outcome: object) => void
}

export class DapServer {
  readonly #session: RequestTaker
  readonly #client: Client
  /** Requests without an answer yet, by number. */
  readonly #open = new Map<number, OpenRequest>()
  #sent = 0

  constructor(open: (emit: SessionHost['emit']) => RequestTaker, client: Client) {
    this.#client = client
    this.#session = open((event, body) => this.#send({ type: 'event', event, body }))
  }

  dispose(): void {
    this.#session.dispose()
  }

  /** A message of the client, whatever it is. */
  handle(message: unknown): void {
    const { type, seq, command, ...rest } = isObject(message) ? message : {}
    // We ask the client nothing, so there is nothing to be answered.
    if (type === 'response') return
    const request_seq = Number.isSafeInteger(seq) ? (seq as number) : 0
    const answer = (outcome: object): void =>
      this.#send({ type: 'response', request_seq, command: typeof command === 'string' ? command : '', ...outcome })
    if (type !== 'request' || seq !== request_seq || typeof command !== 'string')
      return answer({ success: false, ...failure('', noRequest()) })
    if (command === 'cancel') this.#cancel(rest.arguments)
    const open: OpenRequest = { command, answer: once(answer) }
    this.#open.set(request_seq, open)
    void this.#outcomeOf(open, rest.arguments ?? {}).then(outcome => {
      if (this.#open.get(request_seq) === open) this.#open.delete(request_seq)
      open.answer(outcome)
      if (command === 'disconnect') this.#client.left?.()
    })
  }

  async #outcomeOf(open: OpenRequest, args: unknown): Promise<object> {
    try {
      return { success: true, body: await this.#session.request(open.command, args, open) }
    } catch (error) {
      return isCancellation(error) ? CANCELLED_ANSWER : { success: false, ...failure(open.command, error) }
    }
  }

  #cancel(args: unknown): void {
    const requestId = isObject(args) ? args.requestId : undefined
    const open = this.#open.get(requestId as number)
    if (open === undefined) return
    open.isCancelled = true
    if (onlyLooks(open.command)) open.answer(CANCELLED_ANSWER)
  }

  /** A sentence for the client that answers no request. */
  tell(sentence: string): void {
    this.#send({ type: 'event', event: 'output', body: { category: 'important', output: `${sentence}\n` } })
  }

  #send(message: Readonly<Record<string, unknown>> & { readonly type: string }): void {
    this.#client.send({ seq: ++this.#sent, ...message })
  }
}

function once(answer: OpenRequest['answer']): OpenRequest['answer'] {
  let isAnswered = false
  return outcome => {
    if (!isAnswered) answer(outcome)
    isAnswered = true
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const noRequest = (): UserError =>
  new UserError(
    'no-request',
    'this message is no request of the debug adapter protocol',
    'a request has a "seq", the "type" "request" and a "command"',
  )

function failure(command: string, error: unknown): { message: string; body: { error: DebugProtocol.Message } } {
  const text = forNotification(error instanceof UserError ? error.message : internal(command, error))
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
