// `npm start`: builds and packs the extension, and opens VS Code with it on examples/: the desktop one where there is
// one, else one in the browser. Both with extensions and settings of their own; yours stay as they are.
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled, startCodeServer } from './codeServer.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const examples = join(root, 'examples')
const vsix = join(root, 'ppc440-debug.vsix')
const profile = join(process.env.PPC440_VSCODE_HOME ?? join(homedir(), '.cache', 'ppc440-vscode'), 'profile')

console.log('Building the extension …')
run(process.execPath, [join(root, 'scripts', 'package.mjs')])

const desktop = findDesktop()
if (desktop) openDesktop(desktop)
else await openInBrowser()

function findDesktop() {
  const { DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI, WSL_DISTRO_NAME } = process.env
  const hasScreen = process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY || VSCODE_IPC_HOOK_CLI || WSL_DISTRO_NAME
  if (!hasScreen) return undefined
  return ['code', 'code-insiders', 'codium'].find(
    name => spawnSync(name, ['--version'], { shell: process.platform === 'win32' }).status === 0,
  )
}

function openDesktop(code) {
  const own = ['--extensions-dir', join(profile, 'extensions'), '--user-data-dir', join(profile, 'desktop')]
  run(code, [...own, '--install-extension', vsix, '--force'])
  run(code, [...own, '--new-window', examples])
  console.log('VS Code is open on examples/. Press F5 there.')
}

async function openInBrowser() {
  if (!isInstalled()) {
    console.log('There is no desktop VS Code here: setting up one that runs in the browser.')
    console.log('The first time this takes two to three minutes and 0.7 GB; later starts take seconds.')
    run('bash', [join(root, 'scripts', 'setup-vscode.sh')])
  }
  const settings = { 'workbench.startupEditor': 'none', 'telemetry.telemetryLevel': 'off', 'git.enabled': false }
  const server = await startCodeServer({ dataDir: join(profile, 'browser'), vsix, settings })
  console.log(`\n  VS Code with the debugger:  ${server.urlFor(examples)}\n`)
  console.log('Open it in a browser of this machine and press F5. Ctrl-C here stops it.')
  const heartbeat = setInterval(() => {}, 1 << 30) // the server is a process of its own: nothing else keeps us here
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      clearInterval(heartbeat)
      void server.stop()
    })
  }
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    cwd: root,
    shell: process.platform === 'win32',
  })
  if (error) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}
