// The command that turns the trace of the debug facility on and off, for the session in focus. Its lines come with each
// stop, in the Debug Console.

import * as vscode from 'vscode'
import { TRACE_REQUEST, type TraceSwitch } from '../../protocol/messages.ts'

export function traceDebugFacility(): vscode.Disposable {
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
    await vscode.commands.executeCommand('workbench.debug.action.focusRepl')
  }

  return vscode.Disposable.from(
    vscode.commands.registerCommand('ppc440.trace', toggle),
    vscode.debug.onDidTerminateDebugSession(({ id }) => void traced.delete(id)),
  )
}
