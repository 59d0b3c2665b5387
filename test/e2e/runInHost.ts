// Runs test/e2e/host inside the extension host of a real VS Code, with the extension as built in dist/.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'node:util'
import { build } from 'esbuild'
import { startCodeServer } from '../../scripts/codeServer.mjs'
import { quietSettings } from './support/settings.ts'
import { openWorkbench } from './support/workbench.ts'

const TESTS = 'dist/tests/host.js'
const PATIENCE = 300_000

/** Native modules that a VS Code without compiled ones misses, and lives without. */
const NOISE = /code-server|bindings file|watchdog/
/** Lines of the tests' reporter; the rest of the extension host's log is VS Code's own. */
const OURS = /^\s*(✔|\d+\)|\d+ (passing|passed|failing)|\+|-|Assertion|Error|at |[a-z])/

async function main(): Promise<number> {
  await build({
    entryPoints: ['test/e2e/host/index.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    outfile: TESTS,
    logLevel: 'warning',
  })
  const dataDir = mkdtempSync(join(tmpdir(), 'ppc440-host-'))
  const server = await startCodeServer({ dataDir, settings: quietSettings, testsInHost: true })
  try {
    let finish: (code: number) => void = () => {}
    const finished = new Promise<number>(resolve => {
      finish = resolve
      setTimeout(() => resolve(2), PATIENCE).unref()
    })
    const url = server.urlFor('examples', [
      ['extensionDevelopmentPath', server.remoteUri('.')],
      ['extensionTestsPath', server.remoteUri(TESTS)],
      ['skipWelcome', 'true'],
    ])
    const workbench = await openWorkbench(url, {
      explorer: false,
      // VS Code calls these two functions of the page when it runs tests in a browser.
      async prepare(page) {
        await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
          const line = format(...args)
          if (OURS.test(line) && !NOISE.test(line)) console.log(line)
        })
        await page.exposeFunction('codeAutomationExit', (code: number) => finish(code))
      },
    })
    const code = await finished
    if (code !== 0) await workbench.screenshot('host-failed')
    await workbench.close()
    return code
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

main().then(
  code => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
