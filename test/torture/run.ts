// `npm run test:torture [soft|hard|glibc [-O2 [PATTERN]]]`: every torture test, each of which has to end with status 0
// under `ppc440 run --machine linux-user`, the same on both engines. Without arguments: soft and hard, at -O2.

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sameRun } from '../compiler/sameRun.ts'
import { build, pool, type Runtime } from './build.ts'
import { NEEDS_GLIBC, tortureTests } from './suite.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [runtime, optimization = '-O2', pattern = ''] = process.argv.slice(2)

async function main(): Promise<void> {
  const script = runtime === 'glibc' ? ['sources.sh', 'torture'] : ['runtimes.sh']
  const { status } = spawnSync('bash', [join(root, 'scripts/guests', script[0]!), ...script.slice(1)], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`${script[0]} failed`)
  for (const each of runtime === undefined ? (['soft', 'hard'] as const) : [runtime as Runtime]) await all(each)
}

async function all(kind: Runtime): Promise<void> {
  const directory = join(root, '.cache/torture', `${kind}${optimization}`)
  mkdirSync(directory, { recursive: true })
  const tests = tortureTests().filter(
    ({ name }) => new RegExp(pattern).test(name) && (kind === 'glibc' || !NEEDS_GLIBC.test(name)),
  )
  const failed: string[] = []
  let instructions = 0
  const started = performance.now()
  await pool(tests, 2, async test => {
    const built = await build(test, kind, optimization, directory)
    if ('error' in built) return void failed.push(`${test.name}: does not compile: ${built.error.slice(0, 300)}`)
    const options = ['--machine', 'linux-user', '--memory', '16M', '--max-insns', '400000000']
    const core = kind === 'soft' ? '440-nofpu' : '440ep'
    const run = await sameRun([...options, '--core', core, built.program], { directory })
    const { status, error, difference } = run
    instructions += run.instructions
    if (difference !== undefined) failed.push(`${test.name}: ${difference}`)
    else if (status === 0) rmSync(built.program)
    else failed.push(`${test.name}: status ${status} ${error.split('\n')[0]!.slice(0, 200)}`)
  })
  const seconds = Math.round((performance.now() - started) / 1000)
  const passed = tests.length - failed.length
  console.log(
    `${kind} ${optimization}: ${passed} of ${tests.length} passed, ${instructions} instructions, ${seconds} s`,
  )
  for (const line of failed) console.log(`  ${line}`)
  if (failed.length > 0) process.exitCode = 1
}

void main()
