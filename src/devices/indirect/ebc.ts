// The external bus controller of the 4xx parts (440EP user's manual, external bus controller): which chip select answers
// at which addresses, and how fast. Here the description of the board says what is where; the registers hold.

import { bit, span } from '../../isa/register.ts'
import type { IndirectRow } from '../indirectDcr.ts'
import { type IndirectPart, indirectTable } from '../indirectDcr.ts'

const BANKS = 8

const SIZES = { 0: '1 MB', 1: '2 MB', 2: '4 MB', 3: '8 MB', 4: '16 MB', 5: '32 MB', 6: '64 MB', 7: '128 MB' }

const bank = (n: number): Readonly<Record<string, IndirectRow>> => ({
  [`B${n}CR`]: {
    index: n,
    text: `bank ${n}: where it is`,
    // After a reset the ROM from which the part boots answers at the end of the address space.
    reset: n === 0 ? 0xfff18000 : 0,
    fields: {
      BAS: span(0, 11, 'base address, in MB'),
      BS: span(12, 14, 'size', SIZES),
      BU: span(15, 16, 'use', { 0: 'disabled', 1: 'read only', 2: 'write only', 3: 'read and write' }),
      BW: span(17, 18, 'width', { 0: '8 bits', 1: '16 bits', 2: '32 bits' }),
    },
  },
  [`B${n}AP`]: {
    index: 0x10 + n,
    text: `bank ${n}: access`,
    reset: n === 0 ? 0x7f8ffe80 : 0,
    fields: { BME: bit(0, 'bursts'), TWT: span(1, 8, 'wait states'), RE: bit(23, 'device-paced') },
  },
})

export const EBC: IndirectPart = {
  text: 'external bus controller',
  registers: indirectTable('440EP user’s manual, external bus controller', {
    ...Object.assign({}, ...Array.from({ length: BANKS }, (_, n) => bank(n))),
    BEAR: { index: 0x20, text: 'address of an error', access: 'r' },
    BESR0: { index: 0x21, text: 'errors of masters 0 to 3', write: 'oneToClear' },
    BESR1: { index: 0x22, text: 'errors of masters 4 and 5', write: 'oneToClear' },
    CFG: { index: 0x23, text: 'configuration', reset: 0x80400000 },
  }),
}
