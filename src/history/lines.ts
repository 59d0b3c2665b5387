// Lines that come out of a machine: when each began, and what it says.

import type { Machine } from '../machine/machine.ts'
import { momentOf } from '../machine/moment.ts'
import type { Happening, Happenings } from './happenings.ts'

/** Bytes of a line that are kept. */
const LONGEST = 200
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** Places are bytes of a stream, counted from its first. */
interface Extent {
  readonly stream: number
  readonly start: number
  /** Of the line feed, where it has come out. */
  end: number | undefined
}

export class LinesPutOut {
  readonly #machine: Machine
  readonly #happenings: Happenings
  readonly #extents = new WeakMap<Happening, Extent>()
  /** By stream: the line that has not ended. */
  readonly #open: (Happening | undefined)[] = []

  constructor(machine: Machine, happenings: Happenings) {
    this.#machine = machine
    this.#happenings = happenings
  }

  /** @param at its place in the stream */
  byte(stream: number, byte: number, at: number): void {
    const open = this.#open[stream]
    if (byte === LINE_FEED) {
      if (open !== undefined) this.#extents.get(open)!.end = at
      this.#open[stream] = undefined
      return
    }
    if (open === undefined && byte === CARRIAGE_RETURN) return
    const line = open ?? this.#begin(stream, at)
    if (line.text.length < LONGEST) line.text += String.fromCharCode(byte)
  }

  #begin(stream: number, at: number): Happening {
    const machine = this.#machine
    const line = this.#happenings.add('line', momentOf(machine), machine.cpu.pc, stream, '')
    this.#extents.set(line, { stream, start: at, end: undefined })
    this.#open[stream] = line
    return line
  }

  /** All at one moment. @param at the place of the first in the stream */
  bytes(stream: number, bytes: Uint8Array, at: number): void {
    for (let from = 0; from < bytes.length; ) {
      const feed = bytes.indexOf(LINE_FEED, from)
      const end = feed < 0 ? bytes.length : feed
      for (let i = from; i < Math.min(end, from + LONGEST); i++) this.byte(stream, bytes[i]!, at + i)
      if (feed >= 0) this.byte(stream, LINE_FEED, at + feed)
      from = end + 1
    }
  }

  /** @param sent bytes of each stream that have come out, and no more */
  forgetWhatFollows(sent: readonly number[]): void {
    this.#happenings.removeLines(line => {
      const extent = this.#extents.get(line)
      return extent !== undefined && extent.start >= (sent[extent.stream] ?? 0)
    })
    this.#open.length = 0
    for (const line of this.#happenings.of('line')) this.#cut(line, sent)
  }

  #cut(line: Happening, sent: readonly number[]): void {
    const extent = this.#extents.get(line)
    const after = sent[extent?.stream ?? 0] ?? 0
    if (extent === undefined || (extent.end !== undefined && extent.end < after)) return
    extent.end = undefined
    line.text = line.text.slice(0, after - extent.start)
    this.#open[extent.stream] = line
  }
}
