// How long an unmodified Linux takes from its first instruction to its restart: ours, and qemu-system-ppc -M bamboo.

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { kernelFiles } from '../support/linuxKernel.ts'
import { median, timed } from './measure.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const CONSOLE = 'console=ttyS0,115200'

/** Seconds of processor time, medians; undefined where there is no kernel. */
export function measureLinux(runs: number): { readonly ours: number; readonly bamboo: number } | undefined {
  const files = kernelFiles()
  if (files === undefined) return undefined
  const { program, dtb, initrd } = files
  const cli = join(root, '.cache/bench/cli.cjs')
  buildSync({
    ...{ entryPoints: [join(root, 'src/cli.ts')], outfile: cli, bundle: true, platform: 'node', format: 'cjs' },
  })
  const ours = [process.execPath, cli, 'run', '--dtb', dtb, '--initrd', initrd, '--append', CONSOLE, program]
  const machine = ['qemu-system-ppc', '-M', 'bamboo', '-m', '128', '-nic', 'none', '-nographic', '-no-reboot']
  const bamboo = [...machine, '-kernel', program, '-dtb', dtb, '-initrd', initrd, '-append', CONSOLE]
  const seconds = (command: readonly string[]): number => {
    const { output, seconds } = timed(command)
    if (!output.includes('reboot: Restarting system')) throw new Error(`Linux did not boot: ${output.slice(-400)}`)
    return seconds
  }
  const rounds = Array.from({ length: runs }, () => ({ ours: seconds(ours), bamboo: seconds(bamboo) }))
  return { ours: median(rounds.map(round => round.ours)), bamboo: median(rounds.map(round => round.bamboo)) }
}
