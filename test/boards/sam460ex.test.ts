// A boot ROM of our own for the Sam460ex, started cold: here and on QEMU, which takes it for the firmware of that board.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { programOfImage } from '../../src/asm/flatImage.ts'
import { BUILT_IN_BOARDS } from '../../src/boards/builtIn.ts'
import type { EngineName } from '../../src/compiler/engines.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { stateHash } from '../../src/machine/snapshot.ts'
import { qemuConsole } from '../support/qemuConsole.ts'
import { QEMU } from '../support/qtest.ts'
import { type DcrAccess, END, registerRom } from '../support/registerProgram.ts'
import { have } from '../support/tools.ts'

const board = BUILT_IN_BOARDS.find(({ name }) => name === 'sam460ex')!
/** The strap, clocks, an interrupt controller, the bridge to the AHB. */
const ACCESSES: readonly DcrAccess[] = [
  ...[{ dcr: 0x0e, value: 0x20 }, { dcr: 0x0f }, { dcr: 0x0c, value: 0x60 }, { dcr: 0x0d }],
  ...[{ dcr: 0xf2, value: 0x1234 }, { dcr: 0xf2 }, { dcr: 0xa4, value: 0x8000004b }, { dcr: 0xa4 }],
]
const CONSOLE = `125a5678
00000000
130218a4
0000b519
b5010900
00001234
8000004b
${END}`
const rom = await registerRom(ACCESSES)

function run(engine: EngineName, strict: boolean): readonly [console: string, hash: string] {
  const options = { ramSize: 64 << 20, core: board.core, reset: 'cold', engine, strict } as const
  const machine = new Machine({ board, ...options }, readElf(programOfImage(rom, 'rom.bin')))
  let out = ''
  machine.uarts[0]!.onTransmit = byte => (out += String.fromCharCode(byte))
  machine.run({ budget: 100_000 })
  return [out, stateHash(machine)]
}

test('it finds its ROM, SRAM and serial port at addresses of 36 bits, the same on every engine', () => {
  const runs = (['interpreter', 'auto', 'compiler'] as const).map(engine => run(engine, false))
  expect(runs.map(([out]) => out)).toEqual([CONSOLE, CONSOLE, CONSOLE])
  expect(new Set(runs.map(([, hash]) => hash)).size).toBe(1)
})

test('as strictly as the part, too', () => {
  expect(run('interpreter', true)[0]).toBe(CONSOLE)
})

describe.skipIf(!have(QEMU))('beside QEMU', () => {
  test('the same is on the console', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sam460ex-'))
    try {
      // The name under which it looks for firmware.
      writeFileSync(join(folder, 'u-boot-sam460-20100605.bin'), rom)
      expect(await qemuConsole('sam460ex', ['-L', folder], END)).toBe(CONSOLE)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
