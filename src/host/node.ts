// Node's side of what a session needs: a scheduler, a clock, and a worker's port.

import type { MessagePort } from 'node:worker_threads'
import { Worker } from 'node:worker_threads'
import type { FromWorker, Port, ToWorker, WorkerLink } from './channel.ts'
import type { Timing } from './serve.ts'

export const nodeTiming: Timing = {
  schedule: (task, ms = 0) => void (ms > 0 ? setTimeout(task, ms) : setImmediate(task)),
  now: () => performance.now(),
}

export function workerPort(port: MessagePort): Port<FromWorker, ToWorker> {
  return { post: message => port.postMessage(message), listen: hear => void port.on('message', hear) }
}

/** @param file of `worker.ts`, bundled */
export function startNodeWorker(file: string): WorkerLink {
  const worker = new Worker(`require(${JSON.stringify(file)}).serve()`, { eval: true })
  let asked = false
  return {
    post: message => worker.postMessage(message),
    listen: hear => void worker.on('message', hear),
    onDeath(mourn) {
      let reason = ''
      worker.on('error', error => {
        reason = error.stack ?? error.message
      })
      worker.on('exit', code => {
        if (!asked) mourn(reason || `its thread ended with code ${code}`)
      })
    },
    terminate() {
      asked = true
      void worker.terminate()
    },
  }
}
