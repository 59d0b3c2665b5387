// What every benchmark needs: processor time of a command, medians, a program of ours in one file.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Run {
  readonly output: string
  readonly seconds: number
}

/** A program and what it starts with their processor time, from the shell's own count. */
export function timed(command: readonly string[]): Run {
  const script = 'exec 3>&1; TIMEFORMAT="%U %S"; { time "$@" >&3 2>/dev/null; } 2>&1 >/dev/null | tail -1 >&2'
  const { stdout, stderr } = spawnSync('bash', ['-c', script, '-', ...command], { encoding: 'utf8', timeout: 120_000 })
  const [user, system] = stderr.trim().split(' ').map(Number)
  return { output: stdout.trim(), seconds: user! + system! }
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!

/** Bundles `test/bench/<name>.ts`, to be run by Node as it is. @returns the file */
export function bundle(name: string): string {
  const outfile = join(root, `.cache/bench/${name}.mjs`)
  const { status } = spawnSync(
    join(root, 'node_modules/.bin/esbuild'),
    [
      join(root, `test/bench/${name}.ts`),
      ...['--bundle', '--platform=node', '--format=esm', `--outfile=${outfile}`, '--log-level=error'],
    ],
    { stdio: 'inherit' },
  )
  if (status !== 0) throw new Error(`${name} could not be bundled`)
  return outfile
}
