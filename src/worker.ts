// All that is heavy, in one file for both hosts: the whole debug adapter, emulator included, which serves off the extension
// host's thread, and what the editor knows of assembly, which shares the tables. Whoever loads it says which it wants. What
// needs Node is behind one import, which a browser leaves empty; the build checks that nothing else needs it.

import type { SessionHost } from './dap/host.ts'
import { Session } from './dap/session.ts'
import { serveParent } from './host/nodeWorker.ts'
import { serve as servePort } from './host/serve.ts'
import { type WorkerScope, webTiming, workerPort } from './host/web.ts'

export * as assembly from './assembly.ts'

const open = (host: SessionHost): Session => new Session(host)

/** The adapter answers at the port of the worker that this is. */
export function serve(): void {
  if (typeof process === 'object' && typeof process.versions?.node === 'string') {
    serveParent(open)
    return
  }
  // A rejected promise nobody waits for is a fault of ours: let the extension host hear of it as it does of a throw.
  self.addEventListener('unhandledrejection', event => {
    setTimeout(() => {
      throw event.reason
    })
  })
  servePort(workerPort(self as unknown as WorkerScope), webTiming(), open)
}
