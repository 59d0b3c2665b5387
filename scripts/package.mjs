// Builds, minifies and packs the extension: ppc440-debug.vsix. Any warning of the packager is an error here.
import { spawnSync } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(import.meta.dirname ?? dirname(fileURLToPath(import.meta.url)))
const FILE = 'ppc440-debug.vsix'
const MOST_KB = 400

run([join(root, 'esbuild.js'), '--minify'])
rmSync(join(root, FILE), { force: true })
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce')
const said = run([
  vsce,
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  FILE,
])
if (/warning/i.test(said)) fail(`the packager warned:\n${said}`)

const kilobytes = statSync(join(root, FILE)).size / 1000
console.log(`${FILE}: ${kilobytes.toFixed(0)} kB`)
if (kilobytes > MOST_KB) fail(`${FILE} is over its budget of ${MOST_KB} kB`)

function run(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) fail(`${args.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout + stderr
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
