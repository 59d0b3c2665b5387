// Where an unmodified Linux kernel is, with what a boot loader hands it: the directory PPC440_LINUX names, or what
// `npm run test:linux` has built.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const kernelDirectory =
  process.env.PPC440_LINUX ?? join(fileURLToPath(new URL('../..', import.meta.url)), '.cache/guests/linux')

/** Launch attributes of a kernel: the paths of its files. */
export interface KernelFiles {
  readonly program: string
  readonly dtb: string
  readonly initrd: string
}

/** @throws Error when the directory is there and one of its files is not */
export function kernelFiles(): KernelFiles | undefined {
  if (!existsSync(kernelDirectory)) return undefined
  const names = readdirSync(kernelDirectory)
  const file = (pattern: RegExp): string => {
    const name = names.find(one => pattern.test(one))
    if (name === undefined) throw new Error(`no ${pattern} in ${kernelDirectory}`)
    return join(kernelDirectory, name)
  }
  return { program: file(/^vmlinux$/), dtb: file(/\.dtb$/), initrd: file(/\.cpio\.gz$/) }
}
