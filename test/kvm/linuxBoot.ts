// An unmodified Linux, booted twice: as it is, and with breakpoints planted all over it and stepped over (I12). Both must
// print the same and end in the same state. The kernel is that of `npm run test:linux`.

import { readFileSync } from 'node:fs'
import { readElf } from '../../src/elf/elf.ts'
import type { ElfFile } from '../../src/elf/types.ts'
import { Machine } from '../../src/machine/machine.ts'
import { kernelDirectory, kernelFiles } from '../support/linuxKernel.ts'
import { random, runDebugged, runPlain } from './support/programs.ts'

const MOST = 400_000_000

export interface KernelImages {
  readonly program: ElfFile
  readonly deviceTree: Buffer
  readonly initrd: Buffer
}

/** A kernel and what belongs to it, where there is one. */
export function kernelImages(): KernelImages | undefined {
  const files = kernelFiles()
  return (
    files && {
      program: readElf(readFileSync(files.program)),
      deviceTree: readFileSync(files.dtb),
      initrd: readFileSync(files.initrd),
    }
  )
}

/** @returns whether nothing was found wrong. */
export function bootLinux(): boolean {
  const images = kernelImages()
  if (images === undefined) {
    console.log(
      `skipped: no kernel in ${kernelDirectory}; npm run test:linux builds it, PPC440_LINUX names another place`,
    )
    return true
  }
  const { program, ...files } = images
  const kernel = { ...files, append: 'console=ttyS0,115200' }
  const boot = (): { machine: Machine; said: () => string } => {
    const machine = new Machine({ ramSize: 128 << 20, core: '440ep', reset: 'boot', kernel }, program)
    const bytes: number[] = []
    machine.uarts[0]!.onTransmit = byte => bytes.push(byte)
    return { machine, said: () => Buffer.from(bytes).toString('latin1') }
  }
  const first = boot()
  const plain = runPlain(first.machine, MOST, random(0))
  const second = boot()
  const debugged = runDebugged(second.machine, MOST, plain, random(1))
  console.log(`${plain.retired} instructions, ${JSON.stringify(plain.exit)}; met ${JSON.stringify(debugged.hits)}`)
  const same = {
    output: first.said() === second.said(),
    instructions: plain.retired === debugged.retired,
    state: plain.hash === debugged.hash,
    reached: first.said().includes('TINY-INIT: done') && debugged.hits.hardware > 0,
  }
  for (const [what, holds] of Object.entries(same)) if (!holds) console.log(`failed: ${what}`)
  return Object.values(same).every(Boolean)
}
