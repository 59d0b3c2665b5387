// Firmware of our own in the ROM of the bamboo, from the reset vector on, as U-Boot begins: it maps what it needs, sets a bank
// of the external bus, reads a memory module by IIC, enables SDRAM, finds the delays with which RAM is read rightly, and
// says so on the serial port.

import { expect, test } from 'vitest'
import { programOf } from '../../src/asm/source.ts'
import { BAMBOO } from '../../src/boards/builtIn.ts'
import { readElf } from '../../src/elf/elf.ts'
import { Machine } from '../../src/machine/machine.ts'
import { stateHash } from '../../src/machine/snapshot.ts'

const FIRMWARE = `
        .macro  map entry, ea, real, size, attributes
        li      6, \\entry
        lis     3, \\ea@h
        ori     3, 3, \\ea@l + \\size
        lis     4, \\real@h
        ori     4, 4, \\real@l
        li      5, \\attributes
        tlbwe   4, 6, 1
        tlbwe   5, 6, 2
        tlbwe   3, 6, 0
        .endm

start:  li      0, 0
        mtspr   946, 0          # MMUCR
        map     0, 0xfffff000, 0xfffff000, 0x210, 0x107
        map     1, 0x00000000, 0x00000000, 0x290, 0x007
        map     2, 0xe0000000, 0xe0000000, 0x290, 0x507
        isync
        lis     20, 0xef60
        ori     21, 20, 0x0700  # IIC0
        ori     20, 20, 0x0300  # UART0
        li      3, 0x80         # 9600 from 11.0592 MHz
        stb     3, 3(20)
        li      3, 72
        stb     3, 0(20)
        li      3, 3
        stb     3, 3(20)

        li      3, 5            # EBC0_B5CR
        mtdcr   0x012, 3
        lis     3, 0x8001
        ori     3, 3, 0x8000
        mtdcr   0x013, 3
        mfdcr   22, 0x013
        bl      word

        li      3, 2            # the kind of module
        bl      spd
        bl      byte
        li      3, 31           # the size of a rank
        bl      spd
        bl      byte

        li      3, 0x20         # SDRAM0_CFG0
        mtdcr   0x010, 3
        lis     3, 0x8000
        mtdcr   0x011, 3
        li      3, 0x24         # SDRAM0_MCSTS
        mtdcr   0x010, 3
wait:   mfdcr   3, 0x011
        cmpwi   3, 0
        bge     wait

        li      3, 0x81         # SDRAM0_TR1
        mtdcr   0x010, 3
        li      7, 0            # delay
        li      8, -1           # the first that is right
        lis     10, 0x1234
        ori     10, 10, 0x5678
try:    addi    3, 7, -192
        cmpwi   7, 192
        bge     later
        mr      3, 7
        b       set
later:  ori     3, 3, 0x800
set:    mtdcr   0x011, 3
        stw     10, 0x1000(0)
        lwz     11, 0x1000(0)
        cmpw    10, 11
        bne     wrong
        mr      9, 7            # the last
        cmpwi   8, 0
        bge     wrong
        mr      8, 7
wrong:  addi    7, 7, 1
        cmpwi   7, 384
        bne     try
        mr      22, 8
        bl      word
        mr      22, 9
        bl      word
        add     3, 8, 9         # between them
        srwi    3, 3, 1
        addi    3, 3, -192
        cmpwi   3, 0
        blt     early
        ori     3, 3, 0x800
        b       fine
early:  addi    3, 3, 192
fine:   mtdcr   0x011, 3
        lwz     22, 0x1000(0)
        bl      word
done:   b       done

word:   mflr    30              # r22, in hexadecimal
        srwi    3, 22, 24
        bl      byte
        rlwinm  3, 22, 16, 24, 31
        bl      byte
        rlwinm  3, 22, 24, 24, 31
        bl      byte
        andi.   3, 22, 0xff
        bl      byte
        mtlr    30
        blr

byte:   mflr    31              # r3
        mr      23, 3
        srwi    3, 23, 4
        bl      digit
        andi.   3, 23, 15
        bl      digit
        mtlr    31
        blr

digit:  cmpwi   3, 10
        addi    3, 3, 0x30
        blt     send
        addi    3, 3, 0x27
send:   lbz     4, 5(20)        # LSR
        andi.   4, 4, 0x20
        beq     send
        stb     3, 0(20)
        blr

spd:    li      4, 0x41         # byte r3 of the module at 0x50
        stb     4, 7(21)
        li      4, 0xa0
        stb     4, 4(21)
        stb     3, 0(21)
        li      4, 0x09         # a start follows
        stb     4, 6(21)
sent:   lbz     4, 8(21)
        andi.   4, 4, 1
        bne     sent
        li      4, 0x03
        stb     4, 6(21)
come:   lbz     4, 8(21)
        andi.   4, 4, 1
        bne     come
        lbz     3, 0(21)
        blr
        .org    0xffc
reset:  b       start
`

test('firmware in the ROM of the bamboo sets its devices up and finds its memory, on every engine alike', async () => {
  const source = new TextEncoder().encode(FIRMWARE)
  const { file } = await programOf(source, 'x.s', () => Promise.reject(new Error('none')), 0xfffff000)
  const run = (engine: 'interpreter' | 'auto' | 'compiler', strict: boolean) => {
    const options = { board: BAMBOO, ramSize: BAMBOO.ram, core: BAMBOO.core, reset: 'cold', engine, strict } as const
    const machine = new Machine(options, readElf(file))
    let said = ''
    machine.uarts[0]!.onTransmit = byte => {
      said += String.fromCharCode(byte)
    }
    machine.run({ budget: 50_000 })
    expect(machine.cpu.diagnostics).toEqual([])
    return { said, hash: stateHash(machine) }
  }
  const runs = [run('interpreter', false), run('auto', false), run('compiler', false)]
  // EBC0_B5CR; DDR, and a rank of 64 MB; the delays from a quarter of a cycle to three; what was written.
  expect(runs[0]!.said).toBe(['80018000', '07', '10', '00000060', '0000011f', '12345678'].join(''))
  expect(new Set(runs.map(({ hash }) => hash)).size).toBe(1)
  expect(run('interpreter', true).said).toBe(runs[0]!.said)
})
