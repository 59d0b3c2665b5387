// `ppc440 dap`: the debug adapter for other editors, on standard input and output or on a TCP port.

import { createServer, type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { Session } from '../dap/session.ts'
import { DapServer } from '../host/dapServer.ts'
import { nodeFiles, nodeTiming } from '../host/node.ts'

export const usage = 'ppc440 dap [--port N]'

const open = () => new DapServer(emit => new Session({ ...nodeTiming, files: nodeFiles, emit }))

/** Resolves when the client has left; with `--port`, only when the server is closed. */
export function dap(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { port: { type: 'string' } } })
  return values.port === undefined ? serveStdio() : serveTcp(Number(values.port))
}

function serveStdio(): Promise<number> {
  const server = open()
  return new Promise(resolve => {
    const leave = () => {
      server.dispose()
      resolve(0)
    }
    server.on('disconnected', leave)
    server.on('close', leave)
    server.start(process.stdin, process.stdout)
  })
}

function serveTcp(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer(serveSocket)
    listener.on('error', reject)
    listener.on('close', () => resolve(0))
    // Loopback only: whoever connects may read files.
    listener.listen(port, '127.0.0.1', () => {
      const address = listener.address()
      if (address && typeof address === 'object') console.log(`listening on 127.0.0.1:${address.port}`)
    })
  })
}

function serveSocket(socket: Socket): void {
  const server = open()
  server.on('disconnected', () => socket.end())
  server.on('close', () => server.dispose())
  server.on('error', () => server.dispose())
  server.start(socket, socket)
}
