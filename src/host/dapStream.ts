// A debug session over a pair of Node's streams: standard input and output, or a socket.

import type { Readable, Writable } from 'node:stream'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { Framing, FramingError, framed } from '../dap/framing.ts'
import type { SessionHost } from '../dap/host.ts'
import { DapServer, type RequestTaker } from './dapServer.ts'

/** What may wait for a client that does not read. */
const MOST_UNREAD_BYTES = 64 << 20

/**
 * Resolves when the session is over, with what was wrong if the client did not simply leave. Nothing of it runs then; the
 * streams are the caller's.
 */
export function converse(
  input: Readable,
  output: Writable,
  open: (emit: SessionHost['emit']) => RequestTaker,
): Promise<string | undefined> {
  return new Promise(resolve => {
    const framing = new Framing()
    let isOver = false
    let heard = 0
    const end = (wrong?: string): void => {
      if (isOver) return
      // Who never spoke the protocol is not answered in it.
      if (wrong !== undefined && heard > 0) server.tell(wrong)
      isOver = true
      server.dispose()
      resolve(wrong)
    }
    const send = (message: DebugProtocol.ProtocolMessage): void => {
      if (isOver) return
      output.write(framed(message))
      if (output.writableLength <= MOST_UNREAD_BYTES) return
      isOver = true
      server.dispose()
      resolve('the client does not read what it is sent')
    }
    const take = (bytes: Uint8Array): void => {
      if (isOver) return
      try {
        for (const message of framing.push(bytes)) {
          heard++
          server.handle(message)
          if (isOver) return
        }
      } catch (error) {
        if (!(error instanceof FramingError)) throw error
        end(error.message)
      }
    }
    const server = new DapServer(open, { send, left: () => end() })
    input.on('data', take)
    input.on('error', () => end())
    const ended = (): void => end(framing.isBetweenMessages ? undefined : 'the stream ended in the middle of a message')
    input.on('end', ended)
    input.on('close', ended)
    output.on('error', () => end())
    output.on('close', () => end())
  })
}
