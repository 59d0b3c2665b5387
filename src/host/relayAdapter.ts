// The debug adapter VS Code talks to: passes every message on to a worker, where the session lives, and answers the
// worker's questions about files. It executes nothing itself, so the extension host stays free.

import type { DebugProtocol } from '@vscode/debugprotocol'
import * as vscode from 'vscode'
import type { ClientFiles } from '../dap/host.ts'
import { forNotification } from '../util/plainText.ts'
import { answer } from './askedFiles.ts'
import type { FromWorker, WorkerLink } from './channel.ts'

export class RelayAdapter implements vscode.DebugAdapter {
  readonly #worker: WorkerLink
  readonly #files: ClientFiles
  readonly #send = new vscode.EventEmitter<vscode.DebugProtocolMessage>()
  readonly onDidSendMessage = this.#send.event
  /** Requests without an answer yet, by number: they are answered here if the worker dies. */
  readonly #open = new Map<number, DebugProtocol.Request>()
  #dead: string | undefined

  constructor(worker: WorkerLink, files: ClientFiles) {
    this.#worker = worker
    this.#files = files
    worker.listen(message => this.#hear(message))
    worker.onDeath(reason => this.#bury(reason))
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as DebugProtocol.Request
    if (request.type === 'request') this.#open.set(request.seq, request)
    if (this.#dead === undefined) this.#worker.post({ kind: 'dap', message: request })
    else this.#refuseOpen(this.#dead)
  }

  dispose(): void {
    this.#worker.terminate()
    this.#send.dispose()
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'file') {
      void answer(this.#files, message.question).then(reply =>
        this.#worker.post({ kind: 'file', id: message.id, answer: reply }),
      )
      return
    }
    const { message: dap } = message
    if (dap.type === 'response') this.#open.delete((dap as DebugProtocol.Response).request_seq)
    this.#send.fire(dap)
  }

  #bury(reason: string): void {
    this.#dead = forNotification(`The debugger's worker ended unexpectedly: ${reason}`)
    this.#event('output', { category: 'important', output: `${this.#dead}\nPlease report this.\n` })
    this.#refuseOpen(this.#dead)
    this.#event('terminated')
  }

  #refuseOpen(why: string): void {
    for (const { seq, command } of this.#open.values()) {
      // Taking leave of the dead is no error.
      const success = command === 'disconnect' || command === 'terminate'
      const error: DebugProtocol.Message = { id: 2, format: why, showUser: true }
      const outcome = success ? { success } : { success, message: why, body: { error } }
      this.#send.fire({ type: 'response', seq: 0, request_seq: seq, command, ...outcome })
    }
    this.#open.clear()
  }

  #event(event: string, body?: object): void {
    this.#send.fire({ type: 'event', seq: 0, event, body })
  }
}
