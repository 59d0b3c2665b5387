// `npm run test:linux`: an unmodified Linux boots to a process and restarts the machine, the same on every engine, to the instruction.
// The kernel is built by scripts/guests/linux.sh where PPC440_LINUX names no other.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sameRun } from '../compiler/sameRun.ts'
import { kernelDirectory, kernelFiles } from '../support/linuxKernel.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const EXPECTED = ['cpu\t\t: 440EP Rev. B', 'TINY-INIT: fnv 534c0785', 'TINY-INIT: done', 'reboot: Restarting system']

async function main(): Promise<void> {
  const build = ['bash', [join(root, 'scripts/guests/linux.sh')], { stdio: 'inherit' }] as const
  if (process.env.PPC440_LINUX === undefined && spawnSync(...build).status !== 0)
    throw new Error('the kernel could not be built')
  const files = kernelFiles()
  if (files === undefined) throw new Error(`no kernel in ${kernelDirectory}`)
  const { program, dtb, initrd } = files
  const kernel = ['--dtb', dtb, '--initrd', initrd, '--append', 'console=ttyS0,115200', program]
  const run = await sameRun(['--max-insns', '400000000', ...kernel], {}, ['interpreter', 'auto', 'compiler'])
  process.stdout.write(`${run.out}${run.error}${run.instructions} instructions\n`)
  const problems = [
    ...(run.status === 0 ? [] : [`status ${run.status}`]),
    ...EXPECTED.filter(text => !run.out.includes(text)).map(text => `no "${text}"`),
    ...(run.difference === undefined ? [] : [run.difference]),
  ]
  for (const problem of problems) console.log(`failed: ${problem}`)
  console.log(problems.length === 0 ? 'Linux boots, the same on every engine' : `${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

void main()
