// The browser's side of what a session needs: a scheduler, a clock, and a worker's port. Files come by asking.

import type { FromWorker, Port, ToWorker, WorkerLink } from './channel.ts'
import type { Timing } from './serve.ts'

/** `setTimeout` is held back to 4 ms when it nests; a message to oneself is not, and queues behind those of others. */
function messageScheduler(): Timing['schedule'] {
  const { port1, port2 } = new MessageChannel()
  const tasks: (() => void)[] = []
  port1.onmessage = () => tasks.shift()?.()
  return (task, ms = 0) => {
    if (ms > 0) return void setTimeout(task, ms)
    tasks.push(task)
    port2.postMessage(0)
  }
}

export const webTiming = (): Timing => ({ schedule: messageScheduler(), now: () => performance.now() })

/** The part of a dedicated worker's global scope used here (the DOM's types describe a window's). */
export interface WorkerScope {
  postMessage(message: unknown): void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
}

export function workerPort(scope: WorkerScope): Port<FromWorker, ToWorker> {
  return {
    post: message => scope.postMessage(message),
    listen(hear) {
      scope.onmessage = event => hear(event.data)
    },
  }
}

/** What a bundle asks for besides: of Node's modules there is none. */
const PRELUDE = 'var module = { exports: {} }, exports = module.exports, require = function () {};'

/** A web extension's files have no address a worker could be started from, so it is given the source itself. */
export function startWebWorker(source: Uint8Array<ArrayBuffer>): WorkerLink {
  const parts = [PRELUDE, source, ';module.exports.serve()']
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/javascript' }))
  const worker = new Worker(url)
  return {
    post: message => worker.postMessage(message),
    listen(hear) {
      worker.onmessage = (event: MessageEvent<FromWorker>) => hear(event.data)
    },
    onDeath(mourn) {
      worker.onerror = event => {
        worker.terminate()
        mourn(event.message || 'it could not be started')
      }
    },
    terminate() {
      worker.terminate()
      URL.revokeObjectURL(url)
    },
  }
}

/**
 * A bundle of ours that is loaded for what it exports. `require` of a web extension finds no file, so it is evaluated as the editor has
 * evaluated the extension: the body of a function of `module`, `exports` and `require`.
 * @param modules what it may ask for, by name; others are undefined, as Node's are in a browser
 */
export function evaluateModule<Exports>(source: Uint8Array, modules: Readonly<Record<string, unknown>> = {}): Exports {
  const module = { exports: {} as Exports }
  const require = (name: string): unknown => modules[name]
  new Function('module', 'exports', 'require', new TextDecoder().decode(source))(module, module.exports, require)
  return module.exports
}
