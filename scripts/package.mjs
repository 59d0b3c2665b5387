// Builds, minifies and packs the extension: ppc440-debug.vsix. Any warning of the packager is an error here, and any file
// in it, or in what `npm pack` would send, that is not named below.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { squeeze } from './squeeze.mjs'

const root = dirname(import.meta.dirname ?? dirname(fileURLToPath(import.meta.url)))
const FILE = 'ppc440-debug.vsix'
const MOST_KB = 460

const TEXTS = ['CHANGELOG.md', 'LICENSE', 'package.json']
const IN_NPM = [...TEXTS, 'README.md', 'dist/cli.js']
const IN_EXTENSION = [
  ...TEXTS,
  ...['package.nls.json', 'package.nls.de.json'],
  'dist/README.md',
  ...['activate', 'extension', 'memory', 'timeline', 'web', 'worker'].map(entry => `dist/${entry}.js`),
  'media/first-steps.s',
  ...['back', 'open', 'registers', 'run', 'slots'].map(step => `media/steps/${step}.svg`),
  ...['media/chip.svg', 'media/icon.png', 'media/memory.css', 'media/timeline.css'],
  'schemas/board.json',
  ...['syntaxes/ppc-asm.language.json', 'syntaxes/ppc-asm.tmLanguage.json'],
]

run([join(root, 'esbuild.js'), '--minify'])
rmSync(join(root, FILE), { force: true })
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce')
const readme = withDrawnPicture()
const said = run([
  vsce,
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--readme-path',
  readme,
  '--out',
  FILE,
])
if (/warning/i.test(said)) fail(`the packager warned:\n${said}`)

const { listFiles, PackageManager } = createRequire(import.meta.url)('@vscode/vsce')
compare(
  'the extension',
  IN_EXTENSION,
  await listFiles({ cwd: root, packageManager: PackageManager.None, readmePath: readme }),
)
const [{ files }] = JSON.parse(run([npm(), 'pack', '--dry-run', '--json', '--silent', '--ignore-scripts']))
compare(
  'the npm package',
  IN_NPM,
  files.map(({ path }) => path),
)

await squeeze(join(root, FILE))
const kilobytes = statSync(join(root, FILE)).size / 1000
console.log(`${FILE}: ${kilobytes.toFixed(0)} kB`)
if (kilobytes > MOST_KB) fail(`${FILE} is over its budget of ${MOST_KB} kB`)

/**
 * The README for the Extensions view, which shows no picture but from a web site: of a `data:` address it takes the
 * source away (VS Code 1.139), and leaves the sign of a broken picture; nor does its content security policy allow a
 * style. The first one is drawn instead, as code in the colours of the theme. @returns its path
 */
function withDrawnPicture() {
  const path = join('dist', 'README.md')
  const drawn = readFileSync(join(root, 'media/figure.md'), 'utf8')
  mkdirSync(join(root, 'dist'), { recursive: true })
  const [before, ...after] = readFileSync(join(root, 'README.md'), 'utf8').split(/^!\[.*\]\(media\/.*\)\n\n/m)
  writeFileSync(join(root, path), [before, drawn, '\n', ...after].join(''))
  return path
}

function compare(what, expected, found) {
  const [wanted, there] = [expected, found].map(list => list.toSorted().join('\n'))
  if (wanted !== there) fail(`${what} should hold\n${wanted}\nand holds\n${there}`)
}

/** npm's own script, so that no shell is needed to start it. */
function npm() {
  return process.env.npm_execpath ?? join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
}

function run(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) fail(`${args.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout + stderr
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
