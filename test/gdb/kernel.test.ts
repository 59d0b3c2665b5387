// gdb at an unmodified Linux kernel: breakpoints before the kernel has mapped itself, and after.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { GDB, gdb, served } from '../support/gdb.ts'
import { kernelFiles } from '../support/linuxKernel.ts'
import { have } from '../support/tools.ts'

const kernel = kernelFiles()

describe.skipIf(kernel === undefined || !have(GDB))('a kernel', () => {
  const start = async () => {
    const { program, dtb, initrd } = kernel!
    const read = (path: string) => new Uint8Array(readFileSync(path))
    return await served(program, {
      kernel: { deviceTree: read(dtb), initrd: read(initrd), append: 'console=ttyS0,115200' },
    })
  }

  test('is met at its first function, by a comparator, and later by trap words', async () => {
    const { server, port, written } = await start()
    const said = await gdb(kernel!.program, [
      ...[`target remote :${port}`, 'p $pc', 'break start_kernel', 'continue', 'bt', 'monitor slots'],
      ...['break sched_init', 'hbreak setup_arch', 'continue', 'bt', 'delete 3', 'continue', 'monitor slots', 'finish'],
      ...['stepi', 'nexti', 'info registers pid mmucr', 'monitor dmesg', 'detach'],
    ])
    server.close()
    expect(said).toMatch(/Breakpoint 1, (0x\w+ in )?start_kernel/)
    expect(said).toMatch(/IAC1 {2}0xc\w+ {2}0xc\w+/)
    expect(said).toMatch(/Breakpoint 3, (0x\w+ in )?setup_arch/)
    expect(said).toMatch(/#1 .* start_kernel \(\)/)
    expect(said).toMatch(/Breakpoint 2, (0x\w+ in )?sched_init/)
    expect(said).toMatch(/trap word at 0xc/)
    expect(said).toMatch(/DAC2 {2}free[\s\S]*(0x\w+ in )?start_kernel \(\)[\s\S]*PID=0/)
    expect(said).toMatch(/\[ {4}0\.000000\] Linux version 6\.1/)
    expect(written()).toMatch(/Linux version 6\.1/)
  })
})
