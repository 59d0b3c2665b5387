// Composition root of the extension in Node: on the desktop, and on the server of a remote window.

import * as vscode from 'vscode'
import { startNodeWorker } from './host/node.ts'
import { nodeFiles } from './host/nodeFiles.ts'
import { withWorkspace } from './host/workspaceFiles.ts'

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  // A bundle that both hosts load: what they have in common is packed once.
  const { activate: activateOn } = await import('./host/activate.ts')
  const worker = vscode.Uri.joinPath(context.extensionUri, 'dist', 'worker.js').fsPath
  activateOn(context, {
    startWorker: () => startNodeWorker(worker),
    files: withWorkspace(nodeFiles),
    loadAssembly: async () => (await import('./worker.ts')).assembly,
    hasPorts: true,
  })
}
