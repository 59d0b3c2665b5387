// A board of a person's own: a program on it, interrupts through a controller, stubs, and what a snapshot takes along.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { programOf } from '../../src/asm/source.ts'
import { buildBoard } from '../../src/boards/build.ts'
import { BAMBOO } from '../../src/boards/builtIn.ts'
import { readBoard } from '../../src/boards/read.ts'
import { writeBoard } from '../../src/boards/write.ts'
import type { Uic } from '../../src/devices/uic.ts'
import { readElf } from '../../src/elf/elf.ts'
import { openCapsule, packCapsule, sameMachine } from '../../src/history/capsule.ts'
import { MSR_CE, MSR_EE } from '../../src/isa/registers.ts'
import { Machine } from '../../src/machine/machine.ts'
import { restoreSnapshot, stateHash, takeSnapshot } from '../../src/machine/snapshot.ts'

const BOARD = readBoard(
  `{
    "name": "ours", "core": "440x5", "ram": "1M", "elsewhere": "stub",
    "devices": [
      { "name": "PIC", "type": "uic", "dcr": "0x0c0", "interrupts": ["external", "critical"] },
      { "name": "UART0", "type": "ns16550", "base": "0x83e00000", "stride": 4, "offset": "0x1003", "interrupts": ["PIC:5"] },
      { "name": "PLL", "type": "stub", "dcr": "0x00c", "size": 2, "rules": [{ "at": 1, "read": [0, 0, 1] }] }
    ]
  }`,
  'ours.json',
)

/** Waits for the PLL, takes a byte by the external interrupt, sends it on, and ends in r31 = 1. */
const SOURCE = `
        .globl  _start
_start: lis     30, 0x83e0
        addi    30, 30, 0x1003
wait:   mfdcr   3, 0x00d
        addi    29, 29, 1
        cmpwi   3, 1
        bne     wait
        lis     4, 0x0400
        mtdcr   0x0c2, 4        # UIC_ER: source 5
        mtdcr   0x0c4, 4
        lis     4, handler@ha
        addi    4, 4, handler@l
        mtspr   63, 4           # IVPR
        andi.   4, 4, 0xffff
        mtspr   404, 4          # IVOR4
        li      4, 1
        stb     4, 4(30)        # IER
        lis     5, 0x9000
        stw     29, 0(5)        # where nothing is
        lwz     28, 0(5)
        wrteei  1
idle:   cmpwi   31, 1
        bne     idle
done:   b       done
        .balign 16
handler:
        lbz     6, 0(30)
        stb     6, 0(30)
        li      31, 1
        lis     4, 0x0400
        mtdcr   0x0c0, 4
        rfi
`

const assembled = await programOf(
  new TextEncoder().encode(SOURCE),
  'x.s',
  () => Promise.reject(new Error('none')),
  0x1000,
)
const ELF = readElf(assembled.file)
const create = (): Machine => new Machine({ board: BOARD, ramSize: 1 << 20, core: BOARD.core, reset: 'boot' }, ELF)

test('a program finds its devices where the description has them', () => {
  const machine = create()
  const sent: number[] = []
  machine.uarts[0]!.onTransmit = byte => sent.push(byte)
  machine.run({ budget: 200 })
  const { gpr, spr } = machine.cpu.state
  expect([spr[287]! >>> 0, gpr[29], gpr[28]]).toEqual([0x7ff21910, 3, 3])
  expect(machine.cpu.diagnostics.map(({ text }) => text)).toEqual([
    'load from DCR 0xd of PLL, which is not modelled',
    'store to 0x090000000 of an address where nothing is, which is not modelled',
    'load from 0x090000000 of an address where nothing is, which is not modelled',
  ])
  machine.uartInput(0, [0x41])
  machine.run({ budget: 200 })
  expect([sent, gpr[31]]).toEqual([[0x41], 1])
})

test('a snapshot in the middle, and a capsule, go on alike', () => {
  const machine = create()
  machine.run({ budget: 10 })
  const other = create()
  restoreSnapshot(other, structuredClone(takeSnapshot(machine)))
  for (const each of [machine, other]) each.run({ budget: 100 })
  expect(stateHash(other)).toBe(stateHash(machine))

  const end = { retired: 0, cycle: 0 }
  const machineOf = sameMachine(machine.options)
  const packed = packCapsule({ program: { name: 'x', hash: 'y' }, machine: machineOf, inputs: [], end })
  expect(openCapsule(packed).machine).toEqual(machineOf)
  const damaged = new TextDecoder().decode(packed).replace('ns16550', 'ns1655')
  expect(() => openCapsule(new TextEncoder().encode(damaged))).toThrow(
    /the board in the capsule:.*did you mean "ns16550"/,
  )
})

