// Bundles src/ into dist/: `node esbuild.js [--minify]`.
//
// What runs in a browser, too, is built a second time for `platform: browser`, where an import of a Node module does not
// resolve: the build itself proves that none is reachable.
const esbuild = require('esbuild')
const { readFileSync, rmSync } = require('node:fs')

const minify = process.argv.includes('--minify')

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify,
  format: 'cjs',
  target: 'es2022',
  sourcemap: minify ? false : 'linked',
  external: ['vscode'],
  legalComments: 'eof',
  metafile: true,
  logLevel: 'warning',
  outdir: 'dist',
}

/** `vscode` is the object that the editor gives: esbuild would copy its 400 members for each file that imports it. */
const vscodeItself = {
  name: 'vscode itself',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const contents = text.replace("import * as vscode from 'vscode'", "const vscode = require('vscode')")
      return contents === text ? undefined : { contents, loader: 'ts' }
    }),
}

/** An import of `src/NAME.ts` stays one, of the bundle beside this. */
function loadedLater(name) {
  const setup = ({ onResolve }) =>
    onResolve({ filter: new RegExp(`/${name}\\.ts$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${name}.js`, external: true } : undefined,
    )
  return { name: 'loaded later', setup }
}

/** What the import of `src/NAME.ts` leads to is not looked at. */
function leftOut(name) {
  const setup = ({ onResolve }) =>
    onResolve({ filter: new RegExp(`/${name}\\.ts$`) }, ({ path }) => ({ path, external: true }))
  return { name: 'left out', setup }
}

/**
 * Entry, platform, and the most it may weigh minified, in KB: a bundle that doubles by an import should be noticed.
 * A check is built and thrown away.
 */
const bundles = [
  { entry: 'extension', platform: 'node', budget: 20, plugins: [loadedLater('activate'), loadedLater('worker')] },
  { entry: 'web', platform: 'browser', budget: 20 },
  // What both of them register.
  { entry: 'activate', source: 'host/activate', platform: 'node', budget: 90 },
  { entry: 'activate', source: 'host/activate', platform: 'browser', isCheck: true },
  // For Node's sake, which finds the names of what it exports only so; the browser loads the same file.
  { entry: 'worker', platform: 'node', budget: 1130 },
  { entry: 'worker', platform: 'browser', plugins: [leftOut('host/nodeWorker')], isCheck: true },
  { entry: 'memory', source: 'views/memory/main', platform: 'browser', format: 'iife', budget: 20 },
  { entry: 'timeline', source: 'views/timeline/main', platform: 'browser', format: 'iife', budget: 20 },
  { entry: 'cli', platform: 'node', budget: 1200, banner: { js: '#!/usr/bin/env node' } },
]

async function build() {
  rmSync('dist', { recursive: true, force: true })
  const sizes = await Promise.all(
    bundles.map(
      async ({
        entry,
        source = entry,
        platform,
        format = common.format,
        budget,
        banner = {},
        plugins = [],
        isCheck = false,
      }) => {
        const entryPoints = { [entry]: `src/${source}.ts` }
        const { metafile } = await esbuild.build({
          ...common,
          entryPoints,
          platform,
          format,
          banner,
          plugins: [vscodeItself, ...plugins],
          write: !isCheck,
        })
        const foreign = Object.keys(metafile.inputs).filter(path => path.includes('node_modules/'))
        return {
          entry: isCheck ? `${entry} (${platform})` : entry,
          budget: budget ?? Number.POSITIVE_INFINITY,
          foreign,
          kilobytes: metafile.outputs[`dist/${entry}.js`].bytes / 1000,
        }
      },
    ),
  )
  for (const { entry, kilobytes } of sizes) console.log(`dist/${entry}.js`.padEnd(20), `${kilobytes.toFixed(1)} kB`)
  const heavy = minify ? sizes.filter(({ budget, kilobytes }) => kilobytes > budget) : []
  for (const { entry, budget } of heavy) console.error(`dist/${entry}.js is over its budget of ${budget} kB`)
  const borrowed = sizes.filter(({ foreign }) => foreign.length > 0)
  for (const { entry, foreign } of borrowed)
    console.error(
      `dist/${entry}.js holds code of others, whose licences would have to go with it:\n${foreign.join('\n')}`,
    )
  if (heavy.length || borrowed.length) process.exitCode = 1
}

build().catch(() => {
  process.exitCode = 1 // esbuild has said why
})
