// Flash by the command definitions of its data sheet, and as memory of a board: a driver in RAM identifies it, erases and
// programs a sector, and runs what it has programmed.

import { expect, test } from 'vitest'
import { programOf } from '../../src/asm/source.ts'
import { readBoard } from '../../src/boards/read.ts'
import { writeBoard } from '../../src/boards/write.ts'
import { Flash } from '../../src/devices/flash.ts'
import { FLASH_CHIPS, queryTable } from '../../src/devices/flashChips.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { restoreSnapshot, stateHash, takeSnapshot } from '../../src/machine/snapshot.ts'

function flashOf(chip: string, size: number) {
  const bytes = new Uint8Array(size)
  const readable: boolean[] = []
  const flash = new Flash('FLASH', size, FLASH_CHIPS[chip]!, {
    get: offset => bytes[offset]!,
    set: (offset, given) => bytes.set(given, offset),
    setReadable: isReadable => readable.push(isReadable),
  })
  const width = FLASH_CHIPS[chip]!.width
  const command = (base: number, ...cycles: readonly (readonly [word: number, value: number])[]): void => {
    for (const [word, value] of cycles) flash.write(base + word * width, width, value)
  }
  return { flash, bytes, readable, command }
}

const UNLOCK = [
  [0x555, 0xaa],
  [0x2aa, 0x55],
] as const

test('two chips of 8 bits: each says what it is while it is asked', () => {
  const { flash, bytes, readable, command } = flashOf('am29lv040b', 1 << 20)
  bytes.set([1, 2, 3], 0x80000)
  command(0x80000, ...UNLOCK, [0x555, 0x90])
  expect([flash.read(0x80000, 1), flash.read(0x80001, 1), flash.read(0x80002, 1), flash.read(0, 1)]).toEqual([
    0x01, 0x4f, 0, 0,
  ])
  expect(readable).toEqual([false])
  command(0x80000, [0, 0xf0])
  expect([flash.read(0x80000, 4), readable]).toEqual([0x01020300, [false, true]])
  // No query, and no command but in its order.
  command(0, [0x55, 0x98], [0x555, 0xaa], [0x2aa, 0x54], [0x555, 0x90])
  expect([flash.peek(0, 1), readable]).toEqual([0, [false, true]])
})

test('programming makes bits 0 alone; a sector or all of a chip is erased', () => {
  const { flash, bytes, command } = flashOf('am29lv040b', 1 << 20)
  bytes.fill(0x5a)
  command(0, ...UNLOCK, [0x555, 0xa0], [0x12345, 0xf0])
  expect([bytes[0x12345], flash.read(0x12344, 2)]).toEqual([0x50, 0x5a50])
  command(0, ...UNLOCK, [0x555, 0x80], ...UNLOCK, [0x12345, 0x30])
  expect([0xffff, 0x10000, 0x1ffff, 0x20000].map(at => bytes[at])).toEqual([0x5a, 0xff, 0xff, 0x5a])
  command(0, ...UNLOCK, [0x555, 0x80], ...UNLOCK, [0x555, 0x10])
  expect([bytes.subarray(0, 0x80000).every(byte => byte === 0xff), bytes[0x80000]]).toEqual([true, 0x5a])
  // The second chip has sectors and bytes of its own.
  command(0x80000, ...UNLOCK, [0x555, 0xa0], [0x12345, 0x0f])
  command(0x80000, ...UNLOCK, [0x555, 0x80], ...UNLOCK, [0x10000, 0x30])
  expect([0x12345, 0x8ffff, 0x90000].map(at => bytes[at])).toEqual([0xff, 0x5a, 0xff])
})

test('a chip of 16 bits has small sectors at its bottom, and a query table', () => {
  const { flash, bytes, command } = flashOf('am29lv320b', 4 << 20)
  command(0, [0x55, 0x98])
  const query = (word: number): number => flash.read(2 * word, 2)
  expect([0x10, 0x11, 0x12].map(query)).toEqual([...'QRY'].map(letter => letter.charCodeAt(0)))
  // Its size, and sectors: 8 of 8 KB, 63 of 64 KB.
  expect([0x27, 0x28, ...Array.from({ length: 9 }, (_, n) => 0x2c + n)].map(query)).toEqual([
    ...[22, 2, 2, 7, 0, 32, 0, 62, 0, 0, 1],
  ])
  command(0, [0, 0xf0], ...UNLOCK, [0x555, 0x80], ...UNLOCK, [0x1000, 0x30])
  expect([0x1fff, 0x2000, 0x3fff, 0x4000].map(at => bytes[at])).toEqual([0, 0xff, 0xff, 0])
  command(0, ...UNLOCK, [0x555, 0xa0], [0x1000, 0x1234])
  expect([...bytes.subarray(0x2000, 0x2002)]).toEqual([0x12, 0x34])
  command(0, ...UNLOCK, [0x555, 0x90])
  expect(flash.read(0, 4)).toBe(0x000122f9)
  for (const chip of Object.values(FLASH_CHIPS)) {
    expect(chip.sectors.reduce((sum, [count, bytes]) => sum + count * bytes, 0)).toBe(chip.size)
    expect(2 ** queryTable(chip).get(0x27)!).toBe(chip.size)
  }
})

