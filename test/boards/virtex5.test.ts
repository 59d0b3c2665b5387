// A design in a Virtex-5 FXT, as a page of JSON and as a device tree: one board, on which a program drives LEDs and is
// interrupted by switches.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { programOf } from '../../src/asm/source.ts'
import type { BoardDescription } from '../../src/boards/description.ts'
import { boardOfDeviceTree } from '../../src/boards/fromDeviceTree.ts'
import { readBoard } from '../../src/boards/read.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { readRegister } from '../../src/machine/registers.ts'
import { have } from '../support/tools.ts'

const FOLDER = new URL('../../examples/boards/', import.meta.url)
const JSON_BOARD = readBoard(readFileSync(new URL('virtex5.board.json', FOLDER), 'utf8'), 'virtex5.board.json')

const SOURCE = `
        .globl  _start
_start: lis     3, handler@ha
        addi    3, 3, handler@l
        mtspr   63, 3           # IVPR
        andi.   3, 3, 0xffff
        mtspr   404, 3          # IVOR4
        lis     30, 0x8140      # LEDS
        lis     29, 0x8142      # SWITCHES
        lis     28, 0x8180      # INTC
        lis     27, 0x8400      # SERIAL
        li      4, 0
        stw     4, 4(30)
        li      4, 0x1a5
        stw     4, 0(30)
        li      4, 1
        stw     4, 8(28)        # IER: source 0
        li      4, 3
        stw     4, 0x1c(28)     # MER
        li      4, 2
        stw     4, 0x128(29)    # IPIER: channel 2
        lis     4, 0x8000
        stw     4, 0x11c(29)    # GIER
        wrteei  1
        li      4, 15
        stw     4, 8(29)        # channel 2 is driven high, and then an input, low, again
        li      4, 0
        stw     4, 12(29)
        li      4, -1
        stw     4, 12(29)
        lwz     31, 0(30)
done:   b       done
        .balign 16
handler: li     5, 'S'
        stw     5, 4(27)
        li      5, 2
        stw     5, 0x120(29)
        li      5, 1
        stw     5, 0x0c(28)
        rfi
`

async function run(board: BoardDescription): Promise<unknown[]> {
  const { file } = await programOf(new TextEncoder().encode(SOURCE), 'x.s', () => Promise.reject(new Error('none')))
  const machine = new Machine({ board, ramSize: board.ram, core: board.core, reset: 'boot' }, readElf(file))
  let out = ''
  machine.uarts[0]!.onTransmit = byte => (out += String.fromCharCode(byte))
  machine.run({ budget: 1000 })
  return [
    out,
    machine.cpu.state.gpr[31],
    readRegister(machine.vcpu, 'LEDS_DATA'),
    readRegister(machine.vcpu, 'SWITCHES_IPISR'),
  ]
}

test('a program finds LEDs and switches where the page says', async () => {
  expect(await run(JSON_BOARD)).toEqual(['S', 0xa5, 0xa5, 0])
})

describe.skipIf(!have('dtc'))('the device tree', () => {
  const tree = (): BoardDescription =>
    boardOfDeviceTree(
      execFileSync('dtc', ['-q', '-@', '-O', 'dtb', new URL('virtex5.dts', FOLDER).pathname]),
      'virtex5.dtb',
    )

  test('says the same', () => {
    const { devices, ...board } = tree()
    const byName = (each: BoardDescription['devices']): BoardDescription['devices'] =>
      [...each].sort((a, b) => a.name.localeCompare(b.name))
    expect(board).toMatchObject({ name: 'virtex5', core: '440x5', clock: JSON_BOARD.clock, ram: JSON_BOARD.ram })
    expect(byName(devices)).toEqual(byName(JSON_BOARD.devices))
  })

  test('and the program does the same on its board', async () => {
    expect(await run(tree())).toEqual(await run(JSON_BOARD))
  })
})
