// `npm run test:nodes`: the same programs on this Node and on those of other versions, on every engine: what they print,
// how many instructions that takes and the last state are the same. `npm install --prefix .cache/nodes/22 node@22` brings
// another Node.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { ENGINES } from '../../src/compiler/engines.ts'
import { build, type Kernel } from '../bench/build.ts'

const cache = fileURLToPath(new URL('../../.cache', import.meta.url))
const cli = join(cache, 'nodes/cli.cjs')
const entry = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
buildSync({ entryPoints: [entry], outfile: cli, bundle: true, platform: 'node', format: 'cjs' })

/** Kernels, and how often they repeat: some ten million instructions each. */
const PROGRAMS: readonly (readonly [Kernel, number])[] = [
  ...([
    ['sieve', 100],
    ['quicksort', 100],
    ['digest', 100],
    ['recursion', 20],
  ] as const),
  ...([
    ['lists', 30],
    ['matrices', 60],
    ['text', 20],
    ['mix', 5],
  ] as const),
]
const VERSIONS = ['20', '22', '24']

function nodes(): readonly (readonly [name: string, path: string])[] {
  const found: (readonly [string, string])[] = [[process.version, process.execPath]]
  for (const version of VERSIONS) {
    if (process.version.startsWith(`v${version}.`)) continue
    const path = join(cache, 'nodes', version, 'node_modules/node/bin/node')
    if (existsSync(path)) found.push([`v${version}`, path])
    else
      console.log(`skipped: Node ${version} (npm install --prefix .cache/nodes/${version} node@${version} brings it)`)
  }
  return found
}

/** What a run comes to, as one line. */
function outcome(node: string, engine: string, program: string): string {
  const args = [cli, 'run', '--engine', engine, '--stats', program]
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', timeout: 120_000 })
  const { instructions, state } = JSON.parse(stderr.slice(stderr.lastIndexOf('{'))) as Record<string, unknown>
  return JSON.stringify({ status, stdout, instructions, state })
}

const machines = nodes()
for (const [kernel, repeat] of PROGRAMS) {
  const program = build(kernel, repeat, 'bare')
  const runs = machines.flatMap(([name, path]) =>
    ENGINES.map(engine => ({ who: `${name} ${engine}`, what: outcome(path, engine, program) })),
  )
  const odd = runs.filter(({ what }) => what !== runs[0]!.what)
  console.log(`${kernel}: ${runs.length - odd.length} of ${runs.length} the same: ${runs[0]!.what}`)
  for (const { who, what } of odd) console.log(`  ${who}: ${what}`)
  if (odd.length > 0) process.exitCode = 1
}