/** In RAM: asks the flash at 0xfff00000 what it is, programs "blr" into an erased sector, and calls it, again and again. */
const DRIVER = `
        .globl  _start
_start: lis     3, 0xfff0
        lbz     4, 0(3)         # what it holds
        li      5, 0xaa
        li      6, 0x55
        li      7, 0x90
        stb     5, 0x555(3)
        stb     6, 0x2aa(3)
        stb     7, 0x555(3)
        lbz     8, 0(3)
        lbz     9, 1(3)
        li      7, 0xf0
        stb     7, 0(3)
        lbz     10, 0(3)
        lis     11, blr@ha
        addi    11, 11, blr@l - 1
        addis   12, 3, 1        # a sector of ones
        subi    12, 12, 1
        li      13, 4
        mtctr   13
        li      7, 0xa0
next:   lbzu    13, 1(11)
        stb     5, 0x555(3)
        stb     6, 0x2aa(3)
        stb     7, 0x555(3)
        stbu    13, 1(12)
        bdnz    next
        addis   12, 3, 1
        icbi    0, 12
        isync
        li      14, 2000
again:  mtctr   12
        bctrl
        addi    15, 15, 1
        cmpw    15, 14
        bne     again
done:   b       done
blr:    blr
`

test('a driver programs the flash of its board, which executes then, on every engine alike; a snapshot goes on', async () => {
  const board = readBoard(
    `{ "name": "x", "core": "440ep", "ram": "1M", "devices": [],
       "roms": [{ "name": "FLASH", "base": "0xfff00000", "size": "1M", "chip": "am29lv040b", "base64": "QUI=" }] }`,
    'x.json',
  )
  const source = new TextEncoder().encode(DRIVER)
  const { file } = await programOf(source, 'x.s', () => Promise.reject(new Error('none')), 0x1000)
  const create = (engine: 'interpreter' | 'auto' | 'compiler') =>
    new Machine({ board, ramSize: board.ram, core: board.core, reset: 'boot', engine }, readElf(file))
  const machines = (['interpreter', 'auto', 'compiler'] as const).map(engine => {
    const machine = create(engine)
    machine.run({ budget: 20_000 })
    return machine
  })
  const { gpr } = machines[0]!.cpu.state
  expect([gpr[4], gpr[8], gpr[9], gpr[10], gpr[15]]).toEqual([0x41, 0x01, 0x4f, 0x41, 2000])
  expect(machines[0]!.cpu.diagnostics).toEqual([])
  // In the middle, while the flash says what it is.
  const [left, right] = [create('interpreter'), create('interpreter')]
  left.run({ budget: 9 })
  restoreSnapshot(right, structuredClone(takeSnapshot(left)))
  for (const each of [left, right]) each.run({ budget: 20_000 - 9 })
  expect(new Set([...machines, left, right].map(stateHash)).size).toBe(1)
  expect(readBoard(writeBoard(board), 'again.json')).toEqual(board)
  const wrong = writeBoard(board).replace('"size": 1048576', '"size": 65536')
  expect(() => readBoard(wrong, 'x.json')).toThrow(
    /"size" of FLASH is not that of one or more am29lv040b, 524288 bytes/,
  )
})

test('what executes in flash while that says what it is, has nothing to fetch', async () => {
  const board = readBoard(
    `{ "name": "x", "core": "440ep", "ram": "1M", "devices": [],
       "roms": [{ "name": "FLASH", "base": "0xfff00000", "size": "512K", "chip": "am29lv040b" }] }`,
    'x.json',
  )
  const source = new TextEncoder().encode(`
        .globl  _start
_start: lis     3, 0xfff0
        li      5, 0xaa
        li      6, 0x55
        li      7, 0x90
        stb     5, 0x555(3)
        stb     6, 0x2aa(3)
        stb     7, 0x555(3)
        li      8, 1
done:   b       done
`)
  const { file } = await programOf(source, 'x.s', () => Promise.reject(new Error('none')), 0xfff01000)
  for (const engine of ['interpreter', 'compiler'] as const) {
    const options = { board, ramSize: board.ram, core: board.core, reset: 'boot', engine } as const
    const machine = new Machine(options, readElf(file))
    machine.run({ budget: 100 })
    const { cpu } = machine
    expect(cpu.state.gpr[8]).toBe(0)
    expect(cpu.diagnostics.map(({ text }) => text).join()).toContain('fetch from real address 0x0fff0101c')
  }
})
