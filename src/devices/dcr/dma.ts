// The four DMA channels of the 440SPe and 460EX that copy between memory (names as in QEMU's ppc440_uc.c and the 440SPe's
// manual). Nothing is copied by them here.

import type { DeviceRegisterRow } from '../../bus/registerTable.ts'
import { bit, span } from '../../isa/register.ts'
import { type DcrPart, dcrTable } from '../dcrRegisters.ts'

const channel = (n: number): Readonly<Record<string, DeviceRegisterRow>> => ({
  [`CR${n}`]: {
    offset: 8 * n,
    text: `channel ${n}: control`,
    fields: {
      CE: bit(0, 'on'),
      PW: span(5, 6, 'width', { 0: '8 bits', 1: '16 bits', 2: '32 bits', 3: '64 bits' }),
      DAI: bit(7, 'the destination advances'),
      SAI: bit(8, 'the source advances'),
      DEC: bit(29, 'addresses go down'),
    },
  },
  [`CT${n}`]: { offset: 8 * n + 1, text: `channel ${n}: count` },
  [`SAH${n}`]: { offset: 8 * n + 2, text: `channel ${n}: source, high` },
  [`SAL${n}`]: { offset: 8 * n + 3, text: `channel ${n}: source, low` },
  [`DAH${n}`]: { offset: 8 * n + 4, text: `channel ${n}: destination, high` },
  [`DAL${n}`]: { offset: 8 * n + 5, text: `channel ${n}: destination, low` },
  [`SGH${n}`]: { offset: 8 * n + 6, text: `channel ${n}: list of pieces, high` },
  [`SGL${n}`]: { offset: 8 * n + 7, text: `channel ${n}: list of pieces, low` },
})

export const DMA: DcrPart = {
  text: 'DMA channels',
  registers: dcrTable('460EX, DMA to PLB4 (QEMU ppc440_uc.c)', {
    ...channel(0),
    ...channel(1),
    ...channel(2),
    ...channel(3),
    SR: { offset: 0x20, text: 'status', write: 'oneToClear' },
    SGC: { offset: 0x23, text: 'lists of pieces' },
    SLP: { offset: 0x25, text: 'sleep' },
    POL: { offset: 0x26, text: 'polarity of the pins' },
  }),
  count: 0x27,
}
