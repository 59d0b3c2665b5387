// One VS Code with the packaged extension, freshly installed, on a copy of the examples.

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startCodeServer } from '../../../scripts/codeServer.mjs'
import { quietSettings } from './settings.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

export interface CleanInstall {
  readonly workbench: Workbench
  /** The folder open in it, a copy: tests may change it. */
  readonly workspace: string
  close(): Promise<void>
}

export async function cleanInstall(): Promise<CleanInstall> {
  const folder = mkdtempSync(join(tmpdir(), 'ppc440-e2e-'))
  const workspace = join(folder, 'examples')
  cpSync('examples', workspace, { recursive: true })
  const server = await startCodeServer({
    dataDir: join(folder, 'vscode'),
    vsix: 'ppc440-debug.vsix',
    settings: quietSettings,
  })
  const clean = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const workbench = await openWorkbench(server.urlFor(workspace))
    const close = () => workbench.close().finally(clean)
    return { workbench, workspace, close }
  } catch (error) {
    await clean()
    throw error
  }
}
