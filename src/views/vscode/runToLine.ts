// The command that runs to the line at the cursor, or to the one whose number was clicked, without a comparator.

import * as vscode from 'vscode'
import { RUN_TO_REQUEST, type RunToArguments } from '../../protocol/messages.ts'

/** What the menu of the line numbers hands over. */
interface ClickedLine {
  readonly uri: vscode.Uri
  readonly lineNumber: number
}

/** @param toPath what the adapter calls a file of the editor */
export function runToLine(toPath: (uri: vscode.Uri) => string): vscode.Disposable {
  return vscode.commands.registerCommand('ppc440.runToLine', async (clicked?: Partial<ClickedLine>) => {
    const session = vscode.debug.activeDebugSession
    const place = clicked?.lineNumber === undefined ? atCursor() : (clicked as ClickedLine)
    if (session?.type !== 'ppc440' || place === undefined) {
      void vscode.window.showInformationMessage(
        'Stop a PowerPC 440 program, then choose a line of its source to run to.',
      )
      return
    }
    try {
      const to: RunToArguments = { path: toPath(place.uri), line: place.lineNumber }
      await session.customRequest(RUN_TO_REQUEST, to)
    } catch (error) {
      void vscode.window.showInformationMessage(error instanceof Error ? error.message : String(error))
    }
  })
}

function atCursor(): ClickedLine | undefined {
  const editor = vscode.window.activeTextEditor
  return editor && { uri: editor.document.uri, lineNumber: editor.selection.active.line + 1 }
}
