// Clocking of the 440EP (440EP user's manual, clocking): the PLL and its dividers as the strap of the Bamboo board sets
// them, of a system clock of 33.33 MHz: CPU 400 MHz, PLB 133 MHz, OPB 66 MHz, external bus and PCI 33 MHz. What is written
// is held: the clock of the core is that of the board's description.

import { bit, span } from '../../isa/register.ts'
import { type IndirectPart, type IndirectRow, indirectTable } from '../indirectDcr.ts'

const divider = (
  index: number,
  text: string,
  name: string,
  [first, reset]: readonly [number, number],
): IndirectRow => ({
  ...{ index, text, reset: (reset << 24) >>> 0 },
  fields: { [name]: span(first, 7, 'divider, 0 stands for the greatest') },
})

export const CLOCKS_440EP: IndirectPart = {
  text: 'clocking',
  registers: indirectTable('440EP user’s manual, clocking', {
    CLKUPD: { index: 0x20, text: 'takes new dividers over', fields: { CUI: bit(0, 'at once'), CUD: bit(1, 'done') } },
    PLLC: {
      index: 0x40,
      text: 'PLL control',
      reset: 0x40000000,
      fields: {
        RST: bit(0, 'reset'),
        ENG: bit(1, 'engaged'),
        SRC: span(2, 2, 'feedback from', { 0: 'output A', 1: 'output B' }),
        SEL: span(5, 7, 'feedback', { 0: 'PLL', 1: 'CPU', 5: 'external bus' }),
        TUNE: span(22, 31, 'tuning'),
      },
    },
    PLLD: {
      index: 0x60,
      text: 'PLL dividers',
      reset: 0x0c020601,
      fields: {
        FBDV: span(3, 7, 'feedback'),
        FWDVA: span(12, 15, 'forward A'),
        FWDVB: span(21, 23, 'forward B'),
        LFBDV: span(26, 31, 'local feedback'),
      },
    },
    PRIMAD: divider(0x80, 'primary divider A: CPU', 'PRADV0', [5, 1]),
    PRIMBD: divider(0xa0, 'primary divider B: PLB', 'PRBDV0', [5, 1]),
    OPBD: divider(0xc0, 'divider of the OPB', 'OPBDV0', [6, 2]),
    PERD: divider(0xe0, 'divider of the external bus', 'PERDV0', [5, 4]),
    MALD: divider(0x100, 'divider of MAL', 'MALDV0', [6, 2]),
    SPCID: divider(0x120, 'divider of synchronous PCI', 'SPCIDV0', [6, 0]),
    ICFG: {
      index: 0x140,
      text: 'configuration after the next reset',
      fields: { RLI: bit(0, 'a reset loads these registers from the strap no more'), ICS: span(29, 31, 'strap') },
    },
  }),
}
