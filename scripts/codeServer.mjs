// Starts the VS Code that scripts/setup-vscode.sh installed, with its own extensions and settings. Used by `npm start`
// and by the end-to-end tests.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

const home = process.env.PPC440_VSCODE_HOME ?? join(homedir(), '.cache', 'ppc440-vscode')
const modules = join(home, 'node_modules')
const node = join(home, 'node', 'bin', 'node')

/** The file to start, and the folder of VS Code's own code (served as a static site by the tests of the browser entry). */
export const entry = join(modules, 'code-server', 'out', 'node', 'entry.js')
export const vscodeFolder = join(modules, 'code-server', 'lib', 'vscode')

export const isInstalled = () => existsSync(node) && existsSync(entry)

/**
 * @param {{ dataDir: string, vsix?: string, settings?: object, port?: number, testsInHost?: boolean }} options
 *   `testsInHost`: let a URL load an extension under development and its tests. No notifications appear then.
 */
export async function startCodeServer({ dataDir, vsix, settings, port, testsInHost = false }) {
  const user = join(dataDir, 'user')
  mkdirSync(join(user, 'User'), { recursive: true })
  if (settings) writeFileSync(join(user, 'User', 'settings.json'), JSON.stringify(settings, null, 2))
  const config = join(dataDir, 'config.yaml') // without it, code-server writes one with a password into the home folder
  writeFileSync(config, 'auth: none\n')
  const base = [entry, '--config', config, '--user-data-dir', user, '--extensions-dir', join(dataDir, 'extensions')]
  const env = cleanEnvironment()

  if (vsix) {
    const install = spawnSync(node, [...base, '--install-extension', resolve(vsix), '--force'], {
      env,
      encoding: 'utf8',
    })
    const said = install.stdout + install.stderr
    if (install.status !== 0 || !/successfully installed/.test(said))
      throw new Error(`cannot install ${vsix}:\n${said}`)
  }

  const chosen = port ?? (await freePort())
  const log = join(dataDir, 'server.log')
  const output = openSync(log, 'a')
  const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override']
  const trust = ['--auth', 'none', '--disable-workspace-trust', '--bind-addr', `127.0.0.1:${chosen}`]
  const tests = testsInHost ? ['--vscode-option', 'enable-smoke-test-driver'] : []
  const server = spawn(node, [...base, ...quiet, ...trust, ...tests, '--reconnection-grace-time', '5'], {
    env,
    stdio: ['ignore', output, output],
    detached: true, // it forks: its process group is ended as a whole
  })
  const origin = `http://127.0.0.1:${chosen}`
  await answering(origin, () => server.exitCode !== null, log)

  return {
    origin,
    /** The address of a file of this machine, as the workbench in the browser names it. */
    remoteUri: path => `vscode-remote://127.0.0.1:${chosen}${resolve(path)}`,
    /** @param {[string, string][]} [payload] options of the workbench */
    urlFor(folder, payload = []) {
      const query = new URLSearchParams({ folder: resolve(folder) })
      if (payload.length) query.set('payload', JSON.stringify(payload))
      return `${origin}/?${query}`
    },
    async stop() {
      for (const [signal, patience] of [
        ['SIGTERM', 2000],
        ['SIGKILL', 2000],
      ]) {
        if (!signalGroup(server.pid, signal)) return
        for (let waited = 0; waited < patience && signalGroup(server.pid, 0); waited += 50) await sleep(50)
      }
    },
  }
}

/** A VS Code started from a terminal of a VS Code must not take itself for that one's child. */
function cleanEnvironment() {
  const foreign = /^(VSCODE_.*|ELECTRON_RUN_AS_NODE|NODE_OPTIONS|PORT|PASSWORD)$/
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  // No gallery: nothing is looked up outside.
  return { ...Object.fromEntries(kept), EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}' }
}

async function answering(origin, hasEnded, log) {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
    if (hasEnded()) throw new Error(`VS Code's server ended at once, see ${log}`)
    const healthy = await fetch(`${origin}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (healthy) return
  }
  throw new Error(`VS Code's server does not answer at ${origin}, see ${log}`)
}

/** Whether the group (still) exists. */
function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

function freePort() {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.on('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => found(port))
    })
  })
}

const sleep = milliseconds => new Promise(wake => setTimeout(wake, milliseconds))
