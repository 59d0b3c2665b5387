// `npm run test:linux`: an unmodified Linux boots to a process and restarts the machine, twice, byte by byte the same.
// The kernel is built by scripts/guests/linux.sh, or taken from the directory PPC440_LINUX names: vmlinux, a device tree
// (*.dtb) and an initial RAM disk (*.cpio.gz).

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../support/runCommand.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const EXPECTED = ['cpu\t\t: 440EP Rev. B', 'TINY-INIT: fnv 534c0785', 'TINY-INIT: done', 'reboot: Restarting system']

async function main(): Promise<void> {
  const given = process.env.PPC440_LINUX
  if (
    given === undefined &&
    spawnSync('bash', [join(root, 'scripts/guests/linux.sh')], { stdio: 'inherit' }).status !== 0
  )
    throw new Error('the kernel could not be built')
  const directory = given ?? join(root, '.cache/guests/linux')
  const file = (pattern: RegExp): string => join(directory, readdirSync(directory).find(name => pattern.test(name))!)
  const files = ['--dtb', file(/\.dtb$/), '--initrd', file(/\.cpio\.gz$/)]
  const boot = () =>
    runCommand(['--stats', ...files, '--append', 'console=ttyS0,115200', '--max-insns', '400000000', file(/^vmlinux$/)])
  const first = await boot()
  process.stdout.write(`${first.out}${first.error}`)
  const second = await boot()
  const problems = [
    ...(first.status === 0 ? [] : [`status ${first.status}`]),
    ...EXPECTED.filter(text => !first.out.includes(text)).map(text => `no "${text}"`),
    ...(first.out === second.out ? [] : ['two runs differ']),
  ]
  for (const problem of problems) console.log(`failed: ${problem}`)
  console.log(problems.length === 0 ? 'Linux boots, the same twice' : `${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

void main()
