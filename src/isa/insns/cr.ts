// Condition register logic.

import type { Insn } from '../insn.ts'

export const cr = [
  {
    name: 'crand',
    pattern: '010011 bt:5 ba:5 bb:5 0100000001 /',
    operands: 'bt, ba, bb',
    text: 'condition register and',
    meaning: 'a = CRBIT(BA); b = CRBIT(BB); setCrBit(BT, a & b)',
  },
  {
    name: 'crandc',
    pattern: '010011 bt:5 ba:5 bb:5 0010000001 /',
    operands: 'bt, ba, bb',
    text: 'condition register and with complement',
    seldom: true,
    meaning: 'a = CRBIT(BA); b = CRBIT(BB); setCrBit(BT, a & (b ^ 1))',
  },
  {
    name: 'creqv',
    pattern: '010011 bt:5 ba:5 bb:5 0100100001 /',
    operands: 'bt, ba, bb',
    text: 'condition register equivalent',
    meaning: 'a = CRBIT(BA); b = CRBIT(BB); setCrBit(BT, a ^ b ^ 1)',
  },
  {
    name: 'crnand',
    pattern: '010011 bt:5 ba:5 bb:5 0011100001 /',
    operands: 'bt, ba, bb',
    text: 'condition register not and',
    meaning: 'a = CRBIT(BA); b = CRBIT(BB); setCrBit(BT, (a & b) ^ 1)',
  },
  {
    name: 'crnor',
    pattern: '010011 bt:5 ba:5 bb:5 0000100001 /',
    operands: 'bt, ba, bb',
    text: 'condition register not or',
    meaning: 'a = CRBIT(BA); b = CRBIT(BB); setCrBit(BT, (a | b) ^ 1)',
  },
  {
    name: 'cror',
    pattern: '010011 bt:5 ba:5 bb:5 0111000001 /',
    operands: 'bt, ba, bb',
    text: 'condition register or',
    meaning: 'a = CRBIT(BA); b = CRBIT(BB); setCrBit(BT, a | b)',
  },
  {
    name: 'crorc',
    pattern: '010011 bt:5 ba:5 bb:5 0110100001 /',
    operands: 'bt, ba, bb',
    text: 'condition register or with complement',
    seldom: true,
    meaning: 'a = CRBIT(BA); b = CRBIT(BB); setCrBit(BT, a | (b ^ 1))',
  },
  {
    name: 'crxor',
    pattern: '010011 bt:5 ba:5 bb:5 0011000001 /',
    operands: 'bt, ba, bb',
    text: 'condition register exclusive or',
    meaning: 'a = CRBIT(BA); b = CRBIT(BB); setCrBit(BT, a ^ b)',
  },
  {
    name: 'mcrf',
    pattern: '010011 bf:3 // bfa:3 /////// 0000000000 /',
    operands: 'bf, bfa',
    text: 'move condition register field',
    meaning: 'CRF = CR[BFA]',
  },
] as const satisfies readonly Insn[]
