// A surface and the loop around it as one file: several times as fast as a loader that transpiles each module.

import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

const folder = dirname(fileURLToPath(import.meta.url))

/** Bundled, a file still says where it was: guests are built from sources beside it. */
const placed: Plugin = {
  name: 'placed',
  setup({ onLoad }) {
    onLoad({ filter: /test.*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path)))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
    }))
  },
}

/** @returns the path of the program. */
export async function bundle(surface: string): Promise<string> {
  const outfile = `${folder}/../../.cache/fuzz/${surface}.${process.pid}.mjs`
  const contents = `
    import { surface } from './surfaces/${surface}.ts'
    import { work } from './work.ts'
    await work(surface)`
  await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    plugins: [placed],
    // Packages that are CommonJS ask for Node's modules this way.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  return outfile
}
