// The worker in Node: its port is the parent's, its clock Node's; gdb can be served at a port of the machine, and files written.

import { parentPort } from 'node:worker_threads'
import { openGdb } from './gdbServer.ts'
import { nodeTiming, workerPort } from './node.ts'
import { serve } from './serve.ts'
import { writeBack } from './writeBack.ts'

export function serveParent(open: Parameters<typeof serve>[2]): void {
  if (parentPort === null) throw new Error('to be started as a worker')
  serve(workerPort(parentPort), { ...nodeTiming, openGdb, writeBack }, open)
}
