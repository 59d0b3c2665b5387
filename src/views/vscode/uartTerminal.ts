// A terminal for each UART of a session with `"console": "terminal"`: what the program sends appears, what is typed goes
// back. The terminal outlives the session, so that the last words can be read.

import * as vscode from 'vscode'
import { UART_EVENT, UART_INPUT_REQUEST, type UartInput, type UartOutputEvent } from '../../protocol/messages.ts'
import { forTitle } from '../../util/plainText.ts'
import { TerminalText } from '../models/terminalText.ts'

/** Of a paste, in one request; and of output, while there is no terminal yet. */
const MOST_BYTES = 2048
const MOST_EARLY = 1 << 20

export function openUartTerminals(): vscode.Disposable {
  const terminals = new Map<string, UartTerminal>()
  return vscode.Disposable.from(
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== 'ppc440' || event !== UART_EVENT) return
      const { uart, data } = body as UartOutputEvent
      const key = `${session.id} ${uart}`
      const terminal = terminals.get(key) ?? new UartTerminal(session, uart)
      terminals.set(key, terminal)
      terminal.write(data)
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      for (const [key, terminal] of terminals) {
        if (!key.startsWith(`${id} `)) continue
        terminal.end()
        terminals.delete(key)
      }
    }),
  )
}

class UartTerminal implements vscode.Pseudoterminal {
  readonly #session: vscode.DebugSession
  readonly #uart: number
  readonly #decoder = new TextDecoder()
  readonly #filter = new TerminalText()
  readonly #written = new vscode.EventEmitter<string>()
  readonly onDidWrite = this.#written.event
  /** The end of what came before the terminal was drawn; then `undefined`. */
  #early: string | undefined = ''
  #ended = false

  constructor(session: vscode.DebugSession, uart: number) {
    this.#session = session
    this.#uart = uart
    vscode.window.createTerminal({ name: forTitle(`UART${uart}: ${session.name}`), pty: this }).show(true)
  }

  write(data: readonly number[]): void {
    const text = this.#filter.pass(this.#decoder.decode(Uint8Array.from(data), { stream: true }))
    if (this.#early === undefined) this.#written.fire(text)
    else this.#early = (this.#early + text).slice(-MOST_EARLY)
  }

  end(): void {
    this.#ended = true
    this.write([...new TextEncoder().encode('\r\n[the session has ended]\r\n')])
  }

  open(): void {
    if (this.#early) this.#written.fire(this.#early)
    this.#early = undefined
  }

  close(): void {
    this.#written.dispose()
  }

  handleInput(typed: string): void {
    if (this.#ended) return
    const bytes = new TextEncoder().encode(typed)
    for (let at = 0; at < bytes.length; at += MOST_BYTES) {
      const input: UartInput = { uart: this.#uart, data: [...bytes.subarray(at, at + MOST_BYTES)] }
      // Where the session is just ending nobody can take it any more.
      this.#session.customRequest(UART_INPUT_REQUEST, input).then(undefined, () => {})
    }
  }
}
