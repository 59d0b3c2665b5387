// Rotates and shifts.

import type { Insn } from '../insn.ts'

export const rotate = [
  {
    name: 'rlwimi',
    pattern: '010100 rs:5 ra:5 sh:5 mb:5 me:5 rc:1',
    operands: 'ra, rs, sh, mb, me',
    text: 'rotate left word immediate then mask insert',
    meaning: 'RA = (rotl(RS, SH) & MASK) | (RA & ~MASK)',
  },
  {
    name: 'rlwinm',
    pattern: '010101 rs:5 ra:5 sh:5 mb:5 me:5 rc:1',
    operands: 'ra, rs, sh, mb, me',
    text: 'rotate left word immediate then and with mask',
    meaning: 'RA = rotl(RS, SH) & MASK',
  },
  {
    name: 'rlwnm',
    pattern: '010111 rs:5 ra:5 rb:5 mb:5 me:5 rc:1',
    operands: 'ra, rs, rb, mb, me',
    text: 'rotate left word then and with mask',
    meaning: 'RA = rotl(RS, RB & 31) & MASK',
  },
  {
    name: 'slw',
    pattern: '011111 rs:5 ra:5 rb:5 0000011000 rc:1',
    operands: 'ra, rs, rb',
    text: 'shift left word',
    meaning: 'RA = (RB & 32) !== 0 ? 0 : RS << (RB & 31)',
  },
  {
    name: 'sraw',
    pattern: '011111 rs:5 ra:5 rb:5 1100011000 rc:1',
    operands: 'ra, rs, rb',
    text: 'shift right algebraic word',
    meaning: 's = RS; n = RB & 63; r = s >> (n > 31 ? 31 : n); RA = r; CA = s < 0 && shiftedOut(s, n)',
  },
  {
    name: 'srawi',
    pattern: '011111 rs:5 ra:5 sh:5 1100111000 rc:1',
    operands: 'ra, rs, sh',
    text: 'shift right algebraic word immediate',
    meaning: 's = RS; RA = s >> SH; CA = s < 0 && shiftedOut(s, SH)',
  },
  {
    name: 'srw',
    pattern: '011111 rs:5 ra:5 rb:5 1000011000 rc:1',
    operands: 'ra, rs, rb',
    text: 'shift right word',
    meaning: 'RA = (RB & 32) !== 0 ? 0 : RS >>> (RB & 31)',
  },
] as const satisfies readonly Insn[]
