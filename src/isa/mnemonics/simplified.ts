// Simplified mnemonics of integer, CR and trap instructions. The first row that fits is printed.

import type { Form } from './form.ts'

const MOVES: readonly Form[] = [
  { name: 'li', pattern: '001110 rt:5 00000 si:16', operands: 'rt, si' },
  { name: 'lis', pattern: '001111 rt:5 00000 si:16', operands: 'rt, sih' },
  { name: 'nop', pattern: '011000 00000 00000 0000000000000000', operands: '' },
  { name: 'xnop', pattern: '011010 00000 00000 0000000000000000', operands: '' },
  { name: 'mr', pattern: '011111 rs:5 ra:5 rb:5 0110111100 rc:1', operands: 'ra, rs=rb' },
  { name: 'not', pattern: '011111 rs:5 ra:5 rb:5 0001111100 rc:1', operands: 'ra, rs=rb' },
  { name: 'mtcr', pattern: '011111 rs:5 / 11111111 / 0010010000 /', operands: 'rs' },
]

const COMPARES: readonly Form[] = [
  { name: 'cmpw', pattern: '011111 bf:3 / 0 ra:5 rb:5 0000000000 /', operands: 'bf?, ra, rb' },
  { name: 'cmplw', pattern: '011111 bf:3 / 0 ra:5 rb:5 0000100000 /', operands: 'bf?, ra, rb' },
  { name: 'cmpwi', pattern: '001011 bf:3 . 0 ra:5 si:16', operands: 'bf?, ra, si' },
  { name: 'cmplwi', pattern: '001010 bf:3 . 0 ra:5 ui:16', operands: 'bf?, ra, ui' },
]

/** Rotates whose mask begins or ends at an edge of the word. */
const ROTATES: readonly Form[] = [
  { name: 'rotlwi', pattern: '010101 rs:5 ra:5 sh:5 00000 11111 rc:1', operands: 'ra, rs, sh' },
  { name: 'clrlwi', pattern: '010101 rs:5 ra:5 00000 mb:5 11111 rc:1', operands: 'ra, rs, mb' },
  {
    name: 'slwi',
    pattern: '010101 rs:5 ra:5 sh:5 00000 me:5 rc:1',
    operands: 'ra, rs, sh=31-me',
  },
  {
    name: 'srwi',
    pattern: '010101 rs:5 ra:5 sh:5 mb:5 11111 rc:1',
    operands: 'ra, rs, mb=32-sh',
  },
  { name: 'clrrwi', pattern: '010101 rs:5 ra:5 00000 00000 me:5 rc:1', operands: 'ra, rs, 31-me' },
  { name: 'rotlw', pattern: '010111 rs:5 ra:5 rb:5 00000 11111 rc:1', operands: 'ra, rs, rb' },
]

const CR_BITS: readonly Form[] = [
  { name: 'crset', pattern: '010011 bt:5 ba:5 bb:5 0100100001 /', operands: 'bt=ba=bb' },
  { name: 'crclr', pattern: '010011 bt:5 ba:5 bb:5 0011000001 /', operands: 'bt=ba=bb' },
  { name: 'crmove', pattern: '010011 bt:5 ba:5 bb:5 0111000001 /', operands: 'bt, ba=bb' },
  { name: 'crnot', pattern: '010011 bt:5 ba:5 bb:5 0000100001 /', operands: 'bt, ba=bb' },
]

const SELECTS: readonly Form[] = ['lt', 'gt', 'eq'].map((condition, bc) => ({
  name: `isel${condition}`,
  pattern: `011111 rt:5 ra:5 rb:5 000${bc.toString(2).padStart(2, '0')} 01111 /`,
  operands: 'rt, ra0, rb',
}))

/** TO by name: the conditions that traps have names for. */
const TRAP_CONDITIONS: Readonly<Record<string, number>> = {
  ...{ lgt: 1, llt: 2, eq: 4, lge: 5, lle: 6, gt: 8, ge: 12, lt: 16, le: 20, ne: 24, u: 31 },
}

const TRAPS: readonly Form[] = [
  { name: 'trap', pattern: '011111 11111 00000 00000 0000000100 /', operands: '' },
  ...Object.entries(TRAP_CONDITIONS).flatMap(([condition, to]) => {
    const bits = to.toString(2).padStart(5, '0')
    return [
      { name: `tw${condition}`, pattern: `011111 ${bits} ra:5 rb:5 0000000100 /`, operands: 'ra, rb' },
      { name: `tw${condition}i`, pattern: `000011 ${bits} ra:5 si:16`, operands: 'ra, si' },
    ]
  }),
]

export const SIMPLIFIED: readonly Form[] = [...MOVES, ...COMPARES, ...ROTATES, ...CR_BITS, ...SELECTS, ...TRAPS]
