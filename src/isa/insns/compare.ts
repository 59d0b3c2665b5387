// Compares and traps.

import type { Insn } from '../insn.ts'

export const compare = [
  {
    name: 'cmp',
    pattern: '011111 bf:3 / 0 ra:5 rb:5 0000000000 /',
    operands: 'bf, l, ra, rb',
    text: 'compare',
    meaning: 'CRF = compare(RA, RB)',
  },
  {
    name: 'cmpi',
    pattern: '001011 bf:3 / 0 ra:5 si:16',
    operands: 'bf, l, ra, si',
    text: 'compare immediate',
    meaning: 'CRF = compare(RA, SI)',
  },
  {
    name: 'cmpl',
    pattern: '011111 bf:3 / 0 ra:5 rb:5 0000100000 /',
    operands: 'bf, l, ra, rb',
    text: 'compare logical',
    meaning: 'CRF = compareUnsigned(RA, RB)',
  },
  {
    name: 'cmpli',
    pattern: '001010 bf:3 / 0 ra:5 ui:16',
    operands: 'bf, l, ra, ui',
    text: 'compare logical immediate',
    meaning: 'CRF = compareUnsigned(RA, UI)',
  },
  {
    name: 'tw',
    pattern: '011111 to:5 ra:5 rb:5 0000000100 /',
    operands: 'to, ra, rb',
    text: 'trap word',
    seldom: true,
    meaning: 'if (trapHolds(TO, RA, RB)) trap()',
  },
  {
    name: 'twi',
    pattern: '000011 to:5 ra:5 si:16',
    operands: 'to, ra, si',
    text: 'trap word immediate',
    seldom: true,
    meaning: 'if (trapHolds(TO, RA, SI)) trap()',
  },
] as const satisfies readonly Insn[]
