// The kernels as programs: one for the board, which our core and qemu-system-ppc run, one for Linux, for qemu-ppc.

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const KERNELS = [
  'sieve',
  'quicksort',
  'digest',
  'recursion',
  'lists',
  'matrices',
  'text',
  'mix',
  'small',
  'mandelbrot',
] as const
export type Kernel = (typeof KERNELS)[number]

const GCC = 'powerpc-linux-gnu-gcc'
const guest = fileURLToPath(new URL('../guest/bench', import.meta.url))
const out = fileURLToPath(new URL('../../.cache/bench', import.meta.url))

const COMMON = ['-mcpu=440', '-static', '-fno-pic', '-fno-pie', '-no-pie', '-w']
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
  const program = join(out, `${kernel}-${repeat}-${kind}.elf`)
  const sources = ['kernels.c', kind === 'bare' ? 'bare.S' : 'linux.c'].map(name => join(guest, name))
  // All kernels, as firmware is mostly compiled: registers are saved by stmw.
  const isSmall = kernel === 'small'
  const define = kernel === 'mix' || isSmall ? [] : [`-DKERNEL=${kernel}`]
  const float = kernel === 'mandelbrot' ? ['-DFLOAT', '-mhard-float', '-mcpu=440fp'] : []
  const level = isSmall ? '-Os' : '-O2'
  const options = [level, ...COMMON, ...(kind === 'bare' ? BARE : []), ...define, ...float, `-DREPEAT=${repeat}`]
  compile([...options, ...sources, '-lgcc', '-o', program])
  return program
}

/** `test/guest/bench/<name>.c` as a Linux program that a debugger is to see through. */
export function buildWithSource(name: string): { readonly program: string; readonly source: string } {
  const [program, source] = [join(out, `${name}.elf`), join(guest, `${name}.c`)]
  compile(['-mcpu=440fp', '-O0', '-g', '-static', '-fno-pie', '-no-pie', source, '-o', program])
  return { program, source }
}

function compile(options: readonly string[]): void {
  mkdirSync(out, { recursive: true })
  const { status, stderr } = spawnSync(GCC, options, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
