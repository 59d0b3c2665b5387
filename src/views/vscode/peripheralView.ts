// "PowerPC 440 Peripherals" in the Run and Debug side bar: the registers of the board's devices and the timers of the core.
// Which devices there are is asked once in a session, when somebody looks.

import * as vscode from 'vscode'
import { DEVICES_REQUEST, type ShownDevice, type ShownDevices } from '../../protocol/messages.ts'
import { peripheralRows } from '../models/peripherals.ts'
import { RegisterTree, type ShownFormat } from './registerTree.ts'
import type { Snapshots } from './snapshots.ts'

export function showPeripherals(snapshots: Snapshots, format: ShownFormat): vscode.Disposable {
  const bySession = new Map<string, readonly ShownDevice[]>()
  const asked = new Set<string>()

  /** Those of the session in focus; undefined while they are on their way. */
  function devices(): readonly ShownDevice[] | undefined {
    const session = vscode.debug.activeDebugSession
    if (session?.type !== 'ppc440') return undefined
    const known = bySession.get(session.id)
    if (known !== undefined || asked.has(session.id)) return known
    asked.add(session.id)
    session.customRequest(DEVICES_REQUEST).then(
      answer => {
        bySession.set(session.id, (answer as ShownDevices).devices)
        tree.draw()
      },
      () => asked.delete(session.id),
    )
    return undefined
  }

  const tree = new RegisterTree('ppc440.peripherals', snapshots, format, {
    rows({ now, before }, shown) {
      const known = devices()
      return known && peripheralRows(known, now, before, shown)
    },
    message() {
      const known = bySession.get(vscode.debug.activeDebugSession?.id ?? '')
      return known?.length === 0 ? 'A Linux process has no devices: its system calls are served.' : undefined
    },
  })
  return vscode.Disposable.from(
    tree,
    vscode.debug.onDidTerminateDebugSession(({ id }) => {
      bySession.delete(id)
      asked.delete(id)
    }),
  )
}
