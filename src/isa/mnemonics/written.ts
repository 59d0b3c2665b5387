// Names that an assembler takes and no disassembler prints: other words for the same instruction, as GNU as has them.

import type { Form } from './form.ts'
import { sprBits } from './sprs.ts'

/** Subtractions as people think of them: the subtrahend last. */
const SUBTRACTIONS: readonly Form[] = [
  { name: 'sub', pattern: '011111 rt:5 ra:5 rb:5 oe:1 000101000 rc:1', operands: 'rt, rb, ra' },
  { name: 'subc', pattern: '011111 rt:5 ra:5 rb:5 oe:1 000001000 rc:1', operands: 'rt, rb, ra' },
  { name: 'subi', pattern: '001110 rt:5 ra:5 si:16', operands: 'rt, ra0, nsi' },
  { name: 'subis', pattern: '001111 rt:5 ra:5 si:16', operands: 'rt, ra0, nsih' },
  { name: 'subic', pattern: '001100 rt:5 ra:5 si:16', operands: 'rt, ra, nsi' },
  { name: 'subic.', pattern: '001101 rt:5 ra:5 si:16', operands: 'rt, ra, nsi' },
  { name: 'la', pattern: '001110 rt:5 ra:5 d:16', operands: 'rt, d(ra0)' },
]

const ROTATES: readonly Form[] = [
  { name: 'rotrwi', pattern: '010101 rs:5 ra:5 sh:5 00000 11111 rc:1', operands: 'ra, rs, 32-sh' },
  { name: 'rlwinm', pattern: '010101 rs:5 ra:5 sh:5 mb:5 me:5 rc:1', operands: 'ra, rs, sh, mask' },
  { name: 'rlwimi', pattern: '010100 rs:5 ra:5 sh:5 mb:5 me:5 rc:1', operands: 'ra, rs, sh, mask' },
  { name: 'rlwnm', pattern: '010111 rs:5 ra:5 rb:5 mb:5 me:5 rc:1', operands: 'ra, rs, rb, mask' },
]

/** SPRG0 to SPRG7 with the number in the name. Those above 3 are read where user programs may read them. */
const SPRG: readonly Form[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap(n => [
  { name: `mfsprg${n}`, pattern: `011111 rt:5 ${sprBits(n < 4 ? 272 + n : 256 + n)} 0101010011 /`, operands: 'rt' },
  { name: `mtsprg${n}`, pattern: `011111 rs:5 ${sprBits(272 + n)} 0111010011 /`, operands: 'rs' },
])

/** The L of a comparison is 0 on a part of 32 bits. */
const COMPARES: readonly Form[] = [
  { name: 'cmp', pattern: '011111 bf:3 / 0 ra:5 rb:5 0000000000 /', operands: 'bf, ra, rb' },
  { name: 'cmpl', pattern: '011111 bf:3 / 0 ra:5 rb:5 0000100000 /', operands: 'bf, ra, rb' },
  { name: 'cmpi', pattern: '001011 bf:3 / 0 ra:5 si:16', operands: 'bf, ra, si' },
  { name: 'cmpli', pattern: '001010 bf:3 / 0 ra:5 ui:16', operands: 'bf, ra, ui' },
]

const OTHERS: readonly Form[] = [
  { name: 'sync', pattern: '011111 /////////////// 1001010110 /', operands: '' },
  // The 440 has the time base among its SPRs.
  { name: 'mftb', pattern: '011111 rt:5 spr:10 0101010011 /', operands: 'rt, tb' },
  { name: 'mftbl', pattern: `011111 rt:5 ${sprBits(268)} 0101010011 /`, operands: 'rt' },
  ...['l', 'g'].flatMap(than => [
    {
      name: `twn${than}`,
      pattern: `011111 ${than === 'l' ? '01100' : '10100'} ra:5 rb:5 0000000100 /`,
      operands: 'ra, rb',
    },
    { name: `twn${than}i`, pattern: `000011 ${than === 'l' ? '01100' : '10100'} ra:5 si:16`, operands: 'ra, si' },
    {
      name: `twln${than}`,
      pattern: `011111 ${than === 'l' ? '00101' : '00110'} ra:5 rb:5 0000000100 /`,
      operands: 'ra, rb',
    },
    { name: `twln${than}i`, pattern: `000011 ${than === 'l' ? '00101' : '00110'} ra:5 si:16`, operands: 'ra, si' },
  ]),
]

export const WRITTEN: readonly Form[] = [...SUBTRACTIONS, ...ROTATES, ...COMPARES, ...SPRG, ...OTHERS]

/** A rotation named by what it does with `n` bits from bit `b` (manual p.566). */
export interface FieldRotation {
  readonly name: string
  readonly becomes: 'rlwinm' | 'rlwimi'
  /** SH, MB and ME for the two numbers in the order in which they are written. */
  readonly numbers: (first: number, second: number) => readonly [sh: number, mb: number, me: number]
}

export const FIELD_ROTATIONS: readonly FieldRotation[] = [
  { name: 'extlwi', becomes: 'rlwinm', numbers: (n, b) => [b, 0, n - 1] },
  { name: 'extrwi', becomes: 'rlwinm', numbers: (n, b) => [(b + n) & 31, 32 - n, 31] },
  { name: 'inslwi', becomes: 'rlwimi', numbers: (n, b) => [(32 - b) & 31, b, b + n - 1] },
  { name: 'insrwi', becomes: 'rlwimi', numbers: (n, b) => [(32 - (b + n)) & 31, b, b + n - 1] },
  { name: 'clrlslwi', becomes: 'rlwinm', numbers: (b, n) => [n, b - n, 31 - n] },
]
