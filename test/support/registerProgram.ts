// A program that uses device control registers one after the other and writes what it reads to a serial port, for a 460EX
// here and on QEMU: no other way leads to those.

import { programOf } from '../../src/asm/source.ts'
import { readElf } from '../../src/elf/elf.ts'

/** A read or, with a value, a write of a device control register. */
export interface DcrAccess {
  readonly dcr: number
  readonly value?: number
}

/** What is on the console at last. */
export const END = 'end\n'

const word = (register: number, value: number): string =>
  `lis ${register}, ${value >>> 16}\n ori ${register}, ${register}, ${value & 0xffff}\n`

const step = ({ dcr, value }: DcrAccess): string =>
  value === undefined ? ` mfdcr 3, ${dcr}\n bl line\n` : ` ${word(3, value)} mtdcr ${dcr}, 3\n`

const text = (characters: string): string =>
  [...characters].map(character => ` li 3, ${character.charCodeAt(0)}\n bl put\n`).join('')

/** Maps the 256 MB with the serial port of a 460EX, real 0x4_E000_0000 on, to 0xE0000000. */
const PREPARE = `
        ${word(4, 0xe0000290)}
        ${word(5, 0xe0000004)}
        li      6, 0x507        # I, G; SX SW SR
        li      7, 10
        tlbwe   5, 7, 1
        tlbwe   6, 7, 2
        tlbwe   4, 7, 0
        isync
        ${word(30, 0xef600300)}
`

const ROUTINES = `
line:   mflr    29              # r3 as eight digits
        li      28, 8
        mr      27, 3
digit:  rlwinm  27, 27, 4, 0, 31
        andi.   3, 27, 15
        cmpwi   3, 10
        blt     decimal
        addi    3, 3, 'a' - '0' - 10
decimal: addi   3, 3, '0'
        bl      put
        addi    28, 28, -1
        cmpwi   28, 0
        bne     digit
        li      3, 10
        bl      put
        mtlr    29
        blr
put:    lbz     26, 5(30)       # LSR: THRE
        andi.   26, 26, 0x20
        beq     put
        stb     3, 0(30)
        blr
`

/** Maps the last 256 MB, in which a ROM is, to those with upper address bits 4, and 0xD5000000 to the SRAM. */
const IN_ROM = `
        ${word(4, 0xf0000290)}
        ${word(5, 0xf0000004)}
        li      6, 0x507
        li      7, 9
        tlbwe   5, 7, 1
        tlbwe   6, 7, 2
        tlbwe   4, 7, 0
        ${word(4, 0xd5000250)}
        li      5, 4
        li      7, 8
        tlbwe   5, 7, 1
        tlbwe   6, 7, 2
        tlbwe   4, 7, 0
        isync
`

/** Stores to the SRAM and prints what is there, and the version of the core. */
const TRY_SRAM = `
        ${word(25, 0xd5000000)}
        ${word(3, 0x12345678)}
        stw     3, 0x100(25)
        li      3, 0x5a
        stb     3, 0x101(25)
        lwz     3, 0x100(25)
        bl      line
        lwz     3, 0x104(25)
        bl      line
        mfspr   3, 287
        bl      line
`

const assembled = async (source: string, base?: number): Promise<Uint8Array> =>
  (await programOf(new TextEncoder().encode(source), 'x.s', () => Promise.reject(new Error('none')), base)).file

const body = (accesses: readonly DcrAccess[]): string =>
  `${PREPARE}${accesses.map(step).join('')}${text(END)}done: b done\n${ROUTINES}`

/** @returns an ELF file for RAM from 1 MB on; each value read has a line of eight digits, and `END` follows */
export const registerProgram = (accesses: readonly DcrAccess[]): Promise<Uint8Array> =>
  assembled(` .globl _start\n_start:\n${body(accesses)}`)

const ROM_BYTES = 0x80000

/** @returns the same as the image of a ROM of 512 KB, which tries SRAM and tells the version of the core before all else */
export async function registerRom(accesses: readonly DcrAccess[]): Promise<Uint8Array> {
  const start = `_start:\n${IN_ROM}${PREPARE}${TRY_SRAM}${body(accesses)}`
  const elf = readElf(await assembled(`${start}\n .org 0xffc\n b _start\n`, 0xfffff000))
  const rom = new Uint8Array(ROM_BYTES).fill(0xff)
  rom.set(elf.segmentContents(elf.segments[0]!), ROM_BYTES - 0x1000)
  return rom
}
