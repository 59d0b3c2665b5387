// A kernel as the program: what a boot loader hands it, from the files that launch.json names.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { DapClient } from '../support/dap.ts'
import { writeElf } from '../support/elf.ts'
import { have } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'kernel-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, contents)
  return path
}

/** `b .`, linked at 0xC0000000; what is loaded at 0 is the same here. */
const KERNEL = file('vmlinux', writeElf(0x1000, [{ address: 0x1000, bytes: Uint8Array.of(0x48, 0, 0, 0) }]))
const SOURCE = '/dts-v1/; / { memory { device_type = "memory"; reg = <0 0 0>; }; };'

describe.skipIf(!have('dtc'))('a kernel', () => {
  const dtb = join(folder, 'board.dtb')

  test('finds its device tree by r3, with command line and initial RAM disk in it', async () => {
    execFileSync('dtc', ['-I', 'dts', '-O', 'dtb', '-o', dtb, file('board.dts', SOURCE)], { stdio: 'ignore' })
    const initrd = file('initrd', 'the disk')
    const dap = new DapClient()
    await dap.launch(KERNEL, { stopOnEntry: true, dtb, initrd, append: 'console=ttyS0,115200' })
    await dap.stopped()
    const memory = async (reference: string, count: number) =>
      Buffer.from((await dap.ask('readMemory', { memoryReference: reference, count }))!.data!, 'base64')
    const tree = file('seen.dtb', await memory(await dap.evaluate('$r3'), 4096))
    const seen = execFileSync('dtc', ['-I', 'dtb', '-O', 'dts', tree], { encoding: 'utf8', stdio: 'pipe' })
    expect(seen).toContain('bootargs = "console=ttyS0,115200"')
    const [, start] = /linux,initrd-start = <(0x[0-9a-f]+)>/.exec(seen)!
    expect(new TextDecoder().decode(await memory(start!, 8))).toBe('the disk')
  })
})

test.each([
  [{ append: 'quiet' }, /"dtb" .* it must be the device tree/],
  [{ initrd: 'x' }, /"dtb" .* it must be the device tree/],
  [{ dtb: 'x', machine: 'linux-user' }, /"machine" is "linux-user": it must be "bamboo" or another board for a kernel/],
  [{ dtb: join(folder, 'nowhere.dtb') }, /cannot read .*nowhere\.dtb/],
  [{ dtb: KERNEL }, /device tree/],
])('%j is refused with what to do', async (attributes, why) => {
  const dap = new DapClient()
  await dap.ask('initialize', { adapterID: 'ppc440' })
  await expect(dap.ask('launch', { program: KERNEL, ...attributes })).rejects.toThrow(why)
})
