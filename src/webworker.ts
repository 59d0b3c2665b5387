// Composition root of the worker in a browser. Nothing of Node is reachable from here; the bundler checks it.

import { Session } from './dap/session.ts'
import { serve } from './host/serve.ts'
import { type WorkerScope, webTiming, workerPort } from './host/web.ts'

// A rejected promise nobody waits for is a fault of ours: let the extension host hear of it as it does of a throw.
self.addEventListener('unhandledrejection', event => {
  setTimeout(() => {
    throw event.reason
  })
})
serve(workerPort(self as unknown as WorkerScope), webTiming(), host => new Session(host))
