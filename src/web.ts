// Composition root of the extension in a browser, without a server.

import * as vscode from 'vscode'
import { activate as activateOn } from './host/activate.ts'
import { startWebWorker } from './host/web.ts'
import { workspaceFiles } from './host/workspaceFiles.ts'

export function activate(context: vscode.ExtensionContext): void {
  const worker = vscode.Uri.joinPath(context.extensionUri, 'dist', 'worker.js')
  activateOn(context, {
    startWorker: async () => startWebWorker(new Uint8Array(await vscode.workspace.fs.readFile(worker))),
    files: workspaceFiles,
    loadAssembly: () => import('./assembly.ts'),
    hasPorts: false,
  })
}
