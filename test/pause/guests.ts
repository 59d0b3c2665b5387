// The programs that are paused: those of test/guest, of examples/, and a kernel where there is one.

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build as buildKernel, KERNELS } from '../bench/build.ts'
import { encode as e } from '../support/core.ts'
import { bytesOf, writeElf } from '../support/elf.ts'
import { buildBoard, buildGuest } from '../support/guest.ts'
import { kernelFiles } from '../support/linuxKernel.ts'
import { build as buildSymbols, programs } from '../symbols/guest.ts'

/** A name and the launch attributes. */
export type Guest = readonly [name: string, launch: object]

/** Programs for Linux that are no other test's alone. */
const ORDINARY = [
  ...['hello', 'linux/files', 'linux/descriptors', 'linux/memory', 'linux/signals'],
  ...['hostile/ends', 'hostile/escape', 'runControl/steps', 'runControl/watch'],
]
const REPEAT = 100

/** Builds them in `directory`, with the files there that some of them read. */
export function guestsIn(directory: string): readonly Guest[] {
  const here = (name: string): string => join(directory, name.replace('/', '-'))
  writeFileSync(here('data.txt'), 'alpha\nbeta\ngamma\n')
  mkdirSync(here('sub'))
  writeFileSync(here('flood'), flood())
  const loops = buildGuest('hostile/loops', here('loops'))
  const names = execFileSync('qemu-ppc', [loops], { encoding: 'utf8', cwd: directory }).trim().split('\n')
  const linux = (program: string, ...args: string[]) => ({ program, args, machine: 'linux-user' })
  const kernel = kernelFiles()
  return [
    ...names.map(name => [`hostile/${name}`, linux(loops, name)] as const),
    ...ORDINARY.map(name => [name, linux(buildGuest(name, here(name)))] as const),
    ...KERNELS.map(name => [`bench/${name}`, { program: buildKernel(name, REPEAT, 'bare') }] as const),
    ...Object.entries(programs).map(
      ([name, sources]) => [`symbols/${name}`, { program: buildSymbols(sources, '-O2', '-g') }] as const,
    ),
    ['board', { program: buildBoard(here('board')) }],
    ...['coffee/coffee', 'asm/primes'].map(name => [name, { program: resolve(`examples/${name}.elf`) }] as const),
    ['flood', { program: here('flood') }],
    ['flood, in a terminal', { program: here('flood'), console: 'terminal' }],
    ...(kernel === undefined ? [] : ([['Linux', { ...kernel, append: 'console=ttyS0,115200' }]] as const)),
  ]
}

/** Writes to UART0 as fast as it can. */
function flood(): Uint8Array {
  const lis = (15 << 26) | (9 << 21) | 0xef60
  const ori = (24 << 26) | (9 << 21) | (9 << 16) | 0x300
  return writeElf(0x1000, [{ address: 0x1000, bytes: bytesOf([lis, ori, e.stb(4, 0, 9), e.stb(4, 0, 9), e.b(-8)]) }])
}
