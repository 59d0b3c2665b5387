// The trace of the debug facility, in an output channel of its own: a command turns it on and off for the session in
// focus; each stop adds what happened since the last.

import * as vscode from 'vscode'
import { TRACE_EVENT, TRACE_REQUEST, type TraceOutput, type TraceSwitch } from '../../protocol/messages.ts'

export function traceDebugFacility(): vscode.Disposable {
  const channel = vscode.window.createOutputChannel('PowerPC 440 Debug Facility')
  const traced = new Set<string>()

  async function toggle(): Promise<void> {
    const session = vscode.debug.activeDebugSession
    if (session?.type !== 'ppc440') {
      void vscode.window.showInformationMessage(
        'Start a PowerPC 440 program first: the trace is of its debug facility.',
      )
      return
    }
    const on = !traced.has(session.id)
    await session.customRequest(TRACE_REQUEST, { on } satisfies TraceSwitch)
    if (on) traced.add(session.id)
    else traced.delete(session.id)
    channel.appendLine(
      on ? `${session.name}: the trace is on; every stop adds to it.` : `${session.name}: the trace is off.`,
    )
    channel.show(true)
  }

  return vscode.Disposable.from(
    channel,
    vscode.commands.registerCommand('ppc440.trace', toggle),
    vscode.debug.onDidTerminateDebugSession(({ id }) => void traced.delete(id)),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== 'ppc440' || event !== TRACE_EVENT) return
      for (const line of (body as TraceOutput).lines) channel.appendLine(line)
    }),
  )
}
