// The kernels as programs: one for the board, which our core and qemu-system-ppc run, one for Linux, for qemu-ppc.

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const KERNELS = ['sieve', 'quicksort', 'digest', 'recursion', 'lists', 'matrices', 'text', 'mix'] as const
export type Kernel = (typeof KERNELS)[number]

const GCC = 'powerpc-linux-gnu-gcc'
const guest = fileURLToPath(new URL('../guest/bench', import.meta.url))
const out = fileURLToPath(new URL('../../.cache/bench', import.meta.url))

const COMMON = ['-mcpu=440', '-O2', '-static', '-fno-pic', '-fno-pie', '-no-pie', '-w']
const BARE = [
  ...['-ffreestanding', '-nostdlib', '-mno-sdata', '-msoft-float', '-Wl,--build-id=none', '-Wl,-z,noexecstack'],
  ...[
    '-Wl,-Ttext=0x100000',
    '-Wl,--section-start=.init=0xff000',
    '-Wl,--no-warn-rwx-segments',
    '-Wl,--no-warn-mismatch',
  ],
]

export function build(kernel: Kernel, repeat: number, kind: 'bare' | 'linux'): string {
  mkdirSync(out, { recursive: true })
  const program = join(out, `${kernel}-${repeat}-${kind}.elf`)
  const sources = ['kernels.c', kind === 'bare' ? 'bare.S' : 'linux.c'].map(name => join(guest, name))
  const define = kernel === 'mix' ? [] : [`-DKERNEL=${kernel}`]
  const options = [...COMMON, ...(kind === 'bare' ? BARE : []), ...define, `-DREPEAT=${repeat}`]
  const { status, stderr } = spawnSync(GCC, [...options, ...sources, '-o', program], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return program
}
