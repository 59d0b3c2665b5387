// Guests: static Linux programs of the stock cross compiler, from test/guest.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const GCC = 'powerpc-linux-gnu-gcc'

const OPTIONS = ['-mcpu=440fp', '-O1', '-w', '-D_FILE_OFFSET_BITS=64', '-static', '-fno-pie', '-no-pie']

/** Builds `test/guest/<name>.c` as `program`. */
export function buildGuest(name: string, program: string): string {
  const source = fileURLToPath(new URL(`../guest/${name}.c`, import.meta.url))
  const { status, stderr } = spawnSync(GCC, [...OPTIONS, source, '-o', program], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return program
}
