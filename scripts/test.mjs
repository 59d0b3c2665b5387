// `npm test`: every check and every test, one part after the other, and one last line that sums them up.
// A part whose tool is missing is skipped by name; `.ci/run` installs them all first.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled } from './codeServer.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = name => join(root, 'node_modules', '.bin', name)
const scratch = mkdtempSync(join(tmpdir(), 'ppc440-test-'))
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'

const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []

check('types', bin('tsc'), '-p', 'tsconfig.json')
check('types of the portable layers', bin('tsc'), '-p', 'tsconfig.portable.json')
check('format and lint', bin('biome'), 'check', '.')
check('lint with types', bin('eslint'), '.')
check('layers', bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'src')
check('dead code', bin('knip'))
check('tracked files', process.execPath, 'scripts/tracked.mjs')
check('grammar', bin('vscode-tmgrammar-test'), 'test/syntaxes/*.S')
const packed = check('package', process.execPath, 'scripts/package.mjs')
vitest('unit', 'vitest.config.mts')
vitest('compiler', 'test/compiler/vitest.config.mts')

if (!packed) skip('extension host and browser', 'the package could not be built')
else if (!isInstalled()) skip('extension host and browser', 'no VS Code to run in: scripts/setup-vscode.sh brings one')
else if (!existsSync(chromium)) skip('extension host and browser', `no ${chromium}`)
else {
  hostTests()
  vitest('browser', 'test/e2e/vitest.config.mts')
}

rmSync(scratch, { recursive: true, force: true })
for (const name of failures) console.log(`failed: ${name}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed ? 1 : 0

/** A tool that says yes or no. */
function check(name, command, ...args) {
  heading(name)
  const { status } = run(command, args)
  count(name, status === 0 ? { passed: 1 } : { failed: 1 })
  return status === 0
}

function vitest(name, config) {
  heading(name)
  const report = join(scratch, `${name}.json`)
  const reporters = [
    '--reporter=default',
    '--reporter=scripts/hungFiles.mjs',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const { status } = run(bin('vitest'), ['run', '--config', config, ...reporters])
  if (!existsSync(report)) return count(name, { failed: 1 })
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  for (const { fullName, status: outcome } of tests) {
    if (outcome === 'skipped' || outcome === 'pending') console.log(`skipped: ${fullName} (its tool is missing)`)
  }
  // A file that does not load has no failed test of its own.
  const failed = Math.max(numFailedTests, status === 0 ? 0 : 1)
  return count(name, { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests })
}

function hostTests() {
  const name = 'extension host'
  heading(name)
  const { stdout, status } = run(bin('tsx'), ['test/e2e/runInHost.ts'], 'pipe')
  process.stdout.write(stdout)
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(stdout) ?? [undefined, 0, 0]
  count(name, { passed: Number(passed), failed: Math.max(Number(failed), status === 0 ? 0 : 1) })
}

function skip(name, why) {
  heading(name)
  console.log(`skipped: ${name} (${why})`)
  count(name, { skipped: 1 })
}

function count(name, { passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
  if (failed) failures.push(name)
}

function heading(name) {
  console.log(`\n── ${name} ──`)
}

function run(command, args, stdout = 'inherit') {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', stdout, 'inherit'], encoding: 'utf8' })
}
