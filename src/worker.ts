// Composition root of the worker: the whole debug adapter, emulator included, off the extension host's thread. One file
// for both hosts; what is Node's own is loaded in Node alone, and the build checks that nothing else needs Node.

import type { SessionHost } from './dap/host.ts'
import { Session } from './dap/session.ts'
import { serve } from './host/serve.ts'
import { type WorkerScope, webTiming, workerPort } from './host/web.ts'

const open = (host: SessionHost): Session => new Session(host)

if (typeof process === 'object' && typeof process.versions?.node === 'string') {
  void import('./host/nodeWorker.ts').then(({ serveParent }) => serveParent(open))
} else {
  // A rejected promise nobody waits for is a fault of ours: let the extension host hear of it as it does of a throw.
  self.addEventListener('unhandledrejection', event => {
    setTimeout(() => {
      throw event.reason
    })
  })
  serve(workerPort(self as unknown as WorkerScope), webTiming(), open)
}
