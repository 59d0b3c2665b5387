import { UART_EVENT } from '../protocol/messages.ts'
import type { Launch } from './launchArguments.ts'
import type { SessionState } from './sessionState.ts'

/** What the UARTs send, gathered for a turn of the event loop: one event for a line, not one for each byte. */
export class UartOutput {
  readonly #state: SessionState
  readonly #launch: Launch
  /** For each its own: a character may arrive in pieces. */
  readonly #decoders = new Map<number, TextDecoder>()
  readonly #waiting = new Map<number, number[]>()

  constructor(state: SessionState, launch: Launch) {
    this.#state = state
    this.#launch = launch
  }

  write(uart: number, byte: number): void {
    if (this.#waiting.size === 0) this.#state.host.schedule(() => this.flush())
    const waiting = this.#waiting.get(uart)
    if (waiting === undefined) this.#waiting.set(uart, [byte])
    else waiting.push(byte)
  }

  /** Nothing stays behind: to be called before the client hears of a stop or of the end. */
  flush(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const [uart, data] of waiting) {
      if (this.#launch.console === 'terminal') this.#state.emit(UART_EVENT, { uart, data })
      else
        this.#state.output(
          this.#text(uart, data),
          this.#launch.machine === 'linux-user' && uart === 1 ? 'stderr' : 'stdout',
        )
    }
  }

  #text(uart: number, data: readonly number[]): string {
    const decoder = this.#decoders.get(uart) ?? new TextDecoder()
    this.#decoders.set(uart, decoder)
    return decoder.decode(Uint8Array.from(data), { stream: true }).replaceAll('\r', '')
  }
}
