// The register view as sessions begin and end: it shows the one in focus, and of one that has ended nothing.

import { expect, test, vi } from 'vitest'
import type { Snapshot } from '../../src/protocol/messages.ts'

interface Session {
  readonly id: string
  readonly type: string
}

let active: Session | undefined
let receive: (event: object) => void
const terminated: ((session: Session) => void)[] = []
const tree = { message: '', visible: true, onDidChangeVisibility() {}, dispose() {} }

vi.mock('vscode', () => ({
  window: { createTreeView: () => tree },
  debug: {
    get activeDebugSession() {
      return active
    },
    onDidChangeActiveDebugSession() {},
    onDidTerminateDebugSession: (hear: (session: Session) => void) => void terminated.push(hear),
    onDidReceiveDebugSessionCustomEvent: (hear: typeof receive) => {
      receive = hear
    },
  },
  commands: { registerCommand() {} },
  env: {},
  EventEmitter: class {
    #heard: (() => void)[] = []
    event = (hear: () => void) => void this.#heard.push(hear)
    fire() {
      for (const hear of this.#heard) hear()
    }
  },
  Disposable: { from() {} },
}))

const running = { version: 1, stop: 1, running: true, registers: [], slots: [] } as unknown as Snapshot

test('says that the program runs, and no more once the session has ended', async () => {
  const { showRegisters } = await import('../../src/views/vscode/registerView.ts')
  const { Snapshots } = await import('../../src/views/vscode/snapshots.ts')
  showRegisters(new Snapshots(), { get: (_: string, none: unknown) => none } as never)
  active = { id: '1', type: 'ppc440' }
  receive({ session: active, event: 'ppc440/snapshot', body: running })
  expect(tree.message).toMatch(/^Running\./)
  // The editor may still call it the active one.
  for (const hear of terminated) hear(active)
  expect(tree.message).toBe('')
})
