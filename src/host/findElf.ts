// Looks for PowerPC programs in the workspace, newest first. Walks folders itself: a search service is not everywhere.

import * as vscode from 'vscode'
import { HEADER_BYTES, isPowerPcProgram } from './elfHeader.ts'

export interface Program {
  readonly uri: vscode.Uri
  /** Milliseconds since 1970. */
  readonly modified: number
}

/** Reads the start of a file; may return more than was asked for. */
export type ReadStart = (uri: vscode.Uri, length: number) => Promise<Uint8Array>

const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '.svn', '.hg', '.cache'])
const DEEPEST = 6
const MOST_FOLDERS = 1000
const MOST_PROGRAMS = 20

/** Names a linker gives its output: `*.elf`, `*.axf`, `*.out`, or no extension at all. */
const mayBeProgram = (name: string): boolean => /\.(elf|axf|out)$/i.test(name) || !name.includes('.')

export async function findPrograms(folder: vscode.Uri, readStart: ReadStart, most = MOST_PROGRAMS): Promise<Program[]> {
  const found: Program[] = []
  for (const candidate of await candidates(folder)) {
    if (found.length === most) break
    const start = await readStart(candidate.uri, HEADER_BYTES).catch(() => new Uint8Array())
    if (isPowerPcProgram(start)) found.push(candidate)
  }
  return found
}

async function candidates(root: vscode.Uri): Promise<Program[]> {
  const found: Program[] = []
  const folders = [{ uri: root, depth: 0 }]
  for (let visited = 0; visited < MOST_FOLDERS; visited++) {
    const folder = folders.shift()
    if (!folder) break
    const entries = await vscode.workspace.fs.readDirectory(folder.uri).then(
      list => list,
      () => [],
    )
    for (const [name, type] of entries) {
      const uri = vscode.Uri.joinPath(folder.uri, name)
      if (type & vscode.FileType.Directory) {
        if (folder.depth < DEEPEST && !SKIPPED_FOLDERS.has(name)) folders.push({ uri, depth: folder.depth + 1 })
      } else if (mayBeProgram(name)) {
        found.push({ uri, modified: (await vscode.workspace.fs.stat(uri)).mtime })
      }
    }
  }
  return found.sort((a, b) => b.modified - a.modified)
}
