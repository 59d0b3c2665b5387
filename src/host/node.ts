// Node's side of what a session needs: files, a scheduler, a clock, and a worker's port.

import { access, open, readdir, readFile } from 'node:fs/promises'
import type { MessagePort } from 'node:worker_threads'
import { Worker } from 'node:worker_threads'
import type { Files } from '../dap/host.ts'
import type { FromWorker, Port, ToWorker, WorkerLink } from './channel.ts'
import type { Timing } from './serve.ts'

export const nodeTiming: Timing = {
  schedule: (task, ms = 0) => void (ms > 0 ? setTimeout(task, ms) : setImmediate(task)),
  now: () => performance.now(),
}

export const nodeFiles: Files = {
  async read(path) {
    try {
      return await readFile(path)
    } catch (error) {
      throw new Error(`cannot read ${path}: ${reason(error)}`)
    }
  },
  exists: path =>
    access(path).then(
      () => true,
      () => false,
    ),
  names: path =>
    readdir(path).then(
      names => names.sort(),
      () => undefined,
    ),
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EACCES') return 'permission denied'
  return message
}

/** The first bytes of a file, without the rest of it. */
export async function readStart(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

export function workerPort(port: MessagePort): Port<FromWorker, ToWorker> {
  return { post: message => port.postMessage(message), listen: hear => void port.on('message', hear) }
}

export function startNodeWorker(file: string): WorkerLink {
  const worker = new Worker(file)
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
