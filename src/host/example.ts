// The bundled program and what the walkthrough does with it: a copy of it is the person's own, to change and to debug.

import * as vscode from 'vscode'
import { SNAPSHOT_EVENT, type Snapshot } from '../protocol/messages.ts'
import { launchOf } from './configurations.ts'
import { toPath } from './workspaceFiles.ts'

const NAME = 'first-steps.s'
/** In the extension. */
export const EXAMPLE = ['media', NAME] as const

/** @param storage a folder of our own that lasts */
export function showExample(extension: vscode.Uri, storage: vscode.Uri): vscode.Disposable {
  const file = vscode.Uri.joinPath(storage, NAME)
  const open = async (): Promise<vscode.TextEditor> => {
    await vscode.workspace.fs.createDirectory(storage)
    try {
      await vscode.workspace.fs.stat(file)
    } catch {
      const bundled = vscode.Uri.joinPath(extension, ...EXAMPLE)
      await vscode.workspace.fs.writeFile(file, await vscode.workspace.fs.readFile(bundled))
    }
    return await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.Active, preview: false })
  }
  const debug = async (stops: readonly number[]): Promise<void> => {
    const { document } = await open()
    vscode.debug.addBreakpoints(breakpointsAt(document, stops))
    const isUnderWay = vscode.debug.activeDebugSession?.configuration.program === toPath(file)
    if (!isUnderWay) await vscode.debug.startDebugging(undefined, launchOf(`Debug ${NAME}`, toPath(file)))
  }
  return vscode.Disposable.from(
    vscode.commands.registerCommand('ppc440.openExample', open),
    vscode.commands.registerCommand('ppc440.example.run', () => debug([1])),
    vscode.commands.registerCommand('ppc440.example.fillSlots', () => debug([1, 2, 3, 4, 5])),
    noteSteps(),
  )
}

/** New ones at the lines whose comments say `stop 1` …; the person may have moved or removed them. */
function breakpointsAt(document: vscode.TextDocument, stops: readonly number[]): vscode.Breakpoint[] {
  const text = document.getText()
  const there = vscode.debug.breakpoints.flatMap(each =>
    each instanceof vscode.SourceBreakpoint && each.location.uri.toString() === document.uri.toString()
      ? [each.location.range.start.line]
      : [],
  )
  return stops
    .map(stop => text.indexOf(`# stop ${stop}:`))
    .filter(at => at >= 0)
    .map(at => document.positionAt(at).line)
    .filter(line => !there.includes(line))
    .map(line => new vscode.SourceBreakpoint(new vscode.Location(document.uri, new vscode.Position(line, 0))))
}

/** The steps of the walkthrough are done when what they are about has been seen, whoever brought it about. */
function noteSteps(): vscode.Disposable {
  const seen = (what: string): void => void vscode.commands.executeCommand('setContext', `ppc440.seen.${what}`, true)
  return vscode.debug.registerDebugAdapterTrackerFactory('ppc440', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage({ event, body }: { readonly event?: string; readonly body?: unknown }) {
        if (event === SNAPSHOT_EVENT && (body as Snapshot).breakpoints.some(({ state }) => state === 'refused'))
          seen('refusal')
        if (event !== 'stopped') return
        const { description = '' } = body as { readonly description?: string }
        if (/^IAC\d/.test(description)) seen('comparator')
        if (description.startsWith('In the past')) seen('past')
      },
    }),
  })
}
