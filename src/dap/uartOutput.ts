// Output of the program on its way to the client.

import { LINUX_USER } from '../boards/chosen.ts'
import { UART_EVENT } from '../protocol/messages.ts'
import { ByteQueue } from '../util/byteQueue.ts'
import type { Launch } from './launchArguments.ts'
import type { SessionState } from './sessionState.ts'

/** Bytes of a turn of the event loop after which the program is held up: nobody reads faster than that. */
const ENOUGH = 256 << 10
/** For how many milliseconds: 25 MB in a second are let through. */
const WAIT = 10

/** What the UARTs send, gathered for a turn of the event loop: one event for a line, not one for each byte. */
export class UartOutput {
  readonly #state: SessionState
  readonly #launch: Launch
  /** For each its own: a character may arrive in pieces. */
  readonly #decoders = new Map<number, TextDecoder>()
  readonly #waiting = new Map<number, ByteQueue>()
  #flushing = false

  constructor(state: SessionState, launch: Launch) {
    this.#state = state
    this.#launch = launch
  }

  write(uart: number, output: number | Uint8Array): void {
    if (!this.#flushing) this.#state.host.schedule(() => this.flush())
    this.#flushing = true
    let queue = this.#waiting.get(uart)
    if (queue === undefined) this.#waiting.set(uart, (queue = new ByteQueue()))
    queue.add(output)
  }

  /** Milliseconds the program has to wait for what it has sent to be taken. */
  get wait(): number {
    let sum = 0
    for (const { length } of this.#waiting.values()) sum += length
    return sum < ENOUGH ? 0 : WAIT
  }

  /** Nothing stays behind: to be called before the client hears of a stop or of the end. */
  flush(): void {
    this.#flushing = false
    for (const [uart, queue] of this.#waiting) {
      if (queue.length === 0) continue
      const data = queue.take()
      if (this.#launch.console === 'terminal') this.#state.emit(UART_EVENT, { uart, data: [...data] })
      else
        this.#state.output(
          this.#text(uart, data),
          this.#launch.machine === LINUX_USER && uart === 1 ? 'stderr' : 'stdout',
        )
    }
  }

  #text(uart: number, data: Uint8Array): string {
    const decoder = this.#decoders.get(uart) ?? new TextDecoder()
    this.#decoders.set(uart, decoder)
    return decoder.decode(data, { stream: true }).replaceAll('\r', '')
  }
}
