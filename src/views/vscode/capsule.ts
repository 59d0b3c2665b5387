// The run so far as a capsule: one file, by which others go through the same run, with the same breakpoints.

import * as vscode from 'vscode'
import {
  BREAKPOINTS_EVENT,
  CAPSULE_REQUEST,
  type CapsuleAnswer,
  type CapsuleArguments,
  type OfferedBreakpoint,
  type OfferedBreakpoints,
} from '../../protocol/messages.ts'
import { fromBase64 } from '../../util/base64.ts'
import { ask } from './ask.ts'

const OTHERWISE = 'Stop a PowerPC 440 program first: then its run can be saved.'

const CHOICES = [
  { label: 'With the program', description: 'a bug report in one file', withProgram: true },
  { label: 'Without the program', description: 'whoever opens it needs the same ELF file', withProgram: false },
] as const

export function saveCapsule(): vscode.Disposable {
  return vscode.commands.registerCommand('ppc440.saveCapsule', async () => {
    const chosen = await vscode.window.showQuickPick(CHOICES, { title: 'Save the Run as a Capsule' })
    if (chosen === undefined) return
    const { withProgram } = chosen
    const answer = await ask<CapsuleAnswer>(CAPSULE_REQUEST, { withProgram } satisfies CapsuleArguments, OTHERWISE)
    if (answer === undefined) return
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri
    const file = await vscode.window.showSaveDialog({
      title: 'Save the Run as a Capsule',
      filters: { Capsule: ['capsule'] },
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `${answer.name}.capsule`) }),
    })
    if (file === undefined) return
    try {
      await vscode.workspace.fs.writeFile(file, fromBase64(answer.base64)!)
      void vscode.window.showInformationMessage(`The run was saved as ${vscode.workspace.asRelativePath(file)}.`)
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error))
    }
  })
}

/** @param toUri of a path as the adapter has it */
export function takeBreakpoints(toUri: (path: string) => vscode.Uri): vscode.Disposable {
  return vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
    if (session.type !== 'ppc440' || event !== BREAKPOINTS_EVENT) return
    const offered = (body as OfferedBreakpoints).breakpoints.map(each => breakpointOf(each, toUri))
    vscode.debug.addBreakpoints(offered.filter(each => !vscode.debug.breakpoints.some(own => isSame(own, each))))
  })
}

function breakpointOf(offered: OfferedBreakpoint, toUri: (path: string) => vscode.Uri): vscode.Breakpoint {
  const { path, line = 1, name = '', condition, hitCondition, logMessage } = offered
  if (path === undefined) return new vscode.FunctionBreakpoint(name, true, condition, hitCondition, logMessage)
  const place = new vscode.Location(toUri(path), new vscode.Position(line - 1, 0))
  return new vscode.SourceBreakpoint(place, true, condition, hitCondition, logMessage)
}

function isSame(one: vscode.Breakpoint, other: vscode.Breakpoint): boolean {
  if (one instanceof vscode.FunctionBreakpoint)
    return other instanceof vscode.FunctionBreakpoint && one.functionName === other.functionName
  if (!(one instanceof vscode.SourceBreakpoint && other instanceof vscode.SourceBreakpoint)) return false
  const [a, b] = [one.location, other.location]
  return a.uri.toString() === b.uri.toString() && a.range.start.line === b.range.start.line
}
