// Files of the workspace, wherever it is: on this machine, on a server, in the browser.

import * as vscode from 'vscode'
import type { ClientFiles, FilePlace } from '../dap/host.ts'
import { virtualFiles } from './virtualFiles.ts'

/** `vscode-vfs://github/…`, `memfs:/…`; not `C:\\…`, whose one letter is a drive. */
export const isUri = (path: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(path)

/** A path of the debug protocol: of the file system, or a URI string for every other scheme. */
export const toUri = (path: string): vscode.Uri => (isUri(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path))

/** The path of a URI as the debug protocol gives it. */
export const toPath = (uri: vscode.Uri): string => (uri.scheme === 'file' ? uri.fsPath : uri.toString())

/** By way of the editor. */
export const workspaceFiles: ClientFiles = virtualFiles({
  toUri,
  join: (folder, name) => vscode.Uri.joinPath(folder, name),
  stat: uri => vscode.workspace.fs.stat(uri),
  readFile: uri => vscode.workspace.fs.readFile(uri),
  readDirectory: uri => vscode.workspace.fs.readDirectory(uri),
})

/** What has a path on this machine goes to `local`, everything else by way of the editor. */
export function withWorkspace(local: ClientFiles): ClientFiles {
  const of = (place: FilePlace): ClientFiles =>
    isUri(typeof place === 'string' ? place : place.folder) ? workspaceFiles : local
  return {
    stat: place => of(place).stat(place),
    read: (place, offset, length) => of(place).read(place, offset, length),
    real: path => of(path).real(path),
    names: place => of(place).names(place),
  }
}