/** From the reset vector: maps RAM and ROM, sums what the ROM holds, again and again, and stores into it. */
const FIRMWARE = `
start:  li      3, 0x250        # valid, 1 MB, at 0
        li      4, 0
        li      5, 7            # SX SW SR
        li      6, 0
        tlbwe   3, 6, 0
        tlbwe   4, 6, 1
        tlbwe   5, 6, 2
        lis     7, 0xfff0
        ori     3, 7, 0x250     # the same of the ROM
        li      6, 1
        tlbwe   7, 6, 1         # what is here, in the end
        tlbwe   5, 6, 2
        tlbwe   3, 6, 0
        isync
        lis     9, 3
        mtctr   9
sum:    lwz     10, 4(7)
        add     11, 11, 10
        stw     11, 0x100(0)
        stw     11, 8(7)
        bdnz    sum
        lwz     12, 8(7)
        lbz     13, 0x3000(7)
        lis     14, 0x0020      # behind RAM, before anything else
        lwz     15, 0(14)
done:   b       done
        .org    0xffc
reset:  b       start
`

test('firmware in a ROM starts at the reset vector, on every engine alike; stores change nothing there', async () => {
  const board = readBoard(
    `{ "name": "x", "core": "440gx", "ram": "1M", "devices": [],
       "roms": [{ "name": "FLASH", "base": "0xfff00000", "size": "1M", "base64": "AAAAAQAAAAIAAAAD" }] }`,
    'x.json',
  )
  const { file } = await programOf(
    new TextEncoder().encode(FIRMWARE),
    'x.s',
    () => Promise.reject(new Error('none')),
    0xfffff000,
  )
  const machines = (['interpreter', 'auto', 'compiler'] as const).map(engine => {
    const machine = new Machine({ board, ramSize: board.ram, core: board.core, reset: 'cold', engine }, readElf(file))
    machine.run({ budget: 1_200_000 })
    return machine
  })
  const [{ cpu }] = machines as [Machine]
  const { gpr } = cpu.state
  // 3 << 16 times 2; what was there; erased flash.
  expect([gpr[11], gpr[12], gpr[13]]).toEqual([2 * (3 << 16), 3, 0xff])
  const said = cpu.diagnostics.map(({ text }) => text)
  expect(said).toContain('store to 0xfff00008 (real 0x0fff00008), which is ROM: it changes nothing')
  expect(new Set(machines.map(stateHash)).size).toBe(1)
  expect(machines[2]!.cpu.engine.compiled).toBeGreaterThan(500_000)
  expect(readBoard(writeBoard(board), 'again.json')).toEqual(board)
})

/** Fills 64 KB of SRAM and sums them; then changes an instruction that it has executed 1000 times. */
const IN_SRAM = `
        .globl  _start
_start: lis     3, 0xf801
        lis     4, 0x4000       # words, as the loop counts down
        li      5, 0x4000
        mtctr   5
        mr      6, 3
fill:   stw     5, 0(6)
        addi    6, 6, 4
        addi    5, 5, -1
        bdnz    fill
        li      5, 0x4000
        mtctr   5
        mr      6, 3
        li      7, 0
sum:    lwz     8, 0(6)
        add     7, 7, 8
        addi    6, 6, 4
        bdnz    sum
        li      9, 0
again:  li      5, 1000
        mtctr   5
count:
change: addi    9, 9, 1
        bdnz    count
        bl      here
here:   mflr    10
        lwz     11, change-here(10)
        addi    11, 11, 1       # by 2, then by 3
        stw     11, change-here(10)
        dcbst   0, 10
        icbi    0, 10
        isync
        andi.   12, 11, 3
        bne     again
        lwz     13, 0(0)
done:   b       done
`

