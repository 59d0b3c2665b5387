// The command that runs to the line at the cursor, or to the one whose number was clicked, without a comparator.

import * as vscode from 'vscode'
import { RUN_TO_REQUEST, type RunToArguments } from '../../protocol/messages.ts'
import { ask } from './ask.ts'

const OTHERWISE = 'Stop a PowerPC 440 program, then choose a line of its source to run to.'

/** What the menu of the line numbers hands over. */
interface ClickedLine {
  readonly uri: vscode.Uri
  readonly lineNumber: number
}

/** @param toPath what the adapter calls a file of the editor */
export function runToLine(toPath: (uri: vscode.Uri) => string): vscode.Disposable {
  return vscode.commands.registerCommand('ppc440.runToLine', async (clicked?: Partial<ClickedLine>) => {
    const place = clicked?.lineNumber === undefined ? atCursor() : (clicked as ClickedLine)
    if (place === undefined) return void vscode.window.showInformationMessage(OTHERWISE)
    const to: RunToArguments = { path: toPath(place.uri), line: place.lineNumber }
    await ask(RUN_TO_REQUEST, to, OTHERWISE)
  })
}

function atCursor(): ClickedLine | undefined {
  const editor = vscode.window.activeTextEditor
  return editor && { uri: editor.document.uri, lineNumber: editor.selection.active.line + 1 }
}
