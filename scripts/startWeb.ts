// `npm run start:web`: builds the extension and serves VS Code for the web with it on examples/, as vscode.dev would: no
// server behind it, adapter and emulator in a worker of the browser.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { serveStaticWorkbench } from '../test/e2e/support/staticWorkbench.ts'
import { isInstalled } from './codeServer.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

async function main(): Promise<void> {
  if (!isInstalled()) {
    console.log('Setting up VS Code for the browser: 0.7 GB, two to three minutes, the first time only.')
    run('bash', ['scripts/setup-vscode.sh'])
  }
  run(process.execPath, ['esbuild.js', '--minify'])
  process.chdir(root)
  const { url } = await serveStaticWorkbench('examples', '.')
  console.log(`\n  VS Code for the web with the debugger:  ${url}\n`)
  console.log('Open it in a browser of this machine and press F5. Ctrl-C here stops it.')
}

void main()
