// The device control registers of a 460EX, ours and QEMU's: a program uses both. Where QEMU forgets what is written, or
// answers for a firmware that does not look, ours are what the sources in their tables say, and are not compared.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BUILT_IN_BOARDS } from '../../src/boards/builtIn.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { qemuConsole } from '../support/qemuConsole.ts'
import { QEMU } from '../support/qtest.ts'
import { Random } from '../support/random.ts'
import { type DcrAccess, END, registerProgram } from '../support/registerProgram.ts'
import { have } from '../support/tools.ts'

const board = BUILT_IN_BOARDS.find(({ name }) => name === 'sam460ex')!
const ACCESSES = 300

function ours(file: Uint8Array): string {
  const options = { ramSize: 64 << 20, core: board.core, reset: 'boot', engine: 'interpreter' } as const
  const machine = new Machine({ board, ...options }, readElf(file))
  let out = ''
  machine.uarts[0]!.onTransmit = byte => (out += String.fromCharCode(byte))
  machine.run({ budget: 1_000_000 })
  return out
}

async function theirs(file: Uint8Array): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dcr-'))
  writeFileSync(join(folder, 'x.elf'), file)
  try {
    return await qemuConsole('sam460ex', ['-kernel', join(folder, 'x.elf')], END)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function compare(accesses: readonly DcrAccess[]): Promise<void> {
  const file = await registerProgram(accesses)
  const reads = accesses.filter(({ value }) => value === undefined).map(({ dcr }) => dcr.toString(16))
  const named = (out: string): string[] => out.split('\n').map((line, n) => `${reads[n] ?? ''} ${line}`)
  expect(named(ours(file))).toEqual(named(await theirs(file)))
}

const read = (dcr: number): DcrAccess => ({ dcr })
const write = (dcr: number, value: number): DcrAccess => ({ dcr, value })
/** A register behind CFGADDR, of a block that begins at `first`. */
const indirect = (first: number, index: number): DcrAccess[] => [write(first, index), read(first), read(first + 1)]

describe.skipIf(!have(QEMU))('as QEMU answers', () => {
  const CASCADES = 0x0030c003
  // VR (7) is left out: of QEMU’s two orders of priority one finds nothing.
  const [SR, SRS, ER, CR, PR, TR, MSR, VCR] = [0, 1, 2, 3, 4, 5, 6, 8]

  test('the four interrupt controllers, raised by software', async () => {
    const random = new Random(460)
    const accesses = Array.from({ length: ACCESSES }, () => {
      const first = 0xc0 + 0x10 * random.below(4)
      if (random.below(2) === 0) return read(first + random.pick([SR, ER, CR, PR, TR, MSR, VCR]))
      // QEMU takes a status back whenever a source is low: UIC1 to 3 raise nothing, and what they and the serial port
      // (UIC1:1) drive is not raised by hand.
      const register = random.pick(first === 0xc0 ? [SR, SRS, ER, CR, PR, VCR] : [SR, SRS, CR, PR, VCR])
      const raised = register === SRS ? ~(first === 0xc0 ? CASCADES : 0x40000000) : -1
      return write(first + register, (random.word() & raised) >>> 0)
    })
    await compare(accesses)
  })

  test('each of them but the first raises two inputs of the first: what is critical the second', async () => {
    const raise = (first: number): DcrAccess[] => [
      ...[write(first + ER, 0xc000), write(first + CR, 0x4000)],
      ...[write(first + SRS, 0x8000), read(0xc0 + SR), write(first + SRS, 0x4000), read(0xc0 + SR), read(first + MSR)],
    ]
    await compare([0xd0, 0xe0, 0xf0].flatMap(raise))
  })

  test('clocking, straps and SDRAM, as they are after a reset', async () => {
    await compare([
      ...[0x060, 0x080, 0x0c0, 0x0e0, 0x100].flatMap(index => indirect(0x00c, index)),
      ...[0x020, 0x021, 0x083, 0x0e1].flatMap(index => indirect(0x00e, index)),
      ...[0x303, 0x304, 0x305, 0x310, 0x343, 0x344, 0x345, 0x365].flatMap(index => indirect(0x00e, index)),
      ...[0x01f, 0x040, 0x07a].flatMap(index => indirect(0x010, index)),
      // Read only, all of them.
      ...[0x020, 0x083, 0x303, 0x305].flatMap(index => [write(0x00e, index), write(0x00f, 0x12345678), read(0x00f)]),
    ])
  })

  test('the L2 cache says that a command is done', async () => {
    await compare([read(0x034), write(0x031, 0x80000000), read(0x034), write(0x034, 0), read(0x034)])
  })

  test('the bridge to the AHB, the windows of PCI Express, and DMA channels that are off', async () => {
    const random = new Random(34)
    // QEMU mixes up the masks of window 2 and 3.
    const windows = Array.from({ length: 23 }, (_, n) => n).filter(n => n !== 2 && n !== 13)
    const registers = [
      ...[0xa4, 0xa5],
      ...windows.flatMap(n => [0x100 + n, 0x120 + n]),
      ...Array.from({ length: 0x20 }, (_, n) => 0x200 + n).filter(n => n % 8 < 6),
    ]
    const accesses = Array.from({ length: ACCESSES }, () => {
      const dcr = random.pick(registers)
      const value = random.word() >>> 0
      return random.below(2) === 0 ? read(dcr) : write(dcr, dcr >= 0x200 ? value & 0x7fffffff : value)
    })
    await compare(accesses)
  })
})
