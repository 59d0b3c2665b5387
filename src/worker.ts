// Composition root of the worker in Node: the whole debug adapter, emulator included, off the extension host's thread.

import { parentPort } from 'node:worker_threads'
import { Session } from './dap/session.ts'
import { openGdb } from './host/gdbServer.ts'
import { nodeTiming, workerPort } from './host/node.ts'
import { serve } from './host/serve.ts'

if (!parentPort) throw new Error('to be started as a worker')
serve(workerPort(parentPort), { ...nodeTiming, openGdb }, host => new Session(host))
