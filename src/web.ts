// Composition root of the extension in a browser, without a server.

import * as vscode from 'vscode'
import { evaluateModule, startWebWorker } from './host/web.ts'
import { workspaceFiles } from './host/workspaceFiles.ts'

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const bundle = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, 'dist', name)))
  const common = evaluateModule<typeof import('./host/activate.ts')>(await bundle('activate.js'), { vscode })
  common.activate(context, {
    startWorker: async () => startWebWorker(await bundle('worker.js')),
    files: workspaceFiles,
    loadAssembly: async () => evaluateModule<typeof import('./worker.ts')>(await bundle('worker.js')).assembly,
    hasPorts: false,
  })
}
