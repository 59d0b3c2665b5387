// A client of the remote protocol in memory, at a target whose loop a test turns by hand.

import { ACK, PacketReader, packetOf } from '../../src/gdb/framing.ts'
import { GdbSession } from '../../src/gdb/session.ts'
import { latin } from '../../src/gdb/text.ts'
import { HandTurned } from './target.ts'

/** A program that does not stop is not waited for. */
const MOST_SLICES = 60

export class RspClient {
  readonly loop: HandTurned
  readonly session: GdbSession
  readonly restarts: (readonly string[] | undefined)[] = []
  hasLeft = false
  /** The server has been asked to serve nobody any more. */
  isClosed = false
  /** Data of the packets that have come, and signs of acknowledgement. */
  #came: string[] = []
  readonly #reader = new PacketReader()

  constructor(elf: Uint8Array, options: { isShared?: boolean; once?: boolean; loop?: HandTurned } = {}) {
    this.loop = options.loop ?? new HandTurned(elf, { tick: 1 })
    this.session = new GdbSession(this.loop.target, {
      program: { path: '/tmp/program.elf', bytes: elf },
      isShared: options.isShared ?? false,
      once: options.once ?? false,
      close: () => {
        this.isClosed = true
      },
      send: bytes => this.#take(bytes),
      left: () => {
        this.hasLeft = true
      },
      restart: args => {
        this.restarts.push(args)
        this.loop.target.restart()
      },
    })
  }

  #take(bytes: Uint8Array): void {
    for (const token of this.#reader.push(bytes))
      this.#came.push(token.kind === 'packet' ? latin(token.data) : token.kind)
  }

  /** What has come since it was last asked, acknowledgements aside. */
  get came(): readonly string[] {
    return this.all.filter(each => each !== 'ack')
  }

  get all(): readonly string[] {
    const came = this.#came
    this.#came = []
    return came
  }

  send(bytes: Uint8Array): void {
    this.session.receive(bytes)
  }

  /** The answer that comes at once; undefined where none does. */
  ask(data: string | Uint8Array): string | undefined {
    this.#came = []
    this.send(packetOf(data))
    return this.came.at(-1)
  }

  /** The answer that comes when the program stops. */
  go(data: string): string | undefined {
    this.#came = []
    this.send(packetOf(data))
    this.loop.turn(MOST_SLICES)
    return this.came.at(-1)
  }

  interrupt(): void {
    this.send(Uint8Array.of(3))
  }

  acknowledge(): void {
    this.send(ACK)
  }
}