test('RAM elsewhere holds code and data on every engine alike', async () => {
  const board = readBoard(
    `{ "name": "x", "core": "440x5", "ram": "1M", "devices": [],
       "moreRam": [{ "name": "SRAM", "base": "0xf8000000", "size": "1M", "base64": "AAAABw==" }] }`,
    'x.json',
  )
  const source = new TextEncoder().encode(IN_SRAM)
  const { file } = await programOf(source, 'x.s', () => Promise.reject(new Error('none')), 0xf8000100)
  const machines = (['interpreter', 'auto', 'compiler'] as const).map(engine => {
    const machine = new Machine({ board, ramSize: board.ram, core: board.core, reset: 'boot', engine }, readElf(file))
    machine.run({ budget: 200_000 })
    return machine
  })
  const [{ cpu }, , { cpu: compiled }] = machines as [Machine, Machine, Machine]
  const { gpr, real, ramBytes } = cpu.state
  // 1 + … + 0x4000; 1000 times 1, 2 and 3.
  expect([gpr[7], gpr[9], gpr[13]]).toEqual([(0x4000 * 0x4001) / 2, 6000, 0])
  expect([...ramBytes.subarray(real.place(0xf8000000), real.place(0xf8000004))]).toEqual([0, 0, 0, 7])
  expect(cpu.diagnostics.map(({ text }) => text)).toEqual([])
  expect(new Set(machines.map(stateHash)).size).toBe(1)
  expect(compiled.engine.compiled).toBeGreaterThan(100_000)
  expect(readBoard(writeBoard(board), 'again.json')).toEqual(board)
})

/** Walks through RAM behind two windows to it, of which one ends in its middle, and through a ROM and its window. */
const THROUGH_WINDOWS = `
        .globl  _start
_start: lis     3, 0x8000       # all of RAM
        lis     4, 0x9000       # 64 KB of it, from 0x20000 on
        lis     14, 0x9001      # behind those
        li      5, 0x1000
        mtctr   5
        lis     6, 2
        li      7, 0
loop:   stw     7, 0(6)         # where it is,
        lwzx    8, 3, 6         # in the one
        add     9, 9, 8
        lwzx    8, 4, 10        # and the other window
        add     11, 11, 8
        addi    7, 7, 1
        addi    6, 6, 4
        addi    10, 10, 4
        bdnz    loop
        stw     7, 0(4)
        lis     12, 2
        lwz     13, 0(12)
        lis     15, 0xa000      # the ROM, and its window
        lwz     16, 4(15)
        lis     17, 0xb000
        lwz     18, 4(17)
        stw     7, 4(17)
        lwz     19, 4(15)
        lis     22, 3           # what is in RAM behind those 64 KB
        stw     7, 0(22)
        li      5, 2000
        mtctr   5
end:    lwz     20, -4(14)
        lwz     21, 0(14)
        add     23, 23, 21
        bdnz    end
done:   b       done
`

test('a window to memory is the same bytes at another address, and ends where it ends, on every engine alike', async () => {
  const board = readBoard(
    `{ "name": "x", "core": "440x5", "ram": "1M", "elsewhere": "stub", "devices": [],
       "roms": [{ "name": "ROM", "base": "0xa0000000", "size": "64K", "base64": "AAAAAQAAAAI=" }],
       "aliases": [
         { "name": "ALL", "base": "0x80000000", "size": "1M", "of": 0 },
         { "name": "PART", "base": "0x90000000", "size": "64K", "of": "0x20000" },
         { "name": "AGAIN", "base": "0xb0000000", "size": "64K", "of": "0xa0000000" }] }`,
    'x.json',
  )
  const source = new TextEncoder().encode(THROUGH_WINDOWS)
  const { file } = await programOf(source, 'x.s', () => Promise.reject(new Error('none')), 0x1000)
  const machines = (['interpreter', 'auto', 'compiler'] as const).map(engine => {
    const machine = new Machine({ board, ramSize: board.ram, core: board.core, reset: 'boot', engine }, readElf(file))
    machine.run({ budget: 100_000 })
    return machine
  })
  const [{ cpu }] = machines as [Machine]
  const { gpr } = cpu.state
  const sum = (0x1000 * 0xfff) / 2
  // What was written through the window to 64 KB; the ROM; the last word of the window, and what is behind it.
  expect([gpr[9], gpr[11], gpr[13], gpr[16], gpr[18], gpr[19]]).toEqual([sum, sum, 0x1000, 2, 2, 2])
  expect([gpr[20], gpr[21]]).toEqual([0, 0])
  for (const { cpu } of machines) expect(cpu.state.gpr[23]).toBe(0)
  expect(cpu.diagnostics.map(({ text }) => text)).toEqual([
    'store to 0xb0000004 (real 0x0a0000004), which is ROM: it changes nothing',
    'load from 0x090010000 of an address where nothing is, which is not modelled',
  ])
  expect(new Set(machines.map(stateHash)).size).toBe(1)
  expect(readBoard(writeBoard(board), 'again.json')).toEqual(board)
})

