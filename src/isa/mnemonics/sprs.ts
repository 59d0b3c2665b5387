// mfspr and mtspr by the name of the register: `mfdbcr0 r3`, `mtivor10 r4`. The names are those of GNU binutils, which
// lacks some registers of the 440 (MMUCR, CCR0 ...) and has some that only its relatives have.

import type { Form } from './form.ts'

/** Names for both directions, by SPR number. */
const BOTH: Readonly<Record<number, string>> = {
  ...{ 1: 'xer', 8: 'lr', 9: 'ctr', 22: 'dec', 26: 'srr0', 27: 'srr1', 48: 'pid', 58: 'csrr0', 59: 'csrr1' },
  ...{ 61: 'dear', 62: 'esr', 63: 'ivpr', 256: 'usprg0', 304: 'dbsr', 308: 'dbcr0', 309: 'dbcr1', 310: 'dbcr2' },
  ...{ 312: 'iac1', 313: 'iac2', 314: 'iac3', 315: 'iac4', 316: 'dac1', 317: 'dac2', 318: 'dvc1', 319: 'dvc2' },
  ...{ 336: 'tsr', 340: 'tcr', 570: 'mcsrr0', 571: 'mcsrr1', 572: 'mcsr' },
  ...Object.fromEntries(Array.from({ length: 16 }, (_, n) => [400 + n, `ivor${n}`])),
}
const READ: Readonly<Record<number, string>> = { 268: 'tb', 269: 'tbu', 286: 'pir', 287: 'pvr' }
const WRITE: Readonly<Record<number, string>> = { 54: 'decar', 284: 'tbl', 285: 'tbu' }

/** Registers of other PowerPCs, for which binutils prints names all the same. */
const FOREIGN_BOTH: Readonly<Record<number, string>> = { 18: 'dsisr', 19: 'dar', 25: 'sdr1', 282: 'ear' }
const FOREIGN_READ: Readonly<Record<number, string>> = { 4: 'rtcu', 5: 'rtcl', 573: 'mcar' }
const FOREIGN_WRITE: Readonly<Record<number, string>> = { 20: 'rtcu', 21: 'rtcl' }

/** The two halves of an SPR number are exchanged in the instruction. */
export const sprBits = (number: number): string => (((number & 31) << 5) | (number >> 5)).toString(2).padStart(10, '0')

const read = (name: string, number: number): Form => ({
  name: `mf${name}`,
  pattern: `011111 rt:5 ${sprBits(number)} 0101010011 /`,
  operands: 'rt',
})
const write = (name: string, number: number): Form => ({
  name: `mt${name}`,
  pattern: `011111 rs:5 ${sprBits(number)} 0111010011 /`,
  operands: 'rs',
})

const each = (names: Readonly<Record<number, string>>, form: (name: string, number: number) => Form): Form[] =>
  Object.entries(names).map(([number, name]) => form(name, Number(number)))

/** A register of a numbered series: `mfsprg r3,4`. */
const readNth = (name: string, n: number, number: number): Form => ({ ...read(name, number), operands: `rt, =${n}` })
const writeNth = (name: string, n: number, number: number): Form => ({ ...write(name, number), operands: `=${n}, rs` })

const SPRG: readonly Form[] = [
  // An assembler writes the numbers that user programs may read.
  ...[4, 5, 6, 7].map(n => readNth('sprg', n, 256 + n)),
  ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap(n => [readNth('sprg', n, 272 + n), writeNth('sprg', n, 272 + n)]),
]
const BATS: readonly Form[] = ['ibatu', 'ibatl', 'dbatu', 'dbatl'].flatMap((name, kind) =>
  [0, 1, 2, 3].flatMap(n => {
    const number = 528 + 8 * (kind >> 1) + 2 * n + (kind & 1)
    return [readNth(name, n, number), writeNth(name, n, number)]
  }),
)

export const SPR_MOVES: readonly Form[] = [
  ...each({ ...BOTH, ...READ, ...FOREIGN_BOTH, ...FOREIGN_READ }, read),
  ...each({ ...BOTH, ...WRITE, ...FOREIGN_BOTH, ...FOREIGN_WRITE }, write),
  ...SPRG,
  ...BATS,
]
