// Looks for PowerPC programs in the workspace, newest first. Walks folders itself: a search service is not everywhere.

import * as vscode from 'vscode'
import type { ClientFiles } from '../dap/host.ts'
import { HEADER_BYTES, isPowerPcProgram } from './elfHeader.ts'
import { toPath } from './workspaceFiles.ts'

export interface ProgramFile {
  readonly uri: vscode.Uri
  /** Milliseconds since 1970. */
  readonly modified: number
}

const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '.svn', '.hg', '.cache'])
const DEEPEST = 6
const MOST_FOLDERS = 1000
const MOST_PROGRAMS = 20

/** Names a linker gives its output: `*.elf`, `*.axf`, `*.out`, or no extension at all. */
const mayBeProgram = (name: string): boolean => /\.(elf|axf|out)$/i.test(name) || !name.includes('.')

/** Regular files in `folder` and beneath it; links that lead out of it are not followed. */
export async function findPrograms(folder: vscode.Uri, files: ClientFiles): Promise<ProgramFile[]> {
  const found: ProgramFile[] = []
  for (const { names, ...candidate } of await findFiles(folder, mayBeProgram)) {
    if (found.length === MOST_PROGRAMS) break
    const place = { folder: toPath(folder), names }
    const start = await files.read(place, 0, HEADER_BYTES).catch(() => new Uint8Array())
    if (isPowerPcProgram(start)) found.push(candidate)
  }
  return found
}

interface FoundFile extends ProgramFile {
  /** Of the folders below the one that was searched, and its own. */
  readonly names: readonly string[]
}

/** Files in `root` and beneath it whose names are wanted, the newest first. */
export async function findFiles(root: vscode.Uri, isWanted: (name: string) => boolean): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  const folders: { readonly uri: vscode.Uri; readonly names: readonly string[] }[] = [{ uri: root, names: [] }]
  for (let visited = 0; visited < MOST_FOLDERS; visited++) {
    const folder = folders.shift()
    if (!folder) break
    const entries = await vscode.workspace.fs.readDirectory(folder.uri).then(
      list => list,
      () => [],
    )
    for (const [name, type] of entries) {
      const uri = vscode.Uri.joinPath(folder.uri, name)
      const names = [...folder.names, name]
      if (type === vscode.FileType.Directory) {
        if (names.length <= DEEPEST && !SKIPPED_FOLDERS.has(name)) folders.push({ uri, names })
      } else if (type & vscode.FileType.File && isWanted(name)) {
        const modified = await vscode.workspace.fs.stat(uri).then(
          stat => stat.mtime,
          () => 0,
        )
        found.push({ uri, modified, names })
      }
    }
  }
  return found.sort((a, b) => b.modified - a.modified)
}
