// A program that uses device control registers one after the other and writes what it reads to a serial port, for a 460EX
// here and on QEMU: no other way leads to those.

import { programOf } from '../../src/asm/source.ts'

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

/** @returns an ELF file for RAM from 1 MB on; each value read has a line of eight digits, and `END` follows */
export async function registerProgram(accesses: readonly DcrAccess[]): Promise<Uint8Array> {
  const source = ` .globl _start\n_start:\n${PREPARE}${accesses.map(step).join('')}${text(END)}done: b done\n${ROUTINES}`
  const { file } = await programOf(new TextEncoder().encode(source), 'x.s', () => Promise.reject(new Error('none')))
  return file
}