/** The bamboo with memory to execute from while RAM is not read rightly. */
const SRAM_TOO = {
  ...BAMBOO,
  memories: [{ name: 'SRAM', base: 0x70000000, size: 0x10000, isWritable: true }],
}

test('RAM is read wrongly while its controller takes data at a wrong moment, and what is stored is there all the same', () => {
  const { cpu } = new Machine({ board: SRAM_TOO, ramSize: 1 << 20, core: '440ep', reset: 'boot' }, ELF)
  const sdram = (register: number, value: number): void => {
    cpu.dcr.write(0x010, register)
    cpu.dcr.write(0x011, value)
  }
  const load = (at: number): number => {
    cpu.state.gpr[3] = at
    cpu.pc = 0x70000000
    cpu.run({ budget: 1 })
    return cpu.state.gpr[4]!
  }
  const put = (at: number, word: number): void => cpu.state.ram.setInt32(cpu.state.real.place(at), word)
  put(0x70000000, 0x80830000 | 0) // lwz 4, 0(3)
  put(0x70000004, 0x90830000 | 0) // stw 4, 0(3)
  put(0x8000, 0x1234)
  expect(load(0x8000)).toBe(0x1234)
  sdram(0x20, 0x80000000)
  expect(load(0x8000)).toBe(0x1234)
  // The delays, in steps of the line from 0 to a whole cycle, with which it is read rightly.
  const right = Array.from({ length: 384 }, (_, delay) => {
    sdram(0x81, (delay >= 192 ? 0x800 : 0) | (delay % 192))
    return load(0x8000) === 0x1234
  })
  expect([right.indexOf(true), right.lastIndexOf(true), right.filter(Boolean).length]).toEqual([96, 287, 192])
  sdram(0x81, 0)
  cpu.state.gpr[3] = 0x8000
  cpu.state.gpr[4] = 0x5678
  cpu.pc = 0x70000004
  cpu.run({ budget: 1 })
  expect(load(0x8000)).toBe(-1)
  sdram(0x81, 0x800)
  expect(load(0x8000)).toBe(0x5678)
})

test('what is there after a cold reset only', () => {
  const [boot, cold] = (['boot', 'cold'] as const).map(
    reset => new Machine({ board: BAMBOO, ramSize: 1 << 20, core: '440ep', reset }, ELF).cpu.state.real,
  )
  expect([boot!, cold!].map(real => real.isWritable(real.place(0x70000000)))).toEqual([false, true])
})

describe('a board whose ROM and devices have upper address bits, as around a 460EX', () => {
  const board = readBoard(
    `{ "name": "x", "core": "460ex", "ram": "1M",
       "devices": [{ "name": "UART0", "type": "ns16550", "base": "0x4ef600300" }],
       "roms": [{ "name": "FLASH", "base": "0x4fff00000", "size": "1M" }] }`,
    'x.json',
  )
  const machineOf = async (reset: 'boot' | 'cold') => {
    const source = new TextEncoder().encode('start: lwz 3, 0(4)\n .org 0xffc\n b start\n')
    const { file } = await programOf(source, 'x.s', () => Promise.reject(new Error('none')), 0xfffff000)
    return new Machine({ board, ramSize: board.ram, core: board.core, reset, engine: 'interpreter' }, readElf(file))
  }

  test('what is linked for the last addresses is in its ROM, and the reset page is there', async () => {
    const { cpu } = await machineOf('cold')
    const { entry, real } = cpu.mmu.translate(0xfffff000 | 0, 'fetch') as { entry: number; real: number }
    expect([entry, cpu.state.real.realOf(real)]).toEqual([64, 0x4_ffff_f000])
    cpu.state.gpr[4] = 0xfffffffc
    cpu.run({ budget: 2 })
    expect(cpu.state.gpr[3] >>> 0).toBe(0x4bfff004)
  })

  test('what a boot loader leaves leads there, and elsewhere to the same address', async () => {
    const { mmu, state } = (await machineOf('boot')).cpu
    const realOf = (ea: number): number => state.real.realOf((mmu.translate(ea | 0, 'load') as { real: number }).real)
    expect([0, 0x8000, 0xd0000000, 0xef600300, 0xfff00004].map(realOf)).toEqual([
      ...[0, 0x8000, 0xd0000000, 0x4_ef60_0300, 0x4_fff0_0004],
    ])
  })
})

test('the board that docs/boards.md shows is one', () => {
  const [, text] = /```json\n([\s\S]*?)```/.exec(readFileSync('docs/boards.md', 'utf8'))!
  expect(readBoard(text!, 'docs/boards.md').devices).toHaveLength(4)
})

