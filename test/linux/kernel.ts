// `npm run test:linux`: an unmodified Linux boots to a process, and to a shell with BusyBox, and restarts the machine,
// the same on the engines, to the instruction. The kernel is built by scripts/guests/linux.sh where PPC440_LINUX names
// no other, the shell by scripts/guests/shell.sh.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EngineName } from '../../src/compiler/engines.ts'
import { sameRun } from '../compiler/sameRun.ts'
import { kernelDirectory, kernelFiles } from '../support/linuxKernel.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const RESTARTS = 'reboot: Restarting system'

interface Boot {
  readonly name: string
  readonly initrd: string
  readonly engines: readonly EngineName[]
  /** What the console has to show. */
  readonly expected: readonly string[]
}

function build(script: string): void {
  const { status } = spawnSync('bash', [join(root, 'scripts/guests', script)], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`${script} failed`)
}

/** What the pipes of test/guest/kernel/init.sh have to give. */
function shellResults(): string[] {
  const lines = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1)
  const squares = lines(2000).reduce((sum, n) => sum + n * n, 0)
  const sorted = lines(3000).reverse().join('\n')
  const sum = createHash('sha256').update(`${sorted}\n`).digest('hex')
  return ['SHELL: ppc cat', `SHELL: squares ${squares}`, `SHELL: sorted ${sum}  -`, `SHELL: last ${39 % 7}`]
}

async function problemsOf({ name, initrd, engines, expected }: Boot, program: string, dtb: string): Promise<number> {
  const kernel = ['--dtb', dtb, '--initrd', initrd, '--append', 'console=ttyS0,115200', program]
  const run = await sameRun(['--max-insns', '2000000000', ...kernel], {}, engines)
  process.stdout.write(`${run.out}${run.error}${name}: ${run.instructions} instructions\n`)
  const problems = [
    ...(run.status === 0 ? [] : [`status ${run.status}`]),
    ...expected.filter(text => !run.out.includes(text)).map(text => `no "${text}"`),
    ...(run.difference === undefined ? [] : [run.difference]),
  ]
  for (const problem of problems) console.log(`failed: ${name}: ${problem}`)
  return problems.length
}

async function main(): Promise<void> {
  if (process.env.PPC440_LINUX === undefined) build('linux.sh')
  build('shell.sh')
  const files = kernelFiles()
  if (files === undefined) throw new Error(`no kernel in ${kernelDirectory}`)
  const { program, dtb, initrd } = files
  const boots: readonly Boot[] = [
    {
      name: 'one process',
      initrd,
      engines: ['interpreter', 'auto', 'compiler'],
      expected: ['cpu\t\t: 440EP Rev. B', 'TINY-INIT: fnv 534c0785', 'TINY-INIT: done', RESTARTS],
    },
    {
      name: 'a shell',
      initrd: join(root, '.cache/guests/busybox/shell.cpio.gz'),
      // `compiler` compiles at the first touch, which takes minutes here.
      engines: ['interpreter', 'auto'],
      expected: [...shellResults(), RESTARTS],
    },
  ]
  let problems = 0
  for (const boot of boots) problems += await problemsOf(boot, program, dtb)
  console.log(problems === 0 ? 'Linux boots, the same on the engines' : `${problems} problems`)
  process.exitCode = problems === 0 ? 0 : 1
}

void main()
