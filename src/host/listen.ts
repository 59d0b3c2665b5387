// Ports of this machine alone.

import type { Server } from 'node:net'
import { UserError } from '../util/userError.ts'

/** Listens on loopback. @returns `127.0.0.1:PORT`. @throws UserError */
export function listening(listener: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    listener.on('error', error => reject(cannotListen(port, error)))
    listener.listen(port, '127.0.0.1', () => {
      const address = listener.address()
      if (address && typeof address === 'object') resolve(`127.0.0.1:${address.port}`)
    })
  })
}

function cannotListen(port: number, { code, message }: NodeJS.ErrnoException): UserError {
  const why = { EADDRINUSE: 'another program has it', EACCES: 'that port needs more rights' }[code ?? ''] ?? message
  return new UserError(
    'cannot-listen',
    `cannot listen on port ${port} (${why})`,
    'choose another, or 0 for any free one',
  )
}
