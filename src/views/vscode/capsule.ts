// The command that saves the run so far as a capsule: one file, by which others go through the same run.

import * as vscode from 'vscode'
import { CAPSULE_REQUEST, type CapsuleAnswer, type CapsuleArguments } from '../../protocol/messages.ts'
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
