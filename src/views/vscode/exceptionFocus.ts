// An exception is explained in the editor also where VS Code has lost the frame in focus: the top frame gets it again.

import * as vscode from 'vscode'
import { type TrackedMessage, TwiceFetched } from '../models/twiceFetched.ts'

export function explainExceptions(): vscode.Disposable {
  const stops = new Map<string, TwiceFetched>()
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterTrackerFactory('ppc440', {
      createDebugAdapterTracker({ id }) {
        const stop = new TwiceFetched()
        stops.set(id, stop)
        return {
          onWillReceiveMessage: (message: TrackedMessage) => stop.asked(message),
          onDidSendMessage(message: TrackedMessage) {
            if (stop.said(message)) focusAgain()
          },
        }
      },
    }),
    vscode.debug.onDidChangeActiveStackItem(item => {
      if (item instanceof vscode.DebugStackFrame && stops.get(item.session.id)?.focused()) focusAgain()
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => stops.delete(id)),
  )
}

const focusAgain = (): void => void vscode.commands.executeCommand('workbench.action.debug.callStackTop')
