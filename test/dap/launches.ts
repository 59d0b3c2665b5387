// Sessions from launch to end, one after the other in one process, and what is left of them.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { DapClient, SMALL } from '../support/dap.ts'

export interface Left {
  /** Sessions that nothing should hold any more and that are there yet. */
  readonly sessions: number
  /** Timers, sockets, files that the process waits for. */
  readonly handles: number
  readonly heapBytes: number
  /** Memory of machines and buffers. */
  readonly bufferBytes: number
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** The ways a session comes to its end. */
const ENDS: readonly ((dap: DapClient) => Promise<unknown>)[] = [
  async dap => await dap.ask('disconnect'),
  async dap => {
    await dap.ask('terminate')
    await dap.ask('disconnect')
  },
  async dap => {
    await dap.ask('continue', { threadId: 1 })
    await dap.ask('disconnect')
  },
  async dap => {
    await dap.ask('continue', { threadId: 1 })
    await dap.ask('restart', {})
    dap.session.dispose()
  },
]

async function cycle(n: number): Promise<WeakRef<object>> {
  const dap = new DapClient()
  if (n % 5 === 4) {
    await dap.ask('launch', { program: '/nothing.elf' }).catch(() => {})
    const launch = dap.ask('launch', { program: SMALL, memory: '2M' }).catch(() => {})
    await dap.ask('terminate')
    await launch
  } else {
    await dap.launch(SMALL, { memory: '2M', stopOnEntry: true, console: 'terminal' })
    await dap.stopped()
    await dap.ask('setFunctionBreakpoints', { breakpoints: [{ name: '_start' }] })
    await dap.step('stepIn', 'instruction')
    await dap.scope(/Registers|General/i).catch(() => [])
    await ENDS[n % ENDS.length]!(dap)
  }
  return new WeakRef(dap.session)
}

/** Runs `count` sessions; tells what is left of all that were before it, `looks` times in between. */
export async function launches(count: number, looks: number, tell: (done: number, left: Left) => void): Promise<void> {
  const sessions: WeakRef<object>[] = []
  for (let n = 0; n < count; n++) {
    sessions.push(await cycle(n))
    if ((n + 1) % Math.ceil(count / looks) === 0 || n + 1 === count) tell(n + 1, await left(sessions))
  }
}

async function left(sessions: readonly WeakRef<object>[]): Promise<Left> {
  // A finalizer may free what only the next collection finds.
  for (let i = 0; i < 3; i++) {
    await new Promise(resolve => setTimeout(resolve, 10))
    collect()
  }
  const { heapUsed, arrayBuffers, external } = process.memoryUsage()
  return {
    sessions: sessions.filter(session => session.deref() !== undefined).length,
    handles: process.getActiveResourcesInfo().length,
    heapBytes: heapUsed,
    bufferBytes: Math.max(arrayBuffers, external),
  }
}
