// Compares and traps.

import type { Insn } from '../insn.ts'

export const compare = [
  {
    name: 'cmp',
    pattern: '011111 bf:3 / 0 ra:5 rb:5 0000000000 /',
    operands: 'bf, l, ra, rb',
    text: 'compare',
    meaning: 'a = RA; b = RB; CRF = (a < b ? LT : a > b ? GT : EQ) | SO',
  },
  {
    name: 'cmpi',
    pattern: '001011 bf:3 / 0 ra:5 si:16',
    operands: 'bf, l, ra, si',
    text: 'compare immediate',
    meaning: 'a = RA; b = SI; CRF = (a < b ? LT : a > b ? GT : EQ) | SO',
  },
  {
    name: 'cmpl',
    pattern: '011111 bf:3 / 0 ra:5 rb:5 0000100000 /',
    operands: 'bf, l, ra, rb',
    text: 'compare logical',
    meaning: 'a = RA; b = RB; CRF = (ltu(a, b) ? LT : a === b ? EQ : GT) | SO',
  },
  {
    name: 'cmpli',
    pattern: '001010 bf:3 / 0 ra:5 ui:16',
    operands: 'bf, l, ra, ui',
    text: 'compare logical immediate',
    meaning: 'a = RA; b = UI; CRF = (ltu(a, b) ? LT : a === b ? EQ : GT) | SO',
  },
  {
    name: 'tw',
    pattern: '011111 to:5 ra:5 rb:5 0000000100 /',
    operands: 'to, ra, rb',
    text: 'trap word',
    meaning: 'if (trapHolds(TO, RA, RB)) trap()',
  },
  {
    name: 'twi',
    pattern: '000011 to:5 ra:5 si:16',
    operands: 'to, ra, si',
    text: 'trap word immediate',
    meaning: 'if (trapHolds(TO, RA, SI)) trap()',
  },
] as const satisfies readonly Insn[]