test.each(readdirSync('examples/boards').filter(name => name.endsWith('.json')))(
  'examples/boards/%s is a board',
  name => {
    const board = readBoard(readFileSync(`examples/boards/${name}`, 'utf8'), name)
    buildBoard(board, { ramSize: board.ram, core: board.core, cached: false, engine: 'interpreter' })
  },
)

test('who waits can be woken by what is enabled on the whole way to the core, with the bit of MSR that lets it in', () => {
  const board = readBoard(
    `{ "name": "x", "ram": "1M", "devices": [
       { "name": "UIC0", "type": "uic", "dcr": "0x0c0", "interrupts": ["external", "critical"] },
       { "name": "UIC1", "type": "uic", "dcr": "0x0d0", "interrupts": ["UIC0:30", "UIC0:31"] },
       { "name": "UART0", "type": "ns16550", "base": "0xef600300", "interrupts": ["UIC1:0"] }] }`,
    'x.json',
  )
  const { cpu } = buildBoard(board, { ramSize: board.ram, core: board.core, cached: false, engine: 'interpreter' })
  const [ER, CR] = [2, 3]
  const possible = (): number => cpu.lines.possible
  cpu.bus.write(0xef600301, 1, 1)
  cpu.dcr.write(0x0c0 + ER, 0b11)
  expect(possible(), 'UIC1 passes nothing on').toBe(0)
  cpu.dcr.write(0x0d0 + ER, 0x80000000)
  expect(possible()).toBe(MSR_EE)
  cpu.dcr.write(0x0d0 + CR, 0x80000000)
  expect(possible(), 'its critical output is an external one of UIC0').toBe(MSR_EE)
  cpu.dcr.write(0x0c0 + CR, 1)
  expect(possible()).toBe(MSR_CE)
  cpu.dcr.write(0x0c0 + ER, 0b10)
  expect(possible(), 'UIC0 has only the other one enabled').toBe(0)
  cpu.dcr.write(0x0c0 + ER, 0b01)
  cpu.bus.write(0xef600301, 1, 0)
  expect(possible(), 'the port does not listen').toBe(0)
})

test('each output of a device leads where the board says, wakes by itself, and is a bit of its controller', () => {
  const { cpu, devices } = buildBoard(BAMBOO, {
    ...{ ramSize: BAMBOO.ram, core: BAMBOO.core, cached: false, engine: 'interpreter' },
  })
  const [GPT0, IM, ISS, ISC, IE, SR, ER, CR] = [0xef600000, 0x18, 0x1c, 0x20, 0x24, 0x0c0, 0x0c2, 0x0c3]
  const compare = (n: number): number => 0x8000 >>> n
  cpu.bus.write(GPT0 + IM, 4, -1)
  cpu.bus.write(GPT0 + ISC, 4, -1)
  // Source 19 is compare 1.
  cpu.dcr.write(ER, 0x80000000 >>> 19)
  cpu.bus.write(GPT0 + IE, 4, compare(0))
  cpu.bus.write(GPT0 + IM, 4, compare(1))
  expect(cpu.lines.planned, 'compare 1 is not enabled').toBe(0)
  cpu.bus.write(GPT0 + IM, 4, -1)
  cpu.bus.write(GPT0 + IE, 4, compare(1))
  expect(cpu.lines.planned, 'it is masked').toBe(0)
  for (let n = 0; n < 7; n++) cpu.bus.write(GPT0 + 0x80 + 4 * n, 4, 0x80000000)
  cpu.bus.write(GPT0 + IM, 4, 0)
  expect([cpu.lines.planned, cpu.lines.external]).toEqual([MSR_EE, false])
  cpu.dcr.write(CR, 0x80000000 >>> 19)
  expect(cpu.lines.planned).toBe(MSR_CE)
  cpu.dcr.write(CR, 0)
  cpu.dcr.write(SR, -1)
  cpu.bus.write(GPT0 + ISS, 4, compare(1))
  expect([cpu.lines.external, cpu.dcr.read(SR)! >>> 0]).toEqual([true, (0x80000000 >>> 19) >>> 0])
  const [status] = (devices.get('UIC0') as Uic).registers
  expect(Object.keys(status!.fields)).toEqual(
    expect.arrayContaining(['UART0', 'GPT0C0', 'GPT0C1', 'GPT0C6', 'UIC1', 'UIC1C']),
  )
})
