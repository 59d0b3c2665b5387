// Bits that the 440 ignores and later architectures gave a meaning: an operand appears only where they are set.

import type { Form } from './form.ts'

export const LATER_ARCHITECTURES: readonly Form[] = [
  { name: 'cmp', pattern: '011111 bf:3 / l:1 ra:5 rb:5 0000000000 /', operands: 'bf, l, ra, rb' },
  { name: 'cmpl', pattern: '011111 bf:3 / l:1 ra:5 rb:5 0000100000 /', operands: 'bf, l, ra, rb' },
  { name: 'cmpi', pattern: '001011 bf:3 . l:1 ra:5 si:16', operands: 'bf, l, ra, si' },
  { name: 'cmpli', pattern: '001010 bf:3 . l:1 ra:5 ui:16', operands: 'bf, l, ra, ui' },
  { name: 'isel', pattern: '011111 rt:5 ra:5 rb:5 bc:5 01111 .', operands: 'rt, ra0, rb, bc' },
  { name: 'sc', pattern: '010001 ////////// .... lev:7 ... 1 /', operands: 'lev?' },
  { name: 'lwarx', pattern: '011111 rt:5 ra:5 rb:5 0000010100 eh:1', operands: 'rt, ra0, rb, eh?' },
  { name: 'lwsync', pattern: '011111 //// 1 ////////// 1001010110 /', operands: '' },
  { name: 'mbar', pattern: '011111 mo:5 .......... 1101010110 /', operands: 'mo?' },
  { name: 'mfocrf', pattern: '011111 rt:5 1 fxm:8 / 0000010011 /', operands: 'rt, fxm1' },
  { name: 'mtocrf', pattern: '011111 rs:5 1 fxm:8 / 0010010000 /', operands: 'fxm1, rs' },
  { name: 'mtmsr', pattern: '011111 rs:5 //// l:1 ///// 0010010010 /', operands: 'rs, l?' },
  { name: 'mtfsf', pattern: '111111 . flm:8 . frb:5 1011000111 rc:1', operands: 'flm, frb' },
  { name: 'fres', pattern: '111011 frt:5 //// l:1 frb:5 ///// 11000 rc:1', operands: 'frt, frb, l?' },
  { name: 'frsqrte', pattern: '111111 frt:5 //// l:1 frb:5 ///// 11010 rc:1', operands: 'frt, frb, l?' },
  {
    name: 'dcbf',
    pattern: '011111 /// l:2 ra:5 rb:5 0001010110 /',
    operands: 'ra0, rb, l?',
    when: ({ l }) => l !== 2,
  },
  { name: 'dcbt', pattern: '011111 ..... ra:5 rb:5 0100010110 /', operands: 'ra0, rb' },
  { name: 'dcbtst', pattern: '011111 ..... ra:5 rb:5 0011110110 /', operands: 'ra0, rb' },
  { name: 'icbt', pattern: '011111 ct:5 ra:5 rb:5 0000010110 /', operands: 'ct?, ra0, rb' },
]
