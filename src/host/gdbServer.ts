// gdb's protocol on a port of this machine: one client at a time.

import { createServer, type Server, type Socket } from 'node:net'
import type { SessionHost } from '../dap/host.ts'
import type { Target } from '../debuggee/target.ts'
import { ACK, PacketReader, packetOf } from '../gdb/framing.ts'
import { type GdbHost, type GdbProgram, GdbSession } from '../gdb/session.ts'
import { listening } from './listen.ts'

/** `once`: serve one client, and no more after it. */
export interface GdbServerOptions extends Pick<GdbHost, 'isShared' | 'restart' | 'once'> {
  readonly program: () => GdbProgram
  readonly target: Target
}

export interface GdbServer {
  /** `127.0.0.1:PORT` */
  readonly address: string
  /** Resolves when nobody listens any more. */
  readonly closed: Promise<void>
  close(): void
}

/** Milliseconds. */
const PATIENCE = 2000
/** What a gdb may begin with: an acknowledgement, a packet, Ctrl-C. */
const BEGINNINGS: ReadonlySet<number> = new Set([...'+-$\x03'].map(character => character.charCodeAt(0)))
const BUSY = 'another gdb is at this program already: ask it to detach'
/** What may wait for a client that does not read. */
const MOST_UNREAD_BYTES = 16 << 20

/** @throws UserError where the port cannot be had */
export async function serveGdb(port: number, options: GdbServerOptions): Promise<GdbServer> {
  let current: Socket | undefined
  const server: Server = createServer(socket => {
    socket.setNoDelay(true)
    if (current !== undefined) return refuse(socket)
    current = socket
    const left = (): void => {
      current = undefined
      if (options.once) server.close()
    }
    serve(socket, options, close, left)
  })
  const close = (): void => {
    server.close()
    if (current !== undefined) finish(current)
  }
  const closed = new Promise<void>(resolve => server.on('close', () => resolve()))
  const address = await listening(server, port)
  return { address, closed, close }
}

function serve(socket: Socket, options: GdbServerOptions, close: () => void, left: () => void): void {
  const { target, program, isShared, restart, once } = options
  // Whoever comes after the end finds the program at its beginning.
  if (target.state === 'ended' && !isShared) restart()
  const session = new GdbSession(target, {
    program: program(),
    isShared,
    once,
    restart,
    close,
    send(bytes) {
      socket.write(bytes)
      if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy()
    },
    left: () => finish(socket),
  })
  let isFirst = true
  socket.on('data', bytes => {
    // A web page can send a request to any port of this machine, with packets in its body; it begins with a letter.
    if (isFirst && bytes.length > 0 && !BEGINNINGS.has(bytes[0]!)) return void socket.destroy()
    isFirst = false
    session.receive(bytes)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    session.close()
    left()
  })
}

/** What was written goes out first; who does not take it keeps nothing open. */
function finish(socket: Socket): void {
  const patience = setTimeout(() => socket.destroy(), PATIENCE)
  patience.unref()
  socket.on('close', () => clearTimeout(patience))
  socket.end(() => socket.destroy())
}

/**
 * The first packet of a second client is answered with a sentence in the place of features, which gdb shows as a warning;
 * then it is cut off.
 */
function refuse(socket: Socket): void {
  const reader = new PacketReader()
  const patience = setTimeout(() => socket.destroy(), PATIENCE)
  patience.unref()
  socket.on('error', () => {})
  socket.on('close', () => clearTimeout(patience))
  socket.on('data', bytes => {
    for (const { kind } of reader.push(bytes)) {
      if (kind !== 'packet') continue
      socket.write(ACK)
      socket.end(packetOf(BUSY))
      return
    }
  })
}

/** For a session of the debug adapter, which goes on having the program. */
export const openGdb: NonNullable<SessionHost['openGdb']> = (port, { target, program }) =>
  serveGdb(port, { target, program, isShared: true, once: false, restart() {} })
