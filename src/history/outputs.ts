// What a machine puts out, once: in a run that is repeated the same bytes come out again, and nobody is told.

import type { Machine } from '../machine/machine.ts'
import type { Happenings } from './happenings.ts'
import { LinesPutOut } from './lines.ts'

/** Bytes that have come out of each stream. */
export type PutOut = readonly number[]

/** A UART of the board, or standard output (0) and standard error (1) of a process. */
type Stream = number

export class Outputs {
  /** By stream: what has come out where the machine stands, and what has ever been told. */
  readonly #sent: number[] = []
  readonly #told: number[] = []
  readonly #lines: LinesPutOut

  constructor(machine: Machine, happenings: Happenings) {
    this.#lines = new LinesPutOut(machine, happenings)
    const { uarts, linux } = machine
    for (const [stream, uart] of uarts.entries()) {
      const tell = uart.onTransmit
      uart.onTransmit = byte => {
        if (this.#count(stream, 1) === 0) return
        this.#lines.byte(stream, byte, this.#sent[stream]! - 1)
        tell(byte)
      }
    }
    if (linux === undefined) return
    const tell = linux.onOutput
    linux.onOutput = (stream, bytes) => {
      const fresh = this.#count(stream - 1, bytes.length)
      if (fresh === 0) return
      const news = bytes.subarray(bytes.length - fresh)
      this.#lines.bytes(stream - 1, news, this.#sent[stream - 1]! - fresh)
      tell(stream, news)
    }
  }

  /** @returns how many of the bytes have not come out before. */
  #count(stream: Stream, bytes: number): number {
    const sent = (this.#sent[stream] ?? 0) + bytes
    const fresh = Math.min(bytes, Math.max(0, sent - (this.#told[stream] ?? 0)))
    this.#sent[stream] = sent
    this.#told[stream] = Math.max(sent, this.#told[stream] ?? 0)
    return fresh
  }

  save(): PutOut {
    return [...this.#sent]
  }

  restore(putOut: PutOut): void {
    for (const stream of this.#sent.keys()) this.#sent[stream] = putOut[stream] ?? 0
  }

  /** What has come out after where the machine stands is not part of the run any more; what comes now is told. */
  forgetWhatFollows(): void {
    for (const [stream, sent] of this.#sent.entries()) this.#told[stream] = sent
    this.#lines.forgetWhatFollows(this.#sent)
  }
}
