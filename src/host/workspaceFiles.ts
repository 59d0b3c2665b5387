// Files of the workspace, wherever it is: on this machine, on a server, in the browser.

import * as vscode from 'vscode'
import type { FileAnswer, FileQuestion } from './channel.ts'

/** `vscode-vfs://github/…`, `memfs:/…`; not `C:\\…`, whose one letter is a drive. */
export const isUri = (path: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(path)

/** A path of the debug protocol: of the file system, or a URI string for every other scheme. */
export const toUri = (path: string): vscode.Uri => (isUri(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path))

/** The path of a URI as the debug protocol gives it. */
export const toPath = (uri: vscode.Uri): string => (uri.scheme === 'file' ? uri.fsPath : uri.toString())

export async function answer({ ask, path }: FileQuestion): Promise<FileAnswer> {
  try {
    const uri = toUri(path)
    if (ask === 'read') return { bytes: await vscode.workspace.fs.readFile(uri) }
    if (ask === 'names') return { names: (await vscode.workspace.fs.readDirectory(uri)).map(([name]) => name).sort() }
    await vscode.workspace.fs.stat(uri)
    return { exists: true }
  } catch (error) {
    if (ask === 'exists') return { exists: false }
    return ask === 'names' ? { names: undefined } : { error: `cannot read ${path}: ${reason(error)}` }
  }
}

function reason(error: unknown): string {
  const { code, message } = error as vscode.FileSystemError
  if (code === 'FileNotFound') return 'there is no such file'
  if (code === 'FileIsADirectory') return 'it is a folder'
  if (code === 'NoPermissions') return 'permission denied'
  return message
}
