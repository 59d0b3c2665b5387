// More encodings for random guests, beside those of test/support/core.ts. test/kvm/support/encode.test.ts holds them
// against GNU objdump.

import { encode as e } from '../../support/core.ts'

const d = (primary: number, t: number, a: number, imm: number): number =>
  (primary << 26) | (t << 21) | (a << 16) | (imm & 0xffff)
const x = (extended: number, t: number, a: number, b: number): number =>
  (31 << 26) | (t << 21) | (a << 16) | (b << 11) | (extended << 1)

export const encode = {
  ...e,
  lis: (t: number, imm: number): number => d(15, t, 0, imm),
  ori: (a: number, s: number, imm: number): number => d(24, s, a, imm),
  add: (t: number, a: number, b: number): number => x(266, t, a, b),
  lbz: (t: number, offset: number, a: number): number => d(34, t, a, offset),
  lhz: (t: number, offset: number, a: number): number => d(40, t, a, offset),
  lwzu: (t: number, offset: number, a: number): number => d(33, t, a, offset),
  stwu: (t: number, offset: number, a: number): number => d(37, t, a, offset),
  stmw: (s: number, offset: number, a: number): number => d(47, s, a, offset),
  lwzx: (t: number, a: number, b: number): number => x(23, t, a, b),
  stwx: (s: number, a: number, b: number): number => x(151, s, a, b),
  lwarx: (t: number, a: number, b: number): number => x(20, t, a, b),
  stwcx: (s: number, a: number, b: number): number => x(150, s, a, b) | 1,
  dcbz: (a: number, b: number): number => x(1014, 0, a, b),
  icbi: (a: number, b: number): number => x(982, 0, a, b),
  isync: 0x4c00012c,
  wrteei: (ee: 0 | 1): number => x(163, 0, 0, 0) | (ee << 15),
  bdnz: (offset: number): number => (16 << 26) | (16 << 21) | (offset & 0xfffc),
  tweq: (a: number, b: number): number => x(4, 4, a, b),
} as const
