// `ppc440 dap`: the debug adapter for other editors, on standard input and output or on a TCP port.

import { createServer, type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { framed } from '../dap/framing.ts'
import type { SessionHost } from '../dap/host.ts'
import { Session } from '../dap/session.ts'
import { converse } from '../host/dapStream.ts'
import { openGdb } from '../host/gdbServer.ts'
import { listening } from '../host/listen.ts'
import { nodeTiming } from '../host/node.ts'
import { nodeFiles } from '../host/nodeFiles.ts'
import { writeBack } from '../host/writeBack.ts'
import { portOf } from './machineOptions.ts'

export const USAGE = `usage: ppc440 dap [--port N]

The debug adapter on standard input and output, or for any number of sessions, at most 16 at once, on a port of this machine
alone. Port 0 is any that is free: the line "listening on 127.0.0.1:PORT" says which.

For example: ppc440 dap --port 4711

Exit status: 0 when the client has
left, 125 when what it sent could not be the debug adapter protocol.`

const MOST_CLIENTS = 16
const OWN_FAILURE = 125

const open = (emit: SessionHost['emit']): Session =>
  new Session({ ...nodeTiming, openGdb, writeBack, files: nodeFiles, emit })
const complain = (text: string): void => void process.stderr.write(`ppc440 dap: ${text}\n`)

/** Resolves to the exit status when the client has left; with `--port`, only when the server is closed. */
export async function dap(argv: string[]): Promise<number> {
  const help = { type: 'boolean', short: 'h', default: false } as const
  const { values } = parseArgs({ args: argv, options: { port: { type: 'string' }, help } })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  return values.port === undefined ? await serveStdio() : await serveTcp(portOf(values.port))
}

async function serveStdio(): Promise<number> {
  const wrong = await converse(process.stdin, process.stdout, open)
  process.stdin.pause()
  if (wrong === undefined) return 0
  complain(wrong)
  return OWN_FAILURE
}

function serveTcp(port: number): Promise<number> {
  let clients = 0
  const listener = createServer(socket => {
    if (clients === MOST_CLIENTS) return refuse(socket)
    clients++
    void serveSocket(socket).finally(() => clients--)
  })
  return new Promise((resolve, reject) => {
    listener.on('close', () => resolve(0))
    // Whoever connects may read files.
    listening(listener, port).then(address => console.log(`listening on ${address}`), reject)
  })
}

async function serveSocket(socket: Socket): Promise<void> {
  const wrong = await converse(socket, socket, open)
  if (wrong !== undefined) complain(`a client was turned away: ${wrong}`)
  close(socket)
}

function refuse(socket: Socket): void {
  const output = `ppc440 dap serves ${MOST_CLIENTS} sessions already: end one of them, or start another ppc440 dap\n`
  complain(`a client was turned away: there are ${MOST_CLIENTS} already`)
  socket.on('error', () => {})
  socket.write(framed({ seq: 1, type: 'event', event: 'output', body: { category: 'important', output } }))
  close(socket)
}

/** What was written goes out first; who does not take it keeps nothing open. */
function close(socket: Socket): void {
  const patience = setTimeout(() => socket.destroy(), 2000)
  patience.unref()
  socket.on('close', () => clearTimeout(patience))
  socket.end(() => socket.destroy())
}
